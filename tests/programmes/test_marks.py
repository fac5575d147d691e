"""Days on which a hedge was marked by a model, or from a quote of an earlier date."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from hedgerow.programmes import (
    HedgeProgramme,
    IndexPuts,
    OverlayMarket,
    TrendFollowing,
    VarianceSwaps,
    VixCalls,
    VixFutures,
)
from hedgerow.programmes.marks import held_after
from hedgerow.programmes.on_index import OnIndex
from hedgerow.programmes.variance_curve import on_futures_dates
from option_programme_cases import PORTFOLIO, market

MARKET = market().first(160)
NEAREST = VixFutures(10_000)


@pytest.mark.parametrize(
    ("hedge", "by_model"),
    [(IndexPuts(), True), (VarianceSwaps(10_000), True), (TrendFollowing(60), True), (NEAREST, False)],
    ids=lambda each: str(each),
)
def test_hedge_without_quotes_is_marked_by_model_on_every_date_held(hedge: HedgeProgramme, by_model: bool) -> None:
    known = on_futures_dates(MARKET, 1) if hedge is NEAREST else MARKET
    priced = hedge.priced(known, PORTFOLIO)
    marks = hedge.marks(known, priced)
    np.testing.assert_array_equal(marks.by_model, held_after(priced) & by_model)
    assert not marks.stale.any()


def test_dates_with_a_surface_are_not_marked_by_the_model() -> None:
    quoted = tuple(None if row % 4 else object() for row in range(len(MARKET)))
    priced = IndexPuts().priced(MARKET, PORTFOLIO)
    marks = IndexPuts().marks(replace(MARKET, surfaces=quoted), priced)  # type: ignore[arg-type]
    np.testing.assert_array_equal(marks.by_model, held_after(priced) & (np.arange(len(MARKET)) % 4 > 0))


def test_option_on_a_future_that_was_not_quoted_is_stale_and_modelled() -> None:
    hedge = VixCalls()
    priced = hedge.priced(MARKET, PORTFOLIO)
    futures = MARKET.futures
    assert futures is not None
    bought = (np.diff(priced.units, axis=0, prepend=0.0) != 0.0).any(axis=1)
    blank = np.zeros(len(MARKET), dtype=bool)
    blank[20:150:7] = True
    blank &= held_after(priced) & ~bought
    less = replace(MARKET, futures=futures.mask(pd.Series(blank, MARKET.dates), axis=0))
    again = hedge.priced(less, PORTFOLIO)
    np.testing.assert_array_equal(held_after(again), held_after(priced))
    marks, before = hedge.marks(less, again), hedge.marks(MARKET, priced)
    np.testing.assert_array_equal(before.stale, held_after(priced) & futures.isna().all(axis=1).to_numpy())
    np.testing.assert_array_equal(marks.stale, before.stale | blank)
    assert blank.sum() > 3
    np.testing.assert_array_equal(marks.by_model, held_after(again))


def test_marks_of_the_past_are_the_same_under_another_future() -> None:
    hedge, cut = VixCalls(), 100
    known: OverlayMarket = MARKET.first(cut)
    early = hedge.marks(known, hedge.priced(known, PORTFOLIO))
    whole = hedge.marks(MARKET, hedge.priced(MARKET, PORTFOLIO))
    np.testing.assert_array_equal(early.stale, whole.stale[:cut])
    np.testing.assert_array_equal(early.by_model, whole.by_model[:cut])


def test_hedge_on_another_index_is_marked_in_its_own_market() -> None:
    hedge = OnIndex(IndexPuts(), MARKET, "other")
    priced = hedge.priced(MARKET, PORTFOLIO)
    np.testing.assert_array_equal(hedge.marks(MARKET, priced).by_model, held_after(priced))
