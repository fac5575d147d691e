"""Run an explain study: a book between two markets, predicted by Greeks and explained by revaluation."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from hedgerow.attribution import BookExplained, VolatilityCrush, explain, volatility_crush
from hedgerow.instruments import Book, MarketState, Model
from hedgerow.study.explain.day_by_day import HistoryExplained, explain_history
from hedgerow.study.explain.history import history_of, two_markets
from hedgerow.study.explain.markets import check_markets, whole_order
from hedgerow.study.explain.moves import moves_by_underlying
from hedgerow.study.explain.trades import trades_of
from hedgerow.study.hedging.book import book_of

if TYPE_CHECKING:
    from hedgerow.study.explain.words import ExplainStudy


@dataclass(frozen=True, eq=False)
class ExplainOutcome:
    """What a book made between two markets, and where it came from.

    Attributes
    ----------
    study : ExplainStudy
    book : Book
        What was held before.
    before, after : MarketState
    explained : BookExplained
        Prediction and revaluation, by position.
    moves : DataFrame, by underlying
        Realised and break-even moves.
    history : HistoryExplained or None
    event : VolatilityCrush or None
        What an event to come would do to the book in the market after.
    warnings : tuple of str
    """

    study: ExplainStudy
    book: Book
    before: MarketState
    after: MarketState
    explained: BookExplained
    moves: pd.DataFrame
    history: HistoryExplained | None
    event: VolatilityCrush | None
    warnings: tuple[str, ...]

    @property
    def verdict(self) -> str:
        """One plain sentence: what was made, by which Greeks and moves, and whether the Greeks suffice."""
        from hedgerow.study.explain.sentences import verdict

        return verdict(self)

    @cached_property
    def currency(self) -> str:
        """Currency of all money: that of every position, or the account's where there are several."""
        held = set(self.explained.positions["currency"].astype(str))
        return held.pop() if len(held) == 1 else self.before.currency

    @cached_property
    def residuals(self) -> pd.DataFrame:
        """What each explanation leaves: money, and as a share of the profit."""
        return self.explained.residuals()

    def tables(self) -> dict[str, pd.DataFrame]:
        """Return the tables to write beside the report, by name."""
        day = self.explained
        found = {
            "predict": day.predict_totals().to_frame(),
            "explain": day.explain_totals().to_frame(),
            "residuals": self.residuals,
            "predict_by_position": pd.concat([day.positions, day.predict], axis=1),
            "explain_by_position": pd.concat([day.positions, day.explain], axis=1),
            "moves": self.moves,
        }
        if self.history is not None:
            found["history"] = self.history.days
        if self.event is not None:
            found["event"] = self.event.table
        return found

    def to_dict(self) -> dict[str, Any]:
        """Return the result as plain values for JSON; what is undefined is None."""
        from hedgerow.study.explain.json import outcome_to_dict

        return outcome_to_dict(self)

    def write_html(self, path: str | Path) -> Path:
        """Write the self-contained report and return its path; nothing is left half-written."""
        from hedgerow.study.explain.report import write_explain_report

        return write_explain_report(self, Path(path))


def run_explain_study(
    study: ExplainStudy, folder: str | Path = ".", *, progress: Callable[[str, float], None] | None = None
) -> ExplainOutcome:
    """Explain what a study's book made; relative file names start at ``folder``.

    Parameters
    ----------
    study : ExplainStudy
    folder : path
        Where relative file names start.
    progress : callable, optional
        Called with the share of the history that is done, 0 to 1.

    Returns
    -------
    ExplainOutcome

    Raises
    ------
    HedgerowError
        One sentence where the study cannot be run: a file, an expiry between the markets, an underlying or a
        volatility that is missing.
    """
    folder = Path(folder)
    book = book_of(study.book, folder)
    history = history_of(study, folder)
    before, after = two_markets(study, history, folder)
    check_markets(book, before, after)
    trades = trades_of(study.trades, folder)
    if trades:
        check_markets(Book((each.instrument, each.quantity) for each in trades), before, after)
    model = Model(study.model, dict(study.parameters))  # type: ignore[arg-type]  # it refuses what is no number
    order = whole_order(study.order)
    explained = explain(book, before, after, trades=trades, order=order, flows=study.flows, model=model)
    moves = moves_by_underlying(book, before, after, model)
    days = explain_history(book, history, model, order, progress) if history else None
    return ExplainOutcome(
        study, book, before, after, explained, moves, days, _event(study, book, after, model), _warnings(book, days)
    )


def _event(study: ExplainStudy, book: Book, market: MarketState, model: Model) -> VolatilityCrush | None:
    words = study.event
    if words is None:
        return None
    return volatility_crush(book, market, words.vol_move, days=words.days, spot_moves=words.spot_moves, model=model)


def _warnings(book: Book, days: HistoryExplained | None) -> tuple[str, ...]:
    found = []
    own = int(np.isfinite(book.columns.mark).sum())
    if own:
        found.append(
            f"{own} of {len(book)} positions have a volatility of their own in the book, the same in both markets: "
            "nothing of their profit can come from volatility"
        )
    if days is not None and days.reason:
        found.append(days.reason)
    return tuple(found)
