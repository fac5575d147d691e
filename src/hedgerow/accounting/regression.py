"""Regression of the hedged item on the hedge that is held, with everything an auditor asks beside the slope."""

from __future__ import annotations

import warnings
from dataclasses import dataclass, field
from math import floor
from typing import Any

import numpy as np
import pandas as pd

from hedgerow._types import ArrayLike, FloatArray
from hedgerow.accounting.thresholds import AccountingThresholds
from hedgerow.errors import DataError, InputError

FEWEST_ROWS = 5
"""Rows below which no regression is made: two parameters and a variance need more than three."""
DIRECTION = "change of the hedged item (y) on the change of the hedging instrument as held (x)"


@dataclass(frozen=True, eq=False)
class EffectivenessRegression:
    """What the regression ``item = intercept + slope * hedge + error`` found.

    Attributes
    ----------
    n_obs : int
    slope, intercept : float
        Against the hedge held a perfect hedge has slope -1; ``-slope`` is the slope against a hypothetical derivative
        of the same terms, where it is +1. Slope without unit, intercept in money per observation.
    r_squared : float
    f_statistic, f_p_value : float
    slope_error, t_statistic, p_value : float
        Ordinary least squares.
    hac_error, hac_t_statistic, hac_p_value : float
        Newey-West with ``hac_lags`` lags, 4 (n / 100)^(2/9) rounded down.
    hac_lags : int
    durbin_watson : float
        Near 2 without autocorrelation of the first order.
    ljung_box, ljung_box_p_value : float
        Over ``ljung_box_lags`` lags.
    ljung_box_lags : int
    cook_largest : float
        Largest Cook's distance; ``cook_row`` says of which row (from 0), ``cook_many`` how many exceed 4 / n.
    cook_row, cook_many : int
    residuals : ndarray, (n_obs,)
        In money.
    """

    n_obs: int
    slope: float
    intercept: float
    r_squared: float
    f_statistic: float
    f_p_value: float
    slope_error: float
    t_statistic: float
    p_value: float
    hac_error: float
    hac_t_statistic: float
    hac_p_value: float
    hac_lags: int
    durbin_watson: float
    ljung_box: float
    ljung_box_p_value: float
    ljung_box_lags: int
    cook_largest: float
    cook_row: int
    cook_many: int
    residuals: FloatArray = field(repr=False)

    def slope_inside(self, thresholds: AccountingThresholds) -> bool:
        """Return whether the slope lies in its range, with the sign of a hedge."""
        return thresholds.slope_low <= -self.slope <= thresholds.slope_high

    def passes(self, thresholds: AccountingThresholds) -> bool:
        """Return whether slope, R², significance of slope and F, and number of rows all hold."""
        return (
            self.slope_inside(thresholds)
            and self.r_squared >= thresholds.r_squared
            and self.p_value <= thresholds.significance
            and self.f_p_value <= thresholds.significance
            and self.n_obs >= thresholds.fewest
        )

    def rows(self) -> list[tuple[str, float | int | str]]:
        """Return every figure with its name, in the order a document prints them."""
        return [
            ("direction", DIRECTION),
            ("observations (n)", self.n_obs),
            ("slope, item on hedge held", self.slope),
            ("slope with the sign of a hypothetical derivative", -self.slope),
            ("intercept, money per observation", self.intercept),
            ("R²", self.r_squared),
            ("F", self.f_statistic),
            ("p of F", self.f_p_value),
            ("standard error of the slope, OLS", self.slope_error),
            ("t of the slope, OLS", self.t_statistic),
            ("p of the slope, OLS", self.p_value),
            (f"standard error of the slope, HAC with {self.hac_lags} lags", self.hac_error),
            ("t of the slope, HAC", self.hac_t_statistic),
            ("p of the slope, HAC", self.hac_p_value),
            ("Durbin-Watson", self.durbin_watson),
            (f"Ljung-Box over {self.ljung_box_lags} lags", self.ljung_box),
            ("p of Ljung-Box", self.ljung_box_p_value),
            ("largest Cook's distance", self.cook_largest),
            ("observations with Cook's distance above 4 / n", self.cook_many),
        ]


