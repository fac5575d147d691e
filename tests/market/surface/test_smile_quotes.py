"""Quotes become volatilities at their log-moneyness; a quote without one says so."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from hedgerow.errors import DataError, InputError
from hedgerow.market.surface import OptionChain, smile_quotes
from market.surface.chains import FORWARDS, RATE, chain, quotes, skew


def forwards() -> pd.DataFrame:
    ends = pd.to_datetime(list(FORWARDS))
    years = (ends - pd.Timestamp("2011-01-03")).days.to_numpy() / 365
    return pd.DataFrame({"expiry": ends, "forward": list(FORWARDS.values()), "discount": np.exp(-RATE * years)})


@pytest.mark.parametrize("sides", ["out_of_the_money", "both"])
def test_mid_volatilities_are_those_the_quotes_were_priced_with(sides: str) -> None:
    found = smile_quotes(chain(half_spread=0.01), forwards(), sides=sides)
    truth = skew(found["strike"].to_numpy(), found["forward"].to_numpy(), found["years"].to_numpy())
    np.testing.assert_allclose(found["mid_vol"], truth, atol=1e-9)
    assert (found["code"] == 0).all()
    # Deep in the money a bid can be below intrinsic: no volatility then.
    there = found["bid_vol"].notna()
    assert (found["bid_vol"] < found["mid_vol"])[there].all()
    assert (found["mid_vol"] < found["ask_vol"]).all()
    assert there.all() == (sides == "out_of_the_money")
    np.testing.assert_allclose(found["log_moneyness"], np.log(found["strike"] / found["forward"]))
    assert len(found) == (126 if sides == "both" else 63)


def test_half_width_is_the_price_half_spread_over_vega() -> None:
    found = smile_quotes(chain(half_spread=0.01), forwards())
    near = found[found["log_moneyness"].abs() < 0.05]
    np.testing.assert_allclose(near["half_width"], 0.01 / near["vega"], rtol=1e-3)


def test_quote_below_intrinsic_has_no_volatility_and_a_code() -> None:
    table = quotes()
    low = (table["strike"] == 80.0) & (table["kind"] == "call")
    table.loc[low, ["bid", "ask"]] = [17.0, 18.0]
    found = smile_quotes(OptionChain.from_frame(table, style="european"), forwards(), sides="both")
    deep = found[(found["strike"] == 80.0) & (found["kind"] == "call")]
    assert deep["mid_vol"].isna().all()
    assert (deep["code"] != 0).all()
    assert deep["vega"].isna().all()
    assert found["mid_vol"].notna().sum() == len(found) - 3


def test_chain_of_volatilities_keeps_them() -> None:
    table = quotes().drop(columns=["bid", "ask"]).assign(vol=0.25)
    table.loc[0, "vol"] = -1.0
    found = smile_quotes(OptionChain.from_frame(table, style="european"), forwards(), sides="both")
    assert found["mid_vol"].isna().sum() == 1
    assert (found["mid_vol"].dropna() == 0.25).all()
    assert (found["half_width"].dropna() == 1e-4).all()


def test_wrong_requests_are_refused() -> None:
    with pytest.raises(InputError, match="de-Americanise the chain first"):
        smile_quotes(chain("american"), forwards())
    with pytest.raises(InputError, match="sides must be"):
        smile_quotes(chain(), forwards(), sides="calls")
    with pytest.raises(InputError, match="forwards has no column 'discount'"):
        smile_quotes(chain(), forwards()[["expiry", "forward"]])
    with pytest.raises(DataError, match="no quote of the chain has a forward"):
        smile_quotes(chain(), forwards().assign(expiry=pd.Timestamp("2020-01-01")))
