"""What a choice of parameters returns: the sets, who was chosen when, what came of it, and how far to believe it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pandas as pd

from hedgerow._types import FloatArray, IntArray
from hedgerow.compare.overlays.comparison import figure_table
from hedgerow.compare.overlays.diversified import Plan, parts_of, static_plan
from hedgerow.compare.overlays.doubts import evidence_of
from hedgerow.compare.overlays.measures import FigureDraws, draw_figures
from hedgerow.compare.overlays.objectives import Steps, objective_of
from hedgerow.compare.overlays.plan import NO_HEDGE, STATED, STATIC, TEST, TRAIN, WALKED, OverlayPlan
from hedgerow.compare.overlays.record import HedgeRecord, JudgedPeriod
from hedgerow.compare.overlays.runs import Setting
from hedgerow.effectiveness import (
    BacktestOverfitting,
    DeflatedSharpe,
    backtest_overfitting,
    deflated_sharpe,
    red_flags,
)
from hedgerow.engine.overlay import OverlayResult
from hedgerow.errors import DataError, InputError, did_you_mean
from hedgerow.overlays import Static

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

    from hedgerow.compare.overlays.choose import OverlayChoosing

CHOSEN, FIRST, HINDSIGHT = "walked forward", "first choice kept", "best in hindsight"
BLOCKS, FEWER_BLOCKS = 16, 8
"""Blocks of the cross-validation: 12,870 splits for the Sharpe ratio, 70 for figures without block sums."""
IN_SAMPLE = "all steps, in sample"


@dataclass(frozen=True, eq=False)
class OverlayChoice:
    """Parameters chosen walking forward; made by :func:`choose_overlay`.

    Attributes
    ----------
    parameters : tuple of dict
        Of every set of the grid.
    plans : tuple of OverlayPlan or DiversifiedPlan
        Of every set.
    setting : Setting
    choosing : OverlayChoosing
    result : OverlayResult
        The walked-forward hedge; holds nothing before the first choice.
    returns : ndarray (n_sets, n_steps)
        Of portfolio and each set's hedge.
    refits : ndarray (n_refits,)
        Rows of the market at whose close a choice was made.
    winners : ndarray (n_refits,)
        Sets chosen.
    scores : ndarray (n_refits, n_sets)
        Objective of every set at each choice.
    begin : int
        First step on which sets were judged.
    """

    parameters: tuple[dict[str, Any], ...]
    plans: tuple[Plan, ...]
    setting: Setting
    choosing: OverlayChoosing
    result: OverlayResult
    returns: FloatArray
    refits: IntArray
    winners: IntArray
    scores: FloatArray
    begin: int

    def __repr__(self) -> str:
        day = self.setting.market.dates[self.refits[0]]
        return f"<OverlayChoice among {len(self.plans)} sets, {len(self.refits)} choices from {day:%Y-%m-%d} on>"

    @cached_property
    def period(self) -> JudgedPeriod:
        """All steps of the market."""
        return JudgedPeriod.of(self.result, self.choosing.crises)

    @property
    def first_test_step(self) -> int:
        """Step at whose end the first choice fills."""
        return max(int(self.refits[0]) + self.setting.options.lag - 1, 0)

    @cached_property
    def chosen(self) -> pd.DataFrame:
        """Who was chosen when: index ``date``; ``set``, its parameters, ``score`` on the past, ``sample`` ("train")."""
        rows = [
            {"set": int(number)} | self.parameters[number] | {"score": float(self.scores[place, number])}
            for place, number in enumerate(self.winners)
        ]
        index = pd.DatetimeIndex(self.setting.market.dates[self.refits], name="date")
        return pd.DataFrame(rows, index).assign(sample=TRAIN)

    @cached_property
    def sets(self) -> pd.DataFrame:
        """Every set: its parameters, ``train`` and ``test`` (objective before and after the first choice), ``all``."""
        cuts = {
            TRAIN: slice(self.begin, int(self.refits[0])),
            TEST: slice(self.first_test_step, None),
            "all": slice(self.begin, None),
        }
        table = pd.DataFrame(list(self.parameters)).rename_axis("set")
        return table.assign(**{name: self._score(cut) for name, cut in cuts.items()})

    def _score(self, cut: slice) -> FloatArray:
        return objective_of(self.choosing.objective)(self.returns[:, cut], self._steps(cut))

    def _steps(self, cut: slice) -> Steps:
        return Steps(self.period.unhedged[cut], self.period.cash[cut], self.period.days[cut])

    @cached_property
    def records(self) -> Mapping[str, HedgeRecord]:
        """On the steps after the first choice: no hedge, static, walked forward, first choice kept, best in hindsight.

        The last knows all steps and is labelled "train": it is what a careless backtest would show.
        """
        first, best = self.plans[int(self.winners[0])], self.plans[int(np.argmax(self._score(slice(self.begin, None))))]
        bare = OverlayPlan(Static(0.0), parts_of(first)[0].hedge)
        runs = {
            NO_HEDGE: (self.setting.run(bare), STATED),
            STATIC: (self.setting.run(static_plan(first)), STATED),
            CHOSEN: (self.result, WALKED),
            FIRST: (self.setting.run(first), TEST),
            HINDSIGHT: (self.setting.run(best), TRAIN),
        }
        cut = slice(self.first_test_step, None)
        return MappingProxyType(
            {name: HedgeRecord.of(run, self.period, sample).rows(cut, sample) for name, (run, sample) in runs.items()}
        )

    @cached_property
    def draws(self) -> FigureDraws | None:
        """Figures of these accounts under common draws; None where no intervals were asked for."""
        bootstrap = self.choosing.bootstrap
        return None if bootstrap is None else draw_figures(self.records, bootstrap)

    def table(self) -> pd.DataFrame:
        """Return the figures of :attr:`records`; columns as :meth:`OverlayComparison.table`, with their samples."""
        level = 0.95 if self.choosing.bootstrap is None else self.choosing.bootstrap.level
        return figure_table(self.records, dict.fromkeys(self.records, STATIC), self.draws, level)

    def sensitivity(self, rows: str | None = None, columns: str | None = None, sample: str = TRAIN) -> pd.DataFrame:
        """Return the objective over two keys of the grid, the mean over all other keys.

        Parameters
        ----------
        rows, columns : str, optional
            Keys; the first two by default.
        sample : {"train", "test"}
            Steps before or after the first choice; also in ``attrs["sample"]``.

        Returns
        -------
        pandas.DataFrame (n_values of rows, n_values of columns)
        """
        keys = list(self.parameters[0])
        if len(keys) < 2:
            raise InputError(f"a map needs two keys of the grid, which has {', '.join(keys)}")
        rows = rows or next(key for key in keys if key != columns)
        columns = columns or next(key for key in keys if key != rows)
        for key in (rows, columns):
            if key not in keys:
                raise InputError(f"the grid has no key {key!r}{did_you_mean(key, keys)} ({', '.join(keys)})")
        if sample not in (TRAIN, TEST):
            raise InputError(f"sample must be 'train' or 'test', not {sample!r}")
        table = self.sets.assign(**{key: self.sets[key].map(_as_key) for key in (rows, columns)})
        found = table.groupby([rows, columns], sort=False)[sample].mean().unstack(columns)
        found.attrs["sample"] = sample
        return found

    @cached_property
    def overfitting(self) -> BacktestOverfitting | None:
        """How often the set that is best on half of the steps is in the worse half on the rest; None for one set.

        By the objective of the choice, over all steps on which sets were judged.
        """
        trials = self._distinct
        if trials.shape[1] < 2:
            return None
        if self.choosing.objective == "sharpe":
            excess = trials - self.period.cash[self.begin :, None]
            return backtest_overfitting(excess, _blocks(len(trials), BLOCKS), "sharpe")
        objective = objective_of(self.choosing.objective)

        def measure(rows: FloatArray, beside: FloatArray) -> FloatArray:
            return objective(np.ascontiguousarray(rows.T), Steps(*beside.T))

        beside = np.column_stack(self._steps(slice(self.begin, None)))
        return backtest_overfitting(trials, _blocks(len(trials), FEWER_BLOCKS), measure, beside=beside)

    @cached_property
    def deflated_sharpe(self) -> DeflatedSharpe | None:
        """The Sharpe ratio of what the best set adds to the portfolio, judged as the best of all that were tried.

        Of each set's return less the portfolio's own over all steps: of the hedged account it would mostly judge the
        portfolio. None where no set ever holds anything.
        """
        added = self._distinct - self.period.unhedged[self.begin :, None]
        moves = np.ptp(added, axis=0) > 0.0
        return deflated_sharpe(added[:, moves]) if moves.any() else None

    @cached_property
    def _distinct(self) -> FloatArray:
        """Returns of sets that differ, (n_steps, m)."""
        rows = np.unique(self.returns[:, self.begin :], axis=0, return_index=True)[1]
        return np.ascontiguousarray(self.returns[np.sort(rows), self.begin :].T)

    def red_flags(self) -> pd.DataFrame:
        """Return what should make one doubt the choice; columns as :meth:`OverlayComparison.red_flags`, no plan."""
        free = sum(len({_as_key(one[key]) for one in self.parameters}) > 1 for key in self.parameters[0])
        evidence = evidence_of(self.records[CHOSEN], None, free)
        overfitting = None if self.overfitting is None else self.overfitting.probability
        deflated = None if self.deflated_sharpe is None else self.deflated_sharpe.deflated
        evidence = replace(
            evidence, n_rows=int(self.refits[0]) - self.begin, deflated_sharpe=deflated,
            overfitting=overfitting,
        )  # fmt: skip
        rows = [
            (one.name, one.raised, one.value, one.threshold, one.sentence, one.source) for one in red_flags(evidence)
        ]
        columns = ["flag", "raised", "value", "threshold", "sentence", "source"]
        samples = {"deflated_sharpe": IN_SAMPLE, "overfitting": IN_SAMPLE}
        return pd.DataFrame(rows, columns=columns).assign(sample=[samples.get(row[0], WALKED) for row in rows])

    def verdict(self) -> tuple[str, ...]:
        """Return sentences made of the figures of :meth:`table` and of the doubts."""
        from hedgerow.compare.overlays.choice_words import choice_sentences

        return choice_sentences(self)

    def to_dict(self) -> dict[str, Any]:
        """Return tables, map and doubts as plain numbers and text for JSON; NaN is None."""
        from hedgerow.compare.overlays.plain import plain, plain_rows

        tables = {"table": self.table(), "chosen": self.chosen, "sets": self.sets, "red_flags": self.red_flags()}
        if len(self.parameters[0]) > 1:
            tables["sensitivity"] = self.sensitivity()
        deflated, over = self.deflated_sharpe, self.overfitting
        words = {
            "deflated_sharpe": None
            if deflated is None
            else {"value": deflated.deflated, "trials": deflated.n_trials, "sample": IN_SAMPLE},
            "overfitting": None if over is None else {"value": over.probability, "sample": IN_SAMPLE},
            "verdict": self.verdict(),
            "lag": self.setting.options.lag,
        }
        return {name: plain(value) for name, value in words.items()} | {
            name: plain_rows(table) for name, table in tables.items()
        }

    def figure(self, name: Literal["sensitivity", "multiplier", "cost_and_gain", "drawdowns"], **keys: Any) -> Figure:
        """Return a picture; ``sensitivity`` takes ``rows``, ``columns`` and ``sample``."""
        from hedgerow.compare.overlays.choice_words import choice_picture

        return choice_picture(self, name, **keys)


def _blocks(n_rows: int, wanted: int) -> int:
    """Return an even number of blocks with at least 20 rows each, at most the one wanted."""
    blocks = min(wanted, n_rows // 20 // 2 * 2)
    if blocks < 2:
        raise DataError(f"overfitting needs 40 steps or more, not {n_rows}; give more rows")
    return blocks


def _as_key(value: Any) -> Any:
    return str(value) if isinstance(value, list | tuple | dict) else "none" if value is None else value
