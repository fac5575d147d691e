"""``hedgerow run``: do what a study file says."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from hedgerow.cli.console import console, method_progress, print_json
from hedgerow.cli.engine_flags import EngineFlags, shared_out
from hedgerow.cli.options import takes

if TYPE_CHECKING:
    from rich.console import Console


PRINTERS = {
    "ratio": ("ratio_text", "print_outcome"),
    "compare": ("compare_text", "print_comparison"),
    "candidates": ("ratio_text", "print_candidates"),
    "price": ("option_text", "print_price_outcome"),
    "volatility": ("vol_text", "print_volatility"),
    "surface": ("surface_text", "print_surface"),
    "rates": ("rates_text", "print_rates"),
    "accounting": ("accounting_text", "print_accounting"),
    "stress": ("stress_text", "print_stress"),
    "simulate": ("hedging_text", "print_hedged"),
    "replay": ("hedging_text", "print_hedged"),
    "frontier": ("hedging_text", "print_frontier"),
    "explain": ("explain_text", "print_explained"),
    "overlay": ("overlays_text", "print_overlays"),
    "tail": ("tail_text", "print_tail"),
}
"""Kind of study to the file and function that print its outcome."""


@dataclass(frozen=True)
class RunFlags:
    """Which study, and where its results go."""

    study: Annotated[str, typer.Argument(help="YAML study file.", show_default=False)]
    out: Annotated[
        str | None, typer.Option("--out", metavar="DIR", help="Folder for report.html, result.json and tables.")
    ] = None
    json: Annotated[bool, typer.Option("--json", help="Print one JSON object and nothing else.")] = False
    quiet: Annotated[bool, typer.Option("--quiet", help="No progress bar.")] = False


def print_study(kind: str, outcome: Any, out: Console) -> None:
    """Print the outcome of a study of any kind."""
    from importlib import import_module

    module, name = PRINTERS[kind]
    getattr(import_module(f"hedgerow.cli.{module}"), name)(outcome, out)


@takes(RunFlags, EngineFlags)
def run(flags: RunFlags, engine: EngineFlags) -> None:
    """Run a study file; with --out, write its report, result and tables into a folder."""
    from hedgerow.cli.results import Places, files_of, write_results
    from hedgerow.study import load_study, run_study

    places = Places(flags.out)
    study = load_study(flags.study)
    with shared_out(study, engine), method_progress(quiet=flags.quiet or flags.json) as progress:
        outcome = run_study(study, Path(flags.study).parent, progress=progress)
    written = write_results(outcome, places, files_of(study, flags.study))
    if flags.json:
        print_json(outcome.to_dict())
        return
    print_study(study.kind, outcome, console())
    for path in written:
        console().print(f"Written: {path}", soft_wrap=True, markup=False)
