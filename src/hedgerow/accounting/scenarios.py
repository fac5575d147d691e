"""Prospective sensitivity: what named moves of both sides would leave, with the quantities designated."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from hedgerow.accounting.amounts import Amount, money
from hedgerow.accounting.offsets import offset_ratio
from hedgerow.accounting.thresholds import AccountingThresholds
from hedgerow.errors import InputError


@dataclass(frozen=True)
class MoveScenario:
    """A move of both sides.

    Parameters
    ----------
    name : str
        What happens.
    item, instrument : Decimal
        Change in fair value of the item and of the instrument as held, in money, for the holder.
    """

    name: str
    item: Amount
    instrument: Amount


def scenario_offsets(scenarios: Sequence[MoveScenario], thresholds: AccountingThresholds | None = None) -> pd.DataFrame:
    """Return what each scenario would leave.

    Parameters
    ----------
    scenarios : sequence of MoveScenario
    thresholds : AccountingThresholds, optional

    Returns
    -------
    pandas.DataFrame, (n_scenarios, 5)
        By name: ``item``, ``instrument``, ``net`` (money), ``offset`` (ratio; NaN where the item stands still) and
        ``inside`` the corridor (information: a scenario is no actual result).

    Raises
    ------
    InputError
        Where a name stands twice.

    Examples
    --------
    >>> scenario_offsets([MoveScenario("both up 10 %", 100, -95)])["offset"].tolist()
    [0.95]
    """
    limits = thresholds or AccountingThresholds()
    names = [scenario.name for scenario in scenarios]
    if len(dict.fromkeys(names)) != len(names):
        raise InputError(f"scenarios must have different names; got {', '.join(names)}")
    rows = []
    for scenario in scenarios:
        item, gain = money(scenario.item), money(scenario.instrument)
        offset = offset_ratio(gain, item)
        rows.append((item, gain, item + gain, offset, limits.inside(offset)))
    index = pd.Index(names, name="scenario")
    return pd.DataFrame(rows, columns=["item", "instrument", "net", "offset", "inside"], index=index)
