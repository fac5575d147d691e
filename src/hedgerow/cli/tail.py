"""``hedgerow tail``: hedges against a crash side by side, as a study file names them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from hedgerow.cli.hedging_output import is_study, loaded, show_written
from hedgerow.cli.options import takes
from hedgerow.cli.price import PriceOutputFlags
from hedgerow.errors import InputError


@dataclass(frozen=True)
class TailFlags:
    """Which study."""

    study: Annotated[str, typer.Argument(help="YAML study of the kind tail.", show_default=False)]


@takes(TailFlags, PriceOutputFlags)
def tail(flags: TailFlags, output: PriceOutputFlags) -> None:
    """Compare tail hedges: what each costs, what a sudden fall pays, what it did in every crisis."""
    if not is_study(flags.study):
        raise InputError(
            f"{flags.study} is no study: write the hedges into a YAML file of kind tail, whose data name your files "
            "(hedgerow schema prints its keys)"
        )
    from hedgerow.cli.results import files_of

    study = loaded(flags.study, "tail")
    show_written(study, Path(flags.study).parent, output, inputs=files_of(study, flags.study))
