"""``hedgerow simulate``: what hedging a book costs and what risk it leaves, on drawn paths."""

from __future__ import annotations

from pathlib import Path

from hedgerow.cli.hedging_flags import (
    DrawFlags,
    ExitFlags,
    HedgeFlags,
    SoldOptionFlags,
    drawn_words,
    exit_words,
    hedge_words,
)
from hedgerow.cli.hedging_output import loaded, refuse_beside_study, show
from hedgerow.cli.options import OutputFlags, takes


@takes(SoldOptionFlags, ExitFlags, HedgeFlags, DrawFlags, OutputFlags)
def simulate(
    option: SoldOptionFlags, exits: ExitFlags, hedge: HedgeFlags, draw: DrawFlags, output: OutputFlags
) -> None:
    """Hedge an option or a book on simulated paths: profit, risk, costs, attribution, pictures."""
    if option.study is not None:
        for flags, kept in ((option, "study"), (exits, ""), (hedge, ""), (draw, "")):
            refuse_beside_study(flags, kept)
        show(loaded(option.study, "simulate"), Path(option.study).parent, output)
        return
    from hedgerow.cli.words import validated
    from hedgerow.study.simulate.words import SimulateStudy

    words = drawn_words(option, draw) | hedge_words(hedge) | exit_words(exits)
    show(validated(SimulateStudy, words), Path(), output)
