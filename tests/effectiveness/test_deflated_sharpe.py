"""Deflated Sharpe ratio: the paper's worked example, the mean of maxima by integration, laws of many trials."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.stats import kurtosis, norm, skew

from hedgerow.effectiveness import (
    deflated_sharpe,
    deflated_sharpe_ratio,
    expected_maximum_sharpe,
    probabilistic_sharpe_ratio,
)
from hedgerow.errors import DataError, InputError

NOISE = np.random.default_rng(0).normal(0.0, 0.01, (600, 30))


def test_worked_example_of_the_paper_is_found_again() -> None:
    # Bailey and Lopez de Prado (2014), "A numerical example": five years of 250 days, best of 100 at 2.5 a year
    per_row, variance = 2.5 / 250**0.5, 0.5 / 250
    assert expected_maximum_sharpe(100, variance) == pytest.approx(0.1132, abs=5e-5)
    shape = {"skewness": -3.0, "excess_kurtosis": 7.0}
    found = deflated_sharpe_ratio(per_row, 1250, n_trials=100, variance_of_trials=variance, **shape)
    assert found == pytest.approx(0.9004, abs=5e-5)
    # the same page: 46 trials would have passed at 95 %, and so would 88 had the rows been normal
    fewer = deflated_sharpe_ratio(per_row, 1250, n_trials=46, variance_of_trials=variance, **shape)
    normal = deflated_sharpe_ratio(per_row, 1250, n_trials=88, variance_of_trials=variance)
    assert (fewer, normal) == (pytest.approx(0.9505, abs=5e-5), pytest.approx(0.9505, abs=5e-5))


@pytest.mark.parametrize(("count", "error"), [(2, 0.08), (5, 0.03), (10, 0.03), (20, 0.02), (100, 0.01), (1000, 0.01)])
def test_expected_maximum_is_near_the_mean_of_the_largest_of_normal_numbers(count: int, error: float) -> None:
    exact, _ = quad(lambda x: x * count * norm.pdf(x) * norm.cdf(x) ** (count - 1), -8.0, 12.0)
    assert expected_maximum_sharpe(count, 4.0) == pytest.approx(2.0 * exact, rel=error)


def test_expected_maximum_starts_at_nothing_and_never_falls() -> None:
    found = [expected_maximum_sharpe(count, 1.0) for count in np.linspace(1.0, 4.0, 301)]
    assert found[0] == 0.0
    assert np.all(np.diff(found) >= 0.0)


def test_one_trial_is_the_probabilistic_ratio_and_more_trials_are_believed_less() -> None:
    found = [deflated_sharpe_ratio(0.1, 500, n_trials=n, variance_of_trials=0.002) for n in (1, 2, 10, 100, 1000)]
    assert found[0] == probabilistic_sharpe_ratio(0.1, 500)
    assert np.all(np.diff(found) < 0.0)
    wider = deflated_sharpe_ratio(0.1, 500, n_trials=10, variance_of_trials=0.004)
    assert wider < found[2]


def test_trials_are_judged_by_the_formula_on_their_own_figures() -> None:
    found = deflated_sharpe(NOISE, independent=30.0)
    ratios = NOISE.mean(axis=0) / NOISE.std(axis=0, ddof=1)
    best = int(np.argmax(ratios))
    shape = {"skewness": float(skew(NOISE[:, best])), "excess_kurtosis": float(kurtosis(NOISE[:, best]))}
    expected = deflated_sharpe_ratio(
        ratios[best], 600, n_trials=30, variance_of_trials=float(np.var(ratios, ddof=1)), **shape
    )
    assert found.deflated == pytest.approx(expected, abs=1e-12)
    assert found.probabilistic == pytest.approx(probabilistic_sharpe_ratio(ratios[best], 600, **shape), abs=1e-12)
    assert (found.trial, found.n_trials, found.n_rows) == (best, 30, 600)
    assert found.sharpe == pytest.approx(ratios[best] * 252**0.5)


def test_best_of_noise_is_seldom_believed_when_deflated_and_mostly_when_not() -> None:
    samples = np.random.default_rng(1).normal(size=(150, 250, 20))
    found = [deflated_sharpe(sample, independent=20.0) for sample in samples]
    assert np.mean([one.deflated > 0.95 for one in found]) < 0.05
    assert np.mean([one.probabilistic > 0.95 for one in found]) > 0.5


def test_skill_is_still_believed_when_deflated() -> None:
    assert deflated_sharpe(NOISE + 0.004 * (np.arange(30) == 4)).deflated > 0.95


def test_copies_of_one_trial_count_as_one() -> None:
    found = deflated_sharpe(np.outer(NOISE[:, 0], [1.0, 2.0, 3.0]))
    assert found.independent_trials == pytest.approx(1.0, abs=1e-9)
    assert found.deflated == pytest.approx(found.probabilistic, abs=1e-6)


def test_a_trial_may_be_named_and_one_alone_is_not_deflated() -> None:
    assert deflated_sharpe(NOISE, chosen=3).trial == 3
    alone = deflated_sharpe(NOISE[:, :1])
    assert alone.deflated == alone.probabilistic


def test_trials_that_cannot_be_judged_are_named() -> None:
    with pytest.raises(DataError, match="column 2 does not"):
        deflated_sharpe(np.column_stack([NOISE[:, :2], np.zeros(600)]))
    with pytest.raises(InputError, match="chosen must be a column from 0 to 29"):
        deflated_sharpe(NOISE, chosen=30)
    with pytest.raises(InputError, match="n_trials"):
        deflated_sharpe(NOISE, independent=0.0)
    with pytest.raises(InputError, match="variance_of_trials"):
        expected_maximum_sharpe(10, -1.0)
    with pytest.raises(DataError, match="four rows"):
        deflated_sharpe(NOISE[:3])
