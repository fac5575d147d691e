"""The S&P 500 chain of January 2011 and Apple's across its split of seven for one, as they were quoted."""

from __future__ import annotations

from functools import cache

import numpy as np
import pandas as pd
import pytest

from data import shared_data
from hedgerow.errors import InputError
from hedgerow.market.surface import (
    FitOptions,
    FittedSurface,
    OptionChain,
    ParityOptions,
    clean,
    de_americanise,
    fit_chain,
    forward_bounds,
    mark,
    parity_forwards,
    smile_quotes,
)

DAYS = ["2011-01-03", "2011-01-04", "2011-01-05", "2011-01-06", "2011-01-07"]
WIDE = ParityOptions(discount_window=0.3)


@cache
def spx() -> OptionChain:
    return OptionChain.from_csv(shared_data("spx_chain_2011_01.csv"))


@cache
def published() -> pd.DataFrame:
    table = pd.read_csv(shared_data("spx_chain_2011_01.csv"), parse_dates=["date", "option_expiration"])
    kinds = table["call/put"].map({"C": "call", "P": "put"})
    return table.assign(kind=kinds).rename(columns={"option_expiration": "expiry"})


@cache
def fitted(day: str, model: str = "svi") -> FittedSurface:
    return fit_chain(spx().on(day), FitOptions(model, parity=WIDE))  # type: ignore[arg-type]


def test_every_quote_of_the_index_chain_is_kept_or_dropped_with_a_reason() -> None:
    found = clean(spx())
    counts = found.counts[found.counts > 0].to_dict()
    assert counts == {"kept": 8439, "no_quote": 1, "zero_bid": 997, "absurd_width": 395}
    assert found.red
    assert spx().style == "european"
    assert found.bad_share == pytest.approx(1393 / 9832)


@pytest.mark.parametrize("day", DAYS)
def test_forwards_lie_near_the_files_and_strikes_agree_within_their_spreads(day: str) -> None:
    found = parity_forwards(clean(spx().on(day)).chain, options=WIDE)
    table = found.table
    file = published()[published()["date"] == day].groupby("expiry")["forward_price"].first()
    difference = table["forward"] - table["expiry"].map(file)
    near = table["years"] < 0.5
    # The file carries the 16:00 index forward at one rate and yield; options close at 16:15 and know their dividends.
    # That is up to 2.7 points on the 3rd, when the index futures fell after 16:00, and more for long expiries.
    assert difference[near].abs().max() < 2.8
    assert difference.abs().max() < 0.017 * 1270.0
    assert difference[near].std() < 0.9
    worst = (
        (found.residuals["residual"].abs() / found.residuals["half_spread"]).groupby(found.residuals["expiry"]).max()
    )
    assert worst.median() < 0.35
    assert (table["forward_error"] < table["half_spread"]).all()


def test_rates_from_parity_are_those_of_january_2011() -> None:
    # Treasury par yields of that week: 6 months 0.19 %, 1 year 0.28 %, 2 years 0.65 %, 3 years 1.1 %; options imply a
    # funding rate above them (LIBOR: 0.46 % and 0.78 %).
    rows = pd.concat([fitted(day).forwards for day in DAYS])
    usual = {
        low: rows[rows["years"].between(low, high)]["rate"].median() for low, high in [(0.4, 0.6), (0.9, 1), (2.9, 3)]
    }
    assert 0.0015 < usual[0.4] < 0.0065
    assert 0.003 < usual[0.9] < 0.0095
    assert 0.010 < usual[2.9] < 0.016


def test_own_implied_volatilities_agree_with_the_files() -> None:
    parts = []
    for day in DAYS:
        quotes = smile_quotes(fitted(day).cleaned.chain, fitted(day).forwards)
        file = published()[
            (published()["date"] == day) & published()["isinterpolated"].isna() & (published()["iv"] > 0)
        ]
        parts.append(quotes.merge(file[["expiry", "strike", "kind", "iv"]], on=["expiry", "strike", "kind"]))
    both = pd.concat(parts, ignore_index=True)
    difference = (both["mid_vol"] - both["iv"]).abs()
    assert len(both) > 2500
    # The file takes one volatility per strike from its own forward and rates; ours take parity's.
    assert difference.median() < 0.002
    assert difference.quantile(0.9) < 0.006
    short = difference[both["years"] < 0.5]
    assert short.median() < 0.0012


@pytest.mark.parametrize("day", DAYS)
def test_surface_of_each_day_has_no_arbitrage_and_fits_inside_the_spreads(day: str) -> None:
    found = fitted(day)
    assert found.arbitrage.free, str(found.arbitrage)
    errors = found.errors
    assert len(errors) >= 14
    inside = (errors["inside"] * errors["quotes"]).sum() / errors["quotes"].sum()
    assert inside > 0.93
    assert (errors["mean_miss"] < 0.8).all()


