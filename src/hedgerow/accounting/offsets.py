"""Dollar offset: how much of the item's change the instrument made good, per period and since designation."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import pandas as pd

from hedgerow.accounting.amounts import ZERO, ValueChanges, money
from hedgerow.accounting.thresholds import AccountingThresholds

JUDGED, FLAGGED, UNDEFINED = "judged", "small numbers", "item did not move"


def offset_ratio(instrument: Decimal, item: Decimal) -> float:
    """Return ``-instrument / item``: 1 is perfect, below 0 both moved the same way, NaN where the item stood still.

    Parameters
    ----------
    instrument, item : Decimal
        Changes in fair value, money.

    Returns
    -------
    float

    Examples
    --------
    >>> offset_ratio(Decimal(-120), Decimal(100))
    1.2
    """
    return float("nan") if item == 0 else float(-instrument / item)


def dollar_offset(changes: ValueChanges, thresholds: AccountingThresholds | None = None) -> pd.DataFrame:
    """Return the dollar offset of every reporting period and of all periods up to it.

    ``offset = -(change of instrument) / (change of item)``, excluded components left out of the instrument.

    Parameters
    ----------
    changes : ValueChanges
    thresholds : AccountingThresholds, optional
        Corridor and small-numbers rule.

    Returns
    -------
    pandas.DataFrame, (n_periods, 10)
        By period end: ``instrument``, ``item`` (money), ``offset`` (ratio), ``inside`` (True, False, or None where the
        rule says not to judge), ``note`` (``judged``, ``small numbers``, ``item did not move``), and the same five
        with ``cumulative_`` in front.

    Examples
    --------
    >>> import datetime as dt
    >>> ends = (dt.date(2024, 3, 31), dt.date(2024, 6, 30))
    >>> table = dollar_offset(ValueChanges(ends, (-120, 1), (100, -2)))
    >>> table["offset"].tolist(), table["inside"].tolist(), round(float(table["cumulative_offset"].iloc[-1]), 4)
    ([1.2, 0.5], [True, False], 1.2143)
    """
    limits = thresholds or AccountingThresholds()
    index = pd.Index([end.isoformat() for end in changes.ends], name="period end")
    parts = [_side(changes.included, changes.item, limits, "")]
    parts.append(_side(changes.cumulative_instrument, changes.cumulative_item, limits, "cumulative_"))
    return pd.DataFrame({name: values for part in parts for name, values in part.items()}, index=index)


def offset_failures(table: pd.DataFrame, *, cumulative: bool = False) -> list[str]:
    """Return the ends of the periods whose offset was judged and lies outside the corridor.

    Parameters
    ----------
    table : pandas.DataFrame
        From :func:`dollar_offset`.
    cumulative : bool
        Look at the offset since designation instead of the period's.

    Returns
    -------
    list of str
    """
    column = "cumulative_inside" if cumulative else "inside"
    return [str(end) for end, inside in table[column].items() if inside is False]


def _side(
    instrument: tuple[Decimal, ...], item: tuple[Decimal, ...], limits: AccountingThresholds, prefix: str
) -> dict[str, object]:
    notes = [_note(change, limits) for change in item]
    offsets = [offset_ratio(gain, loss) for gain, loss in zip(instrument, item, strict=True)]
    inside = [limits.inside(offset) if note == JUDGED else None for offset, note in zip(offsets, notes, strict=True)]
    return {
        f"{prefix}instrument": np.array(instrument, dtype=object),
        f"{prefix}item": np.array(item, dtype=object),
        f"{prefix}offset": offsets,
        f"{prefix}inside": np.array(inside, dtype=object),
        f"{prefix}note": notes,
    }


def _note(item: Decimal, limits: AccountingThresholds) -> str:
    if item == ZERO:
        return UNDEFINED
    return FLAGGED if abs(item) < money(limits.small_change) else JUDGED
