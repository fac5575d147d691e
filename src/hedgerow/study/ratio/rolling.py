"""A continuous futures series from files: of single contracts and their last trades, or of positions and roll dates."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

import pandas as pd

from hedgerow.errors import ColumnError, InputError, did_you_mean
from hedgerow.market import (
    ContinuousFutures,
    ReadingOptions,
    RollByDate,
    RollByOpenInterest,
    RollByVolume,
    continuous_from_contracts,
    continuous_from_positions,
    read_listing,
    read_table,
)
from hedgerow.market.continuous import Adjustment
from hedgerow.market.rolls import RollRule


@dataclass(frozen=True)
class RollWords:
    """Which contract is held when.

    Parameters
    ----------
    roll : str
        ``date:N`` (the nearest last trade with more than N trading days left), ``volume`` or ``open-interest``.
    last_trade : str, optional
        File of last trade dates with columns ``contract`` and ``last_trade``.
    activity : str, optional
        File of volume or open interest, one column per contract, for those two rules.
    roll_dates : str, optional
        File of dates on which position 1 is the next contract; the columns are then positions, not contracts.
    adjustment : str
        "none", "difference" or "ratio".
    """

    roll: str = "date:5"
    last_trade: str | None = None
    activity: str | None = None
    roll_dates: str | None = None
    adjustment: str = "none"


def build_continuous(
    file: str, columns: Sequence[str] | None, words: RollWords, options: ReadingOptions
) -> ContinuousFutures:
    """Return the continuous series of a file's contracts (all its number columns unless some are named).

    Raises
    ------
    InputError
        Where neither last trades nor roll dates are given, or both, or the rule is unknown or lacks its file.
    HedgerowError
        Where a file cannot be used; see :func:`hedgerow.market.continuous_from_contracts`.
    """
    if (words.last_trade is None) == (words.roll_dates is None):
        raise InputError(
            "give --last-trade where columns are contracts, or --roll-dates where they are positions, one of the two"
        )
    prices = read_table(file, columns, options)
    adjustment = cast("Adjustment", words.adjustment)
    if words.roll_dates is not None:
        marks = pd.DatetimeIndex(read_listing(words.roll_dates, "instrument", options).index)
        return continuous_from_positions(prices.dropna(how="all"), marks, adjustment)
    last = _last_trades(str(words.last_trade), options)
    unknown = [str(name) for name in prices.columns if name not in last]
    if unknown:
        hint = did_you_mean(unknown[0], last)
        raise ColumnError(f"{words.last_trade} has no last trade of contract {unknown[0]!r}{hint}; add its row")
    ordered = sorted(map(str, prices.columns), key=lambda name: last[name])
    return continuous_from_contracts(prices[ordered], last, _rule(words, options), adjustment)


def _last_trades(file: str, options: ReadingOptions) -> dict[str, dt.date]:
    listed = read_listing(file, "contract", ReadingOptions("last_trade", options.date_format), required=True)
    days = pd.DatetimeIndex(listed.index)
    found = {str(name): day.date() for name, day in zip(listed, days, strict=True)}
    if len(found) < len(listed):
        twice = listed[listed.duplicated()].iloc[0]
        raise InputError(f"{file} names contract {twice!r} twice; keep one row of it")
    return found


def _rule(words: RollWords, options: ReadingOptions) -> RollRule:
    kind, mark, days = words.roll.partition(":")
    if kind == "date" and (not mark or days.isdigit()):
        return RollByDate(int(days) if days else 0)
    if words.roll not in ("volume", "open-interest"):
        raise InputError(f"--roll {words.roll!r} is not known; write date:N (such as date:5), volume or open-interest")
    if words.activity is None:
        raise InputError(f"--roll {words.roll} needs a file with one column per contract; give it with --activity")
    table = read_table(words.activity, None, options)
    return RollByVolume(table) if words.roll == "volume" else RollByOpenInterest(table)


def continuous_table(futures: ContinuousFutures) -> pd.DataFrame:
    """Return the series as a table by date: price, adjusted, contract, held_change."""
    columns = {
        "price": futures.series,
        "adjusted": futures.adjusted,
        "contract": futures.contract,
        "held_change": futures.held_changes,
    }
    return pd.DataFrame(columns).rename_axis("date")
