"""From the words of an accounting study to changes in fair value: nothing later than the date of the document."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

import numpy as np
import pandas as pd

from hedgerow._types import IntArray
from hedgerow.accounting import HypotheticalForward, ValueChanges, money, require_within_life
from hedgerow.errors import DataError, InputError
from hedgerow.market.dates import last_moment, moment
from hedgerow.study.accounting.words import AccountingStudy
from hedgerow.study.models import DataSource, Exposure, Hedge, RatioStudy
from hedgerow.study.prepare import Prepared, prepare

PRICE_DIGITS = 10
"""Digits of a price change that count: what a subtraction of two prices leaves beyond them is its rounding."""


@dataclass(frozen=True)
class Position:
    """Quantities of a relationship.

    Attributes
    ----------
    item : Decimal
        Money per 1.0 of the item's price: quantity with its sign; 1 for a fair value.
    contracts : Decimal or None
        Contracts held; None for a fair value.
    instrument : Decimal
        Money per 1.0 of the instrument's price in the item's unit: contracts times size; 1 for a fair value.
    designated, held : float or None
        Designated ratio and the one the contracts make, units of instrument per unit of item; None where unknown.
    per_contract : float
        Units of item price that one contract stands for.
    """

    item: Decimal
    contracts: Decimal | None
    instrument: Decimal
    designated: float | None
    held: float | None
    per_contract: float

    @property
    def fits(self) -> bool | None:
        """Whether the contracts held are those of the designated ratio, within half a contract; None where unknown."""
        if self.designated is None or self.held is None:
            return None
        return abs(self.held - self.designated) * abs(float(self.item)) <= 0.5 * self.per_contract * (1.0 + 1e-9)


@dataclass(frozen=True, eq=False)
class AccountingData:
    """Changes in fair value, as they are tested and as they are booked.

    Attributes
    ----------
    as_of, designated : date
    position : Position
    changes : DataFrame, (n, 2)
        ``item`` and ``hedge``: changes in money at the study's spacing, dated by the end of their span.
    periods : ValueChanges
        Changes per reporting period since designation, exact.
    prepared : Prepared
    warnings : tuple of str
    """

    as_of: dt.date
    designated: dt.date
    position: Position
    changes: pd.DataFrame = field(repr=False)
    periods: ValueChanges = field(repr=False)
    prepared: Prepared = field(repr=False)
    warnings: tuple[str, ...]


def read_accounting_data(study: AccountingStudy, folder: Path) -> AccountingData:
    """Read both sides of a relationship up to the date of the document.

    Raises
    ------
    HedgerowError
        One sentence where the data cannot be used.
    """
    designated = day(study.relationship.designated, "designated")
    ended = None if study.relationship.dedesignated is None else day(study.relationship.dedesignated, "dedesignated")
    asked = None if study.as_of is None else day(study.as_of, "as_of")
    if asked is not None and asked < designated:
        raise InputError(f"as_of {asked} is before the designation on {designated}; nothing is tested before that")
    coarse, fine = (prepare(_linear(study, asked, every), folder) for every in (study.data.every, "1D"))
    last = fine.history.times[-1].date()
    as_of = asked or last
    position = _position(study)
    until = min(as_of, ended or as_of)
    _check_life(designated, ended, last)
    changes = _tested(coarse, study, position)
    changes = changes[changes.index < pd.Timestamp(until) + pd.Timedelta(days=1)]
    ends, notes = _period_ends(study, designated, ended, until, last)
    if not _reached(as_of, last):
        notes = (f"the data end on {last} and the document is as of {as_of}: what came between is not in it", *notes)
    periods = _booked(fine, study, position, designated, ends)
    warnings = tuple(dict.fromkeys((*coarse.warnings, *fine.warnings, *notes)))
    return AccountingData(as_of, designated, position, changes, periods, coarse, warnings)


def _check_life(designated: dt.date, ended: dt.date | None, last: dt.date) -> None:
    """Refuse a relationship that ended before it began, or that began after the last price."""
    if ended is not None and ended < designated:
        raise InputError(f"dedesignated {ended} is before the designation on {designated}; exchange them")
    if last < designated:
        raise DataError(f"the data end on {last}, before the designation on {designated}; give the prices of that day")


def day(text: str, name: str) -> dt.date:
    """Return a date as written in a study; an :class:`InputError` names the key where it is none."""
    return moment(text, name).date()


def _linear(study: AccountingStudy, as_of: dt.date | None, every: str) -> RatioStudy:
    """Return the two columns as a study on a linear exposure has them, cut at the date of the document."""
    words = study.data.model_dump()
    words["every"] = every
    if as_of is not None:
        end = words["end"]
        words["end"] = as_of.isoformat() if end is None or last_moment(end, "end").date() > as_of else end
    instrument = study.instrument
    hedges = [Hedge(column=_named(instrument.column, instrument.fair_value),
                    price_unit_factor=instrument.price_unit_factor)]  # fmt: skip
    if instrument.excluded is not None:
        hedges.append(Hedge(column=instrument.excluded))
    exposure = Exposure(column=_named(study.item.column, study.item.fair_value))
    return RatioStudy(data=DataSource(**words), exposure=exposure, hedges=tuple(hedges), fx=study.fx)


def _named(column: str | None, fair_value: str | None) -> str:
    return column if column is not None else str(fair_value)


def _position(study: AccountingStudy) -> Position:
    item, words = study.item, study.instrument
    quantity = money(1 if item.quantity is None else item.quantity)
    if words.fair_value is not None:
        return Position(quantity, None, money(1), words.ratio, None, 1.0)
    # the price is read in the item's unit, so one contract stands for its size over the factor
    each = money(words.contract_size) / money(words.price_unit_factor)
    contracts = _contracts(words.contracts, words.ratio, quantity, each)
    held = None if item.quantity is None else abs(float(contracts * each / quantity))
    return Position(quantity, contracts, contracts * each, words.ratio, held, float(each))


def _contracts(given: float | None, ratio: float | None, quantity: Decimal, each: Decimal) -> Decimal:
    if given is not None:
        return money(given)
    contracts = money(-money(ratio or 0.0) * quantity / each, 0)
    if contracts == 0:
        raise InputError(
            f"a ratio of {ratio:g} on {quantity} units is less than half a contract of {each} units; "
            "give a larger quantity, or the contracts"
        )
    return contracts


def _tested(prepared: Prepared, study: AccountingStudy, position: Position) -> pd.DataFrame:
    """Return the changes at the study's spacing in money; excluded components are left out of the hedge."""
    values = prepared.changes.values
    hedge = values[prepared.hedges[0]] * float(position.instrument)
    if study.instrument.excluded is not None:
        hedge = hedge - values[prepared.hedges[1]]
    return pd.DataFrame({"item": values[prepared.exposure] * float(position.item), "hedge": hedge})


