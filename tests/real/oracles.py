"""Independent figures for real data: pandas to read and join, statsmodels for errors, a slow loop out of sample."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd


def read_columns(columns: dict[str, tuple[Path, str]], start: str | None = None) -> pd.DataFrame:
    """Return named columns of several files on the dates on which all have a value."""
    series = {}
    for name, (path, column) in columns.items():
        series[name] = pd.read_csv(path, index_col="date", parse_dates=True)[column]
    return pd.concat(series, axis=1, join="inner").dropna().loc[start:]


def fridays(table: pd.DataFrame) -> pd.DataFrame:
    """Return the last row of each week that ends on a Friday, Saturday and Sunday counted to the Friday before."""
    weekday = table.index.day_of_week.to_numpy()
    to_friday = np.where(weekday <= 4, 4 - weekday, 11 - weekday)
    week = table.index + pd.to_timedelta(to_friday, unit="D")
    return table.groupby(week).tail(1)


def slope_and_error(y: pd.Series, x: pd.Series) -> tuple[float, float]:
    """Return the least-squares slope and its Newey-West standard error, by statsmodels."""
    import statsmodels.api as sm

    lags = int(4.0 * (len(y) / 100.0) ** (2.0 / 9.0))
    fit = sm.OLS(y.to_numpy(), sm.add_constant(x.to_numpy())).fit(
        cov_type="HAC", cov_kwds={"maxlags": lags, "use_correction": False}
    )
    return float(fit.params[1]), float(fit.bse[1])


def slow_reduction(y: pd.Series, x: pd.Series, cost_per_unit: pd.Series | None = None) -> float:
    """Return the variance reduction of a daily refitted OLS ratio on the second half, cost of trading taken off."""
    unhedged, hedged, held, owed = [], [], 0.0, 0.0
    for row in range(len(y) // 2, len(y)):
        past_x, past_y = x.to_numpy()[:row], y.to_numpy()[:row]
        ratio = np.cov(past_x, past_y)[0, 1] / np.var(past_x, ddof=1)
        charge = 0.0 if cost_per_unit is None else abs(ratio - held) * float(cost_per_unit.iloc[row])
        if hedged:
            hedged[-1] -= charge  # a trade is paid at the end of the step before it; the first with the first row
        else:
            owed = charge
        unhedged.append(y.iloc[row])
        hedged.append(y.iloc[row] - ratio * x.iloc[row])
        held = ratio
    hedged[0] -= owed
    return float(1.0 - np.var(hedged, ddof=1) / np.var(unhedged, ddof=1))
