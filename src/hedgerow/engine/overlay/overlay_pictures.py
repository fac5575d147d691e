"""The pictures of a run of an overlay by name."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pandas as pd

from hedgerow.errors import InputError, did_you_mean

if TYPE_CHECKING:
    from hedgerow.engine.overlay.result import OverlayResult


def picture(result: OverlayResult, name: str) -> Any:
    """Return a picture of a run; InputError for a name that is not known, with the nearest."""
    if name not in PICTURES:
        hint = did_you_mean(name, tuple(PICTURES)) or ";"
        raise InputError(f"there is no figure {name!r}{hint} (known: {', '.join(PICTURES)})".replace("; (", " ("))
    return PICTURES[name](result)


def multiplier(result: OverlayResult) -> Any:
    """Stages of the multiplier under the volatility index; of several rules what each decides."""
    from hedgerow.report.overlay_figures import multiplier_figure

    vix = pd.Series(result.run.market.vix, result.dates)
    return multiplier_figure(result.stages if len(result.parts) == 1 else result.multipliers, vix, held=result.held)


def cost_and_gain(result: OverlayResult) -> Any:
    """Cost and gain of the hedge, cumulated."""
    from hedgerow.report.overlay_figures import cost_and_gain_figure

    unit = result.run.portfolio.currency
    return cost_and_gain_figure(result.hedge_pnl.to_frame(), unit=unit, stamp=_stamp(result))


def drawdown(result: OverlayResult) -> Any:
    """Drawdown with and without the hedge."""
    from hedgerow.report.overlay_figures import drawdown_figure

    growth = pd.concat([result.unhedged_returns, result.returns], axis=1).add(1.0).cumprod()
    start = pd.DataFrame(1.0, result.dates[:1], growth.columns)
    return drawdown_figure(pd.concat([start, growth]), stamp=_stamp(result))


def _stamp(result: OverlayResult) -> str:
    return "; ".join(result.synthetic)


PICTURES: dict[str, Callable[[OverlayResult], Any]] = {
    "multiplier": multiplier,
    "cost_and_gain": cost_and_gain,
    "drawdown": drawdown,
}
"""Picture by name: a function of the result."""
