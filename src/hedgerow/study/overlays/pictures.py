"""The pictures of an overlay study by name, each with its heading, caption and sample."""

from __future__ import annotations

from typing import TYPE_CHECKING

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
    "crises": (
        "Crash offset by crisis",
        "Gain of the hedge over the loss of the portfolio; a crisis that the data lack is named and has no bar.",
    ),
    "equal_cost": (
        "At the same bleed a year",
        "Every hedge scaled to cost as much outside crises as the static one; left and down is better.",
    ),
    "drawdowns": ("Drawdown, with and without the hedge", "Fall of each account below its own peak."),
    "rolling_beta": ("Rolling beta", "Against the unhedged portfolio: what exposure the hedge left."),
    "sensitivity": (
        "How much the choice of keys matters",
        "The objective by two keys of the grid, over the dates before the first choice.",
    ),
}
"""Heading and caption of each picture."""


def names(outcome: OverlayStudyOutcome) -> tuple[str, ...]:
    """Return the pictures that an outcome has."""
    found = ["multiplier", "cost_and_gain", "crises"]
    if outcome.study.judging.equal_cost and outcome.comparison.equal_cost()["cvar"].notna().any():
        found.append("equal_cost")
    found.append("drawdowns")
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
