"""What each hedge did in every crisis and in every calendar year."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from hedgerow.compare.overlays.crises import calm_years
from hedgerow.compare.overlays.record import HedgeRecord

CRISIS_COLUMNS = (
    "crisis", "start", "end", "plan", "portfolio_loss", "portfolio_return", "hedge_gain", "offset",
    "offset_of_hedged_part", "days_hedged", "status", "sample",
)  # fmt: skip
YEAR_COLUMNS = ("year", "plan", "calm", "portfolio_return", "hedge_gain", "hedge_share", "status", "sample")


def crisis_table(records: Mapping[str, HedgeRecord]) -> pd.DataFrame:
    """Return a row per crisis and account.

    Returns
    -------
    pandas.DataFrame
        ``crisis``, ``start``, ``end`` (dates as text), ``plan``, ``portfolio_loss`` (money, positive),
        ``portfolio_return`` (share of its value before), ``hedge_gain`` (money net of costs), ``offset``
        (``hedge_gain / portfolio_loss``; NaN where the portfolio lost nothing), ``offset_of_hedged_part`` (over the
        loss of the exposed part alone; the same at an exposure weight of 1), ``days_hedged`` (share of the crisis's
        steps), ``status`` ("covered", "partly covered", or "no data", whose figures are NaN), ``sample``.
    """
    rows = [
        (crisis.name, crisis.start, crisis.end, name, *_in_crisis(record, number))
        for number, crisis in enumerate(next(iter(records.values())).period.crises)
        for name, record in records.items()
    ]
    return pd.DataFrame(rows, columns=list(CRISIS_COLUMNS))


def _in_crisis(record: HedgeRecord, number: int) -> tuple[object, ...]:
    period = record.period
    crisis = period.crises[number]
    status, rows = crisis.coverage(period.all_dates), crisis.rows(period.dates)
    if not rows.any():
        return (np.nan,) * 6 + ("no data", record.sample)
    loss = -float((period.portfolio * period.unhedged)[rows].sum())
    fall = float(np.prod(1.0 + period.unhedged[rows]) - 1.0)
    gain = float(record.hedge_pnl[rows].sum())
    loss_of_part = -float((period.portfolio * period.hedged_part)[rows].sum())
    offsets = (gain / each if each > 0.0 else float("nan") for each in (loss, loss_of_part))
    return loss, fall, gain, *offsets, float(np.mean(record.held[rows] > 0.0)), status, record.sample


def year_table(records: Mapping[str, HedgeRecord]) -> pd.DataFrame:
    """Return a row per calendar year and account.

    Returns
    -------
    pandas.DataFrame
        ``year``, ``plan``, ``calm`` (no crisis in it and never 10 % below the year's own peak), ``portfolio_return``,
        ``hedge_gain`` (money), ``hedge_share`` (sum of the daily shares of the portfolio), ``status`` ("whole" or
        "part of the year": fewer than 360 days of it are in the data), ``sample``.
    """
    period = next(iter(records.values())).period
    years = period.dates.year.to_numpy()
    calm = calm_years(period.dates, np.asarray(np.cumprod(1.0 + period.unhedged)), period.crises)
    found = []
    for year in np.unique(years):
        rows = years == year
        growth = float(np.prod(1.0 + period.unhedged[rows]) - 1.0)
        status = "whole" if period.days[rows].sum() >= 360.0 else "part of the year"
        for name, record in records.items():
            gain, share = float(record.hedge_pnl[rows].sum()), float(record.share[rows].sum())
            found.append((int(year), name, int(year) in calm, growth, gain, share, status, record.sample))
    return pd.DataFrame(found, columns=list(YEAR_COLUMNS))
