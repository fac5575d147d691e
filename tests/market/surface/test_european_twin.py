"""American quotes made European: the volatilities and the yield they were priced with come back, parity holds again."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from hedgerow.errors import DataError, InputError
from hedgerow.market.surface import OptionChain, de_americanise, fit_chain, parity_forwards, smile_quotes
from hedgerow.pricing import american, black_scholes

SPOT, RATE, YIELDS = 100.0, 0.06, {"2011-07-04": 0.03, "2012-01-03": 0.02}


def american_chain(style: str = "american", **change: object) -> OptionChain:
    strikes = np.array([88.0, 92.0, 96.0, 98.0, 100.0, 102.0, 104.0, 108.0])
    parts = []
    for expiry, payout in YIELDS.items():
        years = (pd.Timestamp(expiry) - pd.Timestamp("2011-01-03")).days / 365
        for kind in ("call", "put"):
            vol = 0.25 - 0.2 * np.log(strikes / SPOT)
            mid = american.price(kind, SPOT, strikes, years, vol, RATE, payout)
            part = {"date": "2011-01-03", "expiry": expiry, "strike": strikes, "kind": kind}
            parts.append(pd.DataFrame({**part, "bid": mid - 0.02, "ask": mid + 0.02, "spot": SPOT}))
    return OptionChain.from_frame(pd.concat(parts).assign(**change), style=style)


def test_yields_are_found_and_the_twin_obeys_parity() -> None:
    twin = de_americanise(american_chain(), RATE)
    np.testing.assert_allclose(twin.forwards["dividend_yield"], list(YIELDS.values()), atol=2e-5)
    assert twin.chain.style == "european"
    assert twin.lost == 0
    parity = parity_forwards(twin.chain, RATE)
    np.testing.assert_allclose(parity.table["forward"], twin.forwards["forward"], atol=2e-3)
    assert parity.residuals["residual"].abs().max() < 5e-3


def test_given_yields_bring_the_volatilities_back() -> None:
    twin = de_americanise(american_chain(), RATE, dividend_yields=YIELDS)
    found = smile_quotes(twin.chain, twin.forwards, sides="both")
    np.testing.assert_allclose(found["mid_vol"], 0.25 - 0.2 * np.log(found["strike"] / SPOT), atol=2e-4)
    assert fit_chain(twin.chain, forwards=twin.forwards).arbitrage.free


def test_twin_is_worth_no_more_than_the_american_and_as_much_where_exercise_never_pays() -> None:
    chain = american_chain()
    with_yield = de_americanise(chain, RATE, dividend_yields=0.03).chain.quotes
    assert (with_yield["ask"] <= chain.quotes["ask"] + 1e-9).all()
    none = de_americanise(chain, RATE, dividend_yields=0.0).chain.quotes
    calls = none["kind"] == "call"
    np.testing.assert_allclose(none.loc[calls, "ask"], chain.quotes.loc[calls, "ask"], rtol=1e-8)
    assert (none.loc[~calls, "ask"] < chain.quotes.loc[~calls, "ask"]).all()


def test_quote_below_immediate_exercise_is_lost_and_counted() -> None:
    chain = american_chain()
    quotes = chain.quotes.copy()
    deep = (quotes["strike"] == 108.0) & (quotes["kind"] == "put")
    quotes.loc[deep, "bid"] = 7.0
    twin = de_americanise(chain.with_columns(bid=quotes["bid"]), RATE, dividend_yields=YIELDS)
    assert twin.lost == 2
    assert twin.chain.quotes.loc[deep, "bid"].isna().all()
    assert twin.chain.quotes.loc[deep, "ask"].notna().all()


def test_one_expiry_with_a_known_yield_keeps_that_one_and_none_is_refused() -> None:
    twin = de_americanise(american_chain(), RATE, dividend_yields={"2011-07-04": 0.03})
    assert twin.chain.expiries.tolist() == [pd.Timestamp("2011-07-04")]
    years = twin.forwards["years"].iloc[0]
    calls = twin.chain.quotes[twin.chain.quotes["kind"] == "call"]
    vol = 0.25 - 0.2 * np.log(calls["strike"] / SPOT)
    plain = black_scholes.price("call", SPOT, calls["strike"].to_numpy(), years, vol.to_numpy(), RATE, 0.03)
    np.testing.assert_allclose(0.5 * (calls["bid"] + calls["ask"]), plain, atol=1e-3)
    with pytest.raises(DataError, match="no expiry has a dividend yield"):
        de_americanise(american_chain(), RATE, dividend_yields={"2015-07-04": 0.03})


def test_wrong_chains_are_refused_with_the_remedy() -> None:
    with pytest.raises(InputError, match="only American chains are de-Americanised; this one's style is european"):
        de_americanise(american_chain("european"), RATE)
    with pytest.raises(InputError, match="needs the spot; give spot="):
        de_americanise(american_chain(spot=np.nan), RATE)
    with pytest.raises(InputError, match="discount factors are needed"):
        de_americanise(american_chain(), None)
    volatilities = OptionChain(american_chain().quotes.drop(columns=["bid", "ask"]).assign(vol=0.2))
    with pytest.raises(InputError, match="this chain holds volatilities"):
        de_americanise(volatilities, RATE)
    far = american_chain()
    with pytest.raises(DataError, match="within 5 % of the spot; give dividend_yields"):
        de_americanise(far.where(far.quotes["strike"] > 105.0), RATE)
