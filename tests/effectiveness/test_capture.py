"""Beta and capture: least squares, shares that a holding of a part must show, and the compound form of libraries."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from hedgerow.effectiveness import beta, down_capture, up_capture
from hedgerow.errors import DataError

MARKET, NOISE = np.random.default_rng(4).normal(0.0, 0.01, (2, 600))
OURS = 0.4 * MARKET + 0.3 * NOISE


def test_beta_is_the_slope_of_least_squares() -> None:
    assert beta(OURS, MARKET) == pytest.approx(np.polyfit(MARKET, OURS, 1)[0], abs=1e-10)
    assert beta(1e-200 * OURS, 1e-200 * MARKET) == pytest.approx(beta(OURS, MARKET), rel=1e-12)
    assert beta(MARKET, MARKET) == pytest.approx(1.0, abs=1e-14)


@pytest.mark.parametrize("share", [-0.5, 0.0, 0.5, 2.0])
def test_a_share_of_the_benchmark_captures_that_share_of_both_sides(share: float) -> None:
    assert up_capture(share * MARKET, MARKET) == pytest.approx(share, abs=1e-12)
    assert down_capture(share * MARKET, MARKET) == pytest.approx(share, abs=1e-12)


def test_capture_is_the_quotient_of_means_on_the_days_of_that_sign() -> None:
    frame = pd.DataFrame({"ours": OURS, "market": MARKET})
    up, down = frame[frame.market > 0].mean(), frame[frame.market < 0].mean()
    assert up_capture(OURS, MARKET) == pytest.approx(up.ours / up.market, abs=1e-10)
    assert down_capture(OURS, MARKET) == pytest.approx(down.ours / down.market, abs=1e-10)


def test_compound_capture_is_the_quotient_of_yearly_growth() -> None:
    def growth(rows: np.ndarray) -> float:
        return float(np.prod(1.0 + rows) ** (252.0 / len(rows)) - 1.0)

    up = MARKET > 0.0
    assert up_capture(OURS, MARKET, compound=True) == pytest.approx(growth(OURS[up]) / growth(MARKET[up]), abs=1e-10)
    assert down_capture(MARKET, MARKET, compound=True) == 1.0
    assert up_capture(0.5 * MARKET, MARKET, compound=True) < 0.4


def test_a_benchmark_without_that_side_gives_no_figure() -> None:
    assert np.isnan([up_capture([1.0], [-1.0]), down_capture([1.0], [1.0]), beta([1.0, 2.0], [3.0, 3.0])]).all()


def test_other_rows_are_refused() -> None:
    with pytest.raises(DataError, match="same rows, got 2 and 3"):
        beta([1.0, 2.0], [1.0, 2.0, 3.0])
