"""Money in exact decimals, and changes in fair value per reporting period."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_EVEN, Decimal, InvalidOperation
from itertools import accumulate

from hedgerow.errors import DataError, InputError

Amount = Decimal | int | float | str
ZERO = Decimal(0)


def money(amount: Amount, digits: int | None = None) -> Decimal:
    """Return an amount as an exact decimal: a float counts as it is written, not as it is stored.

    Parameters
    ----------
    amount : Decimal, int, float or str
        In money.
    digits : int, optional
        Decimal places to round to, halves to even; not rounded without it.

    Returns
    -------
    Decimal

    Raises
    ------
    DataError
        For what is no finite number.

    Examples
    --------
    >>> money(0.1) + money(0.2)
    Decimal('0.3')
    >>> money("2.345", 2)
    Decimal('2.34')
    """
    try:
        value = amount if isinstance(amount, Decimal) else Decimal(str(amount))
    except InvalidOperation as error:
        raise DataError(f"{amount!r} is no amount of money; give a number") from error
    if not value.is_finite():
        raise DataError(f"{amount!r} is no finite amount of money; leave the row out or give its value")
    # adding zero turns a minus zero, which would print as -0.00, into zero
    rounded = value if digits is None else value.quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_EVEN)
    return rounded + ZERO


@dataclass(frozen=True)
class ValueChanges:
    """Changes in fair value of both sides of a relationship, one per reporting period since designation.

    Parameters
    ----------
    ends : tuple of date
        Last day of each period, rising.
    instrument, item : tuple of Decimal, (n_periods,)
        Gain (+) or loss (-) of the hedging instrument as held, and of the hedged item as designated, for the holder,
        in money. Numbers are taken as they are written.
    excluded : tuple of Decimal, (n_periods,), optional
        The part of the instrument's change that belongs to components left out of the designation; none by default.

    Raises
    ------
    DataError
        Where lengths differ, dates do not rise, or an amount is not finite.

    Examples
    --------
    >>> changes = ValueChanges((dt.date(2024, 3, 31), dt.date(2024, 6, 30)), (10, -2), (-9, -1))
    >>> changes.cumulative_item
    (Decimal('-9'), Decimal('-10'))
    """

    ends: tuple[dt.date, ...]
    instrument: tuple[Decimal, ...]
    item: tuple[Decimal, ...]
    excluded: tuple[Decimal, ...] = field(default=())

    def __post_init__(self) -> None:
        excluded = tuple(self.excluded) or (ZERO,) * len(self.ends)
        sides = {"instrument": self.instrument, "item": self.item, "excluded": excluded}
        for name, amounts in sides.items():
            if len(amounts) != len(self.ends):
                raise DataError(f"{name} has {len(amounts)} changes for {len(self.ends)} periods; give one for each")
            object.__setattr__(self, name, tuple(money(amount) for amount in amounts))
        if any(later <= earlier for earlier, later in zip(self.ends, self.ends[1:], strict=False)):
            raise DataError("the ends of reporting periods must rise; sort them and name each once")

    @classmethod
    def from_cumulative(
        cls, ends: Sequence[dt.date], instrument: Sequence[Amount], item: Sequence[Amount]
    ) -> ValueChanges:
        """Return the changes per period behind cumulative figures since designation."""
        return cls(tuple(ends), _differences(instrument), _differences(item))

    @property
    def included(self) -> tuple[Decimal, ...]:
        """Changes of the instrument without its excluded components."""
        return tuple(whole - part for whole, part in zip(self.instrument, self.excluded, strict=True))

    @property
    def cumulative_instrument(self) -> tuple[Decimal, ...]:
        """Running sum of the included changes of the instrument."""
        return tuple(accumulate(self.included))

    @property
    def cumulative_item(self) -> tuple[Decimal, ...]:
        """Running sum of the item's changes."""
        return tuple(accumulate(self.item))


def require_within_life(
    ends: Iterable[dt.date], designated: dt.date, dedesignated: dt.date | None = None
) -> tuple[dt.date, ...]:
    """Return the ends of reporting periods, refused where one lies outside the life of the relationship.

    Parameters
    ----------
    ends : iterable of date
    designated : date
    dedesignated : date, optional
        Last day of the relationship.

    Returns
    -------
    tuple of date

    Raises
    ------
    InputError
        For a test on or before the day of designation, or an entry after dedesignation.

    Examples
    --------
    >>> require_within_life([dt.date(2024, 3, 31)], dt.date(2024, 1, 2))
    (datetime.date(2024, 3, 31),)
    """
    known = tuple(ends)
    for end in known:
        if end <= designated:
            raise InputError(
                f"a reporting period ends on {end} and the relationship was designated on {designated}; "
                "nothing is tested or booked before designation"
            )
        if dedesignated is not None and end > dedesignated:
            raise InputError(
                f"a reporting period ends on {end} and the relationship ended on {dedesignated}; "
                "nothing is booked after dedesignation"
            )
    return known


def _differences(cumulative: Sequence[Amount]) -> tuple[Decimal, ...]:
    amounts = [money(amount) for amount in cumulative]
    return tuple(later - earlier for earlier, later in zip([ZERO, *amounts], amounts, strict=False))
