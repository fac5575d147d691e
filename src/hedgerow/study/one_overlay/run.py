"""One overlay from its words to its multipliers: read, rule, shape, and the account where a budget needs prices."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from hedgerow.errors import DataError, InputError
from hedgerow.overlays import (
    STAGES,
    OverlayRule,
    PutCount,
    Shape,
    ShapedPath,
    Signals,
    rule_by_name,
    shape_from_text,
    shaped,
)
from hedgerow.overlays.triggers import TIE
from hedgerow.study.one_overlay.data import OverlaySeries, read_signals
from hedgerow.study.one_overlay.words import OverlayWords

if TYPE_CHECKING:
    from hedgerow.engine.overlay import OverlayResult


HIGHEST_DECIMAL, HIGHEST_POINTS = 1.5, 90.0
"""An index that always lies below the first is in decimals; one above the second on most days is none."""
NOTHING = 0.0005
"""Multipliers below this read as nothing in the sentence that says what to do."""


@dataclass(frozen=True, eq=False)
class OverlayOutcome:
    """What one overlay decided on every date.

    Attributes
    ----------
    words : OverlayWords
    rule : OverlayRule
    shape : Shape
    series : OverlaySeries
        Signals as known, levels as quoted.
    path : ShapedPath
        Every stage before the budget.
    account : OverlayResult or None
        Where a budget or a named instrument asked for one.
    warnings : tuple of str
    """

    words: OverlayWords
    rule: OverlayRule
    shape: Shape
    series: OverlaySeries
    path: ShapedPath
    account: OverlayResult | None
    warnings: tuple[str, ...]

    @property
    def signals(self) -> Signals:
        """Signals as known at each close."""
        return self.series.signals

    @property
    def dates(self) -> pd.DatetimeIndex:
        """Dates on which every signal exists."""
        return self.path.dates

    @property
    def stages(self) -> pd.DataFrame:
        """Every stage by date, (n_dates, n_stages); the budget as the account binds it where there is one."""
        return self.path.to_frame() if self.account is None else self.account.stages

    @property
    def multiplier(self) -> pd.Series:
        """What is decided at each close: the last stage."""
        return self.stages[STAGES[-1]].rename("multiplier")

    @property
    def held(self) -> pd.Series:
        """What is held after trading at each close: the decision ``lag`` dates before, 0 until the first fill."""
        if self.account is not None:
            return self.account.held
        return self.multiplier.shift(self.words.lag).fillna(0.0).rename("held")

    @property
    def verdict(self) -> str:
        """What to do today, in one sentence."""
        today, day = self.multiplier.iloc[-1], self.dates[-1].date()
        if np.isnan(today):
            return f"On {day} the rule is still in its warm-up: hold nothing."
        fill = {0: "at the same close", 1: "at the next close"}.get(self.words.lag, f"{self.words.lag} closes later")
        if self.rule.is_share:
            return f"Decided at the close of {day}: {today:.1%} of the short-dated hedge, {fill}."
        trades = self._trades()
        if abs(today) < NOTHING:
            return f"Decided at the close of {day}: hold nothing, {fill}.{trades}"
        size = f"{today:,.1f} puts" if isinstance(self.rule, PutCount) else f"{today:.3g} times the base hedge"
        return f"Decided at the close of {day}: hold {size}, {fill}.{trades}"

    def _trades(self) -> str:
        from hedgerow.study.one_overlay.account import trades_of_account

        return "" if self.account is None else f" {trades_of_account(self.account)}"

    def account_figures(self) -> dict[str, Any]:
        """Return what the account adds to the figures; None for each where there is no account."""
        from hedgerow.study.one_overlay.account import ACCOUNT_FIGURES, figures_of_account

        return dict.fromkeys(ACCOUNT_FIGURES) if self.account is None else figures_of_account(self.account)

    def account_rows(self) -> dict[str, float | str]:
        """Return what the account adds to the table of figures, by label; nothing where there is none."""
        if self.account is None:
            return {}
        from hedgerow.study.one_overlay.account import rows_of_account

        return rows_of_account(self.account)

    def summary(self) -> dict[str, Any]:
        """Return the figures as plain values; see :func:`hedgerow.study.one_overlay.summary.figures`."""
        from hedgerow.study.one_overlay.summary import figures

        return figures(self)

    def tables(self) -> dict[str, pd.DataFrame]:
        """Return the tables to write beside the report, by name."""
        levels = self.series.levels.add_prefix("signal_")
        return {"overlay": pd.concat([levels, self.stages, self.held.rename("held")], axis=1)}

    def to_dict(self) -> dict[str, Any]:
        """Return dates, multiplier, stages and summary as plain values; what is undefined is None."""
        stages = {name: _plain(self.stages[name]) for name in STAGES}
        dates = [_date(stamp) for stamp in self.dates]
        return {"dates": dates, "multiplier": stages[STAGES[-1]], "stages": stages, "summary": self.summary()}

    def write_html(self, path: str | Path) -> Path:
        """Write the self-contained report and return its path; nothing is left half-written."""
        from hedgerow.study.one_overlay.report import write_overlay_report

        return write_overlay_report(self, Path(path))


def overlay_outcome(words: OverlayWords, folder: str | Path = ".") -> OverlayOutcome:
    """Return what an overlay decides; relative file names start at ``folder``.

    Signals that the rule or a trigger reads, and that the words do not name, are columns of their own name
    (``short: M1`` for the rule ``term_structure`` reads the column M1).

    Parameters
    ----------
    words : OverlayWords
    folder : path

    Returns
    -------
    OverlayOutcome

    Raises
    ------
    HedgerowError
        One sentence where the overlay cannot be.
    """
    shape = shape_from_text(words.shape)
    if shape.budget == 0.0:
        raise InputError("nothing can be bought on a budget of 0; give a share above 0, or leave the budget off")
    rule = rule_by_name(words.rule, signals=words.columns, **words.parameters)
    if rule.is_share and (shape.budget is not None or words.hedge.instrument is not None):
        raise InputError(
            f"the rule {words.rule} gives a share that splits two hedges, not the size of one: write a study (kind: "
            "overlay) whose rule has hedge: {short: {vix_futures: {position: 1}}, long: {vix_futures: {position: 4}}}, "
            "with the budget in its shape, and run hedgerow overlay STUDY.yaml"
        )
    needed = dict.fromkeys((*rule.needs, *(name for trigger in shape.threshold for name in trigger.needs)))
    further = tuple(name for name in needed if name not in words.columns)
    series = read_signals(words, further, Path(folder))
    path = shaped(rule, series.signals, shape)
    if path.warm_up == len(series.signals):
        raise DataError(
            f"{len(series.signals)} rows are too few: {rule!r} with this shape has its first multiplier after them; "
            "give more rows or shorter windows"
        )
    account: OverlayResult | None = None
    said: tuple[str, ...] = ()
    if shape.budget is not None or words.hedge.says_what:
        from hedgerow.study.one_overlay.account import notes_of_account, run_account

        account = run_account(words, rule, shape, series)
        said = notes_of_account(account)
    doubts = (*series.warnings, *doubts_of(words, rule, series, path))
    return OverlayOutcome(words, rule, shape, series, path, account, (*doubts, *said))


def doubts_of(words: OverlayWords, rule: OverlayRule, series: OverlaySeries, path: ShapedPath) -> Iterator[str]:
    """Yield what looks like a slip of the one who asked: an index in decimals, a rule that says one thing only."""
    vix, rows = series.levels["vix"], len(path.dates)
    if vix.max() < HIGHEST_DECIMAL:
        yield (
            f"vix ({words.vix}) lies between {vix.min():g} and {vix.max():g} and is read in points, in which 20 is "
            "20 %; if it is in decimals multiply it by 100"
        )
    elif vix.median() > HIGHEST_POINTS:
        yield f"vix ({words.vix}) is {vix.median():g} at its median, more than any volatility index; is it a price?"
    said = path.stages["rule"]
    said = said[~np.isnan(said)]
    if rule.needs and len(said) > 1 and np.ptp(said) <= TIE:
        yield (
            f"the rule says {said[0]:.3g} on every date; compare its keys with the values of what it reads "
            f"({', '.join(rule.needs)})"
        )
    if words.lag >= rows:
        yield f"with a lag of {words.lag:,} dates nothing is filled within the {rows:,} of the data"


def _plain(column: pd.Series) -> list[float | None]:
    return [None if np.isnan(value) else value for value in column.to_numpy(dtype=np.float64).tolist()]


def _date(stamp: pd.Timestamp) -> str:
    return str(stamp.date()) if stamp == stamp.normalize() else str(stamp)
