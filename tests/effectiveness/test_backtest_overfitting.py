"""Probability of backtest overfitting: brute force, noise, skill, fitted noise, and speed by block sums."""

from __future__ import annotations

from itertools import combinations
from math import comb, log

import numpy as np
import pytest
from scipy.stats import linregress, rankdata

from hedgerow._types import FloatArray
from hedgerow.effectiveness import backtest_overfitting
from hedgerow.errors import DataError, InputError

TRIALS = np.random.default_rng(0).standard_t(4, (126, 7)) * 0.01 + 0.001


def sharpe(rows: FloatArray) -> FloatArray:
    return np.asarray(rows.mean(axis=0) / rows.std(axis=0, ddof=1) * 252**0.5)


def by_hand(trials: FloatArray, n_blocks: int) -> list[tuple[int, float, float, float]]:
    """Return chosen column, logit, and performance on either half, split by split."""
    length = len(trials) // n_blocks
    blocks = np.split(trials[len(trials) % n_blocks :], n_blocks)
    assert all(len(block) == length for block in blocks)
    found = []
    for taken in combinations(range(n_blocks), n_blocks // 2):
        inside = sharpe(np.concatenate([blocks[b] for b in taken]))
        outside = sharpe(np.concatenate([blocks[b] for b in range(n_blocks) if b not in taken]))
        best = int(np.argmax(inside))
        share = rankdata(outside)[best] / (trials.shape[1] + 1)
        found.append((best, log(share / (1 - share)), inside[best], outside[best]))
    return found


@pytest.mark.parametrize("n_blocks", [2, 4, 6, 8])
def test_block_sums_give_what_brute_force_gives(n_blocks: int) -> None:
    found = backtest_overfitting(TRIALS, n_blocks)
    chosen, logits, inside, outside = map(np.array, zip(*by_hand(TRIALS, n_blocks), strict=True))
    assert found.chosen.tolist() == chosen.tolist()
    np.testing.assert_allclose(found.logits, logits, atol=1e-12)
    np.testing.assert_allclose(found.in_sample, inside, atol=1e-10)
    np.testing.assert_allclose(found.out_of_sample, outside, atol=1e-10)
    assert found.probability == np.mean(logits <= 0.0)
    assert found.probability_of_loss == np.mean(outside < 0.0)
    assert found.rows_left_out == 126 % n_blocks
    assert len(found.logits) == comb(n_blocks, n_blocks // 2)
    line = linregress(inside, outside)
    assert found.degradation_slope == pytest.approx(line.slope, rel=1e-9)
    assert found.degradation_intercept == pytest.approx(line.intercept, rel=1e-9)
    assert found.degradation_r_squared == pytest.approx(line.rvalue**2, rel=1e-9)


def test_a_function_of_rows_gives_what_the_named_measures_give() -> None:
    for name, function in (("sharpe", sharpe), ("mean", lambda rows: rows.mean(axis=0) * 252)):
        named = backtest_overfitting(TRIALS, 6, name)  # type: ignore[arg-type]
        given = backtest_overfitting(TRIALS, 6, function)
        assert named.chosen.tolist() == given.chosen.tolist()
        np.testing.assert_allclose(named.out_of_sample, given.out_of_sample, atol=1e-10)


def test_trials_without_skill_are_overfitted_half_of_the_time() -> None:
    samples = np.random.default_rng(1).normal(size=(300, 96, 10))
    found = np.array([backtest_overfitting(sample, 6).probability for sample in samples])
    assert abs(found.mean() - 0.5) < 3.5 * found.std() / 300**0.5
    assert found.std() < 0.35


def test_a_truly_better_trial_is_not_overfitted() -> None:
    better = np.random.default_rng(2).normal(size=(800, 20)) + 0.4 * (np.arange(20) == 11)
    found = backtest_overfitting(better, 8)
    assert found.probability == 0.0
    assert set(found.chosen) == {11}
    assert found.probability_of_loss == 0.0
    assert found.dominance.first_order_holds


def test_trials_fitted_to_the_whole_sample_are_always_overfitted() -> None:
    fitted = np.random.default_rng(3).normal(size=(320, 40))
    fitted -= fitted.mean(axis=0)  # what one half earns the other one loses
    found = backtest_overfitting(fitted, 8, "mean")
    assert found.probability == 1.0
    assert found.probability_of_loss == 1.0
    assert found.degradation_slope == pytest.approx(-1.0, abs=1e-9)
    assert not found.dominance.second_order_holds


def test_result_does_not_mind_units_and_the_order_of_blocks() -> None:
    base = backtest_overfitting(TRIALS[:120], 6)
    for unit in (1e6, 1e-180):
        moved = backtest_overfitting(unit * TRIALS[:120], 6)
        np.testing.assert_allclose(moved.out_of_sample, base.out_of_sample, rtol=1e-9)
    turned = np.concatenate(np.split(TRIALS[:120], 6)[::-1])
    assert sorted(backtest_overfitting(turned, 6).logits) == pytest.approx(sorted(base.logits))


def test_sixteen_blocks_of_many_trials_are_judged_by_sums() -> None:
    found = backtest_overfitting(np.random.default_rng(4).normal(size=(640, 60)))
    assert len(found.logits) == 12_870
    assert found.n_blocks == 16


def test_equal_trials_count_as_the_median_and_so_as_overfitted() -> None:
    found = backtest_overfitting(np.column_stack([TRIALS[:, 0]] * 3), 4)
    assert found.logits.tolist() == [0.0] * 6
    assert found.probability == 1.0


def test_a_trial_that_stands_still_over_a_half_has_a_ratio_of_nothing_there() -> None:
    idle = TRIALS[:120, :2].copy()
    idle[:60, 1] = 0.0
    idle[:, 0] -= 1.0  # the other one only loses, so that the idle one is chosen
    found = backtest_overfitting(idle, 2)
    assert found.chosen[0] == 1
    assert found.in_sample[0] == 0.0


def test_a_trial_that_earns_the_same_on_every_row_of_a_half_is_named() -> None:
    steady = TRIALS[:120].copy()
    steady[:60, 3] = 0.01
    with pytest.raises(DataError, match=r"trial 3 earns the same on every row of blocks \[0\]"):
        backtest_overfitting(steady, 2)
    assert backtest_overfitting(steady, 2, "mean").n_blocks == 2


@pytest.mark.parametrize("n_blocks", [0, 1, 7, -2])
def test_odd_numbers_of_blocks_are_refused(n_blocks: int) -> None:
    with pytest.raises(InputError, match="n_blocks must be even"):
        backtest_overfitting(TRIALS, n_blocks)


def test_what_cannot_be_split_is_refused() -> None:
    with pytest.raises(DataError, match="one trial is no choice"):
        backtest_overfitting(TRIALS[:, :1], 4)
    with pytest.raises(DataError, match="two rows a block"):
        backtest_overfitting(TRIALS[:10], 6)
    with pytest.raises(InputError, match="take fewer blocks"):
        backtest_overfitting(np.random.default_rng(0).normal(size=(60, 400)), 20)
    with pytest.raises(DataError, match="column 1 does not"):
        backtest_overfitting(np.column_stack([TRIALS[:, 0], np.zeros(126)]), 4)
    with pytest.raises(InputError, match="measure must be one of sharpe, mean"):
        backtest_overfitting(TRIALS, 4, "median")  # type: ignore[arg-type]
    with pytest.raises(DataError, match="finite number for each of 7"):
        backtest_overfitting(TRIALS, 4, lambda rows: np.full(7, np.nan))
