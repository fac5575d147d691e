"""A history as a market: volatilities, yields and surfaces as known on the day, dividends as paid, and refusals."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from engine.books import UNHEDGED, option
from hedgerow.engine import BookExecution, ReplayMarket, ReplayUnderlying, replay_book
from hedgerow.errors import ColumnError, DataError, InputError
from hedgerow.hedgers import DeltaHedger
from hedgerow.instruments import Book, Future, Spot
from hedgerow.market import History
from hedgerow.market.surface import DeltaPillars
from hedgerow.pricing import black76, black_scholes

DAYS = pd.bdate_range("2024-01-02", periods=30)


def table() -> pd.DataFrame:
    rng = np.random.default_rng(3)
    close = 100.0 * np.exp(np.cumsum(0.01 * rng.normal(size=30)))
    return pd.DataFrame({"close": close, "vix": 15.0 + rng.uniform(size=30), "bill": 5.0}, index=DAYS)


def market(frame: pd.DataFrame | None = None, rate: Any = "bill", **terms: Any) -> ReplayMarket:
    where = {"spot": "close", "vol": "vix", "vol_unit": 0.01} | terms
    unit = 0.01 if isinstance(rate, str) else 1.0
    return ReplayMarket(History(table() if frame is None else frame), {"X": ReplayUnderlying(**where)}, rate, unit)


def test_volatility_rate_and_close_of_each_day_price_the_option() -> None:
    book = Book([(option("call", 100.0, "2024-02-16"), 1.0)])
    run, frame = replay_book(book, market(), hedger=UNHEDGED), table()
    row = 7
    years = (pd.Timestamp("2024-02-16") - DAYS[row]).days / 365
    expected = black_scholes.price("call", frame["close"].iloc[row], 100.0, years, frame["vix"].iloc[row] / 100, 0.05)
    np.testing.assert_allclose(run.figures["price"][0, row, 0], expected)
    assert run.ledger.terms.times[0] == pd.Timestamp("2024-01-02 16:00")
    assert run.ledger.lag == 1
    assert "no option was quoted" in run.synthetic
    assert "'vix'" in run.synthetic


def test_rate_is_carried_forward_and_days_without_a_price_leave() -> None:
    frame = table()
    frame.iloc[4, 2] = np.nan
    frame.iloc[9, 0] = np.nan
    found = market(frame).paths()
    assert found.grid.n_steps == 28
    assert found.rates is not None
    assert found.rates[4] == 0.05
    assert np.isfinite(found.spots).all()


def test_yield_of_dividends_is_that_of_the_last_year_as_known_on_the_day() -> None:
    paid = {"2023-01-15": 9.0, "2023-06-01": 1.0, DAYS[10]: 1.5, DAYS[20]: 1.0}
    found, frame = market(dividends=paid).paths(), table()
    assert found.yields is not None
    close = frame["close"].to_numpy()
    np.testing.assert_allclose(found.yields[9, 0], 1.0 / close[9])  # the one of 2023-01-15 is gone by then
    np.testing.assert_allclose(found.yields[0, 0], 10.0 / close[0])
    np.testing.assert_allclose(found.yields[12, 0], 2.5 / close[12])


def test_dividends_are_paid_by_the_table_and_a_yield_is_paid_where_there_is_none() -> None:
    share = Book([(Spot("X"), 2.0)])
    run = replay_book(share, market(dividends={DAYS[10]: 1.5}), hedger=UNHEDGED)
    assert run.ledger.flows["dividends"][0].nonzero()[0].tolist() == [10]
    assert run.ledger.flows["dividends"][0, 10] == 3.0
    run = replay_book(share, market(dividend_yield=0.04), hedger=UNHEDGED)
    step = (DAYS[1] - DAYS[0]).days / 365
    np.testing.assert_allclose(
        run.ledger.flows["dividends"][0, 1], 2 * table()["close"].iloc[0] * np.expm1(0.04 * step)
    )


def test_dividends_known_ahead_lower_the_call_by_their_present_value() -> None:
    book = Book([(option("call", 100.0, "2024-02-16"), 1.0)])
    paid = {"2024-01-31": 2.0}
    run = replay_book(book, market(dividends=paid, known_dividends=True), hedger=UNHEDGED)
    frame = table()
    years = (pd.Timestamp("2024-02-16") - DAYS[0]).days / 365
    ex = ((pd.Timestamp("2024-01-31 09:30") - (DAYS[0] + pd.Timedelta(hours=16))) / pd.Timedelta(days=1)) / 365
    net = frame["close"].iloc[0] - 2.0 * np.exp(-0.05 * ex)
    expected = black_scholes.price("call", net, 100.0, years, frame["vix"].iloc[0] / 100, 0.05)
    np.testing.assert_allclose(run.figures["price"][0, 0, 0], expected)
    after = int(DAYS.searchsorted(pd.Timestamp("2024-01-31")))
    years = (pd.Timestamp("2024-02-16") - DAYS[after]).days / 365
    row = frame.iloc[after]
    expected = black_scholes.price("call", row["close"], 100.0, years, row["vix"] / 100, 0.05)
    np.testing.assert_allclose(run.figures["price"][0, after, 0], expected)


def test_options_on_a_future_are_those_of_black() -> None:
    book = Book([(option("put", 100.0, "2024-02-16"), 1.0)])

    class WithFuture(DeltaHedger):
        def hedges(self, book: Book) -> tuple[Future, ...]:
            return (Future("X", "2024-02-16"),)

    run, frame = replay_book(book, market(is_future=True), hedger=WithFuture()), table()
    years = (pd.Timestamp("2024-02-16") - DAYS[3]).days / 365
    expected = black76.price("put", frame["close"].iloc[3], 100.0, years, frame["vix"].iloc[3] / 100, 0.05)
    np.testing.assert_allclose(run.figures["price"][0, 3, 0], expected)
    np.testing.assert_allclose(run.figures["price"][0, :20, 1], frame["close"].iloc[:20])


def pillars() -> DeltaPillars:
    frame = table()
    years = [(pd.Timestamp("2024-03-15") - day).days / 365 for day in DAYS]
    quotes = pd.DataFrame({"date": DAYS, "future_price": frame["close"].to_numpy(), "t_option_years": years})
    for name, vol in (("P25dVol", 0.24), ("P50dVol", 0.20), ("P75dVol", 0.18)):
        quotes[name] = vol + 0.0005 * np.arange(30)
    return DeltaPillars.from_frame(quotes)


def test_pillars_give_each_strike_its_volatility_of_the_day() -> None:
    quotes = pillars()
    book = Book([(option("put", strike, "2024-03-15"), 1.0) for strike in (90.0, 104.0)])
    found = market(vol=quotes, is_future=True)
    run = replay_book(book, found, hedger=DeltaHedger(smile="sticky_delta"))
    for place, strike in enumerate((90.0, 104.0)):
        np.testing.assert_allclose(run.marks.vols[0, :, place], quotes.volatility(strike).to_numpy())
    assert "delta pillars" in run.synthetic
    flat = replay_book(book, found, hedger=DeltaHedger())
    assert run.ledger.holdings[0, 1, 2] < flat.ledger.holdings[0, 1, 2]


def test_smile_that_moves_with_the_spot_has_the_slope_of_its_strikes() -> None:
    seen = []

    class Slopes(DeltaHedger):
        def target(self, view: Any) -> Any:
            seen.append(view.vol_slopes()[0, 0])
            return super().target(view)

    quotes = pillars()
    replay_book(Book([(option("put", 97.0, "2024-03-15"), 1.0)]), market(vol=quotes, is_future=True), hedger=Slopes())
    spot = table()["close"].iloc[0]
    up, down = (quotes.volatility(97.0 * (1 + step)).iloc[0] for step in (1e-3, -1e-3))
    np.testing.assert_allclose(seen[0], -(up - down) / (2e-3 * spot), rtol=1e-3)


def test_volatility_of_an_expired_strike_no_longer_moves() -> None:
    run = replay_book(Book([(option("put", 97.0, str(DAYS[20].date())), 1.0)]), market(vol=pillars()), hedger=UNHEDGED)
    assert run.marks.vols[0, 20, 0] == run.marks.vols[0, 19, 0]
    assert run.attribution().breach() < 1e-9


def test_american_option_with_known_dividends_is_valued_day_by_day() -> None:
    from hedgerow.instruments import AmericanOption, MarketState, Underlying

    frame = table().iloc[:2]
    american = Book([(AmericanOption("X", "call", 95.0, "2024-02-16"), 1.0)])
    run = replay_book(american, market(frame, dividends={"2024-01-31": 2.0}, known_dividends=True), hedger=UNHEDGED)
    row = frame.iloc[1]
    underlying = Underlying(row["close"], row["vix"] / 100, rate=0.05, dividends={"2024-01-31": 2.0})
    expected = american.value(MarketState(DAYS[1], {"X": underlying}))
    np.testing.assert_allclose(run.figures["price"][0, 1, 0], expected)


def test_altered_future_of_a_history_changes_no_earlier_holding() -> None:
    frame = table()
    frame.loc[frame.index[15] :, ["close", "vix"]] *= 1.2
    book, paid = Book([(option("call", 100.0, "2024-03-15"), -10.0)]), {DAYS[5]: 1.0}
    one, other = (
        replay_book(book, market(each, dividends=paid), hedger=DeltaHedger(), options=BookExecution(lag=1))
        for each in (table(), frame)
    )
    np.testing.assert_array_equal(one.ledger.holdings[0, :16, 1], other.ledger.holdings[0, :16, 1])
    assert one.ledger.holdings[0, 16, 1] != other.ledger.holdings[0, 16, 1]


def test_bad_replays_are_one_sentence() -> None:
    history = History(table())
    with pytest.raises(ColumnError, match="no column 'vxi'"):
        market(vol="vxi")
    with pytest.raises(InputError, match="at least one underlying"):
        ReplayMarket(history, {})
    with pytest.raises(DataError, match="two days or more"):
        ReplayMarket(history, {"X": ReplayUnderlying("close", 0.2)}, start="2024-02-12").paths()
    with pytest.raises(InputError, match="a future pays no dividends"):
        ReplayUnderlying("close", 0.2, is_future=True, dividend_yield=0.01)
    frame = table()
    frame.iloc[3, 1] = 0.0
    with pytest.raises(DataError, match="implied volatility of 'X' on 2024-01-05 is 0"):
        market(frame).paths()
    with pytest.raises(DataError, match="no surface on 2024-01-03"):
        market(vol={DAYS[0]: lambda strike, years, forward: 0.2 + 0 * strike}).paths()


def test_carry_of_a_future_is_named_so_and_pays_back_the_interest_on_its_price() -> None:
    run = replay_book(Book([(option(), -1.0)]), market(is_future=True), hedger=DeltaHedger())
    assert set(run.ledger.flows) == {"future_carry"}
    held, spots = run.ledger.holdings[0, :-1, 1], run.marks.spots[0, :-1, 1]
    steps = np.diff(run.marks.years)
    np.testing.assert_allclose(run.ledger.flows["future_carry"][0, 1:], held * spots * np.expm1(0.05 * steps))
