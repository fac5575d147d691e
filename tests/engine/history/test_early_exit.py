"""Programmes that close their options before expiry: at model value, at the cost of a trade, flat until the roll."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from engine.books import UNHEDGED
from hedgerow.costs import HalfSpread, PerContract
from hedgerow.engine import BookExecution, ReplayMarket, ReplayUnderlying, RollingBook, replay_book
from hedgerow.errors import InputError
from hedgerow.hedgers import DeltaHedger
from hedgerow.instruments import Book, EuropeanOption
from hedgerow.market import History
from hedgerow.policies import Band

DAYS = pd.bdate_range("2014-01-17", "2014-05-30").drop(pd.Timestamp("2014-04-18"))


def market(end: str | None = None, smile: bool = False) -> ReplayMarket:
    rng = np.random.default_rng(5)
    close = 100.0 * np.exp(np.cumsum(0.01 * rng.normal(size=len(DAYS))))
    vols = 0.15 + 0.05 * rng.uniform(size=len(DAYS))
    history = History(pd.DataFrame({"close": close, "vol": vols}, index=DAYS))
    surfaces = {day: lambda strike, years, forward, vol=vol: vol - 0.1 * np.log(strike / forward)
                for day, vol in zip(DAYS, vols, strict=True)}  # fmt: skip
    return ReplayMarket(history, {"X": ReplayUnderlying("close", surfaces if smile else "vol")}, rate=0.02, end=end)


def programme(quantity: float = -1.0, days: int = 7) -> RollingBook:
    return replace(RollingBook.straddle("X", quantity), close_days_before_expiry=days)


def test_options_are_closed_a_week_before_expiry_and_nothing_is_held_until_the_roll() -> None:
    run = replay_book(programme(), market(), hedger=UNHEDGED)
    calls = run.positions.iloc[::2]
    assert [f"{day:%m-%d}" for day in calls["opened"]] == ["01-17", "02-21", "03-21", "04-17", "05-16"]
    assert [f"{day:%m-%d}" for day in calls["settled"].dropna()] == ["02-14", "03-14", "04-10", "05-09"]
    held = (run.ledger.holdings[0] != 0.0).any(axis=1)
    times = run.ledger.terms.times
    assert not held[(times >= pd.Timestamp("2014-02-14 16:00")) & (times < pd.Timestamp("2014-02-21"))].any()
    assert run.ledger.breach() < 1e-12


@pytest.mark.parametrize("smile", [False, True])
def test_first_month_earns_what_closing_the_same_book_by_hand_earns(smile: bool) -> None:
    """Up to the exit the run is that of a book closed at the end of the data, option costs and marks among it."""
    options = BookExecution(lag=0, option_costs=PerContract(0.65) + HalfSpread(50), unwind=True)
    how: Any = {"hedger": DeltaHedger(), "costs": HalfSpread(1.0)}
    whole = replay_book(programme(), market(smile=smile), options=replace(options, unwind=False), **how)
    first = market("2014-02-14", smile)
    strike = float(first.paths().spots[0, 0, 0])
    straddle = Book([(EuropeanOption("X", kind, strike, "2014-02-21"), -1.0) for kind in ("call", "put")])
    by_hand = replay_book(straddle, first, options=options, **how)
    until = len(by_hand.ledger.terms.times)
    np.testing.assert_allclose(whole.ledger.wealth_changes[0, :until].sum(), by_hand.pnl[0])
    spread = whole.ledger.costs["option_half_spread"][0, :until]
    np.testing.assert_allclose(spread, by_hand.ledger.costs["option_half_spread"][0])
    assert (spread > 0.0).sum() == 2
    explained = whole.attribution()
    assert explained.breach() < 1e-9
    np.testing.assert_allclose(explained.parts["vega"][0, :until].sum(), by_hand.attribution().parts["vega"][0].sum())


@pytest.mark.parametrize("lag", [0, 1])
def test_hedge_inside_a_band_is_closed_with_the_options(lag: int) -> None:
    run = replay_book(programme(), market(), hedger=DeltaHedger(), policy=Band(0.2), options=BookExecution(lag=lag))
    held = pd.Series(run.ledger.holdings[0, :, -1], run.ledger.terms.times)
    flat = "2014-02-14" if lag == 0 else "2014-02-17"
    assert (held.loc[flat:"2014-02-20"] == 0.0).all()  # type: ignore[misc]
    assert (held.loc["2014-02-03":"2014-02-13"] != 0.0).any()


def test_buyer_mirrors_seller_and_zero_days_is_to_expiry() -> None:
    sold, bought = (replay_book(programme(side), market(), hedger=DeltaHedger()) for side in (-1.0, 1.0))
    np.testing.assert_allclose(sold.pnl, -bought.pnl)
    to_expiry = replay_book(programme(days=0), market(), hedger=DeltaHedger())
    plain = replay_book(RollingBook.straddle("X", -1.0), market(), hedger=DeltaHedger())
    np.testing.assert_array_equal(to_expiry.pnl, plain.pnl)
    assert sold.pnl[0] != plain.pnl[0]


def test_start_too_near_to_an_expiry_waits_for_the_next_roll() -> None:
    late = replace(market(), start="2014-02-18")
    opened = replay_book(programme(), late, hedger=UNHEDGED).positions["opened"]
    assert f"{opened.min():%m-%d}" == "02-21"


@pytest.mark.parametrize("days", [-1, 28, 2.5])
def test_days_that_close_nothing_or_all_are_refused(days: Any) -> None:
    with pytest.raises(InputError, match="close_days_before_expiry must be whole calendar days from 0 to 27"):
        programme(days=days)
