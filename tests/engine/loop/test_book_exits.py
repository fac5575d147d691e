"""Exits of a book: what is closed when, at what price and cost, seen by hedgers, named, and causal."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from engine.books import option, paths
from hedgerow.costs import HalfSpread
from hedgerow.engine import BookExecution, BookRun, run_book
from hedgerow.errors import InputError
from hedgerow.hedgers import DeltaHedger
from hedgerow.instruments import AmericanOption, Book, Spot
from hedgerow.limits import (
    ExitBeforeEvents,
    ExitBeforeExpiry,
    ExitOnProfit,
    ExitOnTrackingError,
    ExitRule,
    RollToNextExpiry,
    ScaleDown,
)
from hedgerow.policies import Band

BOOK = Book([(option(multiplier=100.0), -1.0), (option("put", 95.0, multiplier=100.0), -2.0)])
STEPS = 30
"""One a day."""


def run(exits: ExitRule | None, lag: int = 0, book: Book = BOOK, market: Any = None, **options: Any) -> BookRun:
    settings = BookExecution(lag=lag, exits=exits, option_costs=HalfSpread(50.0), **options)
    drawn = paths(6, STEPS, seed=3) if market is None else market
    return run_book(drawn, book, DeltaHedger(), Band(0.05), HalfSpread(2.0), settings)


@pytest.mark.parametrize("lag", [0, 1, 2])
def test_exit_before_expiry_trades_lag_steps_after_the_seventh_day_and_takes_its_hedge_along(lag: int) -> None:
    found = run(ExitBeforeExpiry(7), lag)
    traded = STEPS - 7 + lag
    held = found.ledger.holdings
    assert (held[:, traded - 1, :2] != 0.0).all()
    assert (held[:, traded:] == 0.0).all()
    table = found.exits(2)
    assert table["reason"].tolist() == ["7 days to expiry"] * 2
    times = found.ledger.terms.times
    assert (table["decided"] == times[STEPS - 7]).all()
    assert (table["traded"] == times[traded]).all()
    assert found.ledger.breach() < 1e-12


def test_closing_pays_the_price_of_an_option_trade_of_that_moment() -> None:
    found = run(ExitBeforeExpiry(7))
    at = STEPS - 7
    prices, trades = found.ledger.terms.prices[:, at, :2], found.ledger.trades[:, at, :2]
    np.testing.assert_array_equal(trades, [[1.0, 2.0]] * 6)
    paid = found.ledger.costs["option_half_spread"]
    np.testing.assert_allclose(paid[:, at], 0.005 * (np.abs(trades) * prices).sum(axis=1), rtol=1e-12)
    assert (paid[:, at + 1 :] == 0.0).all()


def test_profit_is_that_of_options_and_hedge_and_what_the_rule_saw_is_in_the_account() -> None:
    found = run(ExitOnProfit(2.0))
    ledger, log = found.ledger, found.exit_log
    assert log is not None and len(log.path)  # noqa: PT018
    gained = np.cumsum(ledger.gains.sum(axis=2), axis=1)
    paid = np.cumsum(ledger.total_costs, axis=1)
    for path, step, profit, costs in zip(log.path, log.step, log.profit, log.costs, strict=True):
        assert profit == pytest.approx(gained[path, step], abs=1e-9)
        before = paid[path, step - 1]  # lag 0: nothing is traded yet when it is decided
        assert costs == pytest.approx(before, abs=1e-9)
        assert profit > 2.0 * costs
        untouched = gained[path, 1:step] <= 2.0 * paid[path, : step - 1]
        assert untouched.all()


def test_tracking_error_is_the_root_of_squared_steps_of_the_hedged_profit() -> None:
    share = 0.0005
    found, plain = run(ExitOnTrackingError(share)), run(None)
    steps = plain.ledger.gains.sum(axis=2)
    spots = plain.marks.spots[:, :, 0]
    off = np.sqrt(np.cumsum(steps**2, axis=1)) > share * 300.0 * np.maximum.accumulate(spots, axis=1)
    log = found.exit_log
    assert log is not None
    for path in range(6):
        first = np.flatnonzero(off[path, :STEPS])
        mine = log.step[log.path == path]
        assert mine.tolist() == ([first[0]] * 2 if len(first) else [])
    assert len(log.path)


def test_event_closes_everything_before_it_and_is_named() -> None:
    found = run(ExitBeforeEvents.on("2026-12-09", weekdays=2, name="FOMC"), lag=1)
    table = found.exits()
    assert table["reason"].unique().tolist() == ["before FOMC"]
    assert (table["traded"] < pd.Timestamp("2026-12-09")).all()
    assert table["decided"].dt.date.astype(str).unique().tolist() == ["2026-12-07"]


def test_first_rule_that_fires_is_named() -> None:
    event = ExitBeforeEvents.on("2026-12-14", weekdays=1, name="a Friday too")
    for rule, named in ((ExitBeforeExpiry(9) | event, "9 days to expiry"), (event | ExitBeforeExpiry(9), event.reason)):
        assert run(rule).exits()["reason"].unique().tolist() == [named]


def test_scale_down_holds_shares_and_hedges_them_alone() -> None:
    found = run(ScaleDown(((14.0, 0.5), (7.0, 0.25))))
    held = found.ledger.holdings[:, :, 1]
    np.testing.assert_allclose(held[:, [5, STEPS - 14, STEPS - 7, STEPS - 1]], [[-2.0, -1.0, -0.5, -0.5]] * 6)
    full = run(None)
    np.testing.assert_allclose(found.targets[:, STEPS - 10], 0.5 * full.targets[:, STEPS - 10], rtol=1e-12)
    assert found.exits()["left"].tolist() == [0.5, 0.5, 0.25, 0.25]
    assert found.ledger.breach() < 1e-12


@pytest.mark.parametrize("lag", [0, 1])
def test_roll_opens_the_same_contracts_at_the_next_third_friday_at_that_moment(lag: int) -> None:
    market = paths(4, 70, seed=1, end="2027-01-29 16:00")
    stock = Book([*BOOK.positions, (Spot("X"), 10.0)])
    found = run(RollToNextExpiry(ExitBeforeExpiry(7)), lag, stock, market)
    positions = found.positions
    assert positions["instrument"].tolist()[3:6] == [
        "X european call 100 2027-01-15", "X european call 100 2027-02-19", "X european call 100 2027-03-19",
    ]  # fmt: skip
    assert positions["opened"].isna().tolist() == [False] * 3 + [True] * 6
    held = found.ledger.holdings[0]
    calls = [place for place, name in enumerate(found.ledger.terms.instruments) if " call " in name]
    assert (held[1:, calls].sum(axis=1) == -1.0).all()
    at = STEPS - 7 + lag
    assert held[at - 1, calls].tolist() == [-1.0, 0.0, 0.0, 0.0]
    assert held[at, calls].tolist() == [0.0, -1.0, 0.0, 0.0]
    spot_place = found.ledger.terms.instruments.index("X spot")
    assert (held[:, spot_place] == 10.0).all()
    assert found.exits()["reason"].unique().tolist() == ["7 days to expiry, rolled"]
    assert found.ledger.breach() < 1e-12


def test_profit_counts_anew_after_a_roll() -> None:
    market = paths(4, 70, seed=1, end="2027-01-29 16:00")
    found = run(RollToNextExpiry(ExitBeforeExpiry(7)), 0, BOOK, market)
    table = found.exits()
    second = table.iloc[2]
    times = found.ledger.terms.times
    first, last = times.get_indexer([table["decided"].iloc[0], second["decided"]])
    gains = found.ledger.gains.sum(axis=2)[0]
    assert second["profit"] == pytest.approx(gains[first + 1 : last + 1].sum(), abs=1e-9)


@pytest.mark.parametrize("lag", [0, 1])
def test_altered_future_leaves_every_exit_decided_before_it_as_it_was(lag: int) -> None:
    rule = ExitOnProfit(1.0) | ExitOnTrackingError(0.002) | RollToNextExpiry(ExitBeforeExpiry(20)) | ScaleDown()
    cut = 18
    before = paths(6, STEPS, seed=3)
    spots = before.spots.copy()
    spots[:, cut + 1 :] *= 1.3
    vols = before.vols.copy()
    vols[:, cut + 1 :] *= 2.0
    one, other = (run(rule, lag, market=market) for market in (before, replace(before, spots=spots, vols=vols)))
    assert one.exit_log is not None and other.exit_log is not None  # noqa: PT018
    known = [log.step <= cut for log in (one.exit_log, other.exit_log)]
    for name in ("path", "position", "step", "reason", "share", "profit", "costs"):
        np.testing.assert_array_equal(getattr(one.exit_log, name)[known[0]], getattr(other.exit_log, name)[known[1]])
    np.testing.assert_array_equal(one.ledger.holdings[:, : cut + 1], other.ledger.holdings[:, : cut + 1])


def test_rule_of_ones_own_is_asked_and_a_wrong_answer_is_refused() -> None:
    class Rises(ExitRule):
        reason = "a whim"

        def __init__(self, answer: Any) -> None:
            self.answer = answer

        def fires(self, now: Any) -> Any:
            return self.answer(now)

    book = run(Rises(lambda now: np.array([[now.moment.day == 1, False]] * 6)))
    assert book.exits(3)["decided"].dt.day.tolist() == [1]
    with pytest.raises(InputError, match="share of each position"):
        run(Rises(lambda now: np.zeros(3, dtype=bool)))


def test_what_cannot_be_rolled_or_asked_is_refused() -> None:
    american = Book([(AmericanOption("X", "put", 100.0, "2026-12-20"), -1.0)])
    with pytest.raises(InputError, match="cannot be rolled by a rule"):
        run(RollToNextExpiry(ExitBeforeExpiry(7)), book=american)
    two = RollToNextExpiry(ExitBeforeExpiry(7)) | RollToNextExpiry(ExitOnProfit(2), 2)
    with pytest.raises(InputError, match="not to 1 and 2"):
        run(two)
    with pytest.raises(InputError, match="exits must be an ExitRule, not 7"):
        BookExecution(exits=7)  # type: ignore[arg-type]
    with pytest.raises(InputError, match="it had none"):
        run(None).exits()


def test_hedge_of_a_closed_underlying_goes_and_the_other_stays() -> None:
    two = Book([(option(name="X", multiplier=100.0), -1.0), (option(name="Y", multiplier=100.0), -1.0)])

    class OnlyX(ExitRule):
        reason = "X alone"

        def fires(self, now: Any) -> Any:
            return np.repeat([[now.moment.day == 1, False]], len(now.profit), axis=0)

    market = paths(3, STEPS, names=("X", "Y"), seed=5)
    found, plain = run(OnlyX(), book=two, market=market), run(None, book=two, market=market)
    at = int(np.flatnonzero(found.ledger.terms.times.day == 1)[0])
    names = found.ledger.terms.instruments
    gone, stays = names.index("hedge X spot"), names.index("hedge Y spot")
    assert (found.ledger.holdings[:, at:, gone] == 0.0).all()
    assert (found.ledger.holdings[:, at - 1, gone] != 0.0).all()
    np.testing.assert_array_equal(found.ledger.holdings[:, :, stays], plain.ledger.holdings[:, :, stays])
