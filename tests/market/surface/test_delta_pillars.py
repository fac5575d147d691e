"""Delta pillars stand where their delta puts them; the smile through them gives them back."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from hedgerow.errors import ColumnError, DataError, InputError
from hedgerow.market.surface import DeltaPillars, pillar_smile, pillar_strikes
from hedgerow.pricing import black76

DELTAS = np.array([0.05, 0.25, 0.5, 0.75, 0.95])
VOLS = np.array([0.42, 0.33, 0.3, 0.29, 0.31])
TABLE = pd.DataFrame(
    {
        "date": ["2011-01-04", "2011-01-03"],
        "future_price": [91.0, 90.0],
        "t_option_years": [1.0, 1.0],
        "P25dVol": [0.33, 0.34],
        "P50dVol": [0.30, 0.31],
        "P75dVol": [0.29, np.nan],
        "C25dVol": [0.28, 0.27],
        "C50dVol": [0.30, 0.32],
    }
)


def test_strike_of_a_pillar_has_the_delta_it_is_named_by() -> None:
    strikes = pillar_strikes(DELTAS, VOLS, 0.7, 90.0)
    delta = black76.greeks("put", 90.0, strikes, 0.7, VOLS, 0.0, names=("delta",)).delta
    np.testing.assert_allclose(-delta, DELTAS, rtol=1e-12)
    call = black76.greeks("call", 90.0, strikes, 0.7, VOLS, 0.0, names=("delta",)).delta
    np.testing.assert_allclose(call, 1.0 - DELTAS, rtol=1e-12)


def test_smile_gives_pillars_back_is_linear_between_and_flat_outside() -> None:
    smile = pillar_smile(DELTAS, VOLS, 0.7)
    places = np.log(pillar_strikes(DELTAS, VOLS, 0.7, 90.0) / 90.0)
    np.testing.assert_allclose(np.sqrt(smile.total_variance(places) / 0.7), VOLS, rtol=1e-13)
    middle = 0.5 * (places[1] + places[2])
    assert np.sqrt(smile.total_variance(middle) / 0.7) == pytest.approx(0.315, rel=1e-13)
    outside = np.sqrt(smile.total_variance(np.array([-5.0, 5.0])) / 0.7)
    np.testing.assert_allclose(outside, [0.42, 0.31], rtol=1e-13)


def test_pillars_in_any_order_and_given_twice_make_one_smile() -> None:
    order = np.array([3, 0, 4, 1, 2])
    assert np.array_equal(pillar_smile(DELTAS[order], VOLS[order], 0.7).volatilities, VOLS)
    both = pillar_smile([0.25, 0.25, 0.5], [0.3, 0.32, 0.28], 1.0)
    np.testing.assert_allclose(both.volatilities, [0.31, 0.28])


def test_pillars_that_change_places_stand_where_their_strikes_are() -> None:
    smile = pillar_smile([0.05, 0.06], [0.2, 0.9], 1.0)
    assert smile.volatilities.tolist() == [0.9, 0.2]


def test_history_of_pillars_gives_smiles_by_date_and_the_volatility_of_a_strike() -> None:
    pillars = DeltaPillars.from_frame(TABLE)
    assert pillars.quotes("2011-01-03")["name"].tolist() == ["P25dVol", "P50dVol"]
    assert pillars.quotes("2011-01-04", "call")["put_delta"].tolist() == [0.75, 0.5]
    quotes = pillars.quotes("2011-01-04")
    strike = float(quotes["strike"].iloc[0])
    series = pillars.volatility(strike)
    assert series.loc["2011-01-04"] == pytest.approx(0.33, rel=1e-13)
    assert series.index.is_monotonic_increasing
    assert pillars.smile("2011-01-03", "both").volatilities.tolist() == [0.34, pytest.approx(0.315), 0.27]


def test_put_and_call_pillars_of_one_smile_agree() -> None:
    consistent = TABLE.assign(C25dVol=TABLE["P75dVol"], C50dVol=TABLE["P50dVol"]).dropna()
    pillars = DeltaPillars.from_frame(consistent)
    put, call = (pillars.smile("2011-01-04", side) for side in ("put", "call"))  # type: ignore[arg-type]
    k = np.linspace(0.05, 0.5, 10)
    np.testing.assert_allclose(put.total_variance(k), call.total_variance(k), rtol=1e-12)


def test_wrong_tables_and_requests_are_refused() -> None:
    pillars = DeltaPillars.from_frame(TABLE)
    with pytest.raises(InputError, match="there are no pillars on 2011-02-01"):
        pillars.smile("2011-02-01")
    with pytest.raises(InputError, match="pillars must be 'put', 'call' or 'both'"):
        pillars.smile("2011-01-03", "puts")  # type: ignore[arg-type]
    with pytest.raises(InputError, match="no call pillars"):
        DeltaPillars.from_frame(TABLE.drop(columns=["C25dVol", "C50dVol"])).smile("2011-01-03", "call")
    with pytest.raises(ColumnError, match="no column 'future_price'"):
        DeltaPillars.from_frame(TABLE.drop(columns="future_price"))
    with pytest.raises(ColumnError, match="no column such as P25dVol"):
        DeltaPillars.from_frame(TABLE[["date", "future_price", "t_option_years"]])
    with pytest.raises(DataError, match="2011-01-03 twice"):
        DeltaPillars.from_frame(TABLE.assign(date="2011-01-03"))
    with pytest.raises(DataError, match="no pillar has a volatility"):
        DeltaPillars.from_frame(TABLE.assign(P25dVol=0.0, P50dVol=np.nan, P75dVol=np.nan)).smile("2011-01-03")
    with pytest.raises(InputError, match="put_delta must lie between 0 and 1"):
        pillar_strikes(1.0, 0.2, 1.0, 100.0)
    with pytest.raises(InputError, match="vol must be above 0"):
        pillar_smile([0.25], [0.0], 1.0)
