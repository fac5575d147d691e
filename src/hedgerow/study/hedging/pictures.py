"""The pictures of a hedged book by name, each with when it can be drawn."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from hedgerow.report import (
    attribution_waterfall_figure,
    concept_figure,
    delta_through_time_figure,
    gamma_theta_figure,
    pnl_by_year_figure,
    pnl_decomposition_figure,
    pnl_distribution_figure,
    rebalancing_figure,
)
from hedgerow.report.simulation_figures import worst_stretch

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

    from hedgerow.study.hedging.outcome import HedgeOutcome

REACH = 0.2
"""How far up and down the pictures against the spot reach, a share of it."""
SPOTS = 61
LONGEST_DRAWN = 260
"""Moments of a path up to which holdings are drawn whole: a year of days."""
STRETCH = 60
"""Moments that are drawn of a longer one."""


def _one_underlying(outcome: HedgeOutcome) -> bool:
    return len(outcome.book.columns.names) == 1 and {"target", "holding"} <= set(outcome.path.columns)


def _unit(outcome: HedgeOutcome) -> str:
    return outcome.market.currency


def _distribution(outcome: HedgeOutcome) -> Figure:
    assert outcome.profits is not None  # noqa: S101 - the name is offered only then
    return pnl_distribution_figure(outcome.profits, unit=_unit(outcome))


def _delta(outcome: HedgeOutcome) -> Figure:
    names = outcome.book.columns.names
    title = "Delta and holdings through time"
    return delta_through_time_figure(_looked_at(outcome), title=title if len(names) == 1 else f"{title}: {names[0]}")


def _looked_at(outcome: HedgeOutcome) -> pd.DataFrame:
    """Return the moments whose holdings are drawn: all, or the worst stretch of a path too long to see."""
    return outcome.path if len(outcome.path) <= LONGEST_DRAWN else worst_stretch(outcome.path, STRETCH)


def _decomposition(outcome: HedgeOutcome) -> Figure:
    return pnl_decomposition_figure(outcome.parts, unit=_unit(outcome))


def _gamma_theta(outcome: HedgeOutcome) -> Figure:
    return gamma_theta_figure(outcome.parts[["gamma", "theta"]], unit=_unit(outcome))


def _waterfall(outcome: HedgeOutcome) -> Figure:
    return attribution_waterfall_figure(outcome.result.attribution(), unit=_unit(outcome))


def _by_year(outcome: HedgeOutcome) -> Figure:
    assert outcome.by_year is not None  # noqa: S101 - the name is offered only then
    return pnl_by_year_figure(outcome.by_year, unit=_unit(outcome))


def _concept(outcome: HedgeOutcome) -> Figure:
    curve = spot_curve(outcome)
    spot = outcome.market.underlying(outcome.book.columns.names[0]).spot
    units = float(outcome.path["target"].iloc[0])
    hedge = units * (curve.index.to_numpy() - spot)
    book = curve["value"] - outcome.book.value(outcome.market)
    curves = pd.DataFrame({"book": book, "hedge": hedge, "combined": book + hedge}, index=curve.index)
    return concept_figure(curves, spot=spot, unit=_unit(outcome))


def _first_life(outcome: HedgeOutcome) -> pd.DataFrame:
    """Return the path while the book of the start stands whole: up to its first expiry."""
    expiries = pd.to_datetime(outcome.book.columns.expiry)
    first = expiries.min() if len(expiries) else pd.NaT
    return outcome.path if pd.isna(first) else outcome.path.loc[:first]


def _rebalancing(outcome: HedgeOutcome) -> Figure:
    path = _first_life(outcome)
    reach = float(np.abs(path["spot"] / path["spot"].iloc[0] - 1.0).max()) * 1.05
    curve = pd.DataFrame({"target": -spot_curve(outcome, max(reach, 0.02))["delta"]})
    width = band_width(outcome.study.policy)
    if width is not None:
        gross = float(np.abs(outcome.book.columns.quantity * outcome.book.columns.multiplier).sum())
        curve = curve.assign(low=curve["target"] - width * gross, high=curve["target"] + width * gross)
    return rebalancing_figure(path, curve)


def spot_curve(outcome: HedgeOutcome, reach: float = REACH) -> pd.DataFrame:
    """Return value and delta of the book when its one underlying moves now, by spot.

    Parameters
    ----------
    outcome : HedgeOutcome
        Of a book of one underlying.
    reach : float
        How far up and down, a share of the spot.
    """
    name = outcome.book.columns.names[0]
    start = outcome.market.underlying(name)
    spots = start.spot * np.linspace(1.0 - min(reach, 0.95), 1.0 + reach, SPOTS)
    rows = []
    for spot in spots:
        moved = replace(
            outcome.market, underlyings={**outcome.market.underlyings, name: replace(start, spot=float(spot))}
        )
        totals = outcome.book.greeks(moved, "delta").totals()
        rows.append((float(totals["value"]), float(totals["delta"])))
    return pd.DataFrame(rows, index=pd.Index(spots, name="spot"), columns=["value", "delta"])


def band_width(words: object) -> float | None:
    """Return the half-width of a fixed band per share, where a policy's words say one.

    Examples
    --------
    >>> band_width({"any": [{"band": {"width": 0.1}}, "every_day"]}), band_width("every_day")
    (0.1, None)
    """
    if isinstance(words, list | tuple):
        found = [width for each in words if (width := band_width(each)) is not None]
        return found[0] if found else None
    if not isinstance(words, dict):
        return None
    for name, values in words.items():
        if name in ("any", "all"):
            return band_width(values)
        if name in ("band", "delta_band"):
            inner = next(iter(values.values()), None) if isinstance(values, dict) else values
            width = values.get("width", inner) if isinstance(values, dict) else values
            return float(width) if isinstance(width, int | float) else None
    return None


PICTURES: dict[str, tuple[Callable[[HedgeOutcome], Figure], Callable[[HedgeOutcome], bool]]] = {
    "distribution": (_distribution, lambda outcome: outcome.profits is not None),
    "attribution": (_waterfall, lambda _: True),
    "by_year": (_by_year, lambda outcome: outcome.by_year is not None),
    "concept": (_concept, _one_underlying),
    "delta": (_delta, lambda outcome: "holding" in outcome.path),
    "decomposition": (_decomposition, lambda _: True),
    "gamma_theta": (_gamma_theta, lambda _: True),
    "rebalancing": (_rebalancing, _one_underlying),
}
"""Name to the picture, and to whether an outcome has what it shows."""


def caption(name: str, outcome: HedgeOutcome) -> tuple[str, str]:
    """Return heading and caption of a picture, of many paths or of history.

    Parameters
    ----------
    name : str
        One of :data:`PICTURES`.
    outcome : HedgeOutcome
    """
    heading, said, of_a_path = CAPTIONS[name]
    if name == "attribution" and outcome.result.n_paths == 1:
        said = "Over the whole path; the parts, the remainder among them, add up."
    if name == "delta" and len(_looked_at(outcome)) < len(outcome.path):
        drawn = _looked_at(outcome).index
        span = f"{drawn[0].date()} to {drawn[-1].date()}"
        said = f"The {len(drawn)} moments over which most was lost, {span}; triangles mark purchases and sales."
    if name == "rebalancing" and len(_first_life(outcome)) < len(outcome.path):
        said = f"To the first expiry, {_first_life(outcome).index[-1].date()}; arrows from what was held to what is."
    return heading, said if outcome.is_replay or not of_a_path else f"First path. {said}"


CAPTIONS = {
    "distribution": ("Profit and loss at the end", "All paths, after costs; losses to the left.", False),
    "attribution": ("Attribution", "Mean over all paths; the parts, the remainder among them, add up.", False),
    "by_year": ("Profit by year", "Parts of each calendar year, by the Greeks at the start of each step.", False),
    "concept": (
        "The idea: book, hedge and both",
        "If the spot moved at the start, with the hedge at its target and no trade after.",
        False,
    ),
    "delta": ("Delta and holdings through time", "Triangles mark purchases and sales.", True),
    "decomposition": ("What the profit is made of", "Cumulative; gains up, costs down.", True),
    "gamma_theta": ("Gamma against theta", "Cumulative: who is short options loses on gamma, earns theta.", True),
    "rebalancing": ("Rebalancing: what is held at each price", "Arrows from what was held to what is.", True),
}
"""Name to heading, caption, and whether the picture is of one path."""
