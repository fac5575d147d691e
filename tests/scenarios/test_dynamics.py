"""What every scenario keeps: fair prices, numbers that belong to a path, stages that mean what drawing means."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from hedgerow.errors import InputError
from hedgerow.instruments import MarketState, Underlying
from hedgerow.kernels.rules import run_stages
from hedgerow.market.time_grid import TimeGrid
from hedgerow.rows import NAMES as ROW_NAMES
from hedgerow.scenarios import GBM, StressPath
from scenario_cases import FAIR, GRID, GROWTH, MARKET, NAMES, SPOT, STAGED, scenario

TWO = MarketState("2026-11-20", {"A": Underlying(100.0, 0.2), "B": Underlying(50.0, 0.3)})


@pytest.mark.parametrize("name", FAIR)
def test_discounted_price_is_a_martingale(name: str) -> None:
    spots = scenario(name).draw(GRID, 16_384, seed=5).spots[:, :, 0]
    for time in (1, GRID.n_steps):
        fair = spots[:, time] * np.exp(-GROWTH * GRID.years[time]) / SPOT
        pairs = fair.reshape(-1, 2).mean(axis=1)  # antithetic neighbours are not independent of each other
        assert abs(pairs.mean() - 1.0) < 3.5 * pairs.std() / np.sqrt(len(pairs))


@pytest.mark.parametrize("name", NAMES)
def test_any_chunk_of_paths_has_the_numbers_of_the_whole(name: str) -> None:
    whole = scenario(name).draw(GRID, 1010, seed=3)
    for first, count in ((5, 5), (0, 1), (9, 1), (1, 7), (10, 1000)):
        part = scenario(name).draw(GRID, count, seed=3, first_path=first)
        assert part.first_path == first
        np.testing.assert_array_equal(part.spots, whole.spots[first : first + count])
        np.testing.assert_array_equal(part.vols, whole.vols[first : first + count])


@pytest.mark.parametrize("name", STAGED)
def test_stages_give_the_paths_that_are_drawn(name: str) -> None:
    stages = scenario(name).stages(GRID, seed=3)
    assert stages is not None
    assert scenario(name).has_stages
    assert {row for stage in stages for row in stage.reads + stage.writes} <= set(ROW_NAMES)
    n = 50
    rows: dict[str, Any] = {row: np.zeros(n) for row in ROW_NAMES}
    start = {"spot": SPOT, "log_spot": np.log(SPOT), **scenario(name).start_rows(GRID)}
    rows |= {row: np.full(n, value) for row, value in start.items()} | {"path": np.arange(7.0, 7.0 + n)}
    paths = scenario(name).draw(GRID, n, seed=3, first_path=7)
    np.testing.assert_array_equal(rows["implied"], paths.vols[:, 0, 0])
    for step in range(GRID.n_steps):
        run_stages(stages, rows, step)
        np.testing.assert_array_equal(rows["spot"], paths.spots[:, step + 1, 0])
        np.testing.assert_array_equal(rows["spot_before"], paths.spots[:, step, 0])
        np.testing.assert_array_equal(rows["implied"], paths.vols[:, step + 1, 0])
        np.testing.assert_array_equal(rows["implied_before"], paths.vols[:, step, 0])
        np.testing.assert_allclose(rows["log_spot"], np.log(rows["spot"]), rtol=1e-14)


@pytest.mark.parametrize("name", [each for each in NAMES if each not in STAGED])
def test_scenario_that_is_no_formula_of_its_own_rows_has_no_stages(name: str) -> None:
    assert scenario(name).stages(GRID, seed=3) is None
    assert not scenario(name).has_stages


@pytest.mark.parametrize("name", NAMES)
def test_paths_say_what_they_are(name: str) -> None:
    paths = scenario(name).draw(GRID, 4, seed=1)
    assert paths.spots.shape == paths.vols.shape == (4, GRID.n_steps + 1, 1)
    assert (paths.spots[:, 0] == SPOT).all()
    assert np.isfinite(paths.spots).all()
    assert (paths.vols >= 0.0).all()
    assert type(scenario(name)).__name__ in paths.synthetic
    assert paths.underlyings == ("SPX",)


@pytest.mark.parametrize("name", FAIR)
def test_another_seed_gives_other_paths_and_the_same_seed_the_same(name: str) -> None:
    first, again, other = (scenario(name).draw(GRID, 20, seed=seed).spots[:, -1] for seed in (3, 3, 4))
    np.testing.assert_array_equal(first, again)
    assert not np.isin(first, other).any()


@pytest.mark.parametrize("name", NAMES)
def test_start_is_on_the_market_s_mark(name: str) -> None:
    assert scenario(name).start_rows(GRID)["implied"] == 0.2
    assert scenario(name).volatility_of("SPX") > 0.0
    assert scenario(name).expected_volatility("SPX", 0.5) > 0.0


@pytest.mark.parametrize("name", ["gbm antithetic", "kou antithetic"])
def test_antithetic_pair_shares_its_draws(name: str) -> None:
    logs = np.log(scenario(name).draw(GRID, 200, seed=2).spots[:, :, 0])
    deviation = 0.2 * np.sqrt(GRID.steps[0])
    even, odd = np.diff(logs[::2]), np.diff(logs[1::2])
    jumps = (even + odd) / 2.0  # normals cancel; drift and jumps do not
    alike = np.abs(jumps - jumps.max(axis=1, keepdims=True)) < 1e-12
    if name == "gbm antithetic":
        np.testing.assert_allclose(jumps, (GROWTH - 0.02) * GRID.steps[None, :].repeat(100, 0), rtol=0.0, atol=1e-13)
    else:
        assert 0.0 < alike.mean() < 1.0
    assert np.std(even - odd) == pytest.approx(2.0 * deviation, rel=0.1)


def test_antithetic_draw_may_begin_at_the_mirrored_half() -> None:
    whole = scenario("gbm antithetic").draw(GRID, 10, seed=2).spots
    np.testing.assert_array_equal(scenario("gbm antithetic").draw(GRID, 3, seed=2, first_path=3).spots, whole[3:6])


def test_sobol_points_miss_a_mean_by_less() -> None:
    def error(name: str) -> float:
        ends = [scenario(name).draw(GRID, 1024, seed=seed).spots[:, -1, 0] for seed in range(6)]
        fair = SPOT * np.exp(GROWTH * GRID.years[-1])
        return float(np.sqrt(np.mean([(end.mean() - fair) ** 2 for end in ends])))

    assert error("gbm quasi") < 0.1 * error("gbm")


def test_drift_of_one_s_own_replaces_the_fair_one() -> None:
    ends = GBM(MARKET, drift=0.2, antithetic=True).draw(GRID, 20_000, seed=1).spots[:, -1, 0]
    assert ends.mean() == pytest.approx(SPOT * np.exp(0.2 * GRID.years[-1]), rel=0.002)


def test_normals_of_underlyings_have_the_correlation_asked_for() -> None:
    wanted = 0.6
    paths = GBM(TWO, correlation=[[1.0, wanted], [wanted, 1.0]]).draw(GRID, 4000, seed=1)
    moves = np.diff(np.log(paths.spots), axis=1).reshape(-1, 2)
    assert np.corrcoef(moves.T)[0, 1] == pytest.approx(wanted, abs=4.0 * (1.0 - wanted**2) / np.sqrt(len(moves)))
    np.testing.assert_allclose(moves.std(axis=0) / np.sqrt(GRID.steps[0]), [0.2, 0.3], rtol=0.03)
    np.testing.assert_array_equal(
        paths.spots[5:9], GBM(TWO, correlation=[[1.0, wanted], [wanted, 1.0]]).draw(GRID, 4, 1, 5).spots
    )


def test_underlyings_without_a_correlation_move_apart_and_one_has_the_paths_it_has_alone() -> None:
    paths = GBM(TWO).draw(GRID, 4000, seed=1)
    moves = np.diff(np.log(paths.spots), axis=1).reshape(-1, 2)
    assert abs(np.corrcoef(moves.T)[0, 1]) < 4.0 / np.sqrt(len(moves))
    alone = MarketState("2026-11-20", {"A": TWO.underlying("A")})
    np.testing.assert_array_equal(GBM(alone).draw(GRID, 4000, seed=1).spots[..., 0], paths.spots[..., 0])


def test_several_underlyings_have_no_stages() -> None:
    assert GBM(TWO).stages(GRID, seed=1) is None


def test_quasi_random_underlyings_correlate_too() -> None:
    paths = GBM(TWO, correlation=[[1.0, -0.5], [-0.5, 1.0]], quasi=True).draw(GRID, 1024, seed=1)
    moves = np.log(paths.spots[:, -1] / paths.spots[:, 0])
    assert np.corrcoef(moves.T)[0, 1] == pytest.approx(-0.5, abs=0.03)


def test_discrete_dividend_leaves_at_the_end_of_its_step() -> None:
    paying = MarketState("2026-11-20", {"A": Underlying(100.0, 0.2, dividends=(("2026-12-02", 3.0),))})
    grid = TimeGrid(pd.DatetimeIndex(["2026-11-20 16:00", "2026-12-01 16:00", "2026-12-02 16:00", "2026-12-03 16:00"]))
    spots = StressPath(paying, [0.0]).draw(grid, 1, seed=0).spots[0, :, 0]
    assert spots.tolist() == pytest.approx([100.0, 100.0, 97.0, 97.0])
    ends = GBM(paying, antithetic=True).draw(grid, 20_000, seed=0).spots[:, -1, 0]
    assert ends.mean() == pytest.approx(97.0, abs=0.02)


def test_spot_never_falls_to_nothing_by_a_dividend() -> None:
    paying = MarketState("2026-11-20", {"A": Underlying(1.0, 0.2, dividends=(("2026-12-02", 3.0),))})
    assert (GBM(paying).draw(GRID, 50, seed=0).spots > 0.0).all()


@pytest.mark.parametrize(
    ("build", "sentence"),
    [
        (lambda: GBM(MARKET).draw(GRID, 0, seed=1), "n_paths must be a whole number, 1 or more, not 0"),
        (lambda: GBM(MARKET).draw(GRID, 5, seed=1, first_path=-1), "first_path must be 0 or more"),
        (lambda: GBM(MARKET).draw(GRID, 5, seed=-1), "seed must be a whole number from 0"),
        (lambda: GBM(MARKET, quasi=True).draw(GRID, 5, seed=-1), "seed must be a whole number from 0"),
        (lambda: GBM(MARKET, -0.2), "volatility of 'SPX' must be 0 or more, not -0.2"),
        (lambda: GBM(MARKET, float("nan")), "volatility of 'SPX' must be a finite number"),
        (lambda: GBM(MARKET, {"SPY": 0.2}), "no underlying 'SPY'; did you mean 'SPX'"),
        (lambda: GBM(TWO, {"A": 0.2}), "volatility has no number for underlying 'B'"),
        (lambda: GBM(MARKET, drift=float("inf")), "drift of 'SPX' must be a finite number"),
        (lambda: GBM(MARKET, antithetic=True, quasi=True), "exclude each other"),
        (lambda: GBM(MarketState("2026-11-20", {})), "needs a market with an underlying"),
        (lambda: GBM(MarketState("2026-11-20", {"A": Underlying(-3.0, 0.2)})), "spot of 'A' must be above 0"),
        (lambda: GBM(MarketState("2026-11-20", {"A": Underlying(3.0)})), "vol of 'A' must be there"),
        (
            lambda: GBM(MarketState("2026-11-20", {"A": Underlying(3.0, 0.2, forwards={"2027-01-15": 3.1})})),
            "quotes forwards of 'A', which decide its carry",
        ),
        (lambda: GBM(TWO, correlation=[[1.0, 0.5], [0.4, 1.0]]), "correlation is not symmetric: 0.5"),
    ],
)
def test_bad_input_is_refused_with_a_sentence(build: Any, sentence: str) -> None:
    with pytest.raises(InputError, match=sentence):
        build()


def test_scenario_prints_as_the_code_that_makes_it() -> None:
    assert repr(GBM(MARKET, 0.3)).startswith("GBM(market=MarketState(")
    assert "volatility=0.3" in repr(GBM(MARKET, 0.3))
    assert GBM(TWO, correlation=np.eye(2)) == GBM(TWO, correlation=((1.0, 0.0), (0.0, 1.0)))
