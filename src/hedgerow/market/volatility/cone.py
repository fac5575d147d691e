"""The volatility cone: how low and how high realised volatility has been over each horizon, and where it is now.

>>> days = pd.bdate_range("2020-01-01", periods=300)
>>> closes = pd.Series(np.exp(np.random.default_rng(0).normal(0.0, 0.01, 300).cumsum()), days)
>>> cone = volatility_cone(closes, horizons=(10, 63))
>>> bool((cone["minimum"] <= cone["median"]).all())
True
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np
import pandas as pd

from hedgerow._types import FloatArray
from hedgerow.errors import DataError, InputError
from hedgerow.market.volatility.realised import realised_volatility
from hedgerow.market.volatility.windows import checked_window
from hedgerow.units import TRADING_DAYS_PER_YEAR

HORIZONS = (10, 21, 42, 63, 126, 252)


def volatility_cone(
    prices: pd.DataFrame | pd.Series,
    *,
    horizons: Sequence[int] = HORIZONS,
    quantiles: Sequence[float] = (0.1, 0.25, 0.75, 0.9),
    estimator: str = "close_to_close",
    periods_per_year: float = TRADING_DAYS_PER_YEAR,
    overlap: Literal["none", "hodges_tompkins"] = "none",
) -> pd.DataFrame:
    """Return the distribution of realised volatility over windows of each horizon, and its latest value.

    Parameters
    ----------
    prices : DataFrame or Series (n_times,)
        One instrument by date, as :func:`realised_volatility` takes it.
    horizons : sequence of int
        Window lengths in bars.
    quantiles : sequence of float
        Levels between 0 and 1, each a column ``q10``, ``q25``, ...
    estimator, periods_per_year
        As :func:`realised_volatility`.
    overlap : {"none", "hodges_tompkins"}
        Windows overlap by all but one bar, so that they differ less from one another than separate windows would:
        the sample variance of their realised variances is too small by ``1 - h/n + (h^2 - 1) / (3 n^2)`` for n windows
        of h bars. ``hodges_tompkins`` widens minimum, quantiles, median and maximum about the mean variance by one
        over the root of that; ``none`` leaves them as observed. The latest value is never changed.

    Returns
    -------
    DataFrame (n_horizons, ...)
        By horizon: windows, independent_windows (bars / horizon), minimum, the quantiles and median in rising order,
        maximum, latest, and latest_percentile (share of windows strictly below the latest). Decimals per year.

    Raises
    ------
    InputError
        Horizons, quantiles or overlap that mean nothing.
    DataError
        Fewer rows than the longest horizon needs; a bar that cannot be true.

    Notes
    -----
    The cone looks at all rows given: cut the table at today before a decision uses it. The long horizons rest on few
    independent windows, which the table shows.

    References
    ----------
    Burghardt and Lane (1990), Journal of Portfolio Management 16; Hodges and Tompkins (2002), Journal of Derivatives
    10, for the adjustment.
    """
    levels = _checked_quantiles(quantiles)
    if overlap not in ("none", "hodges_tompkins"):
        raise InputError(f"overlap must be none or hodges_tompkins; received {overlap!r}")
    if not len(horizons):
        raise InputError("horizons must name at least one window length; received none")
    rows = {}
    for horizon in horizons:
        window = checked_window(horizon, "horizon")
        rolling = realised_volatility(prices, estimator=estimator, window=window, periods_per_year=periods_per_year)
        rows[window] = _row(rolling.dropna().to_numpy(), window, levels, overlap)
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("horizon")


def _row(volatility: FloatArray, horizon: int, levels: list[float], overlap: str) -> dict[str, float | int]:
    windows = len(volatility)
    if windows < 2:
        raise DataError(
            f"a cone over {horizon} bars needs at least two windows and there is {windows}; leave out the horizon"
        )
    spread = volatility if overlap == "none" else _widened(volatility, horizon)
    marks = sorted({*levels, 0.5})
    found = np.quantile(spread, marks)
    named = {
        ("median" if mark == 0.5 else f"q{100 * mark:g}"): float(value)
        for mark, value in zip(marks, found, strict=True)
    }
    latest = float(volatility[-1])
    return {
        "windows": windows,
        "independent_windows": (windows + horizon - 1) // horizon,
        "minimum": float(spread.min()),
        **named,
        "maximum": float(spread.max()),
        "latest": latest,
        "latest_percentile": float((volatility < latest).mean()),
    }


def _widened(volatility: FloatArray, horizon: int) -> FloatArray:
    variance = np.square(volatility)
    factor = overlap_factor(horizon, len(volatility))
    centre = variance.mean()
    widened: FloatArray = np.sqrt(np.maximum(centre + np.sqrt(factor) * (variance - centre), 0.0))
    return widened


def overlap_factor(horizon: int, windows: int) -> float:
    """Return what the sample variance of figures over overlapping windows must be multiplied by to be unbiased.

    ``1 / (1 - h/n + (h^2 - 1) / (3 n^2))`` for n windows of h independent bars, each beginning one bar after the last.

    Raises
    ------
    DataError
        Fewer windows than bars in one, for which the formula does not hold.

    Examples
    --------
    >>> round(overlap_factor(21, 232), 4)
    1.0962
    """
    if windows < horizon:
        raise DataError(
            f"the overlap adjustment needs at least as many windows as a window has bars: {windows} windows of "
            f"{horizon}; give more rows, leave out the horizon or take overlap none"
        )
    return 1.0 / (1.0 - horizon / windows + (horizon**2 - 1.0) / (3.0 * windows**2))


def _checked_quantiles(quantiles: Sequence[float]) -> list[float]:
    levels = [float(level) for level in quantiles]
    wrong = [level for level in levels if not 0.0 < level < 1.0]
    if wrong:
        raise InputError(f"quantiles must lie between 0 and 1; received {wrong[0]!r}; 0.25 is the lower quarter")
    return levels
