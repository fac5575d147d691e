"""What to do today: the multiplier decided at the last close, what is held, what is to be traded, and why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from hedgerow.engine.overlay.account_terms import PART
from hedgerow.engine.overlay.accounts import ROUNDING
from hedgerow.engine.overlay.budget_kernels import whole
from hedgerow.engine.overlay.year_calendar import years_ahead
from hedgerow.overlays import Shape, Signals, Trigger, rule_in_words, trigger_in_words
from hedgerow.overlays.triggers import TIE, is_due

if TYPE_CHECKING:
    from hedgerow.engine.overlay.result import OverlayPart, OverlayResult


@dataclass(frozen=True, eq=False)
class OverlayToday:
    """What to do after the last close of a run.

    Attributes
    ----------
    date : Timestamp
        The last close.
    table : DataFrame
        A row per slot: ``part``, ``multiplier`` decided, ``held`` now, ``contracts held``, ``contracts to trade``
        (positive is to buy), at the programme's units of that close; a roll due at the fill comes on top, and takes a
        hedge of reserve that the budget has cut to what the rule wants, as far as there is room then.
    reasons : tuple of str
        A sentence per part.
    """

    date: pd.Timestamp
    table: pd.DataFrame
    reasons: tuple[str, ...]

    def __repr__(self) -> str:
        return "\n".join((f"{self.date:%Y-%m-%d}", *self.reasons, self.table.to_string()))

    def to_dict(self) -> dict[str, Any]:
        """Return it as plain numbers and text for JSON; NaN is None."""
        rows = [
            {"slot": slot, **{name: _plain(value) for name, value in row.items()}}
            for slot, row in self.table.iterrows()
        ]
        return {"date": f"{self.date:%Y-%m-%d}", "slots": rows, "reasons": list(self.reasons)}


def today_of(result: OverlayResult) -> OverlayToday:
    """Return what a run says to do after its last close."""
    slots, account = result.run.slots, result.account
    part = slots.kinds[:, PART]
    decided, held = account.decided[part, -1], account.held[part, -1]
    target = np.nan_to_num(decided) * slots.side_by_side("units")[-1]
    rounding = ROUNDING[result.run.options.whole_contracts]
    if rounding:
        target = np.array([whole(amount, rounding) for amount in target], dtype=float)
    table = pd.DataFrame(
        {
            "part": [slots.parts[number] for number in part],
            "multiplier": decided,
            "held": held,
            "contracts held": account.holdings[-1],
            "contracts to trade": target - account.holdings[-1],
        },
        index=pd.Index(slots.names, name="slot"),
    )
    reasons = tuple(_reason(result, number, each) for number, each in enumerate(result.parts))
    return OverlayToday(result.dates[-1], table, reasons)


def _reason(result: OverlayResult, number: int, part: OverlayPart) -> str:
    """Return the stages that changed the multiplier at the last close, with what the threshold waited for."""
    row = int(result.run.signal_rows[-1])
    decided = float(result.account.decided[number, -1])
    if row < 0 or np.isnan(decided):
        return f"{part.name}: no multiplier yet, the rule is in its warm-up; nothing is ordered"
    before = part.path.stages["rule"][row]
    steps = [f"the rule says {before:.4g} [{rule_in_words(part.rule)}]"]
    words = {
        "smooth": f"smoothed over {part.shape.smooth}",
        "persist": f"held until {part.shape.persist} closes agree",
        "floor": "raised to the floor",
        "cap": "cut to the cap",
    }
    for stage, word in words.items():
        value = part.path.stages[stage][row]
        if np.isnan(before) or abs(value - before) > TIE:
            steps.append(f"{word}: {value:.4g}")
        before = value
    if part.shape.threshold:
        steps.append(_threshold(part, result.run.signals, row))
    if abs(decided - part.path.stages["threshold"][row]) > TIE:
        year = int(years_ahead(result.dates, result.lag)[-1])
        steps.append(f"cut by the budget of {year}: {decided:.4g}")
    return f"{part.name}: {', '.join(steps)}"


def _threshold(part: OverlayPart, signals: Signals, row: int) -> str:
    value, last = part.path.stages["threshold"][row], _last_before(part, row)
    if not part.path.rebalanced[row]:
        since = signals.dates[last]
        return f"no trigger is due since the rebalance of {since:%Y-%m-%d}, so {value:.4g} stays"
    if last < 0:
        return f"first rebalance: {value:.4g}"
    named = " and ".join(trigger_in_words(each) for each in due(part.shape, signals, row, last))
    return f"rebalanced at {named}: {value:.4g}"


def _last_before(part: OverlayPart, row: int) -> int:
    """Return the row of the last rebalance before a row, -1 where there was none."""
    earlier = np.flatnonzero(part.path.rebalanced[:row])
    return int(earlier[-1]) if len(earlier) else -1


def due(shape: Shape, signals: Signals, row: int, last: int) -> tuple[Trigger, ...]:
    """Return the triggers of a shape that are due at a row, the last rebalance being at row ``last``."""
    levels = ((trigger, trigger.watched(signals)) for trigger in shape.threshold)
    return tuple(trigger for trigger, level in levels if is_due(trigger, level[[row]], level[[last]])[0])


def _plain(value: Any) -> Any:
    if isinstance(value, str):
        return value
    return float(value) if np.isfinite(value) else None
