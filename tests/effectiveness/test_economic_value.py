"""The fee for switching: indifference, the sum of its parts, units, and its interval."""

from __future__ import annotations

import numpy as np
import pytest

from hedgerow.effectiveness import BootstrapOptions, switching_fees, utility_gain
from hedgerow.errors import DataError, InputError

RNG = np.random.default_rng(1)
HEDGED = RNG.standard_normal((300, 3)) * [1.0, 0.7, 1.2] + [0.0, 0.01, -0.01]
QUICK = BootstrapOptions(draws=300)


def test_fee_paid_out_of_each_row_leaves_the_investor_as_well_off() -> None:
    fees = switching_fees(HEDGED, 0, risk_aversion=2.0, periods_per_year=252.0, options=QUICK)
    for method in range(3):
        paid = HEDGED[:, method] - fees.fee[method] / 252.0
        assert utility_gain(HEDGED[:, 0], paid, 2.0) == pytest.approx(0.0, abs=1e-12)
    np.testing.assert_allclose(fees.from_mean + fees.from_variance, fees.fee, rtol=1e-12)
    assert fees.fee[0] == fees.low[0] == fees.high[0] == 0.0


def test_fee_without_risk_aversion_is_the_difference_of_the_means() -> None:
    fees = switching_fees(HEDGED, 1, risk_aversion=0.0, periods_per_year=12.0, options=QUICK)
    np.testing.assert_allclose(fees.fee, 12.0 * (HEDGED.mean(axis=0) - HEDGED[:, 1].mean()), atol=1e-12)


def test_fee_prices_times_ten_with_a_tenth_of_the_risk_aversion_is_ten_times_the_fee() -> None:
    one = switching_fees(HEDGED, 0, risk_aversion=2.0, periods_per_year=252.0, options=QUICK)
    ten = switching_fees(10.0 * HEDGED, 0, risk_aversion=0.2, periods_per_year=252.0, options=QUICK)
    for name in ("fee", "low", "high"):
        np.testing.assert_allclose(getattr(ten, name), 10.0 * getattr(one, name), rtol=1e-9)


def test_interval_holds_the_fee_and_narrows_with_the_rows() -> None:
    long = np.vstack([HEDGED, RNG.standard_normal((2700, 3)) * [1.0, 0.7, 1.2]])
    few, many = (
        switching_fees(rows, 0, risk_aversion=1.0, periods_per_year=252.0, options=QUICK) for rows in (HEDGED, long)
    )
    for fees in (few, many):
        assert ((fees.low <= fees.fee) & (fees.fee <= fees.high)).all()
    assert ((many.high - many.low)[1:] < 0.6 * (few.high - few.low)[1:]).all()


def test_interval_of_few_rows_is_open() -> None:
    fees = switching_fees(HEDGED[:10], 0, risk_aversion=1.0, periods_per_year=252.0)
    assert np.isfinite(fees.fee).all()
    assert np.isnan(fees.low).all()
    assert np.isnan(fees.block_length)


def test_fee_of_one_row_negative_risk_aversion_and_no_year_are_refused() -> None:
    with pytest.raises(DataError, match="two rows"):
        switching_fees(HEDGED[:1], 0, risk_aversion=1.0, periods_per_year=252.0)
    with pytest.raises(InputError, match="risk_aversion"):
        switching_fees(HEDGED, 0, risk_aversion=-1.0, periods_per_year=252.0)
    with pytest.raises(InputError, match="reference"):
        switching_fees(HEDGED, 3, risk_aversion=1.0, periods_per_year=252.0)
    with pytest.raises(InputError, match="periods_per_year"):
        switching_fees(HEDGED, 0, risk_aversion=1.0, periods_per_year=0.0)
