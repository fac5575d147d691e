"""Correlation-adjusted size: given and realised correlation, against NumPy pair by pair; refusals."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest

from hedgerow.errors import ColumnError, DataError, InputError
from hedgerow.overlays import CorrelationAdjusted
from hedgerow.overlays.correlation_adjusted import constituents_of
from overlay_rule_cases import known, signal_table, signals_of

NAMES = ("banks", "energy", "retail")


def test_correlation_of_60_per_cent_over_a_normal_of_40_is_one_and_a_half() -> None:
    multiplier = CorrelationAdjusted(0.40).multiplier(signals_of(correlation=[0.4, 0.6, 0.2, 0.0, -0.3, 1.0]))
    np.testing.assert_allclose(multiplier, [1.0, 1.5, 0.5, 0.0, 0.0, 2.5], rtol=1e-12)


@pytest.mark.parametrize("names", [NAMES, NAMES[:2]])
def test_correlation_realised_equals_the_mean_over_pairs_of_numpy(names) -> None:
    table = signal_table(140)
    rule = CorrelationAdjusted(0.4, 60, names)
    found = rule.correlation(known(table))
    returns = np.diff(np.log(table[list(names)].to_numpy()), axis=0)
    for row in (60, 61, 100, 139):
        matrix = np.corrcoef(returns[row - 60 : row].T)
        expected = np.mean([matrix[i, j] for i, j in combinations(range(len(names)), 2)])
        np.testing.assert_allclose(found[row], expected, rtol=1e-10)
        np.testing.assert_allclose(rule.multiplier(known(table))[row], max(expected, 0.0) / 0.4, rtol=1e-10)


def test_correlation_of_prices_that_move_as_one_is_one_and_against_each_other_minus_one() -> None:
    path = np.cumsum(np.random.default_rng(2).standard_normal(40)) / 50.0
    signals = signals_of(one=np.exp(path), same=7.0 * np.exp(2.0 * path), other=np.exp(-path))
    alike = CorrelationAdjusted(0.4, 20, ("one", "same")).correlation(signals)[20:]
    apart = CorrelationAdjusted(0.4, 20, ("one", "other")).correlation(signals)[20:]
    np.testing.assert_allclose(alike, 1.0, rtol=1e-12)
    np.testing.assert_allclose(apart, -1.0, rtol=1e-12)
    assert (CorrelationAdjusted(0.4, 20, ("one", "other")).multiplier(signals)[20:] == 0.0).all()


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({"constituents": ("banks",)}, "needs two constituents or more and only 'banks' is named"),
        ({"constituents": ("banks", "banks")}, "constituents must differ; received banks, banks"),
        ({"constituents": "banks"}, "constituents must be a list of two or more signals"),
        ({"normal": 0}, "normal of CorrelationAdjusted must be a number, above 0 and at most 1, not 0"),
        ({"normal": 40}, "at most 1, not 40; 0.4 for 40 %"),
        ({"window": 2}, "window of CorrelationAdjusted must be a whole number of signal dates, 3 or more"),
    ],
)
def test_correlation_that_cannot_be_taken_refused(arguments, sentence) -> None:
    with pytest.raises(InputError, match=sentence):
        CorrelationAdjusted(**arguments)


def test_correlation_given_in_per_cent_refused_with_its_date() -> None:
    with pytest.raises(DataError, match="'correlation' is 40 on 2024-01-02; a correlation lies from -1 to 1"):
        CorrelationAdjusted().multiplier(signals_of(correlation=[0.4, 40.0]))


def test_correlation_of_a_price_that_stands_still_refused_with_its_name_and_date() -> None:
    moving = list(np.exp(0.01 * np.resize([0.0, 1.0, 3.0], 10)))
    signals = signals_of(one=moving, other=[*moving[:4], *[9.0] * 6])
    with pytest.raises(DataError, match="'other' is 9 on 2024-01-08; it has moved alike on 3 returns"):
        CorrelationAdjusted(0.4, 3, ("one", "other")).multiplier(signals)


def test_correlation_absent_signal_refused() -> None:
    with pytest.raises(ColumnError, match="needs the signal 'correlation'"):
        CorrelationAdjusted().multiplier(signals_of(vix=[20.0]))


def test_constituents_are_all_signals_but_those_with_a_meaning_of_their_own() -> None:
    assert constituents_of(("vix", "price", "short", "long", "correlation", *NAMES)) == NAMES
