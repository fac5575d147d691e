"""How a comparison reads in a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from hedgerow.cli.ratio_text import print_race, print_sentences
from hedgerow.report import plain_table, visible
from hedgerow.study.ratio_uncertainty import uncertainty_sentence
from hedgerow.units import from_basis_points

if TYPE_CHECKING:
    from rich.console import Console

    from hedgerow.compare import Comparison
    from hedgerow.study.compare.run import CompareOutcome


def print_comparison(outcome: CompareOutcome, out: Console) -> None:
    """Print the ranking, the evidence behind it, failed fits, warnings and the verdict."""
    print_race(outcome.race, out)
    race = outcome.comparison
    if race is not None:
        title = f"against {race.reference}, net of costs (p-values; set at {race.judging.set_level:.0%})"
        out.print(plain_table(_evidence(race, outcome.evidence), title=title, formats=FORMATS))
        _say(out, race.periods(outcome.study.evidence.periods).sentence)
    known = uncertainty_sentence(outcome.race, outcome.evidence["uncertainty"])
    if known is not None:
        _say(out, known)
    if "failures" in outcome.evidence:
        for method, row in outcome.evidence["failures"].iterrows():
            _say(out, f"{method}: {row['failed']} of {row['refits']} fits gave no ratio ({row['reason']})")
    if outcome.look_ahead is not None:
        for method, found in outcome.look_ahead["verdict"].items():
            _say(out, f"{method}: {found}")
    print_sentences(outcome.warnings, outcome.advice, outcome.verdict, out)


FORMATS = {
    "DM p": ".3f",
    "CW p": ".3f",
    "set": "",
    "worth/year": ".3%",
    "break-even": "",
    "turnover": ".2f",
}


def _evidence(race: Comparison, evidence: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Return what a terminal has room for: p-values, the confidence set, what lower risk is worth after costs."""
    tests = evidence["tests"]
    shown = pd.DataFrame(
        {
            "DM p": tests["dm_p_value"],
            "CW p": tests["clark_west_p_value"],
            "set": ["in" if held else "out" for held in tests["in_confidence_set"]],
            "turnover": race.table["turnover"].loc[tests.index],
        },
        index=tests.index,
    )
    if "worth" in evidence:
        worth = evidence["worth"].loc[tests.index]
        value = worth["fee"] / worth["share_of_value"]
        shown["worth/year"] = (worth["from_variance"] + worth["from_costs"]) / value
    if "break-even" in evidence:
        found = evidence["break-even"].loc[tests.index]
        shown["break-even"] = [
            break_even_text(case, bps) for case, bps in zip(found["case"], found["cost_bps"], strict=True)
        ]
    return shown


def break_even_text(case: str, bps: float) -> str:
    """Return at which costs of trading a method is better than the reference; none is dearer than the price itself.

    Examples
    --------
    >>> break_even_text("below", 4.27), break_even_text("above", 139_822.0)
    ('below 4.3 bp', 'never')
    """
    if case not in ("below", "above"):
        return case
    if from_basis_points(bps) > 1.0:
        return "always" if case == "below" else "never"
    return f"{case} {bps:,.1f} bp"


def _say(out: Console, sentence: str) -> None:
    out.print(visible(sentence), markup=False, soft_wrap=True)
