"""What is said of volatility hedges, and what the data say: claimed against measured, with intervals.

The claims are those of the texts that this package was built from: a hedge that breathes is 30 to 50 % cheaper than the
static one, offsets 50 to 70 % of a crash against 40 to 60 %, and lifts the Sharpe ratio from 0.50 over 0.55 to 0.65;
calm, normal and crash regimes take 80, 15 and 5 % of the days; volatility has a persistence of 0.7; the chance of
leaving the calm state is 0.05 a day and that of leaving the crash 0.15.
"""

from __future__ import annotations

from math import nan

import numpy as np
import pandas as pd

from hedgerow._types import FloatArray
from hedgerow.compare.overlays.comparison import OverlayComparison
from hedgerow.effectiveness import BootstrapOptions, choose_block_length
from hedgerow.effectiveness.intervals import percentile_interval
from hedgerow.effectiveness.resampling import stationary_rows
from hedgerow.errors import InputError, did_you_mean
from hedgerow.units import TRADING_DAYS_PER_YEAR

CLAIM_COLUMNS = ("claim", "claimed", "measured", "low", "high", "holds", "sample", "how")
CALM_BELOW, CRASH_ABOVE = 15.0, 25.0
"""Levels of the volatility index, in points, between the regimes."""
MONTH = 21
OBSERVED = "all dates, nothing fitted"

Interval = tuple[float, float]
NOTHING: Interval = (nan, nan)


def measure_claims(comparison: OverlayComparison, plan: str | None = None) -> pd.DataFrame:
    """Measure every claim on a comparison's market.

    Parameters
    ----------
    comparison : OverlayComparison
    plan : str, optional
        The hedge that breathes; the first by default.

    Returns
    -------
    pandas.DataFrame
        ``claim``, ``claimed`` (text), ``measured``, ``low``, ``high`` (stationary bootstrap; NaN without), ``holds``
        (whether the claimed range and the interval meet; None without an interval, or where nothing was measured),
        ``sample``, ``how`` (what was measured, or why there is no figure: the static hedge earned money, no crisis).

    Raises
    ------
    InputError
        No such plan.
    """
    name = next(iter(comparison.plans)) if plan is None else plan
    if name not in comparison.plans:
        raise InputError(f"there is no plan {name!r}{did_you_mean(name, comparison.plans)}")
    rows = [*_of_hedges(comparison, name), *_of_volatility(comparison)]
    return pd.DataFrame(rows, columns=list(CLAIM_COLUMNS))


def _row(
    claim: str, claimed: tuple[float, float], measured: float, ends: Interval, sample: str, how: str
) -> tuple[object, ...]:
    low, high = claimed
    text = f"{low:g}" if low == high else f"{low:g} to {high:g}"
    known = np.isfinite(measured) and np.isfinite(ends[0]) and np.isfinite(ends[1])
    holds = bool(ends[0] <= high and ends[1] >= low) if known else None
    return claim, text, float(measured), float(ends[0]), float(ends[1]), holds, sample, how


def _of_hedges(comparison: OverlayComparison, name: str) -> list[tuple[object, ...]]:
    table, draws, static = comparison.table(), comparison.draws, comparison.static[name]
    sample = comparison.judging.sample

    def figure(row: str, column: str) -> float:
        return float(table[column].to_dict()[row])

    def ends(row: str, column: str) -> Interval:
        return NOTHING if draws is None else draws.interval(column, row)

    saved = NOTHING
    if draws is not None:
        cost = draws.figures["cost_per_year"]
        own, other = (cost[:, [draws.names.index(each)]] for each in (name, static))
        low, high = percentile_interval(1.0 - own / np.where(other > 0.0, other, nan), draws.confidence)
        saved = (float(low[0]), float(high[0]))
    share, paid = figure(name, "saved_against_static"), figure(static, "cost_per_year")
    how = f"1 - cost of {name} over the static's"
    if not paid > 0.0:
        saved, how = NOTHING, f"no figure: {static} cost nothing, it earned {-paid:.2%} a year, so none can be cheaper"
    rows = [_row("cheaper than static", (0.30, 0.50), share, saved, sample, how)]
    covered = bool(comparison.period.struck.any())
    for row, claimed in ((name, (0.50, 0.70)), (static, (0.40, 0.60))):
        how = f"gain of {row} over loss of the portfolio, all crises in the data"
        how = how if covered else "no figure: no crisis lies in the data"
        rows.append(_row(f"crash offset, {row}", claimed, figure(row, "offset"), ends(row, "offset"), sample, how))
    for row, ratio in (("no hedge", 0.50), (static, 0.55), (name, 0.65)):
        how = "of the daily returns above interest, a year"
        rows.append(
            _row(f"Sharpe ratio, {row}", (ratio, ratio), figure(row, "sharpe"), ends(row, "sharpe"), sample, how)
        )
    return rows


