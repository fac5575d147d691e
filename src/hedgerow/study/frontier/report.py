"""The report of a frontier study, and its result as plain values."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from hedgerow.report import Picture, Report, Table, counted, write_html
from hedgerow.study.frontier.words import OF_ONE_PATH
from hedgerow.study.hedging.json import frame_to_dict
from hedgerow.study.hedging.pictures import CAPTIONS
from hedgerow.study.hedging.report import MONEY, said
from hedgerow.study.provenance import versions

if TYPE_CHECKING:
    from hedgerow.study.frontier.run import FrontierOutcome

VIOLIN = (
    "The best of each family and the best of all, best first; 0.5 % at either end are left out, boxes are quartiles."
)


def frontier_to_dict(outcome: FrontierOutcome) -> dict[str, Any]:
    """Return the comparison as JSON values; money, what is undefined is None."""
    found = outcome.frontier
    return {
        "objective": found.objective.formula,
        "aim": found.objective.aim,
        "risk_aversion": found.objective.risk_aversion,
        "paths": outcome.study.paths,
        "seed": outcome.study.seed,
        "lag": outcome.study.lag,
        "currency": outcome.market.currency,
        "policies": frame_to_dict(found.table),
        "best": found.best,
        "edge": found.edge.sentence,
        "pictures": list(outcome.figure_names),
        "warnings": list(outcome.warnings),
        "verdict": outcome.verdict,
    }


def write_frontier_report(outcome: FrontierOutcome, path: Path) -> Path:
    """Write the comparison as a self-contained HTML file and return its path."""
    return write_html(build_frontier_report(outcome), path)


def build_frontier_report(outcome: FrontierOutcome) -> Report:
    """Return everything the report says."""
    study, found = outcome.study, outcome.frontier
    shown = outcome.shown
    formats = {str(name): MONEY for name in shown.columns if shown[name].dtype.kind == "f"} | {"break even": ".2%"}
    note = (
        f"Money ({outcome.market.currency}), on the same paths; turnover in units, trades per day of trading; break "
        f"even is the realised volatility at which the mean is 0. {found.edge.sentence}"
    )
    names = ", ".join(outcome.book.columns.names)
    return Report(
        title=study.title or f"Which policy hedges {counted(len(outcome.book), 'position')} in {names}",
        subtitle=f"{len(shown)} policies on {study.paths:,} paths, {found.objective.formula}",
        verdict=outcome.verdict,
        facts={
            "Book": f"{counted(len(outcome.book), 'position')} at {outcome.market.moment}",
            "Hedger": said(study.hedger),
            "Costs": "; ".join(map(said, study.costs)) or "none",
            "Scenario": said(study.scenario),
            "Decided and traded": f"lag {study.lag}",
            "Seed": str(study.seed),
            "Versions": versions("numpy", "pandas", "numba"),
        },
        notes=outcome.warnings,
        blocks=(
            Picture("Cost against risk", outcome.figure("frontier"), "Bars are 95 % intervals; rings: efficient."),
            Table("Policies", shown, note, formats),
            Picture("Profit of each policy", outcome.figure("violin"), VIOLIN),
            *_of_one_path(outcome),
        ),
    )


def _of_one_path(outcome: FrontierOutcome) -> list[Picture]:
    names = [name for name in OF_ONE_PATH if name in outcome.figure_names]
    which = outcome.frontier.best.replace("_", " ")
    drawn = ((name, *CAPTIONS[name][:2]) for name in names)
    return [
        Picture(f"{heading}: {which}", outcome.figure(name), f"First path. {said_of}")
        for name, heading, said_of in drawn
    ]
