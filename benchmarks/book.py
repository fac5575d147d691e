"""A book of 1e5 European positions: value and Greeks with sums by underlying, and a 21 x 11 matrix of scenarios.

``numpy`` is the closed form on whole arrays with scipy's normal distribution; ``QuantLib`` prices option by option, is
timed on a few hundred and scaled. Rows against ``limit`` hold a time in seconds: their ratio is limit over time.
"""

from __future__ import annotations

from importlib.util import find_spec
from typing import Any

import numpy as np
import pandas as pd

from hedgerow.instruments import Book, MarketState, Underlying
from interleave import interleave, print_row, skip

POSITIONS, SMALL = 100_000, 10_000
QUANTLIB_OPTIONS = 300
NAMES = ("SPX", "NDX", "RUT")
SPOT, RATE, CARRY = 100.0, 0.03, 0.01
AT = pd.Timestamp("2026-11-20 16:00")
MARKET = MarketState(AT, {name: Underlying(SPOT, 0.2, rate=RATE, dividend_yield=CARRY) for name in NAMES})
FOUR = ("delta", "gamma", "vega", "theta")
SPOT_MOVES, VOL_MOVES = np.linspace(-0.2, 0.2, 21), np.linspace(-0.05, 0.05, 11)
LIMITS = {"greeks": 0.1, "small": 0.05, "matrix": 3.0}


def table(count: int) -> pd.DataFrame:
    """Return calls and puts, bought and sold, in three underlyings, each with its own mark."""
    rng = np.random.default_rng(7)
    return pd.DataFrame(
        {
            "underlying": rng.choice(NAMES, count),
            "instrument": "european",
            "kind": rng.choice(["call", "put"], count),
            "strike": rng.uniform(60.0, 150.0, count).round(1),
            "expiry": AT + pd.to_timedelta(rng.integers(1, 900, count), "D"),
            "quantity": rng.integers(-50, 51, count),
            "multiplier": 100.0,
            "vol": rng.uniform(0.1, 0.6, count),
        }
    )


def arguments(frame: pd.DataFrame) -> tuple[Any, ...]:
    sign = np.where(frame["kind"] == "call", 1.0, -1.0)
    years = ((frame["expiry"] - AT) / pd.Timedelta(days=365)).to_numpy()
    weight = frame["quantity"].to_numpy() * 100.0
    return sign, frame["strike"].to_numpy(), years, frame["vol"].to_numpy(), weight, frame["underlying"].to_numpy()


def numpy_price(sign: Any, spot: float, strike: Any, years: Any, vol: Any) -> Any:
    from scipy.special import ndtr

    total = vol * np.sqrt(years)
    d1 = (np.log(spot / strike) + (RATE - CARRY) * years) / total + 0.5 * total
    left, right = spot * np.exp(-CARRY * years), strike * np.exp(-RATE * years)
    return sign * (left * ndtr(sign * d1) - right * ndtr(sign * (d1 - total)))


def numpy_greeks(sign: Any, strike: Any, years: Any, vol: Any, weight: Any, names: Any) -> Any:
    from scipy.special import ndtr

    root = np.sqrt(years)
    total = vol * root
    d1 = (np.log(SPOT / strike) + (RATE - CARRY) * years) / total + 0.5 * total
    growth, discount = np.exp(-CARRY * years), np.exp(-RATE * years)
    in_first, in_second = ndtr(sign * d1), ndtr(sign * (d1 - total))
    density = np.exp(-0.5 * d1 * d1) * 0.3989422804014327
    price = sign * (SPOT * growth * in_first - strike * discount * in_second)
    delta = sign * growth * in_first
    gamma = growth * density / (SPOT * total)
    vega = SPOT * growth * density * root
    theta = (
        -0.5 * SPOT * growth * density * vol / root
        - sign * RATE * strike * discount * in_second
        + sign * CARRY * SPOT * growth * in_first
    )
    _, codes = np.unique(names, return_inverse=True)
    return [np.bincount(codes, weights=weight * each) for each in (price, delta, gamma, vega, theta)]


def numpy_matrix(sign: Any, strike: Any, years: Any, vol: Any, weight: Any, names: Any) -> Any:
    now = numpy_price(sign, SPOT, strike, years, vol)
    cells = [
        [
            float((weight * (numpy_price(sign, SPOT * (1.0 + move), strike, years, vol + shift) - now)).sum())
            for shift in VOL_MOVES
        ]
        for move in SPOT_MOVES
    ]
    return np.array(cells)