def _of_volatility(comparison: OverlayComparison) -> list[tuple[object, ...]]:
    market, bootstrap = comparison.setting.market, comparison.judging.bootstrap
    vix = market.vix
    calm, crash = (vix < CALM_BELOW).astype(float), (vix > CRASH_ABOVE).astype(float)
    high = crash[:-1] > 0.0
    low_rows, high_rows = (~high).astype(float), high.astype(float)
    up, down = low_rows * crash[1:], high_rows * (1.0 - crash[1:])
    shares = {
        "calm days": (0.80, calm, np.ones_like(vix), f"VIX below {CALM_BELOW:g}"),
        "normal days": (0.15, 1.0 - calm - crash, np.ones_like(vix), f"VIX from {CALM_BELOW:g} to {CRASH_ABOVE:g}"),
        "crash days": (0.05, crash, np.ones_like(vix), f"VIX above {CRASH_ABOVE:g}"),
        "p_low_high": (0.05, up, low_rows, f"days on which the VIX rises above {CRASH_ABOVE:g}, of days below"),
        "p_high_low": (0.15, down, high_rows, f"days on which the VIX falls to {CRASH_ABOVE:g} or less, of days above"),
    }
    rows = []
    for claim, (value, part, whole, how) in shares.items():
        measured, ends = ratio_of_sums(part, whole, bootstrap)
        rows.append(_row(claim, (value, value), measured, ends, OBSERVED, how))
    spans = ("a month", "a day")  # the text says "today predicts tomorrow"; over a month the figure fits
    for span, (how, series) in zip(spans, _volatilities(market.price, vix).items(), strict=True):
        measured, ends = persistence(series, bootstrap)
        rows.append(_row(f"volatility persistence, {span}", (0.70, 0.70), measured, ends, OBSERVED, how))
    return rows


def _volatilities(price: FloatArray, vix: FloatArray) -> dict[str, FloatArray]:
    squares = np.diff(np.log(price)) ** 2
    months = len(squares) // MONTH
    realised = np.sqrt(squares[: months * MONTH].reshape(months, MONTH).mean(axis=1) * TRADING_DAYS_PER_YEAR)
    return {
        "correlation of realised volatility with itself 21 days later, months apart": realised,
        "correlation of the VIX with itself a day later": vix,
    }


def ratio_of_sums(part: FloatArray, whole: FloatArray, bootstrap: BootstrapOptions | None) -> tuple[float, Interval]:
    """Return a share of days with its interval; NaN where the whole never occurs."""
    total = float(whole.sum())
    if total == 0.0:
        return nan, NOTHING
    measured = float(part.sum()) / total
    if bootstrap is None or len(part) < 20:
        return measured, NOTHING
    length = bootstrap.block_length or choose_block_length(part[None])
    drawn = np.empty((bootstrap.draws, 1))
    for number, rows in enumerate(stationary_rows(len(part), length, bootstrap.draws, bootstrap.seed)):
        below = whole[rows].sum()
        drawn[number] = part[rows].sum() / below if below > 0.0 else nan
    low, high = percentile_interval(drawn, bootstrap.confidence)
    return measured, (float(low[0]), float(high[0]))


def persistence(series: FloatArray, bootstrap: BootstrapOptions | None) -> tuple[float, Interval]:
    """Return the correlation of a series with itself one row later, with the interval of Fisher's transform.

    The standard error is that of n independent pairs, ``1 / sqrt(n - 3)``: too small where rows are not independent
    given the one before. NaN below five rows and where the series does not vary.
    """
    before, after = series[:-1], series[1:]
    if len(before) < 5 or np.ptp(before) == 0.0 or np.ptp(after) == 0.0:
        return nan, NOTHING
    found = float(np.corrcoef(before, after)[0, 1])
    if bootstrap is None or not abs(found) < 1.0:
        return found, NOTHING
    from scipy.special import ndtri

    reach = float(ndtri(0.5 + bootstrap.confidence / 2.0)) / np.sqrt(len(before) - 3)
    return found, (float(np.tanh(np.arctanh(found) - reach)), float(np.tanh(np.arctanh(found) + reach)))
