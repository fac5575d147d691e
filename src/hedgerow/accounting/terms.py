"""Critical terms match: the check list that may stand in for a first quantitative test where all of it holds."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

import pandas as pd

from hedgerow.accounting.amounts import Amount, money

DAYS_APART = 31


@dataclass(frozen=True)
class Terms:
    """Terms of one side of a relationship.

    Parameters
    ----------
    quantity : Decimal
        Notional or quantity hedged, without sign, in one unit for both sides.
    currency, underlying, place : str
        Currency, reference price or commodity with grade, and place of delivery.
    settles : date
        When it settles or falls due.
    value_at_inception : Decimal
        Fair value on the day of designation; matters for the instrument only.
    """

    quantity: Amount
    currency: str
    underlying: str
    place: str
    settles: dt.date
    value_at_inception: Amount = Decimal(0)


def critical_terms(item: Terms, instrument: Terms) -> pd.DataFrame:
    """Return the check list of critical terms.

    Parameters
    ----------
    item, instrument : Terms

    Returns
    -------
    pandas.DataFrame, (6, 3)
        By term: ``item``, ``instrument`` (text) and ``match`` (bool). Dates match within 31 days or in one calendar
        month; texts match whatever their case.

    Examples
    --------
    >>> jet = Terms(2_000_000, "USD", "jet fuel", "US Gulf Coast", dt.date(2026, 3, 31))
    >>> oil = Terms(1_974_000, "USD", "heating oil", "New York Harbor", dt.date(2026, 3, 31))
    >>> critical_terms(jet, oil)["match"].tolist()
    [False, True, False, False, True, True]
    """
    first, second = item.settles, instrument.settles
    near = abs((first - second).days) <= DAYS_APART or (first.year, first.month) == (second.year, second.month)
    rows: list[tuple[str, str, str, bool]] = [
        ("quantity", f"{money(item.quantity):,}", f"{money(instrument.quantity):,}",
         money(item.quantity) == money(instrument.quantity)),
        *(
            (name, getattr(item, name), getattr(instrument, name), _same(item, instrument, name))
            for name in ("currency", "underlying", "place")
        ),
        ("date", first.isoformat(), second.isoformat(), near),
        ("value at inception", "–", f"{money(instrument.value_at_inception):,}",
         money(instrument.value_at_inception) == 0),
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=["term", "item", "instrument", "match"]).set_index("term")


def _same(item: Terms, instrument: Terms, name: str) -> bool:
    return str(getattr(item, name)).strip().casefold() == str(getattr(instrument, name)).strip().casefold()
