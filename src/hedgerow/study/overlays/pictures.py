"""The pictures of an overlay study by name, each with its heading, caption and sample."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from hedgerow.compare.overlays.hedge_size import slope_of
from hedgerow.compare.overlays.pictures import NO_SLOPE
from hedgerow.errors import InputError, did_you_mean

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

    from hedgerow.study.overlays.run import OverlayStudyOutcome

CAPTIONS: dict[str, tuple[str, str]] = {
    "multiplier": (
        "What was held, under the VIX",
        "Stages in the order in which they act; one that changed nothing is left out. Held is what stood after "
        "trading, a lag after the decision. Of several hedges at once each line is what was held of one.",
    ),
    "cost_and_gain": (
        "What the hedges cost and brought in",
        "Running sum, net of costs, interest on the cash included.",
    ),
    "hedge_size": (
        "Hedge held against the VIX",
        "A point is the mean multiplier held after trading on a tenth of the days, ordered by the VIX of the same "
        "close (the highest tenth in four finer parts), its bar 90 % of these days; it was decided a lag before. "
        "Dotted: what the rule says by the VIX alone, before its shape, where it is a function of nothing else.",
    ),
    "hedge_size_by_slope": (
        "Hedge held against the slope of the volatility curve",
        "The same by the ratio of the near to the far end of the curve: above 1 the near end is dearer, as in a crash.",
    ),
    "crises": (
        "Crash offset by crisis",
        "Gain of the hedge over the loss of the portfolio; a crisis that the data lack is named and has no bar.",
    ),
    "cost_of_protection": (
        "What protection costs",
        "Up and left is better: CVaR of a day taken away from the portfolio alone, against the cost a year, each with "
        "its interval under common draws. The line is holding less: selling a share of the portfolio for good. A hedge "
        "below it protects less than selling does for the same money.",
    ),
    "equity": (
        "Equity, with and without the hedge",
        "Growth of 1, costs paid; below, how far each account stands above or below the unhedged one.",
    ),
    "equal_cost": (
        "At the same bleed a year",
        "Every hedge scaled to cost as much outside crises as the static one; left and down is better.",
    ),
    "drawdowns": (
        "Drawdown, with and without the hedge",
        "Fall of each account below its own peak; below, how many points shallower than that of the unhedged one.",
    ),
    "rolling_beta": (
        "Rolling beta",
        "Slope of each account's returns on the unhedged portfolio's over the last {beta_days} days up to each date: "
        "what exposure the hedge left.",
    ),
    "sensitivity": (
        "How much the choice of keys matters",
        "The objective by two keys of the grid, over the dates before the first choice.",
    ),
}
"""Heading and caption of each picture."""


def caption(outcome: OverlayStudyOutcome, name: str) -> str:
    """Return what stands under a picture, and under the one beside which another is missing why it is."""
    words = outcome.study.judging
    said = CAPTIONS[name][1].replace("{beta_days}", str(words.beta_days))
    if name == "hedge_size" and slope_of(outcome.source.market) is None:
        said += f" {NO_SLOPE[0].upper()}{NO_SLOPE[1:]}."
    if name == "drawdowns" and len(outcome.comparison.period.dates) <= words.beta_days:
        said += f" No rolling beta: it needs more than the {len(outcome.comparison.period.dates)} days judged."
    return said


def names(outcome: OverlayStudyOutcome) -> tuple[str, ...]:
    """Return the pictures that an outcome has."""
    found = ["multiplier", "hedge_size", "cost_and_gain"]
    if slope_of(outcome.source.market) is not None:
        found.insert(2, "hedge_size_by_slope")
    if outcome.comparison.offsets().notna().to_numpy().any():
        found.append("crises")
    if np.isfinite(outcome.comparison.table()["cvar"].to_numpy()).all():
        found.append("cost_of_protection")
    if outcome.study.judging.equal_cost and outcome.comparison.equal_cost()["cvar"].notna().any():
        found.append("equal_cost")
    found += ["equity", "drawdowns"]
    if len(outcome.comparison.period.dates) > outcome.study.judging.beta_days:
        found.append("rolling_beta")
    words = outcome.study.walk_forward
    if words is not None and sum(len(values) > 1 for values in words.grid.values()) > 1:
        found.append("sensitivity")
    return tuple(found)


def picture(outcome: OverlayStudyOutcome, name: str, rule: str | None = None) -> Figure:
    """Return one picture.

    Raises
    ------
    InputError
        For a name that the outcome has not, with those that it has.
    """
    known = names(outcome)
    if name not in known:
        raise InputError(f"there is no picture {name!r}{did_you_mean(name, known)} (there are {', '.join(known)})")
    if name == "sensitivity" and outcome.choice is not None and outcome.study.walk_forward is not None:
        keys = [key for key, values in outcome.study.walk_forward.grid.items() if len(values) > 1]
        return outcome.choice.figure("sensitivity", rows=keys[0], columns=keys[1])
    return outcome.comparison.figure(name, rule)
