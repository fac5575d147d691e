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
    """Hedge 20 stocks with indices by eleven methods, and the S&P 500 by variance sized by the VIX; after costs."""
    from hedgerow.cli.overlays_text import print_overlays
    from hedgerow.cli.ratio_text import print_outcome
    from hedgerow.study import run_ratio_study
    from hedgerow.study.demo import demo_overlay, demo_studies
    from hedgerow.study.overlays.run import run_overlay_study

    out, folder = console(), made_folder(flags.out)
    for name, study in demo_studies().items():
        out.rule(study.title or name)
        with method_progress(quiet=flags.quiet) as progress:
            outcome = run_ratio_study(study, progress=progress, lenient=True)
        print_outcome(outcome, out)
        written = outcome.write_html(folder / f"{name}.html")
        out.print(f"Report: {written.resolve()}", soft_wrap=True, markup=False)
    overlay = demo_overlay()
    out.rule(overlay.title or "overlay")
    with method_progress(quiet=flags.quiet) as progress:
        judged = run_overlay_study(overlay, progress=progress)
    print_overlays(judged, out)
    written = judged.write_html(folder / "volatility-overlay.html")
    out.print(f"Report: {written.resolve()}", soft_wrap=True, markup=False)
