"""Marks beside the spot: fixed, mean-reverting, from Heston's model, and with a smile by strike or by moneyness."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from hedgerow._types import FloatArray
from hedgerow.errors import InputError
from hedgerow.instruments import MarketState, Underlying
from hedgerow.scenarios import (
    GBM,
    FixedVolatility,
    Heston,
    MeanRevertingVolatility,
    ModelVolatility,
    SmilePaths,
    StickyDelta,
    StickyStrike,
)
from scenario_cases import GRID, MARKET

MOVING = MeanRevertingVolatility(0.3, 4.0, 0.9, -0.7)
HESTON = {"kappa": 2.0, "theta": 0.09, "xi": 0.5, "rho": -0.7}


def test_fixed_volatility_stays() -> None:
    assert (GBM(MARKET, implied=FixedVolatility()).draw(GRID, 5, seed=1).vols == 0.2).all()
    assert (GBM(MARKET).draw(GRID, 5, seed=1).marks(3, "SPX", np.array([90.0, 110.0]), np.ones(2)) == 0.2).all()


def test_logarithm_of_the_mark_reverts_with_the_law_s_mean_variance_and_correlation() -> None:
    n = 20_000
    paths = GBM(MARKET, implied=MOVING).draw(GRID, n, seed=6)
    logs, years = np.log(paths.vols[:, :, 0]), GRID.years[-1]
    kept = np.exp(-4.0 * years)
    deviation = 0.9 * np.sqrt((1.0 - kept**2) / 8.0)
    assert logs[:, -1].mean() == pytest.approx(np.log(0.3) + (np.log(0.2) - np.log(0.3)) * kept, abs=0.01)
    assert logs[:, -1].std() == pytest.approx(deviation, rel=0.02)
    first = np.corrcoef(np.log(paths.spots[:, 1, 0]), logs[:, 1])[0, 1]
    assert first == pytest.approx(-0.7, abs=4.0 * 0.51 / np.sqrt(n))


def test_no_reversion_is_a_lognormal_mark() -> None:
    free = GBM(MARKET, implied=MeanRevertingVolatility(0.3, 0.0, 0.5)).draw(GRID, 5000, seed=6)
    moves = np.log(free.vols[:, -1, 0] / 0.2)
    assert moves.std() == pytest.approx(0.5 * np.sqrt(GRID.years[-1]), rel=0.04)
    assert abs(moves.mean()) < 4.0 * moves.std() / np.sqrt(5000)


def test_spot_is_the_same_whatever_marks_do() -> None:
    plain = GBM(MARKET).draw(GRID, 20, seed=6).spots
    np.testing.assert_array_equal(GBM(MARKET, implied=MOVING).draw(GRID, 20, seed=6).spots, plain)


def test_model_volatility_is_the_expected_average_variance_over_the_life_left() -> None:
    scenario = Heston(MARKET, **HESTON, implied=ModelVolatility())
    vols = scenario.draw(GRID, 8000, seed=6).vols[:, :, 0]
    years = GRID.years[-1]
    t = np.linspace(0.0, years, 2001)
    average = np.trapezoid(0.09 + (0.04 - 0.09) * np.exp(-2.0 * t), t) / years
    assert vols[0, 0] == pytest.approx(np.sqrt(average), rel=1e-6)
    assert scenario.start_rows(GRID)["implied"] == vols[0, 0]
    assert scenario.start_rows(GRID)["implied"] == scenario.expected_volatility("SPX", years)
    at_the_end = 0.09 - 0.05 * np.exp(-2.0 * years)
    assert (vols[:, -1] ** 2).mean() == pytest.approx(at_the_end, rel=0.05)


def test_model_volatility_of_a_longer_option_moves_less() -> None:
    short, long = (
        Heston(MARKET, **HESTON, implied=ModelVolatility(years)).draw(GRID, 500, seed=6).vols[:, 4, 0]
        for years in (0.5, 5.0)
    )
    assert long.std() < 0.5 * short.std()
    assert np.corrcoef(short, long)[0, 1] > 0.98


def smile(strike: Any, years: Any, forward: Any) -> FloatArray:
    return np.asarray(0.2 - 0.15 * np.log(strike / 100.0) + 0.01 * np.sqrt(years))


def test_sticky_strike_keeps_the_volatility_of_a_strike_and_slides_at_the_money() -> None:
    paths = GBM(MARKET, implied=StickyStrike(smile, years=0.25)).draw(GRID, 20, seed=6)
    assert isinstance(paths, SmilePaths)
    strikes, years = np.array([80.0, 100.0]), np.array([0.3, 0.5])
    for time in (0, 5):
        marks = paths.marks(time, "SPX", strikes, years)
        np.testing.assert_allclose(marks, np.tile(smile(strikes, years, 100.0), (20, 1)))
    np.testing.assert_allclose(paths.vols, smile(paths.spots, 0.25, 100.0))


def test_sticky_delta_keeps_the_volatility_of_a_moneyness() -> None:
    paths = GBM(MARKET, implied=StickyDelta(smile, years=0.25)).draw(GRID, 20, seed=6)
    assert isinstance(paths, SmilePaths)
    assert np.ptp(paths.vols) == 0.0
    years = np.array([0.3])
    for path in (0, 7):
        strike = 0.9 * paths.spots[path, 5]
        assert paths.marks(5, "SPX", strike, years)[path, 0] == pytest.approx(float(smile(90.0, 0.3, 100.0)))


def test_expired_strike_has_no_volatility_and_a_smile_without_a_number_is_refused() -> None:
    paths = GBM(MARKET, implied=StickyStrike(smile)).draw(GRID, 2, seed=6)
    assert (paths.marks(8, "SPX", np.array([100.0]), np.array([0.0])) == 0.0).all()
    with pytest.raises(InputError, match="the smile gives no volatility for strike 100"):
        GBM(MARKET, 0.2, implied=StickyStrike(lambda strike, years, forward: strike * np.nan)).draw(GRID, 2, seed=6)


def test_smiles_are_drawn_by_arrays_alone() -> None:
    assert GBM(MARKET, implied=StickyStrike(smile)).stages(GRID, seed=1) is None
    assert GBM(MARKET, implied=StickyDelta(smile)).stages(GRID, seed=1) is None


@pytest.mark.parametrize(
    ("build", "sentence"),
    [
        (lambda: MeanRevertingVolatility(0.0, 1.0, 1.0), "level must be above 0"),
        (lambda: MeanRevertingVolatility(0.2, -1.0, 1.0), "speed must be 0 or more"),
        (lambda: MeanRevertingVolatility(0.2, 1.0, -1.0), "vol_of_vol must be 0 or more"),
        (lambda: MeanRevertingVolatility(0.2, 1.0, 1.0, 2.0), "correlation must be from -1 to 1"),
        (lambda: ModelVolatility(0.0), "years must be above 0"),
        (lambda: GBM(MARKET, implied=ModelVolatility()), "ModelVolatility needs the variance of Heston's model"),
        (lambda: Heston(MARKET, **HESTON, implied=ModelVolatility()).start_rows(), "needs the life of the option"),
        (lambda: StickyStrike(0.2), "smile must have volatility"),
        (lambda: StickyStrike(smile, years=0.0), "years must be above 0"),
        (
            lambda: GBM(MarketState("2026-11-20", {"A": Underlying(1.0, 0.0)}), implied=MOVING),
            "vol of 'A' must be above 0",
        ),
    ],
)
def test_bad_input_is_refused(build: Any, sentence: str) -> None:
    with pytest.raises(InputError, match=sentence):
        build()
