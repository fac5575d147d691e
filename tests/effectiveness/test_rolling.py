"""Rolling variance reduction: definition, causality, gaps."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from hedgerow.effectiveness import rolling_variance_reduction, variance_reduction
from hedgerow.errors import DataError, InputError


def _frames() -> tuple[pd.Series, pd.DataFrame]:
    noise = np.random.default_rng(2).standard_normal((120, 2))
    unhedged = pd.Series(noise[:, 0], index=pd.date_range("2020-01-01", periods=120, name="date"))
    return unhedged, pd.DataFrame({"a": 0.4 * unhedged, "b": 0.4 * unhedged + 0.1 * noise[:, 1]})


def test_rolling_reduction_each_row_equals_the_window_alone() -> None:
    unhedged, hedged = _frames()
    rolled = rolling_variance_reduction(unhedged, hedged, 30)
    slow = [variance_reduction(unhedged[t - 29 : t + 1], hedged["b"][t - 29 : t + 1]) for t in range(29, 120)]
    np.testing.assert_allclose(rolled["b"].iloc[29:], slow, atol=1e-12)
    assert rolled.iloc[:29].isna().all().all()


def test_rolling_reduction_future_altered_leaves_past_unchanged() -> None:
    unhedged, hedged = _frames()
    altered = unhedged.copy()
    altered.iloc[80:] *= 50
    before, after = (rolling_variance_reduction(series, hedged, 30).iloc[:80] for series in (unhedged, altered))
    pd.testing.assert_frame_equal(before, after, check_exact=True)


def test_rolling_reduction_missing_rows_stay_missing() -> None:
    unhedged, hedged = _frames()
    hedged.loc[hedged.index[:50], "a"] = np.nan
    rolled = rolling_variance_reduction(unhedged, hedged, 20)
    assert rolled["a"].iloc[:69].isna().all()
    assert rolled["a"].iloc[69] == pytest.approx(0.84)


def test_rolling_reduction_other_index_is_refused() -> None:
    unhedged, hedged = _frames()
    with pytest.raises(DataError, match="same index"):
        rolling_variance_reduction(unhedged.iloc[1:], hedged, 20)


def test_rolling_reduction_window_of_one_is_refused() -> None:
    with pytest.raises(InputError, match="window"):
        rolling_variance_reduction(*_frames(), 1)