def test_surface_svi_has_no_arbitrage_and_fits_looser() -> None:
    found = fitted(DAYS[2], "ssvi")
    assert found.arbitrage.free
    assert 0.5 < found.errors["mean_miss"].median() < 1.5
    assert (fitted(DAYS[2]).errors["mean_miss"] < found.errors["mean_miss"]).mean() > 0.8


def test_every_held_option_of_a_day_has_a_mark_inside_its_band() -> None:
    chain = spx().on(DAYS[2])
    held = chain.quotes[["expiry", "strike", "kind"]].iloc[::25]
    found = mark(held, chain, fitted(DAYS[2]).surface)
    assert (found["low"] <= found["mark"]).all()
    assert (found["mark"] <= found["high"]).all()
    assert (found["mark"] > 0.0).all()
    assert {"two_sided", "one_sided"} <= set(found["code"])


@cache
def aapl() -> OptionChain:
    spot = {"2014-06-06": 645.57, "2014-06-09": 93.70}
    return OptionChain.from_csv(shared_data("aapl_chain_2014_06.csv"), style="american", spot=spot)


def test_american_chain_is_refused_by_parity_and_bounded_instead() -> None:
    for day, ratio in (("2014-06-06", 1.0), ("2014-06-09", 7.0)):
        cleaned = clean(aapl().on(day)).chain
        with pytest.raises(InputError, match="quotes are American; de-Americanise"):
            parity_forwards(cleaned)
        bounds = forward_bounds(cleaned, 0.002)
        assert not bounds["crossed"].any()
        near = bounds[bounds["years"] < 0.15]
        assert ((near["upper"] - near["lower"]) * ratio < 25.0).all()
        assert ((near["upper"] - near["lower"]) * ratio).median() < 3.0
        assert (near["lower"] < aapl().on(day).spot).all()


def test_strikes_after_the_split_are_a_seventh_of_those_before() -> None:
    before, after = (aapl().on(day) for day in aapl().dates)
    for expiry in after.expiries:
        old, new = before.strikes(expiry), after.strikes(expiry)
        assert len(old) == len(new)
        np.testing.assert_allclose(new, np.round(old / 7.0, 2), atol=0.0051)
    assert set(before.expiries) - set(after.expiries) == {pd.Timestamp("2014-06-06")}


def test_american_chain_without_early_exercise_obeys_parity_and_scales_with_the_split() -> None:
    ends = pd.to_datetime(["2014-06-27", "2014-10-18"])
    forwards = []
    for day in aapl().dates:
        cleaned = clean(aapl().on(day)).chain
        near = cleaned.quotes["expiry"].isin(ends) & (cleaned.quotes["strike"] / (cleaned.spot or 1.0) - 1.0).abs().lt(
            0.06
        )
        twin = de_americanise(cleaned.where(near), 0.002)
        assert twin.lost == 0
        parity = parity_forwards(twin.chain, 0.002)
        assert (parity.residuals["residual"].abs() < 1.2 * parity.residuals["half_spread"]).all()
        forwards.append(twin.forwards.set_index("expiry")["forward"])
        bounds = forward_bounds(cleaned, 0.002).set_index("expiry").loc[ends]
        assert forwards[-1].between(bounds["lower"], bounds["upper"]).all()
    # Apple rose by 1.6 % from the 6th to the 9th; October's forward is past August's dividend of 3.29 (old shares).
    growth = 7.0 * forwards[1] / forwards[0]
    np.testing.assert_allclose(growth, 7.0 * 93.70 / 645.57, rtol=2e-3)
    assert 645.57 - forwards[0].iloc[1] == pytest.approx(3.29, abs=1.2)


@pytest.mark.parametrize("wrong", [0.05, 3.0, 400.0])
def test_one_planted_quote_in_each_expiry_moves_no_forward_by_half_a_spread(wrong: float) -> None:
    before = parity_forwards(clean(spx().on(DAYS[1])).chain).table.set_index("expiry")
    quotes = spx().on(DAYS[1]).quotes.copy()
    near = quotes[(quotes["kind"] == "put") & (quotes["strike"] == 1250.0)].index
    quotes.loc[near, ["bid", "ask"]] = [0.9 * wrong, wrong]
    found = parity_forwards(clean(spx().on(DAYS[1]).with_columns(bid=quotes["bid"], ask=quotes["ask"])).chain)
    after = found.table.set_index("expiry")
    assert len(near) == 15
    assert ((after["forward"] - before["forward"]).abs() < 0.5 * before["half_spread"]).all()
    assert (found.off["strike"] == 1250.0).all()
    assert len(found.off) >= 12
