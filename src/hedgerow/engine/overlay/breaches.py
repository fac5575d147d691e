"""Where a budget won over the floor, where it was exceeded although nothing new was bought, where money ran out."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from hedgerow._types import BoolArray
from hedgerow.engine.overlay.year_calendar import first_of_year
from hedgerow.overlays.triggers import TIE

if TYPE_CHECKING:
    from hedgerow.engine.overlay.result import OverlayResult

COLUMNS = ("date", "until", "kind", "part", "value", "limit", "sentence")


def breaches(result: OverlayResult) -> pd.DataFrame:
    """Return one row for each spell in which a limit did not hold; empty where all did.

    Returns
    -------
    DataFrame
        ``date`` and ``until`` (first and last date of the spell), ``kind``, ``part``, ``value``, ``limit``,
        ``sentence``. Kinds: ``floor``, the budget holds the multiplier decided or held below its floor (value and limit
        are multipliers); ``budget``, premium and costs beyond the budget, as options sold have to be bought back;
        ``loss``, swaps and futures have lost more than it (value and limit are money, at the worst date); ``account``,
        the hedged account is worth nothing or less.
    """
    rows = [*_used_up(result)]
    if result.run.budget is not None:
        rows += [*_below_floor(result), *_beyond_budget(result)]
    table = pd.DataFrame(rows, columns=list(COLUMNS))
    dated = table.assign(date=pd.to_datetime(table["date"]), until=pd.to_datetime(table["until"]))
    return dated.sort_values("date", ignore_index=True)


def _used_up(result: OverlayResult) -> Iterator[dict[str, Any]]:
    wealth, currency = result.book.wealth[0], result.run.portfolio.currency
    for first, last in _spells(~(wealth > 0.0)):
        least = float(wealth[first : last + 1].min())
        sentence = f"the hedge has used up the account, which is worth as little as {least:,.0f} {currency}"
        yield _row(result, (first, last), "account", "", (least, 0.0), sentence)


def _below_floor(result: OverlayResult) -> Iterator[dict[str, Any]]:
    money, currency = _budget_money(result), result.run.portfolio.currency
    for number, part in enumerate(result.parts):
        floor = part.shape.floor or 0.0
        decided, held = result.account.decided[number], result.account.held[number]
        defined = ~np.isnan(decided)
        filled = np.concatenate((np.zeros(result.lag, dtype=bool), defined))[: len(defined)]
        low = (defined & (decided < floor - TIE)) | (filled & (held < floor - TIE))
        for first, last in _spells(low):
            values = np.fmin(decided[first : last + 1], np.where(filled, held, np.nan)[first : last + 1])
            least = float(np.nanmin(values))
            yield _row(
                result, (first, last), "floor", part.name, (least, floor),
                f"the budget of {result.dates[first].year} ({money[first]:,.0f} {currency}) holds the multiplier of "
                f"{part.name} as low as {least:.3g}, below its floor of {floor:g}",
            )  # fmt: skip


def _beyond_budget(result: OverlayResult) -> Iterator[dict[str, Any]]:
    money, currency = _budget_money(result), result.run.portfolio.currency
    spent = result.account.spent
    for first, last in _spells(spent > money * (1.0 + TIE) + TIE, first_of_year(result.dates) > 0.0):
        worst = first + int(np.argmax(spent[first : last + 1] - money[first : last + 1]))
        value, limit, year = float(spent[worst]), float(money[worst]), result.dates[first].year
        is_loss = bool(result.account.paid[worst] < value)
        why = (
            "swaps and futures lost it on what was held already"
            if is_loss
            else "what was held had to be closed, and buying back options sold cost money"
        )
        yield _row(
            result, (first, last), "loss" if is_loss else "budget", "", (value, limit),
            f"{'losses' if is_loss else 'premium and costs'} of {year} reached {value:,.0f} {currency}, "
            f"{_small(value - limit)} beyond the budget of {limit:,.0f}: {why}",
        )  # fmt: skip


def _small(money: float) -> str:
    """Return an amount that is never written as nothing."""
    return f"{money:,.0f}" if money >= 1.0 else f"{money:.2g}"


def _row(
    result: OverlayResult, spell: tuple[int, int], kind: str, part: str, figures: tuple[float, float], sentence: str
) -> dict[str, Any]:
    first, last = (result.dates[row] for row in spell)
    when = f"on {first:%Y-%m-%d}" if first == last else f"from {first:%Y-%m-%d} to {last:%Y-%m-%d}"
    return dict(zip(COLUMNS, (first, last, kind, part, *figures, f"{sentence} ({when})"), strict=True))


def _budget_money(result: OverlayResult) -> Any:
    """Return the money of the year's budget by date, (n_dates,)."""
    return result.budget_use["budget"].reindex(result.dates.year).to_numpy()


def _spells(is_on: BoolArray, starts: BoolArray | None = None) -> Iterator[tuple[int, int]]:
    """Yield first and last row of each run of True; ``starts`` begin a new run."""
    before = np.concatenate(([False], is_on[:-1]))
    begins = is_on & (~before if starts is None else ~before | starts)
    firsts = np.flatnonzero(begins)
    for number, first in enumerate(firsts):
        end = firsts[number + 1] if number + 1 < len(firsts) else len(is_on)
        off = np.flatnonzero(~is_on[first:end])
        yield int(first), int(first + off[0] - 1 if len(off) else end - 1)
