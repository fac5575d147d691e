"""Forward and discount factor from parity: exact on clean quotes, unmoved by absurd ones, refused for Americans."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings, strategies as st

from hedgerow.errors import DataError, InputError
from hedgerow.market.surface import OptionChain, ParityOptions, parity_forwards
from hedgerow.market.surface.robust_line import robust_line, weighted_median
from market.surface.chains import FORWARDS, RATE, SPOT, chain, quotes

METHODS = ["least_squares", "robust"]


@pytest.mark.parametrize("method", METHODS)
def test_forward_and_discount_of_clean_quotes_are_exact(method: str) -> None:
    found = parity_forwards(chain(), options=ParityOptions(method))  # type: ignore[arg-type]
    np.testing.assert_allclose(found.table["forward"], list(FORWARDS.values()), rtol=1e-12)
    np.testing.assert_allclose(found.table["rate"], RATE, atol=1e-10)
    assert found.of("2011-07-04")[0] == pytest.approx(100.8)
    assert found.off.empty
    assert (found.table["method"] == method).all()
    with pytest.raises(InputError, match="no forward for expiry 2011-07-05"):
        found.of("2011-07-05")


@pytest.mark.parametrize("method", [None, "median", *METHODS])
@pytest.mark.parametrize(
    "discount", [RATE, lambda years: float(np.exp(-RATE * years)), "mapping"], ids=["rate", "curve", "mapping"]
)
def test_given_discount_factors_are_used_as_they_are(method: str | None, discount: object) -> None:
    if discount == "mapping":
        days = {end: (pd.Timestamp(end) - pd.Timestamp("2011-01-03")).days for end in FORWARDS}
        discount = {end: np.exp(-RATE * count / 365) for end, count in days.items()}
    found = parity_forwards(chain(), discount, ParityOptions(method))  # type: ignore[arg-type]
    np.testing.assert_allclose(found.table["forward"], list(FORWARDS.values()), rtol=1e-12)
    np.testing.assert_allclose(found.table["rate"], RATE, rtol=1e-10)
    assert set(found.table["method"]) == {method or "median"}


def test_default_median_is_the_median_over_strikes_near_the_spot() -> None:
    table = quotes()
    noise = np.random.default_rng(1).normal(0.0, 0.02, len(table))
    table[["bid", "ask"]] = table[["bid", "ask"]].to_numpy() + noise[:, None]
    found = parity_forwards(OptionChain.from_frame(table, style="european"), 0.0)
    wide = table.assign(mid=table["bid"] + table["ask"]).pivot(index=["expiry", "strike"], columns="kind", values="mid")
    forwards = wide.index.get_level_values("strike") + 0.5 * (wide["call"] - wide["put"])
    near = np.abs(forwards.index.get_level_values("strike") / SPOT - 1.0) <= 0.05
    expected = forwards[near].groupby("expiry").median()
    np.testing.assert_allclose(found.table["forward"], expected, rtol=1e-13)
    assert (found.table["pairs"] == 5).all()


@settings(max_examples=25, deadline=None)
@given(
    place=st.integers(0, 20),
    kind=st.sampled_from(["call", "put"]),
    wrong=st.sampled_from([0.01, 0.5, 3.0, 8.0, 50.0, 5000.0]),
    width=st.sampled_from([0.001, 0.05, 0.5]),
    known=st.booleans(),
)
def test_one_absurd_quote_moves_the_robust_forward_less_than_half_a_spread(
    place: int, kind: str, wrong: float, width: float, known: bool
) -> None:
    table = quotes().query("expiry == '2011-07-04'").reset_index(drop=True)
    noise = np.random.default_rng(place).uniform(-0.03, 0.03, len(table))
    table[["bid", "ask"]] = table[["bid", "ask"]].to_numpy() + noise[:, None]
    options = ParityOptions("robust", strike_window=0.2)
    before = parity_forwards(OptionChain.from_frame(table, style="european"), RATE if known else None, options).table
    here = (table["kind"] == kind) & (table["strike"] == 80.0 + 2.0 * place)
    table.loc[here, "bid"], table.loc[here, "ask"] = wrong - min(width, wrong / 2), wrong + width
    found = parity_forwards(OptionChain.from_frame(table, style="european"), RATE if known else None, options)
    move = np.abs(found.table["forward"] - before["forward"])
    assert (move < 0.5 * before["half_spread"]).all()
    if wrong >= 50.0:
        assert 80.0 + 2.0 * place in found.off["strike"].tolist()


def test_crash_day_with_yesterdays_puts_at_a_quarter_of_the_strikes_keeps_the_forward() -> None:
    table = quotes(half_spread=0.1)
    stale = (table["kind"] == "put") & table["strike"].isin([92.0, 96.0, 102.0, 108.0, 112.0])
    table.loc[stale, ["bid", "ask"]] *= 0.3
    options = ParityOptions(strike_window=0.2)
    found = parity_forwards(OptionChain.from_frame(table, style="european"), options=options)
    assert np.abs(found.table["forward"] - list(FORWARDS.values())).max() < 1e-9
    assert sorted(found.off.groupby("expiry")["strike"].count()) == [5, 5, 5]
    plain = ParityOptions("least_squares", strike_window=0.2)
    moved = parity_forwards(OptionChain.from_frame(table, style="european"), options=plain)
    assert np.abs(moved.table["forward"] - list(FORWARDS.values())).max() > 0.5


def test_discount_from_a_wider_window_is_surer_and_the_forward_stays_local() -> None:
    table = quotes()
    noise = np.random.default_rng(4).uniform(-0.05, 0.05, len(table))
    table[["bid", "ask"]] = table[["bid", "ask"]].to_numpy() + noise[:, None]
    noisy = OptionChain.from_frame(table, style="european")
    near, wide = (parity_forwards(noisy, options=ParityOptions(discount_window=window)) for window in (None, 0.2))
    assert (wide.table["discount_error"] < near.table["discount_error"]).all()
    assert (wide.table["pairs"] == near.table["pairs"]).all()
    assert np.abs(wide.table["forward"] - list(FORWARDS.values())).max() < 0.05


def test_american_and_unstated_options_are_refused_with_the_remedy() -> None:
    with pytest.raises(InputError, match=r"European options only: 126 of 126 quotes are American; de-Americanise"):
        parity_forwards(chain("american"))
    with pytest.raises(InputError, match="does not say its style; give style='european'"):
        parity_forwards(chain(None))


def test_expiry_with_too_few_pairs_is_listed_and_none_at_all_is_an_error() -> None:
    table = quotes()
    short = table[(table["expiry"] != "2011-02-04") | table["strike"].isin([98.0, 100.0])]
    found = parity_forwards(OptionChain.from_frame(short, style="european"))
    assert len(found.table) == 2
    assert "expiry 2011-02-04 has 2 strikes quoted on both sides within 5 % of spot" in found.refused[0]
    with pytest.raises(DataError, match="parity gives no forward"):
        parity_forwards(OptionChain.from_frame(table[table["strike"] > 110.0], style="european"))
    calls = table[table["kind"] == "call"].drop(columns="spot")
    with pytest.raises(DataError, match="no strike has both call and put"):
        parity_forwards(OptionChain.from_frame(calls, style="european"))


def test_impossible_requests_are_refused_in_a_sentence() -> None:
    with pytest.raises(InputError, match="median forward needs discount factors"):
        parity_forwards(chain(), options=ParityOptions("median"))
    with pytest.raises(InputError, match="method must be one of"):
        ParityOptions("mean")  # type: ignore[arg-type]
    with pytest.raises(InputError, match="strike_window must be above 0"):
        ParityOptions(strike_window=0.0)
    with pytest.raises(InputError, match="discount has no factor for expiry 2011-02-04"):
        parity_forwards(chain(), {"2011-07-04": 0.99})
    with pytest.raises(InputError, match="discount factor must be above 0"):
        parity_forwards(chain(), lambda years: 0.0)
    with pytest.raises(InputError, match="this chain holds volatilities"):
        parity_forwards(OptionChain.from_frame(quotes().drop(columns=["bid", "ask"]).assign(vol=0.2), style="european"))
    table = quotes()
    table.loc[table["kind"] == "call", ["bid", "ask"]] = (
        table.loc[table["kind"] == "put", ["bid", "ask"]].to_numpy() * 3
    )
    with pytest.raises(DataError, match="does not fall with the strike"):
        parity_forwards(OptionChain.from_frame(table, style="european"))


def test_chain_without_spot_centres_on_the_strike_where_call_and_put_cost_the_same() -> None:
    table = quotes().drop(columns="spot")
    found = parity_forwards(OptionChain.from_frame(table, style="european"))
    np.testing.assert_allclose(found.table["forward"], list(FORWARDS.values()), rtol=1e-12)


def test_robust_line_through_a_quarter_of_wrong_points_is_the_line() -> None:
    x = np.arange(20.0)
    y = 3.0 - 2.0 * x
    y[[1, 8, 13, 19]] += [50.0, -40.0, 1e6, 900.0]
    line = robust_line(x, y, np.full(20, 0.1))
    assert line.slope == pytest.approx(-2.0, abs=1e-12)
    assert line.intercept == pytest.approx(3.0, abs=1e-11)
    assert line.used.sum() == 16
    assert weighted_median(np.array([3.0, 1.0, 2.0, 4.0]), np.ones(4)) == 2.5
