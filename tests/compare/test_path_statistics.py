"""Standard errors over paths: against the spread of repeated samples, exact cases, and common random numbers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from hedgerow.compare.path_statistics import (
    Figure,
    cvar_of,
    mean_of,
    standard_deviation_of,
    standard_error,
    variance_of,
)
from hedgerow.engine.statistics import Moments, tail_figures

KINDS: dict[str, Callable[..., Figure]] = {
    "mean": mean_of,
    "variance": variance_of,
    "standard deviation": standard_deviation_of,
    "cvar": cvar_of,
}


def draws(n: int = 1000, seed: int = 3) -> Any:
    return np.random.default_rng(seed).gamma(4.0, size=n) * -1.0


@pytest.mark.parametrize("kind", KINDS)
def test_standard_error_is_the_spread_of_repeated_samples(kind: str) -> None:
    samples = np.random.default_rng(1).gamma(4.0, size=(400, 1000))
    figures = [KINDS[kind](-sample) for sample in samples]
    spread = np.std([figure.value for figure in figures], ddof=1)
    stated = np.mean([figure.standard_error for figure in figures])
    assert stated == pytest.approx(spread, rel=0.12)  # 400 samples know a spread to 3.5 %


@pytest.mark.parametrize("kind", KINDS)
def test_standard_error_of_a_difference_is_that_of_repeated_pairs(kind: str) -> None:
    random = np.random.default_rng(2)
    first = random.gamma(4.0, size=(300, 1000))
    second = first + 0.3 * random.standard_normal(first.shape)
    gaps = [KINDS[kind](a).less(KINDS[kind](b)) for a, b in zip(first, second, strict=True)]
    spread = np.std([gap.value for gap in gaps], ddof=1)
    assert np.mean([gap.standard_error for gap in gaps]) == pytest.approx(spread, rel=0.15)


def test_figures_agree_with_the_engine() -> None:
    values = draws()
    moments, tail = Moments.of(values), tail_figures(values)
    assert standard_deviation_of(values).value == pytest.approx(moments.standard_deviation, rel=1e-12)
    assert standard_deviation_of(values).standard_error == pytest.approx(moments.error_of_deviation, rel=2e-3)
    assert cvar_of(values).value == pytest.approx(tail["cvar"][0], rel=1e-12)
    assert cvar_of(values).standard_error == pytest.approx(tail["cvar"][1], rel=1e-9)


def test_mirrored_paths_that_cancel_have_no_error_and_twins_count_once() -> None:
    normals = np.random.default_rng(0).standard_normal(500)
    assert mean_of(np.column_stack([normals, -normals]).ravel(), mirrored=True).standard_error == pytest.approx(0.0)
    twins = mean_of(np.repeat(normals, 2), mirrored=True)
    assert twins.standard_error == pytest.approx(mean_of(normals).standard_error, rel=1e-12)


def test_figure_less_itself_is_exactly_zero() -> None:
    figure = Figure(1.0, draws(10), apart=0.5)
    assert (figure.less(figure).value, figure.less(figure).standard_error) == (0.0, 0.0)


def test_what_is_known_as_an_average_adds_as_if_independent() -> None:
    a, b = Figure(1.0, np.zeros(4), apart=3.0), Figure(2.0, np.zeros(4), apart=4.0)
    assert a.less(b).standard_error == pytest.approx(5.0)


@pytest.mark.parametrize("kind", KINDS)
def test_constant_paths_have_no_error(kind: str) -> None:
    assert KINDS[kind](np.full(20, -2.5)).standard_error == 0.0


def test_one_path_knows_nothing_of_its_error() -> None:
    assert np.isnan(standard_error(np.array([1.0])))
