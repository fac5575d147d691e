"""What a comparison says, one sentence per plan and rival, every number of which is in its tables."""

from __future__ import annotations

from math import isfinite
from typing import TYPE_CHECKING

import pandas as pd

from hedgerow.compare.overlays.rivals import BEATS, HOLDING_LESS, LOSES, SAME_MEAN, UNJUDGED, static_sizes
from hedgerow.units import to_percent

if TYPE_CHECKING:
    from hedgerow.compare.overlays.comparison import OverlayComparison

WORDS = {
    BEATS: "it beats",
    LOSES: "it does not beat",
    UNJUDGED: "without intervals nothing is said about",
}


def sentences(comparison: OverlayComparison) -> tuple[str, ...]:
    """Return two sentences per plan, against the static hedge and against holding less, and one on what was modelled.

    The first compares cost and offset with the static hedge, says which of the two is lower ("hedging less" where both
    are), and ends with the same-mean rival.
    """
    table, rivals = comparison.table(), comparison.rivals()
    said = []
    for plan in comparison.plans:
        own = rivals[(rivals["plan"] == plan) & (rivals["figure"] == "all")].set_index("rival")
        words = own["word"].to_dict()
        same, less = ((str(words[name]), number(own, name, "of_rival")) for name in (SAME_MEAN, HOLDING_LESS))
        said += [_against_static(plan, comparison, table, *same), _against_less(plan, table, *less)]
    said.append(f"Judged: {comparison.judged}.")
    return (*said, f"{comparison.stamp[0].upper()}{comparison.stamp[1:]}.") if comparison.stamp else tuple(said)


def _against_static(plan: str, comparison: OverlayComparison, table: pd.DataFrame, word: str, level: float) -> str:
    static = comparison.static[plan]
    cost, reference = (number(table, name, "cost_per_year") for name in (plan, static))
    other_cost = percent(reference) if min(cost, reference) >= 0.0 else money(reference)
    sizes = static_sizes(comparison, plan)
    held_static = "the static hedge" if len(sizes) == 1 else "its parts held static"
    said = f"{plan} {money(cost)} against {other_cost} of {held_static}"
    name, offset, other = _offsets(plan, static, comparison, table)
    if isfinite(offset) and isfinite(other):
        said += f", and offset {percent(offset, 1)} of {name} against {percent(other, 1)}"
        said += _more_or_less(cost - reference, offset - other, word == BEATS)
    same = f"with the same mean multiplier ({level:.2f})"
    if len(sizes) > 1:
        reached = level * len(sizes) / sum(sizes) if sum(sizes) > 0.0 else 1.0  # a budget may keep the rival below
        same = f"at the same mean multipliers ({', '.join(f'{reached * size:.2f}' for size in sizes)})"
    return f"{said}: {_word(word)} {held_static} {same}."


def _against_less(plan: str, table: pd.DataFrame, word: str, sold: float) -> str:
    if not sold > 0.0:
        return (
            f"{plan} left a CVaR of {percent(number(table, plan, 'cvar'))} a day, no lower than without a hedge: "
            "nothing need be sold to do as well."
        )
    rival = f"holding {percent(sold, 1)} less of the portfolio, which leaves the same CVaR"
    return f"{plan}: {_word(word)} {rival}."


def _offsets(plan: str, static: str, comparison: OverlayComparison, table: pd.DataFrame) -> tuple[str, float, float]:
    """Return the crisis whose loss was largest with both offsets; all crises together where none is whole."""
    crises = comparison.crises()
    mine = crises[(crises["plan"] == plan) & (crises["status"] == "covered") & crises["offset"].notna()]
    if mine.empty:
        return "the crises in the data", number(table, plan, "offset"), number(table, static, "offset")
    name = str(mine.sort_values("portfolio_return")["crisis"].iloc[0])
    other = crises[(crises["plan"] == static) & (crises["crisis"] == name)]
    return name, float(mine.loc[mine["crisis"] == name, "offset"].iloc[0]), float(other["offset"].iloc[0])


def number(table: pd.DataFrame, row: str, column: str) -> float:
    """Return one figure of a table."""
    return float(table[column].to_dict()[row])


def _more_or_less(cost: float, offset: float, beats: bool) -> str:
    if cost < 0.0 and offset < 0.0:
        return ": hedging less" + ("" if beats else ", not better")
    if cost == 0.0 and offset == 0.0:
        return ""
    return f": {'dearer' if cost > 0.0 else 'cheaper'} and {'more' if offset >= 0.0 else 'less'} protective"


def _word(word: str) -> str:
    return WORDS.get(word, "chance cannot tell it from")


def money(cost: float) -> str:
    """Return a cost a year in words: "cost 0.42 % a year", or "earned" where it is negative."""
    return f"{'earned' if cost < 0.0 else 'cost'} {percent(abs(cost))} a year"


def percent(share: float, digits: int = 2) -> str:
    """Return a share as per cent."""
    return f"{to_percent(float(share)):.{digits}f} %"
