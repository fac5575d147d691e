"""Two hidden regimes: planted truth, statsmodels as an oracle, invariances, refusals."""

from __future__ import annotations

import numpy as np
import pytest

from hedgerow.errors import DataError, InputError
from hedgerow.overlays import RegimeModel, TwoStateChain

PLANTED = RegimeModel(TwoStateChain(0.02, 0.06), 2.6, 3.3, 0.15, 0.25)


def planted(n: int, seed: int = 5, model: RegimeModel = PLANTED) -> tuple[np.ndarray, np.ndarray]:
    """Return values of a model, and the states behind them."""
    rng = np.random.default_rng(seed)
    high = np.zeros(n, dtype=bool)
    for t in range(1, n):
        chance = 1.0 - model.chain.p_high_low if high[t - 1] else model.chain.p_low_high
        high[t] = rng.uniform() < chance
    mean = np.where(high, model.high_mean, model.low_mean)
    return mean + np.where(high, model.high_deviation, model.low_deviation) * rng.standard_normal(n), high


def test_filtered_chance_equals_bayes_by_hand_on_the_first_rows() -> None:
    values, _ = planted(3)
    chance, expected = PLANTED.chain.high_share, []
    for value in values:
        low, high = (
            np.exp(-0.5 * ((value - mean) / deviation) ** 2) / deviation
            for mean, deviation in ((2.6, 0.15), (3.3, 0.25))
        )
        after = chance * high / (chance * high + (1.0 - chance) * low)
        expected.append(after)
        chance = 0.02 + (1.0 - 0.02 - 0.06) * after
    np.testing.assert_allclose(PLANTED.filtered(values), expected, rtol=1e-12)
    np.testing.assert_allclose(PLANTED.intensity(values)[-1], chance / 0.25, rtol=1e-12)


def test_filtered_chance_knows_the_state_and_never_the_next_row() -> None:
    values, high = planted(800)
    chance = PLANTED.filtered(values)
    assert ((chance > 0.5) == high).mean() > 0.95
    np.testing.assert_array_equal(PLANTED.filtered(values[:300]), chance[:300])


@pytest.mark.compiled
def test_fit_finds_the_planted_regimes_within_three_errors() -> None:
    values, _ = planted(4000)
    found = RegimeModel.fit(values)
    assert found.converged
    assert abs(found.chain.p_low_high - 0.02) < 3.0 * found.errors[0]
    assert abs(found.chain.p_high_low - 0.06) < 3.0 * found.errors[1]
    np.testing.assert_allclose(
        [found.low_mean, found.high_mean, found.low_deviation, found.high_deviation], [2.6, 3.3, 0.15, 0.25], atol=0.03
    )


@pytest.mark.compiled
def test_fit_has_the_likelihood_and_chances_of_statsmodels() -> None:
    from statsmodels.tsa.regime_switching.markov_regression import MarkovRegression

    values, _ = planted(600)
    found = RegimeModel.fit(values)
    other = MarkovRegression(values, 2, switching_variance=True)
    stay, back = 1.0 - found.chain.p_low_high, found.chain.p_high_low
    variances = [found.low_deviation**2, found.high_deviation**2]
    point = np.array([stay, back, found.low_mean, found.high_mean, *variances])
    assert found.log_likelihood == pytest.approx(other.loglike(point), rel=1e-10)
    filtered = other.filter(point).filtered_marginal_probabilities[:, 1]
    np.testing.assert_allclose(found.filtered(values), filtered, atol=1e-10)
    assert np.max(np.abs(other.score(point))) < 0.05


@pytest.mark.compiled
def test_fit_of_returns_calls_the_wilder_state_high_and_does_not_feel_the_unit() -> None:
    model = RegimeModel(TwoStateChain(0.02, 0.06), 0.0005, -0.001, 0.006, 0.02)
    values, high = planted(1500, 8, model)
    found, percent = RegimeModel.fit(values, "deviation"), RegimeModel.fit(100.0 * values, "deviation")
    assert found.high_deviation > found.low_deviation
    assert percent.high_deviation == pytest.approx(100.0 * found.high_deviation, rel=1e-6)
    assert percent.chain.p_low_high == pytest.approx(found.chain.p_low_high, rel=1e-5)
    assert ((found.filtered(values) > 0.5) == high).mean() > 0.9


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        (np.zeros(99), "two regimes need 100 finite values or more"),
        (np.r_[np.nan, np.zeros(200)], "with 1 gaps"),
        (np.full(200, 3.0), "the 200 values are all 3; two regimes need values that move"),
    ],
)
def test_fit_of_values_without_regimes_refused(values, sentence) -> None:
    with pytest.raises(DataError, match=sentence):
        RegimeModel.fit(values)


def test_fit_by_another_word_refused() -> None:
    with pytest.raises(InputError, match="high must be 'mean' or 'deviation', not 'vix'"):
        RegimeModel.fit(np.arange(200.0), "vix")
