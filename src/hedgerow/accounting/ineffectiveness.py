"""What goes where: the lower-of test, the reserve's roll-forward, and ineffectiveness per period, in exact decimals."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

import pandas as pd

from hedgerow.accounting.amounts import ZERO, ValueChanges, money
from hedgerow.accounting.frameworks import HEDGE_TYPES, Framework, HedgeType, framework_named
from hedgerow.errors import AccountsError, DataError, InputError


@dataclass(frozen=True)
class PeriodResult:
    """One reporting period of a hedging relationship; all amounts are gains (+) and losses (-) in money.

    Attributes
    ----------
    end : date
    hedged : bool
        Whether hedge accounting applied to the period.
    instrument, item : Decimal
        Changes in fair value; ``item`` is 0 in the accounts of a cash-flow hedge but shown for the test.
    cumulative_instrument, cumulative_item : Decimal
        Since designation, excluded components left out.
    opening, effective, reclassified, closing : Decimal
        The reserve in other comprehensive income: opening + effective + reclassified = closing. ``reclassified`` is
        negative where a gain leaves the reserve.
    excluded : Decimal
        Change of excluded components.
    profit_or_loss : Decimal
        Ineffectiveness: what of instrument (and, in a fair-value hedge, item) stands in profit or loss now, without
        excluded components and reclassified amounts.
    """

    end: dt.date
    hedged: bool
    instrument: Decimal
    item: Decimal
    cumulative_instrument: Decimal
    cumulative_item: Decimal
    opening: Decimal
    effective: Decimal
    reclassified: Decimal
    closing: Decimal
    excluded: Decimal
    profit_or_loss: Decimal


def lower_of(instrument: Decimal, item: Decimal) -> Decimal:
    """Return the reserve of a cash-flow hedge: the lower of both cumulative figures in absolute amounts.

    It has the sign of the instrument's gain and is 0 where both sides moved the same way, since nothing was offset.

    Parameters
    ----------
    instrument : Decimal
        Cumulative gain or loss on the hedging instrument.
    item : Decimal
        Cumulative change in the present value of the hedged item.

    Returns
    -------
    Decimal

    References
    ----------
    IFRS 9 6.5.11; IAS 39 96.

    Examples
    --------
    >>> lower_of(Decimal(10), Decimal(-9)), lower_of(Decimal(-3), Decimal(2)), lower_of(Decimal(5), Decimal(2))
    (Decimal('9'), Decimal('-2'), Decimal('0'))
    """
    if instrument * item >= 0:
        return ZERO
    least = min(abs(instrument), abs(item))
    return least if instrument > 0 else -least


def measure_hedge(
    changes: ValueChanges,
    framework: str | Framework,
    hedge_type: HedgeType = "cash flow",
    *,
    qualifies: Sequence[bool] | None = None,
    reclassified: Mapping[dt.date, Decimal] | None = None,
) -> tuple[PeriodResult, ...]:
    """Measure each reporting period of a relationship.

    Parameters
    ----------
    changes : ValueChanges
    framework : str or Framework
    hedge_type : str
        ``cash flow``, ``fair value`` or ``net investment`` (measured as a cash-flow hedge, into translation reserve).
    qualifies : sequence of bool, (n_periods,), optional
        Whether hedge accounting applies to each period. From the first period that fails on it has ended: the
        instrument goes to profit or loss and the reserve stays as it was until reclassified. All by default.
    reclassified : mapping of date to Decimal, optional
        Amounts that leave the reserve at a period's end, positive where a gain leaves it (to profit or loss or into
        the cost of what was bought).

    Returns
    -------
    tuple of PeriodResult

    Raises
    ------
    InputError
        An unknown framework or type of hedge, or a reclassification on a date that ends no period.
    DataError
        ``qualifies`` of another length than the periods.
    AccountsError
        Where the roll-forward or the bound of the lower-of test does not hold: a defect.

    Examples
    --------
    >>> ends = tuple(dt.date(2024, month, 28) for month in (1, 2, 3))
    >>> changes = ValueChanges.from_cumulative(ends, (10, 8, -3), (-9, -10, 2))
    >>> [(str(row.closing), str(row.profit_or_loss)) for row in measure_hedge(changes, "ifrs9")]
    [('9', '1'), ('8', '-1'), ('-2', '-1')]
    """
    profile = framework_named(framework)
    if hedge_type not in HEDGE_TYPES:
        raise InputError(f"hedge type must be one of {', '.join(HEDGE_TYPES)}; got {hedge_type!r}")
    applies = _applies(qualifies, len(changes.ends))
    leaving = {end: money(amount) for end, amount in (reclassified or {}).items()}
    unknown = [end for end in leaving if end not in changes.ends]
    if unknown:
        raise InputError(f"an amount is reclassified on {unknown[0]}, which ends no period; use a period's end")
    if hedge_type == "fair value":
        return _fair_value(changes, applies, leaving)
    return _through_reserve(changes, profile, applies, leaving)


def _applies(qualifies: Sequence[bool] | None, periods: int) -> list[bool]:
    """Return for each period whether hedge accounting applies: never again after the first period that failed."""
    given = [True] * periods if qualifies is None else list(qualifies)
    if len(given) != periods:
        raise DataError(f"qualifies has {len(given)} entries for {periods} periods; give one for each")
    first = given.index(False) if False in given else periods
    return [place < first for place in range(periods)]


def _through_reserve(
    changes: ValueChanges, profile: Framework, applies: list[bool], leaving: Mapping[dt.date, Decimal]
) -> tuple[PeriodResult, ...]:
    rows: list[PeriodResult] = []
    held = opening = ZERO  # what the test puts into the reserve before reclassification; what stands there
    columns = (changes.cumulative_instrument, changes.cumulative_item)
    for place, (end, gain, loss) in enumerate(zip(changes.ends, *columns, strict=True)):
        target = (lower_of(gain, loss) if profile.lower_of else gain) if applies[place] else held
        effective, moved = target - held, -leaving.get(end, ZERO)
        closing = opening + effective + moved
        excluded = _excluded(changes, applies, place)
        row = PeriodResult(
            end, applies[place], changes.instrument[place], changes.item[place], gain, loss, opening, effective,
            moved, closing, excluded, changes.instrument[place] - excluded - effective,
        )  # fmt: skip
        rows.append(row)
        if applies[place]:
            _require_bound(row, target, profile)
        held, opening = target, closing
    return _require_roll_forward(rows)


def _fair_value(
    changes: ValueChanges, applies: list[bool], leaving: Mapping[dt.date, Decimal]
) -> tuple[PeriodResult, ...]:
    if leaving:
        raise InputError("a fair-value hedge has no reserve, so nothing can be reclassified from it")
    rows = []
    sums = zip(changes.cumulative_instrument, changes.cumulative_item, strict=True)
    for place, (end, total) in enumerate(zip(changes.ends, sums, strict=True)):
        excluded = _excluded(changes, applies, place)
        item = changes.item[place] if applies[place] else ZERO
        result = changes.instrument[place] - excluded + item
        row = (end, applies[place], changes.instrument[place], changes.item[place], *total)
        rows.append(PeriodResult(*row, ZERO, ZERO, ZERO, ZERO, excluded, result))
    return tuple(rows)


def _excluded(changes: ValueChanges, applies: list[bool], place: int) -> Decimal:
    """Return the change of excluded components; once hedge accounting has ended nothing is excluded any more."""
    return changes.excluded[place] if applies[place] else ZERO


def _require_bound(row: PeriodResult, target: Decimal, profile: Framework) -> None:
    """Hold the reserve to the law: no larger than either side, never of the opposite sign to the instrument."""
    if not profile.lower_of:
        return
    bound = min(abs(row.cumulative_instrument), abs(row.cumulative_item))
    if abs(target) > bound or target * row.cumulative_instrument < 0:
        raise AccountsError(f"the reserve {target} of {row.end} breaks the lower-of bound {bound}")


def _require_roll_forward(rows: Sequence[PeriodResult]) -> tuple[PeriodResult, ...]:
    for row in rows:
        if row.opening + row.effective + row.reclassified != row.closing:
            raise AccountsError(f"the reserve of {row.end} does not roll forward: {row}")
    return tuple(rows)


def ineffectiveness_table(rows: Sequence[PeriodResult]) -> pd.DataFrame:
    """Return the periods as a table by end date; amounts stay exact decimals.

    Parameters
    ----------
    rows : sequence of PeriodResult

    Returns
    -------
    pandas.DataFrame, (n_periods, 11)
        Columns as the attributes of :class:`PeriodResult`.
    """
    names = [name for name in PeriodResult.__dataclass_fields__ if name != "end"]
    index = pd.Index([row.end.isoformat() for row in rows], name="period end")
    return pd.DataFrame({name: [getattr(row, name) for row in rows] for name in names}, index=index)
