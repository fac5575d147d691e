"""The yield curve: par bonds come back, moves add up, and refusals."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from data import shared_data
from hedgerow.errors import DataError, InputError
from hedgerow.market.yield_curve import YieldCurve

PAR = {0.25: 0.043, 1.0: 0.042, 2.0: 0.041, 5.0: 0.0405, 10.0: 0.043, 30.0: 0.046}


@pytest.mark.parametrize("years", [1.0, 2.0, 5.0, 10.0, 30.0])
def test_curve_of_par_yields_prices_par_bonds_at_par(years: float) -> None:
    curve = YieldCurve.from_par_yields(PAR)
    times = np.arange(0.5, years + 0.25, 0.5)
    # the curve's nodes before are all below, so later nodes do not move this bond
    worth = np.sum(PAR[years] / 2.0 * curve.discount(times)) + float(curve.discount(years))
    assert worth == pytest.approx(1.0, abs=1e-12)


def test_curve_bill_is_simple_interest() -> None:
    curve = YieldCurve.from_par_yields(PAR)
    assert float(curve.discount(0.25)) == pytest.approx(1.0 / (1.0 + 0.25 * 0.043), abs=1e-15)


def test_curve_flat_par_yield_gives_flat_zero_rates() -> None:
    curve = YieldCurve.from_par_yields(dict.fromkeys((1.0, 2.0, 5.0, 10.0), 0.05))
    np.testing.assert_allclose(curve.zero_rates, 2.0 * np.log(1.025), atol=1e-13)


def test_curve_moves_of_all_nodes_add_up_to_a_parallel_move() -> None:
    curve = YieldCurve.from_par_yields(PAR)
    times = np.linspace(0.1, 40.0, 57)
    each = sum(curve.moved(move).zero_rates_at(times) - curve.zero_rates_at(times) for move in np.eye(6) * 1e-4)
    np.testing.assert_allclose(each, 1e-4, atol=1e-16)
    np.testing.assert_allclose(curve.moved(1e-4).zero_rates_at(times) - curve.zero_rates_at(times), 1e-4, atol=1e-16)


def test_curve_outside_its_nodes_is_flat() -> None:
    curve = YieldCurve((1.0, 10.0), (0.03, 0.04))
    np.testing.assert_array_equal(curve.zero_rates_at([0.1, 50.0]), [0.03, 0.04])


def test_curve_of_treasury_yields_every_hundredth_day_is_positive_and_decreasing() -> None:
    table = pd.read_csv(shared_data("us_treasury_par_yields_daily.csv"), index_col="date").iloc[::100]
    years = [1 / 12, 0.25, 0.5, 1.0, 2.0, 3.0, 5.0, 7.0, 10.0, 20.0, 30.0]
    for _, row in table.iterrows():
        curve = YieldCurve.from_par_yields(dict(zip(years, row / 100.0, strict=True)))
        assert np.all(np.diff(curve.discount(np.linspace(0.5, 30.0, 60))) < 0.0)


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: YieldCurve((1.0, 2.0), (0.03,)), "one zero rate per node"),
        (lambda: YieldCurve((2.0, 1.0), (0.03, 0.03)), "must ascend"),
        (lambda: YieldCurve((0.0, 1.0), (0.03, 0.03)), "must ascend"),
        (lambda: YieldCurve((1.0, float("nan")), (0.03, 0.03)), "not a finite number"),
    ],
)
def test_curve_bad_nodes_are_refused(call: object, said: str) -> None:
    with pytest.raises(InputError, match=said):
        call()  # type: ignore[operator]


def test_curve_yields_in_per_cent_are_refused_with_the_remedy() -> None:
    with pytest.raises(DataError, match="give decimals"):
        YieldCurve.from_par_yields({1.0: 4.3, 2.0: 400.0})
    with pytest.raises(DataError, match="every yield given is missing"):
        YieldCurve.from_par_yields({1.0: float("nan")})
