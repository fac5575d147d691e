"""The pictures of a tail study by name, each with its heading and caption."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from hedgerow.compare.overlays.tail_words import bleed_picture
from hedgerow.errors import InputError, did_you_mean
from hedgerow.study.overlays.pictures import CAPTIONS as SHARED

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

    from hedgerow.study.tail.run import TailOutcome

CAPTIONS = {
    "cost_of_protection": SHARED["cost_of_protection"],
    "payoff_fan": (
        "What a sudden fall pays",
        "Gain of every hedge, each scaled to bleed 1 % of the portfolio a year outside crises; no time passes, the VIX "
        "rises 1.5 points for each per cent of a fall and stays in a rise. Mean over all dates of what was held.",
    ),
    "by_bleed": (
        "What each bleed buys",
        "CVaR of a day taken away by every hedge at the sizes that cost so much a year outside crises, without a cap "
        "and in fractions of contracts; steeper is better.",
    ),
    "convexity_map": (
        "Convexity",
        "Gain as a share of the portfolio if index and VIX moved at once: the mean over all judged dates of what was "
        "held on them, under the budget where there is one, before costs.",
    ),
    "cost_and_gain": (
        "What the hedges cost and brought in",
        "Running sum, net of costs, interest on the cash included.",
    ),
    "cumulative_bleed": ("What the hedges bled outside crises", "The same, crises left out: they count as nothing."),
    "crises": SHARED["crises"],
    "equal_cost": (
        "At the same bleed a year",
        "Every hedge scaled to cost as much outside crises as the first; left and down is better.",
    ),
    "equity": SHARED["equity"],
    "drawdowns": SHARED["drawdowns"],
    "rolling_beta": SHARED["rolling_beta"],
}
"""Heading and caption of each picture."""


def names(outcome: TailOutcome) -> tuple[str, ...]:
    """Return the pictures that an outcome has; none is an empty frame."""
    tail, words = outcome.tail, outcome.study.judging
    lacks = set()
    if not mapped(outcome):
        lacks |= {"convexity_map", "payoff_fan"}
    if not fanned(outcome):
        lacks.add("payoff_fan")
    if len(tail.comparison.period.dates) <= words.beta_days:
        lacks.add("rolling_beta")
    if not tail.comparison.offsets().notna().to_numpy().any():
        lacks.add("crises")
    if not np.isfinite(tail.comparison.table()["cvar"].to_numpy()).all():
        lacks.add("cost_of_protection")
    if not words.equal_cost or not tail.comparison.equal_cost()["cvar"].notna().any():
        lacks.add("equal_cost")
    if outcome.by_bleed is None or not outcome.by_bleed["cvar_cut"].notna().any():
        lacks.add("by_bleed")
    return tuple(name for name in CAPTIONS if name not in lacks)


def mapped(outcome: TailOutcome) -> tuple[str, ...]:
    """Return the hedges that can be repriced, and so have a convexity map."""
    known = outcome.tail.convexity().groupby("hedge", sort=False)["gain"].count()
    return tuple(name for name in outcome.tail.hedges if known[name])


def fanned(outcome: TailOutcome) -> tuple[str, ...]:
    """Return the hedges that bleed and can be repriced, and so have a line in the fan."""
    bleed = outcome.tail.comparison.table()["bleed_per_year"].to_dict()
    return tuple(name for name in mapped(outcome) if bleed[name] > 0.0)


def caption(outcome: TailOutcome, name: str) -> str:
    """Return what stands under a picture, with who is missing in it and which picture is missing."""
    words, days = outcome.study.judging, len(outcome.tail.comparison.period.dates)
    said = CAPTIONS[name][1].replace("{beta_days}", str(words.beta_days))
    left = [hedge for hedge in mapped(outcome) if hedge not in fanned(outcome)]
    if name == "payoff_fan" and left:
        said += f" Left out: {', '.join(left)}, which earned money outside crises, so that no scale makes it a cost."
    if name == "convexity_map" and not fanned(outcome):
        said += " No fan at the same bleed: every hedge earned money outside crises."
    if name == "drawdowns" and days <= words.beta_days:
        said += f" No rolling beta: it needs more than the {days} days judged."
    return said


def picture(outcome: TailOutcome, name: str, hedge: str | None = None) -> Figure:
    """Return one picture; InputError for a name that the outcome has not, with those that it has."""
    known = names(outcome)
    if name not in known:
        raise InputError(f"there is no picture {name!r}{did_you_mean(name, known)} (there are {', '.join(known)})")
    if name == "convexity_map" and hedge is None:
        hedge = mapped(outcome)[0]
    if name == "by_bleed" and outcome.by_bleed is not None:
        return bleed_picture(outcome.tail, outcome.by_bleed)
    return outcome.tail.figure(name, hedge)
