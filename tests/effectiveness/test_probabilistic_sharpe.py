"""Probabilistic Sharpe ratio: its formula again, its inverse, its limits, and its frequency among samples."""

from __future__ import annotations

from math import inf, sqrt

import numpy as np
import pytest
from scipy.stats import norm

from hedgerow.effectiveness import minimum_track_record_length, probabilistic_sharpe_ratio
from hedgerow.errors import InputError


def test_probability_is_that_of_the_formula() -> None:
    z = (0.12 - 0.03) * sqrt(249) / sqrt(1 + 0.7 * 0.12 + (5.2 - 1) / 4 * 0.12**2)
    found = probabilistic_sharpe_ratio(0.12, 250, benchmark=0.03, skewness=-0.7, excess_kurtosis=2.2)
    assert found == pytest.approx(norm.cdf(z), abs=1e-12)


def test_probability_rises_with_rows_ratio_and_skewness_and_falls_with_kurtosis_and_benchmark() -> None:
    base = probabilistic_sharpe_ratio(0.1, 250)
    assert probabilistic_sharpe_ratio(0.1, 251) > base
    assert probabilistic_sharpe_ratio(0.11, 250) > base
    assert probabilistic_sharpe_ratio(0.1, 250, skewness=0.5) > base
    assert probabilistic_sharpe_ratio(0.1, 250, excess_kurtosis=5.0) < base
    assert probabilistic_sharpe_ratio(0.1, 250, benchmark=0.01) < base
    assert probabilistic_sharpe_ratio(0.1, 250, benchmark=0.1) == 0.5


@pytest.mark.parametrize("confidence", [0.6, 0.95, 0.99])
def test_minimum_length_is_where_the_probability_reaches_the_confidence(confidence: float) -> None:
    shape = {"skewness": -1.0, "excess_kurtosis": 4.0}
    rows = minimum_track_record_length(0.1, benchmark=0.02, confidence=confidence, **shape)
    below, above = (probabilistic_sharpe_ratio(0.1, n, benchmark=0.02, **shape) for n in (int(rows), int(rows) + 1))
    assert below < confidence <= above


def test_no_length_is_enough_for_a_ratio_at_the_benchmark() -> None:
    assert minimum_track_record_length(0.1, benchmark=0.1) == inf


def test_minimum_length_of_the_paper_is_found_again() -> None:
    # Bailey and Lopez de Prado (2012): 2 against 1 a year, normal, 95 %: 2.73 years of daily rows
    root = sqrt(250)
    assert minimum_track_record_length(2 / root, benchmark=1 / root) / 250 == pytest.approx(2.73, abs=0.005)


def test_rows_without_skill_are_believed_as_often_as_the_probability_says() -> None:
    rows = np.random.default_rng(0).normal(size=(2000, 200))
    ratios = rows.mean(axis=1) / rows.std(axis=1, ddof=1)
    believed = np.mean([probabilistic_sharpe_ratio(one, 200) > 0.95 for one in ratios])
    assert believed == pytest.approx(0.05, abs=0.015)


def test_two_values_whose_ratio_has_no_error_are_certain() -> None:
    # skewness 2 and kurtosis 5 is a two-point distribution; at a ratio of 1 its estimate does not vary
    found = [
        probabilistic_sharpe_ratio(1.0, 50, benchmark=level, skewness=2.0, excess_kurtosis=2.0)
        for level in (0.5, 1.0, 1.5)
    ]
    assert found == [1.0, 0.5, 0.0]


def test_shapes_that_no_rows_have_are_refused() -> None:
    with pytest.raises(InputError, match="at least skewness"):
        probabilistic_sharpe_ratio(0.1, 250, skewness=-3.0, excess_kurtosis=3.0)
    with pytest.raises(InputError, match="n_rows"):
        probabilistic_sharpe_ratio(0.1, 1)
    with pytest.raises(InputError, match="sharpe must be a finite number"):
        probabilistic_sharpe_ratio(np.nan, 250)
    with pytest.raises(InputError, match=r"above 0\.5"):
        minimum_track_record_length(0.1, confidence=0.4)
