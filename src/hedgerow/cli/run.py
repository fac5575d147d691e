"""``hedgerow run``: do what a study file says."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from hedgerow.cli.console import console, method_progress, print_json
from hedgerow.cli.options import takes


@dataclass(frozen=True)
class RunFlags:
    """Which study, and where its results go."""

    study: Annotated[str, typer.Argument(help="YAML study file.", show_default=False)]
    out: Annotated[
        str | None, typer.Option("--out", metavar="DIR", help="Folder for report.html, result.json and tables.")
    ] = None
    json: Annotated[bool, typer.Option("--json", help="Print one JSON object and nothing else.")] = False
    quiet: Annotated[bool, typer.Option("--quiet", help="No progress bar.")] = False


@takes(RunFlags)
def run(flags: RunFlags) -> None:
    """Run a study file; with --out, write its report, result and tables into a folder."""
    from hedgerow.cli.ratio_text import print_candidates, print_outcome
    from hedgerow.cli.results import write_results
    from hedgerow.study import RatioOutcome, load_study, run_study

    study = load_study(flags.study)
    with method_progress(quiet=flags.quiet or flags.json) as progress:
        outcome = run_study(study, Path(flags.study).parent, progress=progress)
    written = write_results(outcome, Path(flags.out)) if flags.out else ()
    if flags.json:
        print_json(outcome.to_dict())
        return
    if isinstance(outcome, RatioOutcome):
        print_outcome(outcome, console())
    else:
        print_candidates(outcome, console())
    for path in written:
        console().print(f"Written: {path}", soft_wrap=True, markup=False)