def quantlib_book(frame: pd.DataFrame) -> Any:
    """Return a function that gives value and four Greeks of every option, one by one."""
    import QuantLib as ql  # noqa: N813

    today = ql.Date(AT.day, AT.month, AT.year)
    ql.Settings.instance().evaluationDate = today
    day_count, calendar = ql.Actual365Fixed(), ql.NullCalendar()
    spot = ql.QuoteHandle(ql.SimpleQuote(SPOT))
    rate = ql.YieldTermStructureHandle(ql.FlatForward(today, RATE, day_count))
    carry = ql.YieldTermStructureHandle(ql.FlatForward(today, CARRY, day_count))
    options = []
    for row in frame.itertuples():
        vol = ql.BlackVolTermStructureHandle(ql.BlackConstantVol(today, calendar, row.vol, day_count))
        process = ql.BlackScholesMertonProcess(spot, carry, rate, vol)
        payoff = ql.PlainVanillaPayoff(ql.Option.Call if row.kind == "call" else ql.Option.Put, row.strike)
        day = ql.Date(row.expiry.day, row.expiry.month, row.expiry.year)
        option = ql.VanillaOption(payoff, ql.EuropeanExercise(day))
        option.setPricingEngine(ql.AnalyticEuropeanEngine(process))
        options.append((option, row.quantity * 100.0))

    def run() -> Any:
        for option, _ in options:
            option.recalculate()
        return sum(
            weight * np.array([one.NPV(), one.delta(), one.gamma(), one.vega(), one.theta()]) for one, weight in options
        )

    return run


def against_peers(frame: pd.DataFrame, book: Book) -> None:
    given = arguments(frame)
    runs = {"ours": lambda: book.greeks(MARKET, FOUR).by_underlying(), "numpy": lambda: numpy_greeks(*given)}
    seconds, results = interleave(runs, rounds=7)
    workload = "book value + 4 Greeks by underlying, 1e5"
    ours = results["ours"].loc[sorted(NAMES)].to_numpy().T
    error = float(np.max(np.abs(ours / np.array(results["numpy"]) - 1.0)))
    print_row(workload, "numpy", seconds["ours"], seconds["numpy"], error, None)
    if find_spec("QuantLib") is None:
        skip("QuantLib")
        return
    few = frame.head(QUANTLIB_OPTIONS)
    timed, theirs = interleave({"QuantLib": quantlib_book(few)}, rounds=3)
    sums = Book.from_frame(few).greeks(MARKET, FOUR).totals().to_numpy()
    error = float(np.max(np.abs(sums / theirs["QuantLib"] - 1.0)))
    scale = POSITIONS / QUANTLIB_OPTIONS
    print_row(workload, "QuantLib", seconds["ours"], timed["QuantLib"] * scale, error, None, scaled=True)


def against_limits(book: Book, small: Book) -> None:
    runs = {
        "greeks": lambda: book.greeks(MARKET).by_underlying(),
        "small": lambda: small.greeks(MARKET).by_expiry_and_strike(),
    }
    seconds, _ = interleave(runs, rounds=7)
    print_row("book, all twelve Greeks by underlying, 1e5", "limit", seconds["greeks"], LIMITS["greeks"], None, 1.0)
    print_row("book, all twelve Greeks by strike, 1e4", "limit", seconds["small"], LIMITS["small"], None, 1.0)


def matrix(frame: pd.DataFrame, book: Book) -> None:
    given = arguments(frame)
    runs = {
        "ours": lambda: book.scenarios(MARKET, SPOT_MOVES, VOL_MOVES).profit[0],
        "numpy": lambda: numpy_matrix(*given),
    }
    seconds, results = interleave(runs, rounds=2)
    scale = np.abs(results["numpy"]).max()
    error = float(np.max(np.abs(results["ours"] - results["numpy"])) / scale)
    workload = "scenarios 21 x 11 of a book, 1e5"
    print_row(workload, "numpy", seconds["ours"], seconds["numpy"], error, None)
    print_row(workload, "limit", seconds["ours"], LIMITS["matrix"], None, 1.0)


def main() -> None:
    frame = table(POSITIONS)
    book, small = Book.from_frame(frame), Book.from_frame(frame.head(SMALL))
    against_limits(book, small)
    against_peers(frame, book)
    matrix(frame, book)


if __name__ == "__main__":
    main()
