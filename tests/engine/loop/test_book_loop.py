"""The array loop for books: the law of the accounts, symmetry, parity, expiry, margin, lag, and what it refuses."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from engine.books import END, EXPIRY, UNHEDGED, Holding, option, paths
from hedgerow.costs import HalfSpread, PerContract, PerTicket
from hedgerow.costs.account_rates import AccountRates
from hedgerow.engine import BookExecution, run_book
from hedgerow.errors import InputError
from hedgerow.hedgers import BookHedger, BookTarget, DeltaHedger
from hedgerow.instruments import (
    AmericanOption,
    BarrierOption,
    Book,
    DigitalOption,
    Forward,
    Future,
    MarketState,
    Position,
    Spot,
    Underlying,
)
from hedgerow.ledger import Carry
from hedgerow.policies import EveryPeriods, Moment, Policy, ToleranceBand
from hedgerow.pricing import black_scholes

STRADDLE = Book([(option("call"), -10.0), (option("put"), -10.0)])
COSTS = HalfSpread(2.0) + PerTicket(0.5)


@st.composite
def books(draw: Any) -> Book:
    """Books of everything that the loop runs quickly, in two underlyings."""
    names, days = st.sampled_from("XY"), st.sampled_from(["2026-12-03", EXPIRY, "2027-01-15"])
    kinds, strikes = st.sampled_from(["call", "put"]), st.sampled_from([90.0, 100.0, 107.0])
    makers = (
        lambda: option(
            draw(kinds), draw(strikes), draw(days), draw(names), multiplier=draw(st.sampled_from([1.0, 50.0]))
        ),
        lambda: DigitalOption(draw(names), draw(kinds), draw(strikes), draw(days)),
        lambda: Future(draw(names), draw(days), multiplier=10.0),
        lambda: Forward(draw(names), draw(strikes), draw(days)),
        lambda: Spot(draw(names)),
    )
    size = draw(st.integers(1, 4))
    quantity = st.sampled_from([-7.0, -1.0, 2.0, 10.0])
    return Book([Position(draw(st.sampled_from(makers))(), draw(quantity)) for _ in range(size)])


@settings(max_examples=15, deadline=None)
@given(books(), st.integers(0, 2), st.booleans(), st.booleans(), st.integers(0, 100))
def test_accounts_of_random_books_close(book: Book, lag: int, hold: bool, unwind: bool, seed: int) -> None:
    market = paths(2, 6, ("X", "Y"), seed, rate=0.03, dividend_yield=0.01, borrow=0.005)
    options = BookExecution(lag=lag, hold_book=hold, unwind=unwind, option_costs=HalfSpread(50.0))
    run = run_book(market, book, DeltaHedger(), ToleranceBand(0.3), COSTS, options)
    assert run.ledger.breach() < 1e-12
    parts = sum(run.lines().values())
    np.testing.assert_allclose(parts, run.ledger.wealth_changes, atol=1e-9 * run.ledger.gross_notional)
    assert run.ledger.lag == lag
    if unwind:
        assert not run.ledger.holdings[:, -1].any()
        np.testing.assert_allclose(run.ledger.wealth[:, -1], run.ledger.cash[:, -1])


def test_attribution_of_a_run_adds_up_to_its_profit() -> None:
    run = run_book(paths(rate=0.02), STRADDLE, DeltaHedger(), EveryPeriods(1), COSTS)
    parts = run.attribution().parts
    total = sum(np.asarray(money).sum(axis=-1) for money in parts.values())
    np.testing.assert_allclose(total, run.pnl, atol=1e-9 * run.ledger.gross_notional)


@pytest.mark.parametrize("lag", [0, 1])
def test_long_and_short_mirror_each_other_and_pay_the_same(lag: int) -> None:
    short = STRADDLE
    long = Book([(each.instrument, -each.quantity) for each in short.positions])
    options = BookExecution(lag=lag, option_costs=PerContract(0.7))
    one, other = (
        run_book(paths(rate=0.0), each, DeltaHedger(), ToleranceBand(1.0), COSTS, options) for each in (short, long)
    )
    np.testing.assert_array_equal(one.ledger.trades, -other.ledger.trades)
    np.testing.assert_array_equal(one.ledger.total_costs, other.ledger.total_costs)
    np.testing.assert_allclose(one.pnl + other.pnl, -2.0 * one.ledger.total_costs.sum(axis=1))


def test_long_call_short_put_less_spot_earns_what_a_forward_earns_less_spot() -> None:
    market = paths(4, 8, rate=0.05, dividend_yield=0.02)
    parity = Book([(option("call", 95.0), 1.0), (option("put", 95.0), -1.0)])
    forward = Book([(Forward("X", 95.0, EXPIRY), 1.0)])
    short_spot = Holding((Spot("X"),), (-1.0,))
    one, other = (run_book(market, book, short_spot) for book in (parity, forward))
    np.testing.assert_allclose(one.ledger.wealth, other.ledger.wealth, atol=1e-10)
    np.testing.assert_allclose(one.ledger.cash[:, -1], other.ledger.cash[:, -1], atol=1e-10)


def test_forward_sold_and_carried_by_spot_earns_nothing_on_any_path() -> None:
    market = paths(4, 8, rate=0.05)
    run = run_book(market, Book([(Forward("X", 100.0, EXPIRY), -1.0)]), Holding((Spot("X"),), (1.0,)))
    np.testing.assert_allclose(run.pnl, 0.0, atol=1e-9)
    assert run.ledger.financing[:, 1:].max() < 0.0


def test_yield_and_borrow_on_spot_offset_their_place_in_the_forward_to_first_order() -> None:
    errors = []
    for n_steps in (8, 32):
        market = paths(200, n_steps, rate=0.05, dividend_yield=0.04, borrow=0.02)
        forward = Book([(Forward("X", 100.0, EXPIRY), -1.0)])
        errors.append(float(np.abs(run_book(market, forward, DeltaHedger()).pnl).mean()))
    assert errors[0] < 0.02
    assert 3.0 < errors[0] / errors[1] < 5.0  # a step's yield is that of the spot at its start


def test_market_without_volatility_leaves_only_the_certain_payoff() -> None:
    market = paths(2, 5, vol=0.0, rate=0.0)
    run = run_book(market, Book([(option("call", 90.0), 5.0)]), DeltaHedger())
    np.testing.assert_allclose(run.pnl, 0.0, atol=1e-12)
    np.testing.assert_allclose(run.ledger.holdings[:, :-1, 1], -5.0)
    at_the_money = run_book(market, Book([(option("call", 100.0), 5.0)]), DeltaHedger())
    assert np.isfinite(at_the_money.greek("gamma")).all()


def test_position_that_expires_inside_settles_at_its_payoff_and_the_hedge_goes() -> None:
    market = paths(5, 10)
    book = Book([(option("call", 99.0, "2026-12-04"), -3.0), (option("put", 101.0), 1.0)])
    run = run_book(market, book, DeltaHedger())
    settled = int(np.flatnonzero(market.grid.times >= "2026-12-04 16:00")[0])
    payoff = np.maximum(market.spots[:, settled, 0] - 99.0, 0.0)
    np.testing.assert_allclose(run.ledger.terms.prices[:, settled, 0], payoff)
    assert (run.ledger.holdings[:, settled - 1, 0] == -3.0).all()
    assert not run.ledger.holdings[:, settled:, 0].any()
    spot, vol = market.spots[:, settled, 0], market.vols[:, settled, 0]
    left = market.grid.years[-1] - market.grid.years[settled]
    delta = black_scholes.greeks("put", spot, 101.0, left, vol, names="delta").delta
    np.testing.assert_allclose(run.ledger.holdings[:, settled, 2], -delta, atol=1e-12)
    assert run.positions["settled"].tolist() == [market.grid.times[settled], market.grid.times[-1]]


def test_short_option_sold_for_its_premium_and_hedged_once_is_worked_out_by_hand() -> None:
    market = paths(1, 1, rate=0.04)
    run = run_book(market, Book([(option("call"), -1.0)]), DeltaHedger(), None, HalfSpread(10.0))
    years, spot = market.grid.years[-1], market.spots[0, -1, 0]
    premium = black_scholes.price("call", 100.0, 100.0, years, 0.2, 0.04)
    units = black_scholes.greeks("call", 100.0, 100.0, years, 0.2, 0.04, names="delta").delta
    cash = premium - 100.0 * units * 1.001
    expected = cash * np.exp(0.04 * years) + units * spot - max(spot - 100.0, 0.0)
    np.testing.assert_allclose(run.ledger.wealth[0, -1], expected)


def test_book_that_is_held_from_the_start_puts_no_premium_through_cash() -> None:
    market = paths()
    bought = run_book(market, STRADDLE, DeltaHedger())
    held = run_book(market, STRADDLE, DeltaHedger(), options=BookExecution(hold_book=True))
    np.testing.assert_allclose(bought.pnl, held.pnl)
    np.testing.assert_allclose(held.ledger.cash[:, 0], -100.0 * held.ledger.holdings[:, 0, 2])
    assert held.ledger.endowment.tolist() == [-10.0, -10.0, 0.0]


def test_future_pays_margin_and_earns_what_spot_less_its_financing_earns() -> None:
    market = paths(3, 6, rate=0.0)
    future = run_book(market, STRADDLE, Holding((Future("X", EXPIRY),), (5.0,)))
    spot = run_book(market, STRADDLE, Holding((Spot("X"),), (5.0,)))
    assert future.ledger.terms.carry == (Carry.VALUE, Carry.VALUE, Carry.MARGIN)
    np.testing.assert_allclose(future.pnl, spot.pnl)
    np.testing.assert_allclose(future.ledger.cash[:, 0] - spot.ledger.cash[:, 0], 500.0)
    assert not future.ledger.holdings[:, -1, 2].any()  # settled at its expiry


def test_two_underlyings_are_hedged_each_with_its_own() -> None:
    market = paths(3, 6, ("Y", "X"))
    both = Book([(option(name="X"), -10.0), (option("put", 95.0, name="Y"), 4.0)])
    run = run_book(market, both, DeltaHedger())
    for code, name in enumerate(("X", "Y")):
        alone = run_book(market, both.of(name), DeltaHedger())
        np.testing.assert_allclose(run.ledger.holdings[..., 2 + code], alone.ledger.holdings[..., 1])
    apart = [run_book(market, both.of(name), DeltaHedger()).pnl for name in ("X", "Y")]
    np.testing.assert_allclose(run.pnl, sum(apart))
    assert run.marks.underlyings == ("X", "Y")


def test_american_put_is_exercised_where_waiting_gains_nothing_and_pays_its_payoff() -> None:
    market = paths(2, 4, rate=0.10)
    spots = market.spots.copy()
    spots[:, :, 0] = [[100.0, 97.0, 60.0, 95.0, 110.0], [100.0, 101.0, 99.0, 103.0, 104.0]]
    market = replace(market, spots=spots)
    run = run_book(market, Book([(AmericanOption("X", "put", 100.0, EXPIRY), 1.0)]), UNHEDGED)
    assert run.ledger.holdings[:, :, 0].tolist() == [[1.0, 1.0, 0.0, 0.0, 0.0], [1.0, 1.0, 1.0, 1.0, 0.0]]
    np.testing.assert_allclose(run.ledger.terms.prices[0, 2, 0], 40.0)
    assert (run.figures["delta"][0, 2:, 0] == 0.0).all()


def test_lag_trades_what_was_decided_at_the_prices_of_later() -> None:
    market = paths(3, 6, rate=0.0)
    now, later = (
        run_book(market, STRADDLE, DeltaHedger(), None, HalfSpread(3.0), BookExecution(lag=lag)) for lag in (0, 1)
    )
    np.testing.assert_array_equal(later.ledger.holdings[:, 1:-1, 2], now.ledger.holdings[:, :-2, 2])
    assert not later.ledger.holdings[:, 0, 2].any()
    paid = 3e-4 * np.abs(later.ledger.trades[..., 2] * market.spots[..., 0])
    np.testing.assert_allclose(later.ledger.costs["half_spread"][:, :-1], paid[:, :-1])


def test_policy_sees_the_time_spot_and_volatility_of_the_last_trade() -> None:
    market, seen = paths(2, 5), []

    class Watching(Policy):
        def holding(self, now: Moment) -> Any:
            seen.append(
                (now.waited[0, 0], now.last_spot[0, 0], now.last_implied[0, 0], now.gamma[0, 0], now.held[0, 0])
            )
            return now.target if now.step in (0, 3) else now.held

    run = run_book(market, STRADDLE, DeltaHedger(), Watching())
    step = market.grid.steps[0]
    np.testing.assert_allclose([each[0] / step for each in seen], [0.0, 1.0, 2.0, 3.0, 1.0], atol=1e-6)
    assert [each[1] for each in seen] == market.spots[0, [0, 0, 0, 0, 3], 0].tolist()
    assert [each[2] for each in seen] == market.vols[0, [0, 0, 0, 0, 3], 0].tolist()
    np.testing.assert_allclose([each[3] for each in seen], run.greek("gamma")[0, :-1, 0])
    assert [each[4] for each in seen[1:]] == run.ledger.holdings[0, :-2, 2].tolist()


def test_policy_of_ones_own_in_numpy_runs_as_the_band_it_spells_out() -> None:
    class Band(Policy):
        def holding(self, now: Moment) -> Any:
            return np.where(np.abs(now.target - now.held) > 1.0, now.target, now.held)

    own, given = (run_book(paths(), STRADDLE, DeltaHedger(), each) for each in (Band(), ToleranceBand(1.0)))
    np.testing.assert_array_equal(own.ledger.holdings, given.ledger.holdings)


@pytest.mark.parametrize("lag", [0, 1])
def test_altered_future_changes_nothing_decided_before(lag: int) -> None:
    market, cut = paths(2, 8, rate=0.02), 4
    spots, vols = market.spots.copy(), market.vols.copy()
    spots[:, cut + 1 :] *= 1.3
    vols[:, cut + 1 :] *= 2.0
    altered = replace(market, spots=spots, vols=vols)
    hedger = DeltaHedger(volatility=0.25)
    one, other = (
        run_book(each, STRADDLE, hedger, ToleranceBand(0.5), COSTS, BookExecution(lag=lag))
        for each in (market, altered)
    )
    np.testing.assert_array_equal(
        one.ledger.holdings[:, : cut + 1 + lag, 2], other.ledger.holdings[:, : cut + 1 + lag, 2]
    )
    assert (one.ledger.holdings[:, cut + 1 + lag, 2] != other.ledger.holdings[:, cut + 1 + lag, 2]).any()


def test_view_holds_the_past_alone_and_cannot_be_written_to() -> None:
    market = paths(2, 5)

    class Looking(BookHedger):
        def target(self, view: Any) -> BookTarget:
            assert view.past_spots.shape == (2, view.step + 1, 1)
            base = view.past_spots.base
            assert np.isnan(base[:, view.step + 1 :]).all()
            with pytest.raises(ValueError, match="read-only"):
                view.past_spots[0, 0, 0] = 1.0
            view.spots[:] = np.nan  # a copy
            view.held[:] = np.nan
            return BookTarget(-view.book_greeks(("delta",))["delta"])

    run = run_book(market, STRADDLE, Looking())
    np.testing.assert_array_equal(run.ledger.holdings, run_book(market, STRADDLE, DeltaHedger()).ledger.holdings)


def test_wealth_that_a_hedger_sees_is_that_of_the_ledger() -> None:
    market, seen = paths(2, 5, rate=0.08, borrow=0.02), []

    class Counting(DeltaHedger):
        def target(self, view: Any) -> BookTarget:
            seen.append(view.wealth)
            return super().target(view)

    run = run_book(market, STRADDLE, Counting(), None, COSTS)
    before = run.ledger.wealth + run.ledger.total_costs
    np.testing.assert_allclose(np.array(seen).T, before[:, :-1], atol=1e-10)


def test_discrete_dividends_go_to_who_is_long_at_the_close_before() -> None:
    market = paths(1, 10, dividends=(("2026-12-01", 2.0),))
    run = run_book(market, Book([(Spot("X"), 3.0)]), UNHEDGED)
    paid = run.ledger.flows["dividends"][0]
    assert paid.sum() == 6.0
    assert market.grid.times[int(np.argmax(paid))] >= np.datetime64("2026-12-01T09:30")
    assert paid[: int(np.argmax(paid))].sum() == 0.0


def test_debt_and_short_sales_pay_what_the_account_says() -> None:
    market = paths(1, 4, rate=0.01)
    account = AccountRates(borrow=0.03, financing_spread=0.02)
    short = run_book(market, Book([(Spot("X"), -1.0)]), UNHEDGED, options=BookExecution(account=account))
    step = market.grid.steps
    np.testing.assert_allclose(short.ledger.flows["borrow"][0, 1:], -market.spots[0, :-1, 0] * np.expm1(0.03 * step))
    long = run_book(market, Book([(Spot("X"), 1.0)]), UNHEDGED, options=BookExecution(account=account))
    np.testing.assert_allclose(long.ledger.financing[0, 1], -100.0 * np.expm1(0.03 * step[0]))


def test_mark_of_a_positions_own_keeps_its_distance_from_the_markets() -> None:
    market = paths(2, 4)
    run = run_book(market, Book([Position(option("put", 90.0), 1.0, vol=0.3)]), UNHEDGED)
    np.testing.assert_allclose(run.marks.vols[:, :, 0], market.vols[:, :, 0] + 0.1)


def refused(book: Book, match: str, market: Any = None, hedger: Any = None, policy: Any = None) -> None:
    with pytest.raises(InputError, match=match) as caught:
        run_book(market or paths(), book, hedger or DeltaHedger(), policy)
    assert "\n" not in str(caught.value)


def test_bad_input_is_one_sentence() -> None:
    refused(Book([(option(name="Z"), 1.0)]), "no underlying 'Z'.*have X")
    refused(Book([(option(expiry="2026-11-19"), 1.0)]), "expires at or before the start")
    refused(
        Book([(BarrierOption("X", "call", 100.0, EXPIRY, barrier=90.0, barrier_kind="down-and-out"), 1.0)]),
        "path behind it",
    )
    refused(STRADDLE, "0 paths; draw one", replace(paths(), spots=np.zeros((0, 11, 1)), vols=np.zeros((0, 11, 1))))
    refused(STRADDLE, "must have shape", replace(paths(), vols=np.ones((3, 11, 2))))
    broken = paths()
    broken.spots[1, 4, 0] = np.nan
    refused(STRADDLE, "spots of 'X' on path 1 at 2026-12-02 .* is nan", broken)
    mixed = Book([(option(), 1.0), (option(currency="EUR"), 1.0)])  # type: ignore[arg-type]
    refused(mixed, "one currency, not in")


class Wrong(BookHedger, Policy):
    """Answers with what it was made with."""

    def __init__(self, answer: Any) -> None:
        self.answer = answer

    def __repr__(self) -> str:
        return "Wrong()"

    def target(self, view: Any) -> Any:
        return BookTarget(self.answer)

    def holding(self, now: Moment) -> Any:
        return self.answer


@pytest.mark.parametrize(
    ("answer", "match"),
    [
        (np.full((3, 1), np.nan), r"Wrong\(\) returned nan for 'hedge X spot' on path 0 at 2026-11-20"),
        (np.zeros((3, 2)), r"shape \(3, 1\) \(paths, hedges\), not \(3, 2\)"),
        ("sell", "answered with 'sell' where"),
    ],
)
def test_hedger_or_policy_that_answers_badly_is_named(answer: Any, match: str) -> None:
    refused(STRADDLE, match, hedger=Wrong(answer))
    refused(STRADDLE, match, policy=Wrong(answer))


def test_options_of_execution_refuse_what_cannot_be() -> None:
    with pytest.raises(InputError, match="lag must be a whole number"):
        BookExecution(lag=-1)
    with pytest.raises(InputError, match="no Greek"):
        BookExecution(greeks=("dleta",))
    two_rates = MarketState(END, {"X": Underlying(100.0, rate=0.01), "Y": Underlying(100.0, rate=0.02)})
    market = paths(names=("X", "Y"))
    two_rates = replace(two_rates, at=market.start.at)
    refused(Book([(option(), 1.0), (option(name="Y"), 1.0)]), "discounted at 2 rates", replace(market, start=two_rates))


@pytest.mark.parametrize("sticky_delta", [False, True])
def test_smile_of_a_scenario_marks_each_strike_and_explains_the_profit(sticky_delta: bool) -> None:
    from hedgerow.scenarios import GBM, StickyDelta, StickyStrike

    def smile(strike: Any, years: Any, forward: Any) -> Any:
        return 0.2 - 0.3 * np.log(strike / 100.0)

    plain = paths(rate=0.01)
    implied = (StickyDelta if sticky_delta else StickyStrike)(smile)
    market = GBM(plain.start, volatility=0.2, implied=implied).draw(plain.grid, 4, 7)
    book = Book([(option("put", 90.0, "2026-12-08"), -5.0), (option("call", 105.0), 2.0)])
    run = run_book(market, book, DeltaHedger(smile="sticky_delta" if sticky_delta else "sticky_strike"))
    spot = market.spots[:, 3, 0]
    place = np.log(105.0 / spot) if sticky_delta else np.log(1.05)
    np.testing.assert_allclose(run.marks.vols[:, 3, 1], 0.2 - 0.3 * place)
    assert run.attribution().breach() < 1e-9
    assert run.ledger.breach() < 1e-12


def test_waterfall_of_a_run_is_its_attribution_of_one_path_or_their_mean() -> None:
    run = run_book(paths(3), Book([(option(), -1.0)]), DeltaHedger(), costs=HalfSpread(2.0))
    for path, expected in ((None, run.pnl.mean()), (1, run.pnl[1])):
        steps = run.waterfall(path, "USD").data[0]
        assert steps.y[-1] == pytest.approx(expected, abs=1e-6)
        assert sum(steps.y[:-1]) == pytest.approx(expected, abs=1e-6)
    with pytest.raises(InputError, match="there is no path 3"):
        run.waterfall(3)