def regress_item(item: ArrayLike, hedge: ArrayLike) -> EffectivenessRegression:
    """Regress changes of the item on changes of the hedge as held.

    Parameters
    ----------
    item, hedge : array_like of shape (n,)
        Changes in fair value in money, over the same spans that do not overlap; ``hedge`` is the position really
        held (contracts, size and sign), so that a perfect hedge has slope -1.

    Returns
    -------
    EffectivenessRegression

    Raises
    ------
    DataError
        Fewer than 5 rows, missing values, different lengths, or a side that does not move.

    Notes
    -----
    Changes, never levels: two trending levels correlate whether or not one hedges the other. Estimation is
    statsmodels' OLS.

    References
    ----------
    Newey, W. K. and West, K. D. (1987), Econometrica 55, 703-708. Cook, R. D. (1977), Technometrics 19, 15-18.

    Examples
    --------
    >>> found = regress_item([-9.0, 11.0, -20.0, 4.0, 15.0, -1.0], [10.0, -10.0, 19.0, -5.0, -15.0, 2.0])
    >>> found.n_obs, round(found.slope, 2), round(found.r_squared, 2)
    (6, -1.01, 0.99)
    """
    y, x = _checked(item, hedge)
    n = len(y)
    lags = floor(4.0 * (n / 100.0) ** (2.0 / 9.0))
    box_lags = max(1, min(10, n // 5))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # perfect fits divide by a residual variance of zero; the result says so
        fit, robust, box = _fitted(y, x, lags, box_lags)
        cook = np.nan_to_num(np.asarray(fit.get_influence().cooks_distance[0], dtype=np.float64), posinf=0.0)
        residuals = np.asarray(fit.resid, dtype=np.float64)
        watson = float((np.diff(residuals) ** 2).sum() / max(float((residuals**2).sum()), np.finfo(float).tiny))
        return EffectivenessRegression(
            n,
            float(fit.params[1]), float(fit.params[0]), float(fit.rsquared), float(fit.fvalue), float(fit.f_pvalue),
            float(fit.bse[1]), float(fit.tvalues[1]), float(fit.pvalues[1]),
            float(robust.bse[1]), float(robust.tvalues[1]), float(robust.pvalues[1]), lags,
            watson, *box, box_lags,
            float(cook.max()), int(cook.argmax()), int((cook > 4.0 / n).sum()), residuals,
        )  # fmt: skip


def rolling_regression(item: pd.Series, hedge: pd.Series, window: int) -> pd.DataFrame:
    """Return slope and R² of the item on the hedge over the last ``window`` rows.

    Parameters
    ----------
    item, hedge : pandas.Series of shape (n,)
        Changes in money by date.
    window : int
        Rows in a window, 3 or more.

    Returns
    -------
    pandas.DataFrame, (n, 2)
        ``slope`` and ``r_squared`` by date, NaN before the first full window and where a side stands still.

    Raises
    ------
    InputError
        A window below 3 rows.

    Examples
    --------
    >>> hedge = pd.Series([1.0, -2.0, 3.0, 1.0])
    >>> rolling_regression(-2.0 * hedge, hedge, 3)["slope"].round(6).tolist()
    [nan, nan, -2.0, -2.0]
    """
    if window < 3:
        raise InputError(f"window must be 3 rows or more, got {window}")
    variance = hedge.rolling(window).var()
    shared = item.rolling(window).cov(hedge)
    total = item.rolling(window).var()
    moving = (variance > 0.0) & (total > 0.0)
    slope = shared / variance.where(moving)
    return pd.DataFrame({"slope": slope, "r_squared": (slope * shared / total.where(moving)).clip(upper=1.0)})


def autocorrelation(residuals: FloatArray, lags: int = 20) -> pd.Series:
    """Return the autocorrelation of residuals at lags 1 to ``lags`` (or to n - 1); 0 where they do not move.

    Parameters
    ----------
    residuals : ndarray of shape (n,)
    lags : int
        The highest lag.

    Returns
    -------
    pandas.Series, (lags,)
        By lag; about 95 % of white noise lies within 1.96 / sqrt(n).
    """
    centred = residuals - residuals.mean()
    total = float(centred @ centred)
    most = min(lags, len(centred) - 1)
    shares = [float(centred[lag:] @ centred[:-lag]) / total if total > 0.0 else 0.0 for lag in range(1, most + 1)]
    return pd.Series(shares, index=pd.RangeIndex(1, most + 1, name="lag"), name="autocorrelation")


def _checked(item: ArrayLike, hedge: ArrayLike) -> tuple[FloatArray, FloatArray]:
    y, x = (np.asarray(side, dtype=np.float64).ravel() for side in (item, hedge))
    if len(y) != len(x):
        raise DataError(f"item has {len(y)} changes and hedge {len(x)}; give both over the same spans")
    if len(y) < FEWEST_ROWS:
        raise DataError(f"a regression needs {FEWEST_ROWS} changes or more and there are {len(y)}; use a longer window")
    if not (np.isfinite(y).all() and np.isfinite(x).all()):
        raise DataError("a change of item or hedge is missing or infinite; leave its row out of both")
    for name, side in (("item", y), ("hedge", x)):
        if np.ptp(side) == 0.0:
            raise DataError(f"the {name} changes by the same amount in every row, so no slope can be estimated")
    return y, x


def _fitted(y: FloatArray, x: FloatArray, lags: int, box_lags: int) -> tuple[Any, Any, tuple[float, float]]:
    """Return the fit with ordinary errors, the same with robust ones, and the Ljung-Box statistic with its p-value."""
    from statsmodels.regression.linear_model import OLS
    from statsmodels.stats.diagnostic import acorr_ljungbox

    design = np.column_stack([np.ones_like(x), x])
    model = OLS(y, design)
    fit, robust = model.fit(), model.fit(cov_type="HAC", cov_kwds={"maxlags": lags}, use_t=True)
    table = acorr_ljungbox(fit.resid, lags=[box_lags])
    return fit, robust, (float(table["lb_stat"].iloc[0]), float(table["lb_pvalue"].iloc[0]))
