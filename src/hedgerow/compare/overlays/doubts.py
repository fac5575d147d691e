"""What should make one doubt a plan: red flags, and what is left of it when its decisions come late."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from hedgerow.compare.look_ahead.signal_decay import SHARPE_WORTH_A_LOOK
from hedgerow.compare.overlays.crisis_tables import crisis_table
from hedgerow.compare.overlays.measures import figures_of
from hedgerow.compare.overlays.record import HedgeRecord
from hedgerow.compare.overlays.rivals import static_sizes
from hedgerow.effectiveness import BacktestEvidence, gain_by_year, red_flags, sharpe_ratio, win_rate
from hedgerow.errors import InputError

if TYPE_CHECKING:
    from hedgerow.compare.overlays.comparison import OverlayComparison

NOTHING = 1e-12
"""Share of the portfolio below which two hedges earn the same on every day."""
LAG_COLUMNS = ("sharpe", "cost_per_year", "offset", "timing_sharpe", "label", "sample")


def doubts_of(comparison: OverlayComparison) -> pd.DataFrame:
    """Return the red flags of every plan.

    Returns
    -------
    pandas.DataFrame
        ``plan``, ``flag``, ``raised`` (True, False, or None: not judged), ``value``, ``threshold``, ``sentence``,
        ``source``, ``sample``. Sharpe ratio and win rate are those of the hedged account; gains by crisis and year
        those of the hedge; the Sharpe ratio one row late comes from a run with one date more of lag.
    """
    rows = []
    late = replace(
        comparison.setting, options=replace(comparison.setting.options, lag=comparison.setting.options.lag + 1)
    )
    for name, plan in comparison.plans.items():
        delayed = comparison.record_of(late.run(plan))
        evidence = evidence_of(comparison.records[name], delayed, comparison.judging.free_parameters.get(name))
        rows += [
            (name, flag.name, flag.raised, flag.value, flag.threshold, flag.sentence, flag.source)
            for flag in red_flags(evidence)
        ]
    columns = ["plan", "flag", "raised", "value", "threshold", "sentence", "source"]
    return pd.DataFrame(rows, columns=columns).assign(sample=comparison.judging.sample)


def evidence_of(record: HedgeRecord, late: HedgeRecord | None, free_parameters: int | None) -> BacktestEvidence:
    """Return what is known of one account for :func:`hedgerow.effectiveness.red_flags`."""
    crises = crisis_table({"": record})
    known = crises[crises["status"] != "no data"]
    gains = dict(zip(known["crisis"], known["hedge_gain"].astype(float), strict=True))
    return BacktestEvidence(
        sharpe=_sharpe(record),
        win_rate=win_rate(record.returns),
        gain_by_crisis=gains,
        gain_by_year=gain_by_year(pd.Series(record.hedge_pnl, record.period.dates)),
        free_parameters=free_parameters,
        n_rows=len(record.returns),
        sharpe_one_row_late=None if late is None else _sharpe(late),
    )


def late_decisions(comparison: OverlayComparison, lags: tuple[int, ...] = (0, 1, 2, 5)) -> pd.DataFrame:
    """Return the figures of every plan when its decisions come so many dates later than they are meant to.

    Parameters
    ----------
    comparison : OverlayComparison
    lags : tuple of int
        Dates on top of the lag of the comparison, 0 or more, the first being what the others are held against.

    Returns
    -------
    pandas.DataFrame
        Index (``plan``, ``late``): ``sharpe`` (of the hedged account), ``cost_per_year``, ``offset``, ``timing_sharpe``
        (of what the rule earned over the static hedge of the same mean multiplier, whose lag makes no difference), and
        ``label``: "suspicious" where either Sharpe ratio is above 0.5 and at least halves one lag later, else "".
        Judged on the steps on which all lags have filled an order.
    """
    if not lags or min(lags) < 0:
        raise InputError(f"give one lag or more, each 0 or more dates, not {lags!r}")
    rows: dict[tuple[str, int], dict[str, object]] = {}
    cut = slice(max(lags) + 1, None)
    for name, plan in comparison.plans.items():
        result = comparison.results[name]
        rival = comparison.setting.same_mean(plan, result, static_sizes(comparison, name))
        fixed = comparison.record_of(rival).rows(cut, comparison.judging.sample)
        found = []
        for lag in lags:
            options = replace(comparison.setting.options, lag=comparison.setting.options.lag + lag)
            run = replace(comparison.setting, options=options).run(plan)
            record = comparison.record_of(run).rows(cut, comparison.judging.sample)
            found.append((_sharpe(record), _of_changes(record.share - fixed.share), figures_of(record)))
        for place, (lag, (sharpe, timing, figures)) in enumerate(zip(lags, found, strict=True)):
            halves = place == 1 and (_has_halved(found[0][0], sharpe) or _has_halved(found[0][1], timing))
            rows[name, lag] = {
                "sharpe": sharpe, "cost_per_year": figures["cost_per_year"], "offset": figures["offset"],
                "timing_sharpe": timing, "label": "suspicious" if halves else "", "sample": comparison.judging.sample,
            }  # fmt: skip
    index = pd.MultiIndex.from_tuples(rows, names=["plan", "late"])
    return pd.DataFrame(list(rows.values()), index=index, columns=list(LAG_COLUMNS))


def _has_halved(now: float, late: float) -> bool:
    return now > SHARPE_WORTH_A_LOOK and not late > 0.5 * now


def _sharpe(record: HedgeRecord) -> float:
    return sharpe_ratio(record.returns, record.period.rate)


def _of_changes(changes: np.ndarray) -> float:
    return float("nan") if np.abs(changes).max() <= NOTHING else sharpe_ratio(changes)
