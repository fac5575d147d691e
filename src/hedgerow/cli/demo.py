"""``hedgerow demo``: the main job on real data that comes with a dependency."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

import typer

from hedgerow.cli.console import console, made_folder, method_progress
from hedgerow.cli.options import takes


@dataclass(frozen=True)
class DemoFlags:
    """Where the reports go."""

    out: Annotated[str, typer.Option("--out", metavar="DIR", help="Folder for the reports.")] = "hedgerow-report"
    quiet: Annotated[bool, typer.Option("--quiet", help="No progress bar.")] = False


@takes(DemoFlags)
def demo(flags: DemoFlags) -> None:
    """Hedge a portfolio of 20 stocks with the S&P 500, and with S&P 500 and Nasdaq; eleven methods, after costs."""
    from hedgerow.cli.ratio_text import print_outcome
    from hedgerow.study import run_ratio_study
    from hedgerow.study.demo import demo_studies

    out, folder = console(), made_folder(flags.out)
    for name, study in demo_studies().items():
        out.rule(study.title or name)
        with method_progress(quiet=flags.quiet) as progress:
            outcome = run_ratio_study(study, progress=progress, lenient=True)
        print_outcome(outcome, out)
        written = outcome.write_html(folder / f"{name}.html")
        out.print(f"Report: {written.resolve()}", soft_wrap=True, markup=False)
