"""Programmes: what is traded when, out of the past alone; places of the ledger used again."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from engine.books import UNHEDGED, option, paths
from hedgerow.costs import HalfSpread, PerContract
from hedgerow.engine import (
    BookExecution,
    Leg,
    Programme,
    ReplayMarket,
    ReplayUnderlying,
    RollingBook,
    replay_book,
    run_book,
)
from hedgerow.engine.history.rolling_book import third_friday
from hedgerow.errors import InputError
from hedgerow.hedgers import DeltaHedger
from hedgerow.limits import ExitBeforeExpiry, RollToNextExpiry
from hedgerow.market import History
from hedgerow.policies import ToleranceBand

CLOSED = pd.Timestamp("2014-04-18")  # Good Friday, a third Friday
DAYS = pd.bdate_range("2014-01-06", "2014-07-31").drop(CLOSED)


def market(factor: Any = 1.0) -> ReplayMarket:
    rng = np.random.default_rng(5)
    close = 100.0 * np.exp(np.cumsum(0.01 * rng.normal(size=len(DAYS)))) * factor
    table = pd.DataFrame({"close": close, "vol": 0.15 + 0.05 * rng.uniform(size=len(DAYS))}, index=DAYS)
    return ReplayMarket(History(table), {"X": ReplayUnderlying("close", "vol")}, rate=0.02)


def test_straddles_roll_on_third_fridays_or_the_session_before() -> None:
    run = replay_book(RollingBook.straddle("X", -2.0), market(), hedger=UNHEDGED)
    calls = run.positions.iloc[::2]
    assert [f"{day:%m-%d}" for day in calls["opened"]] == [
        "01-06",
        "01-17",
        "02-21",
        "03-21",
        "04-17",
        "05-16",
        "06-20",
        "07-18",
    ]
    assert [f"{day:%m-%d}" for day in calls["settled"].dropna()] == [
        "01-17",
        "02-21",
        "03-21",
        "04-17",
        "05-16",
        "06-20",
        "07-18",
    ]
    assert (calls["settled"].iloc[:-1].to_numpy() == calls["opened"].iloc[1:].to_numpy()).all()
    assert (run.positions["quantity"] == -2.0).all()
    closes = market().paths().spots[0, :, 0]
    opened = run.ledger.terms.times.get_indexer(calls["opened"])
    np.testing.assert_allclose([float(text.split()[3]) for text in calls["instrument"]], closes[opened], rtol=1e-4)


def test_old_straddle_is_settled_and_the_new_one_sold_at_one_close() -> None:
    run = replay_book(RollingBook.straddle("X", -1.0), market(), hedger=UNHEDGED)
    assert len(run.ledger.terms.instruments) == 4
    held = (run.ledger.holdings[0] != 0.0).sum(axis=1)
    assert (held[:-1] == 2).all()
    assert run.ledger.breach() < 1e-12
    time = int(np.flatnonzero(run.ledger.terms.times == pd.Timestamp("2014-02-21 16:00"))[0])
    trades, prices, spot = (
        run.ledger.trades[0, time],
        run.ledger.terms.prices[0, time],
        market().paths().spots[0, time, 0],
    )
    first = float(run.positions["instrument"].iloc[2].split()[3])
    np.testing.assert_allclose((prices * (trades > 0)).sum(), abs(spot - first), rtol=1e-3)


def test_three_month_options_rolled_monthly_overlap_by_threes() -> None:
    run = replay_book(RollingBook("X", (Leg("put", 0.95),), 1.0, months=3), market(), hedger=UNHEDGED)
    held = (run.ledger.holdings[0] != 0.0).sum(axis=1)
    assert held[-2] == 3
    assert run.positions["settled"].iloc[0] == pd.Timestamp("2014-03-21 16:00")


@pytest.mark.parametrize("policy", [None, ToleranceBand(0.15)])
def test_long_and_short_programmes_mirror_each_other(policy: Any) -> None:
    options = BookExecution(lag=1, option_costs=PerContract(0.65))
    how: Any = {"hedger": DeltaHedger(), "policy": policy, "costs": HalfSpread(1.0), "options": options}
    short, long = (replay_book(RollingBook.straddle("X", quantity), market(), **how) for quantity in (-1.0, 1.0))
    np.testing.assert_array_equal(short.ledger.trades, -long.ledger.trades)
    for label in ("half_spread", "option_commission"):
        np.testing.assert_array_equal(short.ledger.costs[label], long.ledger.costs[label])
    np.testing.assert_allclose(short.lines()["book"], -long.lines()["book"])
    np.testing.assert_allclose(short.lines()["hedge"], -long.lines()["hedge"])
    opened = len(short.positions)
    np.testing.assert_allclose(short.ledger.costs["option_commission"].sum(), 0.65 * opened)  # settling is free


def test_strikes_come_from_the_past_alone() -> None:
    cut = 60
    factor = np.where(np.arange(len(DAYS)) > cut, 1.4, 1.0)
    one, other = (
        replay_book(RollingBook.straddle("X"), market(each), hedger=DeltaHedger(), options=BookExecution(lag=0))
        for each in (1.0, factor)
    )
    same = one.positions["opened"] <= DAYS[cut] + pd.Timedelta(hours=16)
    assert one.positions["instrument"][same].tolist() == other.positions["instrument"][same].tolist()
    assert one.positions["instrument"][~same].tolist() != other.positions["instrument"][~same].tolist()
    np.testing.assert_array_equal(one.ledger.holdings[0, : cut + 1], other.ledger.holdings[0, : cut + 1])


def test_strikes_are_rounded_to_what_is_listed() -> None:
    strangle = RollingBook("X", (Leg("call", 1.05), Leg("put", 0.95)), strike_step=5.0)
    run = replay_book(strangle, market(), hedger=UNHEDGED)
    assert {float(text.split()[3]) % 5.0 for text in run.positions["instrument"]} == {0.0}


def test_profit_by_year_adds_up() -> None:
    run = replay_book(RollingBook.straddle("X"), market(), hedger=DeltaHedger(), costs=HalfSpread(1.0))
    table = run.by_year()
    np.testing.assert_allclose(table["pnl"].sum(), run.pnl[0])
    parts = table.drop(columns=["pnl", "trades"]).sum(axis=1)
    np.testing.assert_allclose(parts, table["pnl"])
    assert len(DAYS) - 3 <= table.loc[2014, "trades"] <= len(DAYS) - 2  # a day may leave the target where it is


def test_programme_of_ones_own_is_one_class() -> None:
    class Once(Programme):
        def orders(self, view: Any) -> Any:
            with pytest.raises(ValueError, match="read-only"):
                view.past_spots[0] = 1.0
            return [(option(strike=view.spot("X"), expiry="2014-06-20"), 1.0)] if view.step == 3 else []

    run = replay_book(Once(), market(), hedger=DeltaHedger())
    assert run.positions["opened"].tolist() == [run.ledger.terms.times[3]]
    assert not run.ledger.holdings[0, :3].any()


def test_third_friday_of_any_month() -> None:
    found = [third_friday(2024, month) for month in range(1, 13)]
    assert all(day.weekday() == 4 and 15 <= day.day <= 21 for day in found)


def test_bad_programmes_are_one_sentence() -> None:
    class Never(Programme):
        def orders(self, view: Any) -> Any:
            return ()

        def __repr__(self) -> str:
            return "Never()"

    with pytest.raises(InputError, match=r"Never\(\) opened no position"):
        replay_book(Never(), market(), hedger=UNHEDGED)
    with pytest.raises(InputError, match="no underlying 'Z'"):
        replay_book(RollingBook.straddle("Z"), market(), hedger=UNHEDGED)
    with pytest.raises(InputError, match="from one path, not 3"):
        run_book(paths(), RollingBook.straddle("X"), UNHEDGED)
    with pytest.raises(InputError, match="months must be"):
        RollingBook.straddle("X", months=0)
    with pytest.raises(InputError, match="must not be 0"):
        RollingBook.straddle("X", 0.0)
    with pytest.raises(InputError, match="moneyness must be above 0"):
        Leg("call", -1.0)


def test_roll_before_expiry_opens_the_next_month_at_the_close_that_closes_the_old() -> None:
    programme = replace(RollingBook.straddle("X", -1.0), close_days_before_expiry=7, roll=True)
    run = replay_book(programme, market(), hedger=UNHEDGED)
    calls = run.positions.iloc[::2]
    opened, settled = ([f"{day:%m-%d}" for day in calls[name].dropna()] for name in ("opened", "settled"))
    assert opened == ["01-06", "01-10", "02-14", "03-14", "04-10", "05-09", "06-13", "07-11"]
    assert settled == opened[1:]
    held = (run.ledger.holdings[0] != 0.0).sum(axis=1)
    assert (held[:-1] == 2).all()
    assert run.ledger.breach() < 1e-12


def test_roll_without_days_is_refused() -> None:
    with pytest.raises(InputError, match="roll needs days before expiry"):
        replace(RollingBook.straddle("X"), roll=True)


def test_rule_closes_a_programme_until_its_next_roll_and_does_not_roll_it() -> None:
    run = replay_book(
        RollingBook.straddle("X", -1.0), market(), hedger=DeltaHedger(),
        options=BookExecution(lag=1, exits=ExitBeforeExpiry(10)),
    )  # fmt: skip
    decided = run.exits()["decided"]
    assert decided.iloc[2:6].dt.strftime("%m-%d").tolist() == ["02-11", "02-11", "03-11", "03-11"]
    flat = (run.ledger.terms.times > pd.Timestamp("2014-02-12")) & (run.ledger.terms.times < pd.Timestamp("2014-02-21"))
    assert (run.ledger.holdings[0, flat] == 0.0).all()
    with pytest.raises(InputError, match=r"RollingBook\(close_days_before_expiry=7, roll=True\)"):
        replay_book(
            RollingBook.straddle("X"), market(), hedger=UNHEDGED,
            options=BookExecution(exits=RollToNextExpiry(ExitBeforeExpiry(7))),
        )  # fmt: skip
