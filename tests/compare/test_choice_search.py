"""The search over one number: known optima, whole numbers, ends of the range, and how flat the optimum is."""

from __future__ import annotations

from collections.abc import Sequence
from math import exp, log

import numpy as np
import pytest

from hedgerow.compare.choice.search import Evaluate, SearchOptions, least
from hedgerow.compare.path_statistics import Figure
from hedgerow.errors import InputError

NORMALS = np.random.default_rng(5).standard_normal(100)


def bowl(bottom: float, noise: float = 0.0) -> Evaluate:
    """Return a quadratic in the log, whose paired standard error is ``noise`` times the distance in the log."""
    unit = NORMALS / (NORMALS.std(ddof=1) / 10.0)

    def evaluate(values: Sequence[float]) -> list[Figure]:
        return [Figure((log(x) - log(bottom)) ** 2, noise * log(x) * unit) for x in values]

    return evaluate


@pytest.mark.parametrize("bottom", [0.013, 0.1, 0.31])
def test_optimum_of_a_quadratic_is_found_within_the_tolerance(bottom: float) -> None:
    found = least(bowl(bottom), 0.002, 0.5)
    assert abs(log(found.value / bottom)) < 0.15
    assert not found.is_at_end
    assert len(found.tried) < 40


def test_search_closes_in_as_far_as_asked() -> None:
    found = least(bowl(0.1), 0.002, 0.5, options=SearchOptions(tolerance=0.02))
    assert abs(log(found.value / 0.1)) < 0.02


@pytest.mark.parametrize("bottom", [1.0, 3.0, 17.0, 250.0])
def test_whole_optimum_is_found_exactly(bottom: float) -> None:
    found = least(bowl(bottom), 1, 252, whole=True, options=SearchOptions(tolerance=1e-6))
    assert found.value == bottom
    assert all(x == round(x) for x in found.tried)


@pytest.mark.parametrize(("bottom", "end"), [(0.001, 0.002), (3.0, 0.5)])
def test_optimum_beyond_the_range_is_said_to_be_at_its_end(bottom: float, end: float) -> None:
    found = least(bowl(bottom), 0.002, 0.5)
    assert found.value == end
    assert found.is_at_end


def test_flat_interval_ends_where_the_gap_is_one_standard_error() -> None:
    found = least(bowl(0.1, noise=0.4), 0.002, 0.5, options=SearchOptions(tolerance=0.02, edge_rounds=6))
    # gap d^2 <= 0.4 d in the log
    assert found.flat[0] == pytest.approx(0.1 * exp(-0.4), rel=0.06)
    assert found.flat[1] == pytest.approx(0.1 * exp(0.4), rel=0.06)


def test_without_noise_nothing_but_the_optimum_is_flat() -> None:
    found = least(bowl(0.1), 0.002, 0.5)
    assert found.flat == (found.value, found.value)


def test_values_tried_are_numbers_as_typed() -> None:
    assert all(len(f"{x:.15g}".lstrip("0.").replace(".", "")) <= 3 for x in least(bowl(0.1), 0.002, 0.5).tried)


def test_one_whole_number_is_its_own_optimum() -> None:
    found = least(bowl(2.0), 1.5, 2.5, whole=True)
    assert (found.value, found.is_at_end) == (2.0, False)


@pytest.mark.parametrize(("low", "high"), [(0.0, 1.0), (2.0, 1.0), (1.0, 1.0), (1.0, float("inf"))])
def test_range_that_is_none_is_refused(low: float, high: float) -> None:
    with pytest.raises(InputError, match="0 < low < high"):
        least(bowl(0.1), low, high)


def test_range_without_a_whole_number_is_refused() -> None:
    with pytest.raises(InputError, match="no whole number"):
        least(bowl(0.1), 1.2, 1.8, whole=True)


@pytest.mark.parametrize("changes", [{"points": 4}, {"tolerance": 0.0}, {"edge_rounds": -1}])
def test_search_that_would_not_close_in_is_refused(changes: dict[str, float]) -> None:
    with pytest.raises(InputError, match="a search needs 5 points or more"):
        SearchOptions(**changes)  # type: ignore[arg-type]
