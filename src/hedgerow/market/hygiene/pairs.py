"""Checks of the exposure against each hedge: closes at different moments, and breaks of the ratio."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from hedgerow._types import FloatArray
from hedgerow.market.hygiene.findings import KEPT, Finding, date_text
from hedgerow.market.hygiene.table import PriceColumn, PriceTable, local_scale
from hedgerow.market.synchronicity import lead_lag_correlations

_LEAST_ROWS = 60  # of either test, and on either side of a break
_STANDARD_ERRORS = 4.0
_KINDS = {"diff": "price differences", "percent": "per cent changes", "log": "log changes"}


def non_synchronous_closes(table: PriceTable) -> Iterator[Finding]:
    """Lead-lag correlation between the changes of the first column and each other."""
    for y, x in _pairs(table):
        seen = lead_lag_correlations(_pulled_in(table, y.changes), _pulled_in(table, x.changes))
        if seen.n_obs < _LEAST_ROWS:
            continue
        noise = _STANDARD_ERRORS / np.sqrt(seen.n_obs)
        leads = ((seen.x_leads, x, y), (seen.y_leads, y, x))
        value, leader, follower = max(leads, key=lambda lead: abs(lead[0]))
        # A lag of the other sign is noise in the quotes that the next row takes back, no late close.
        late = value * seen.same > 0 or abs(seen.same) < noise
        if not (late and abs(value) > max(table.options.lead_lag, noise, abs(seen.same) / 3)):
            continue
        sentence = (
            f"{y.name}, {x.name}: a change of {leader.name} correlates {value:+.2f} with the change of "
            f"{follower.name} one row later (same row {seen.same:+.2f}), so the closes are not taken at the "
            "same moment and the ratio comes out too small, kept; sample weekly (W-FRI), or use a lead-lag "
            "(Scholes-Williams) ratio."
        )
        yield Finding("non_synchronous", f"{y.name}, {x.name}", seen.n_obs, (), KEPT, sentence)


def ratio_breaks(table: PriceTable) -> Iterator[Finding]:
    """CUSUM of the scores of the least-squares ratio between the first column and each other."""
    for y, x in _pairs(table):
        moved = np.isfinite(y.changes) & np.isfinite(x.changes)
        dependent, regressor = _pulled_in(table, y.changes)[moved], _pulled_in(table, x.changes)[moved]
        if len(dependent) < 2 * _LEAST_ROWS or np.ptp(regressor) == 0.0:
            continue
        statistic, at = score_cusum(dependent, regressor)
        p_value = brownian_bridge_tail(statistic)
        if p_value >= table.options.break_level or not _LEAST_ROWS <= at <= len(dependent) - _LEAST_ROWS:
            continue
        date = y.dates[moved][at]
        before, after = _ratio(dependent[:at], regressor[:at]), _ratio(dependent[at:], regressor[at:])
        sentence = (
            f"{y.name}, {x.name}: the ratio of the {_kind(table, y, x)} is {before:.3g} before {date_text(date)} and "
            f"{after:.3g} from there on (CUSUM test with outliers pulled in, p {_p_text(p_value)}), kept; one ratio "
            "over all rows would average two worlds: use a window (rolling or exponentially weighted), or start the "
            "study there."
        )
        yield Finding("break", f"{y.name}, {x.name}", 1, (date,), KEPT, sentence)


def score_cusum(y: FloatArray, x: FloatArray) -> tuple[float, int]:
    """Return the CUSUM statistic of the scores of the slope of y on x, and where it peaks.

    ``sup_t |S_t| / (s sqrt(n))`` with S the running sum of (x - mean x) * residual and s their root mean square. Sums
    of plain residuals see a break of the intercept only; sums of scores see a break of the slope, and s keeps the
    size of the test where the variance of the residual depends on x.

    Parameters
    ----------
    y, x : array, (n_obs,)
        Changes without NaN.

    Returns
    -------
    tuple of float and int
        The statistic, whose limit under a constant slope is the supremum of a Brownian bridge, and the first
        position after the suspected break.

    References
    ----------
    Ploberger, W. and Kramer, W. (1992). The CUSUM test with OLS residuals. Econometrica 60, 271-285.
    """
    centred = x - x.mean()
    residual = y - y.mean() - _ratio(y, x) * centred
    scores = centred * residual
    size = float(np.sqrt(scores @ scores))
    if size <= 1e-12 * float(np.linalg.norm(centred)) * float(np.linalg.norm(y - y.mean()) + 1e-300):
        return 0.0, 0  # y is a multiple of x to rounding: nothing can break
    path = np.abs(np.cumsum(scores)) / size
    at = int(path.argmax())
    return float(path[at]), at + 1


def brownian_bridge_tail(statistic: float) -> float:
    """Return P(sup |Brownian bridge| > statistic), the tail of the Kolmogorov distribution."""
    from scipy.special import kolmogorov

    return float(kolmogorov(statistic))


def _pairs(table: PriceTable) -> Iterator[tuple[PriceColumn, PriceColumn]]:
    names = list(table.prices.columns)
    for other in names[1:]:
        y, x = table.joint_of(names[0], other)
        kind = _kind(table, y, x)
        yield _in_kind(y, kind), _in_kind(x, kind)


def _kind(table: PriceTable, *columns: PriceColumn) -> str:
    positive = all((column.prices > 0).all() for column in columns)
    return _KINDS[table.options.changes if positive else "diff"]


def _in_kind(column: PriceColumn, kind: str) -> PriceColumn:
    if kind == _KINDS["diff"]:
        return column
    before = np.append(np.nan, column.prices[:-1])
    percent = column.changes / before
    return replace(column, changes=percent if kind == _KINDS["percent"] else np.log1p(percent))


def _pulled_in(table: PriceTable, changes: FloatArray) -> FloatArray:
    """Return the changes clipped where an outlier begins: one wild day is no lead and no break."""
    bound = table.options.outlier_scales * local_scale(changes, table.options.scale_window)
    return np.clip(changes, -bound, bound)


def _ratio(y: FloatArray, x: FloatArray) -> float:
    centred = x - x.mean()
    spread = float(centred @ centred)
    return float(centred @ y) / spread if spread > 0 else float("nan")


def _p_text(p_value: float) -> str:
    return "below 0.0001" if p_value < 1e-4 else f"= {p_value:.4f}"