def _period_ends(
    study: AccountingStudy, designated: dt.date, ended: dt.date | None, until: dt.date, last: dt.date
) -> tuple[tuple[dt.date, ...], tuple[str, ...]]:
    """Return the ends of the reporting periods that have passed, and a sentence on those that have not."""
    if not isinstance(study.periods, str):
        listed = require_within_life(sorted(day(text, "periods") for text in study.periods), designated, ended)
    else:
        listed = _regular(study.periods, designated, until)
    passed = tuple(end for end in listed if end <= until and _reached(end, last))
    later = [end for end in listed if end not in passed]
    if not later:
        return passed, ()
    return passed, (f"the period that ends on {later[0]} has not ended by {until} or lacks data; it is left out",)


def _regular(every: str, designated: dt.date, until: dt.date) -> tuple[dt.date, ...]:
    from hedgerow.market.sampling import period_numbers

    days = pd.date_range(designated, until, freq="D")
    numbers = period_numbers(days, every)
    ends = days[:-1][numbers[1:] != numbers[:-1]]
    # the last day counts where the next one would begin another period
    after = period_numbers(pd.DatetimeIndex([days[-1], days[-1] + pd.Timedelta(days=1)]), every)
    whole = [*ends, *([days[-1]] if after[0] != after[1] else [])]
    return tuple(end.date() for end in whole if end.date() > designated)


def _reached(end: dt.date, last: dt.date) -> bool:
    """Return whether the data reach a period's end, weekends aside."""
    return end <= last or not len(pd.bdate_range(last + dt.timedelta(days=1), end))


def _booked(
    prepared: Prepared, study: AccountingStudy, position: Position, designated: dt.date, ends: tuple[dt.date, ...]
) -> ValueChanges:
    """Return exact changes per period from the close of the day of designation on."""
    times = prepared.history.times
    closes = pd.DatetimeIndex([designated, *ends]) + pd.Timedelta(days=1)
    rows = times.searchsorted(closes, side="left") - 1
    if rows[0] < 0:
        raise DataError(
            f"the data begin on {times[0].date()}, after the designation on {designated}; give the prices of that day"
        )
    still = np.flatnonzero(np.diff(rows) == 0)
    if len(still):
        raise DataError(f"no price lies between {([designated, *ends])[still[0]]} and {ends[still[0]]}; fill the gap")
    name, hedge = prepared.exposure, prepared.hedges[0]
    moves = _moves_since(prepared, rows)
    digits = study.digits
    item = _item_values(study, position, designated, ends, prepared.history.prices[name].iloc[rows[0]], moves[name])
    gains = [money(position.instrument * move, digits) for move in moves[hedge]]
    whole = ValueChanges.from_cumulative(ends, gains, item)
    if study.instrument.excluded is None:
        return whole
    left_out = [money(move, digits) for move in moves[prepared.hedges[1]]]
    part = ValueChanges.from_cumulative(ends, left_out, item)
    return ValueChanges(ends, whole.instrument, whole.item, part.instrument)


def _moves_since(prepared: Prepared, rows: IntArray) -> dict[str, list[Decimal]]:
    """Return each column's move from the first of ``rows`` to each other.

    A step on which the instrument passes into another contract is no gain of a position and is left out of it alone.
    """
    changes, prices = prepared.changes, prepared.history.prices
    moves = {}
    for name in prices.columns:
        path = prices[name].to_numpy()
        if changes.crossed_rolls and name == prepared.hedges[0]:
            steps = changes.values[name].reindex(prepared.history.times[1:]).fillna(0.0)
            path = np.concatenate([[0.0], steps.cumsum().to_numpy()])
        moves[str(name)] = [money(round(float(path[row] - path[rows[0]]), PRICE_DIGITS)) for row in rows[1:]]
    return moves


def _item_values(
    study: AccountingStudy, position: Position, designated: dt.date, ends: tuple[dt.date, ...], price: float,
    moves: list[Decimal],
) -> list[Decimal]:  # fmt: skip
    """Return the item's cumulative change per period end, as a present value where it falls due later."""
    if study.item.settles is None:
        return [money(position.item * move, study.digits) for move in moves]
    start = money(price)
    settles = day(study.item.settles, "settles")
    proxy = HypotheticalForward(position.item, start, settles, study.item.rate, study.digits)
    return list(proxy.item_values(ends, [start + move for move in moves]))
