"""Heston's model by the quadratic-exponential scheme: against the transform's prices and the moments of variance."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from hedgerow.errors import InputError
from hedgerow.kernels.rules import run_stages
from hedgerow.market.time_grid import TimeGrid
from hedgerow.pricing import heston
from hedgerow.scenarios import Heston
from hedgerow.scenarios.heston import heston_move
from scenario_cases import GRID, GROWTH, MARKET, SPOT

GRID_OF_MONTHS = TimeGrid.even("2026-11-20 16:00", "2027-11-20 16:00", 12)
TYPICAL = {"kappa": 1.5, "theta": 0.05, "xi": 0.4, "rho": -0.7}
WILD = {"kappa": 0.5, "theta": 0.04, "xi": 0.9, "rho": -0.9}


@pytest.mark.parametrize("parameters", [TYPICAL, WILD], ids=["typical", "far from Feller's condition"])
@pytest.mark.parametrize("correction", [True, False])
def test_call_prices_equal_the_transform_s(parameters: dict[str, float], correction: bool) -> None:
    scenario = Heston(MARKET, **parameters, martingale_correction=correction)
    ends = scenario.draw(GRID_OF_MONTHS, 20_000, seed=4).spots[:, -1, 0]
    for strike in (80.0, 100.0, 120.0):
        paid = np.exp(-0.03) * np.maximum(ends - strike, 0.0)
        fair = heston.price(
            "call", SPOT, strike, 1.0, 0.2, 0.03, 0.015,
            mean_reversion=parameters["kappa"], long_vol=np.sqrt(parameters["theta"]),
            vol_of_variance=parameters["xi"], correlation=parameters["rho"],
        )  # fmt: skip
        # twelve steps to a year leave a bias of the scheme beside the noise
        assert abs(paid.mean() - fair) < 3.0 * paid.std() / np.sqrt(len(paid)) + 0.02


def variances(scenario: Heston, n: int) -> Any:
    stages = scenario.stages(GRID, seed=6)
    assert stages is not None
    start = {"spot": SPOT, "log_spot": np.log(SPOT), **scenario.start_rows(GRID)}
    rows: dict[str, Any] = {"path": np.arange(float(n))} | {row: np.full(n, value) for row, value in start.items()}
    for step in range(GRID.n_steps):
        run_stages(stages, rows, step)
    return rows["variance"]


@pytest.mark.parametrize("parameters", [TYPICAL, WILD], ids=["typical", "far from Feller's condition"])
def test_variance_has_the_mean_and_variance_of_the_square_root_process(parameters: dict[str, float]) -> None:
    n, years = 20_000, GRID.years[-1]
    found = variances(Heston(MARKET, **parameters), n)
    kappa, theta, xi = (parameters[each] for each in ("kappa", "theta", "xi"))
    kept = np.exp(-kappa * years)
    mean = theta + (0.04 - theta) * kept
    spread = xi**2 / kappa * (0.04 * (kept - kept**2) + 0.5 * theta * (1.0 - kept) ** 2)
    assert (found >= 0.0).all()
    assert abs(found.mean() - mean) < 4.0 * np.sqrt(spread / n)
    squares = (found - mean) ** 2
    assert abs(squares.mean() - spread) < 4.0 * squares.std() / np.sqrt(n)


def test_spot_and_variance_move_together_as_told() -> None:
    scenario = Heston(MARKET, kappa=1.0, theta=0.04, xi=0.1, rho=-0.8)
    grid = TimeGrid.even("2026-11-20 16:00", "2026-11-21 16:00", 1)
    stages = scenario.stages(grid, seed=1)
    assert stages is not None
    n = 5000
    start = {"spot": SPOT, "log_spot": np.log(SPOT), **scenario.start_rows()}
    rows: dict[str, Any] = {"path": np.arange(float(n))} | {row: np.full(n, value) for row, value in start.items()}
    run_stages(stages, rows, 0)
    assert np.corrcoef(rows["log_spot"], rows["variance"])[0, 1] == pytest.approx(-0.8, abs=0.025)


def test_variance_that_hardly_moves_is_lognormal() -> None:
    still = Heston(MARKET, kappa=0.0, theta=0.04, xi=1e-6, rho=0.0).draw(GRID, 20_000, seed=3)
    logs = np.log(still.spots[:, -1, 0] / SPOT)
    assert logs.std() == pytest.approx(0.2 * np.sqrt(GRID.years[-1]), rel=0.02)
    assert logs.mean() == pytest.approx((GROWTH - 0.02) * GRID.years[-1], abs=4.0 * logs.std() / np.sqrt(20_000))


def test_no_variance_at_all_is_no_trouble() -> None:
    spots = Heston(MARKET, kappa=0.0, theta=0.0, xi=0.5, rho=-0.7, v0=0.0).draw(GRID, 5, seed=1).spots[:, -1, 0]
    np.testing.assert_allclose(spots, SPOT * np.exp(GROWTH * GRID.years[-1]), rtol=1e-10)


@pytest.mark.compiled
def test_compiled_step_equals_its_definition_in_both_regimes() -> None:
    import numba

    built, taken = heston_move.kernel.build(), heston_move.parameters
    stages = Heston(MARKET, **WILD).stages(GRID, seed=1)
    assert stages is not None
    stage = next(each for each in stages if each.rule is heston_move)
    numbers = tuple(float(np.ravel(stage.values[name])[0]) for name in taken)

    @numba.njit(error_model="numpy")
    def loop(rows: Any, found: Any, numbers: Any) -> None:
        for i in range(rows.shape[1]):
            found[0, i], found[1, i], found[2, i], found[3, i] = built(
                rows[0, i], rows[1, i], rows[2, i], rows[3, i], rows[4, i], *numbers
            )

    rng = np.random.default_rng(2)
    variance = np.concatenate([np.zeros(20), np.geomspace(1e-8, 2.0, 380)])
    rows = np.array([np.full(400, SPOT), np.full(400, np.log(SPOT)), variance, *rng.normal(size=(2, 400))])
    found = np.empty((4, 400))
    loop(rows, found, numbers)
    wanted = np.array(heston_move(*rows, **dict(zip(taken, numbers, strict=True))))
    assert ((wanted[3] == 0.0).sum() > 5, (wanted[3] > 0.0).sum() > 5) == (True, True)
    np.testing.assert_allclose(found, wanted, rtol=1e-11, atol=1e-14)


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"kappa": -1.0}, "kappa of 'SPX' must be 0 or more, not -1.0"),
        ({"theta": -0.04}, "theta of 'SPX' must be 0 or more"),
        ({"xi": 0.0}, "xi of 'SPX' must be above 0, not 0.0; take GBM"),
        ({"rho": -1.5}, "rho of 'SPX' must be from -1 to 1"),
        ({"v0": -0.1}, "v0 of 'SPX' must be 0 or more"),
    ],
)
def test_bad_parameters_are_refused(wrong: dict[str, float], sentence: str) -> None:
    with pytest.raises(InputError, match=sentence):
        Heston(MARKET, **(TYPICAL | wrong))
