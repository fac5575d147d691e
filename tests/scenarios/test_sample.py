"""The cumulant of a sample, and rows taken by a uniform."""

from __future__ import annotations

import numpy as np

from hedgerow.scenarios.sample import Cumulant, places


def test_cumulant_equals_the_sum_over_the_sample() -> None:
    sample = np.random.default_rng(1).standard_t(4, 2000)
    sample = (sample - sample.mean()) / sample.std()
    sizes = np.array([0.0, 1e-6, 0.0123, 0.3, 0.777, 1.0, 2.5])
    wanted = np.log(np.exp(sizes[:, None] * sample).mean(axis=1))
    np.testing.assert_allclose(Cumulant(sample)(sizes), wanted, rtol=1e-8, atol=1e-12)


def test_places_cover_every_row_alike_and_no_other() -> None:
    uniform = np.arange(1, 401) / 400.0
    np.testing.assert_array_equal(np.bincount(places(uniform, 40).astype(int)), 10)
    assert places(np.array([2.0**-60, 1.0]), 40).tolist() == [0.0, 39.0]
