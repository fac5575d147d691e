"""Keys of an overlay that are chosen walk-forward, asked at 50 dates with futures that never came."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from compare.overlay_markets import CRASH, Insurance, market_of
from hedgerow.compare import OverlayChoice, OverlayChoosing, choose_overlay
from hedgerow.overlays import Shape, SignalMove
from hedgerow.programmes import OverlayMarket

MARKET = market_of(390)
GRID = {"low": [8.0, 16.0], "width": [5.0, 15.0]}
SHAPE = Shape(smooth=3, cap=2.0, threshold=(SignalMove(1.0),))
CHOOSING = OverlayChoosing(refit="monthly", bootstrap=None, crises=(CRASH,), shape=SHAPE)
HEDGE = Insurance(beta=0.6, premium=0.0008, fee=5.0)


def chosen(market: OverlayMarket) -> OverlayChoice:
    return choose_overlay("vix_linear", GRID, market, hedge=HEDGE, choosing=CHOOSING)


def with_other_future(row: int, how: str) -> OverlayMarket:
    """Return the market with every close after a row redrawn, or shuffled."""
    rng = np.random.default_rng(row)
    price, vix = MARKET.price.copy(), MARKET.vix.copy()
    later = len(price) - row - 1
    if how == "shuffled":
        order = row + 1 + rng.permutation(later)
        price[row + 1 :], vix[row + 1 :] = price[order], vix[order]
    else:
        price[row + 1 :] = price[row] * np.exp(np.cumsum(rng.normal(0.0, 0.03, later)))
        vix[row + 1 :] = rng.uniform(10.0, 90.0, later)
    days = MARKET.dates
    return OverlayMarket.of(pd.Series(price, days), pd.Series(vix, days), rate=0.0, dividend_yield=0.0)


@pytest.mark.parametrize("how", ["redrawn", "shuffled"])
def test_choice_and_walked_hedge_at_fifty_dates_do_not_know_what_comes(how: str) -> None:
    found = chosen(MARKET)
    first = int(found.refits[0])
    cuts = np.random.default_rng(2).choice(np.arange(first, len(MARKET) - 1), 50, replace=False)
    changed = 0
    for row in cuts[:25] if how == "shuffled" else cuts[25:]:
        other = chosen(with_other_future(int(row), how))
        made = found.refits <= row
        assert np.array_equal(other.refits, found.refits)
        assert np.array_equal(other.winners[made], found.winners[made])
        assert np.array_equal(other.scores[made], found.scores[made], equal_nan=True)
        before = slice(int(row) + 1)
        for one, two in (
            (found.result.multiplier, other.result.multiplier),
            (found.result.held, other.result.held),
            (found.result.hedge_pnl, other.result.hedge_pnl),
        ):
            assert np.array_equal(one.to_numpy()[before], two.to_numpy()[before], equal_nan=True), row
        changed += not np.array_equal(other.winners, found.winners)
    assert changed > 0
