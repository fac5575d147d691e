"""A price study of a book: value, Greeks by position, expiry, strike and underlying, in money, and scenarios."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from hedgerow.errors import ColumnError, InputError, did_you_mean
from hedgerow.instruments import Book, BookGreeks, BookStress, MarketState, Model, ScenarioMatrix, Underlying
from hedgerow.study.price.stressing import said_of_stress, size_of, stress_to_dict, stressed
from hedgerow.study.price.words import PriceStudy, UnderlyingWords

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hedgerow.limits.sizing import PositionSize

MARKET_COLUMNS = ("underlying", "spot", "vol", "rate", "dividend_yield", "borrow")


@dataclass(frozen=True, eq=False)
class BookOutcome:
    """What a book is worth, how it moves, and what it loses in scenarios.

    Attributes
    ----------
    study : PriceStudy
    greeks : BookGreeks
    scenarios : ScenarioMatrix
    warnings : tuple of str
    stress : BookStress, optional
        With correlations and named scenarios, where the study has a stress.
    """

    study: PriceStudy
    greeks: BookGreeks
    scenarios: ScenarioMatrix
    warnings: tuple[str, ...]
    stress: BookStress | None = None

    @property
    def size(self) -> PositionSize | None:
        """How much of the book the portfolio can carry, where the study names one."""
        return None if self.stress is None else size_of(self.study, self.stress, self.greeks)

    @property
    def verdict(self) -> str:
        """One plain sentence: value, dollar delta, vega, theta, and the worst scenario."""
        total = self.greeks.in_money("total").iloc[0]
        worst = self.scenarios.worst
        when = f" in {worst.days:g} days" if worst.days else ""
        return (
            f"The book is worth {total['value']:,.2f} {self.scenarios.currency}: dollar delta "
            f"{total['dollar_delta']:+,.0f}, {total['dollar_gamma_per_percent']:+,.0f} more per 1 %, vega "
            f"{total['vega_per_point']:+,.0f} per point, theta {total['theta_per_calendar_day']:+,.0f} a day; its "
            f"worst scenario (spot {worst.spot_move:+.1%}, volatility {100 * worst.vol_move:+.3g} points{when}) makes "
            f"{worst.profit:+,.0f}.{said_of_stress(self.stress, self.size)}"
        )

    def tables(self) -> dict[str, pd.DataFrame]:
        """Return the tables to write beside the report, by name."""
        return {
            "positions": self.greeks.per_position,
            "per_unit": self.greeks.per_unit,
            "in_money": self.greeks.in_money(),
            "by_underlying": self.greeks.in_money("underlying"),
            "by_expiry": self.greeks.in_money("expiry"),
            "by_expiry_and_strike": self.greeks.in_money("expiry_and_strike"),
            "scenarios": self.scenarios.long_table(),
            **({} if self.stress is None else {"stress": self.stress.long_table(), "named_stress": self.stress.named}),
        }

    def to_dict(self) -> dict[str, Any]:
        """Return the result as plain values for JSON; what is infinite or missing is None."""
        worst = self.scenarios.worst
        return {
            "model": self.study.model,
            "at": str(self.greeks.market.moment),
            "currency": self.scenarios.currency,
            "positions": _rows(self.greeks.per_position),
            "totals": _rows(self.greeks.totals().to_frame().T)[0],
            "in_money": _rows(self.greeks.in_money("total"))[0],
            "by_underlying": _rows(self.greeks.in_money("underlying").reset_index()),
            "by_expiry": _rows(self.greeks.in_money("expiry").reset_index()),
            "by_expiry_and_strike": _rows(self.greeks.in_money("expiry_and_strike").reset_index()),
            "scenarios": _rows(self.scenarios.long_table()),
            "worst": {
                "spot_move": worst.spot_move,
                "vol_move": worst.vol_move,
                "days": worst.days,
                "profit": worst.profit,
            },
            "stress": None if self.stress is None else stress_to_dict(self.stress, self.size),
            "warnings": list(self.warnings),
            "verdict": self.verdict,
        }

    def write_html(self, path: str | Path) -> Path:
        """Write the self-contained report and return its path; nothing is left half-written."""
        from hedgerow.study.price.book_report import write_book_report

        return write_book_report(self, Path(path))


def value_book(study: PriceStudy, book: Book, folder: Path) -> BookOutcome:
    """Value a book in the study's market.

    Parameters
    ----------
    study : PriceStudy
        With ``book`` given.
    book : Book
    folder : path
        Where a market file starts.

    Returns
    -------
    BookOutcome

    Raises
    ------
    HedgerowError
        For a missing market or date, an unknown underlying, an expiry in the past.
    """
    market = _market(study, folder)
    model = Model(study.model, dict(study.parameters))  # type: ignore[arg-type]  # it refuses what is no number
    greeks = book.greeks(market, model=model)
    moves = study.scenarios
    scenarios = book.scenarios(market, moves.spot, moves.vol, moves.days, model=model)
    at_limit = int(np.sum(greeks.limit))
    warnings: tuple[str, ...] = ()
    if at_limit:
        warnings = (f"{at_limit} positions have no time or no volatility left: their Greeks are limits",)
    stress = None if study.stress is None else stressed(study, book, market, model)
    return BookOutcome(study, greeks, scenarios, warnings, stress)


def _market(study: PriceStudy, folder: Path) -> MarketState:
    words = study.book
    assert words is not None  # noqa: S101 - called for books only
    if words.at is None:
        raise InputError("a book of positions needs the date at which it is valued; give at (--at 2026-11-20)")
    known: Mapping[str, UnderlyingWords] = words.market
    if words.market_file:
        known = read_market(folder / words.market_file)
    if not known:
        raise InputError(
            "a book of positions needs the market of its underlyings; give market or market_file (--market)"
        )
    underlyings = {
        name: Underlying(
            **each.model_dump(exclude={"dividends"}),
            dividends=tuple((day, paid) for day, paid in each.dividends.items()),
        )
        for name, each in known.items()
    }
    return MarketState(words.at, underlyings, words.currency, words.fx)


def read_market(file: Path) -> dict[str, UnderlyingWords]:
    """Read the market of several underlyings from a CSV file, one per row.

    Parameters
    ----------
    file : path
        Columns ``underlying`` and ``spot``; ``vol``, ``rate``, ``dividend_yield`` and ``borrow`` where they matter.

    Returns
    -------
    dict of str to UnderlyingWords

    Raises
    ------
    FileError, ColumnError, InputError
    """
    from hedgerow.study.price.option_file import read_rows

    table = read_rows(file, text=("underlying",))
    for column in table.columns:
        if column not in MARKET_COLUMNS:
            hint = did_you_mean(str(column), MARKET_COLUMNS)
            raise ColumnError(f"{file.name} has a column {column!r}{hint} (a market has {', '.join(MARKET_COLUMNS)})")
    for column in ("underlying", "spot"):
        if column not in table.columns:
            raise ColumnError(f"{file.name} needs a column {column!r} (columns: {', '.join(map(str, table.columns))})")
    if table["underlying"].duplicated().any():
        twice = table.loc[table["underlying"].duplicated(), "underlying"].iloc[0]
        raise InputError(f"{file.name} has the underlying {twice!r} twice; keep one row")
    found = {}
    for row in table.to_dict(orient="records"):
        name = str(row.pop("underlying"))
        found[name] = UnderlyingWords(**{str(key): value for key, value in row.items() if not np.isnan(value)})
    return found


def _rows(table: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(key): _plain(value) for key, value in row.items()} for row in table.to_dict(orient="records")]


def _plain(value: Any) -> Any:
    if value is pd.NaT:
        return None
    if isinstance(value, pd.Timestamp):
        return str(value.date() if value == value.normalize() else value)
    if isinstance(value, (float, np.floating)):
        return float(value) if np.isfinite(value) else None
    return value.item() if isinstance(value, np.generic) else value
