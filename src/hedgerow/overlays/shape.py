"""What shapes a rule's multiplier: smooth, persist, floor, cap, threshold, budget, in that order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from hedgerow.errors import InputError

if TYPE_CHECKING:
    from hedgerow.overlays.triggers import Trigger

STAGES = ("rule", "smooth", "persist", "floor", "cap", "threshold", "budget")
"""Names of the stages in the order in which they act; ``rule`` is what the rule said."""


MOST_DATES = 1_000_000
"""Signal dates beyond which a window or a delay is a slip."""


@dataclass(frozen=True)
class Shape:
    """How a rule's multiplier is shaped; every stage is off by default.

    Parameters
    ----------
    smooth : int
        Mean of the last so many signal dates; 1 leaves the multiplier as it is.
    persist : int
        Closes running on which the smoothed value must lie on the same side of the held one before it is followed;
        1 follows at once.
    floor, cap : float, optional
        Bounds of the multiplier; the cap not below the floor.
    threshold : tuple of Trigger
        When the held multiplier is replaced by the shaped one: any trigger suffices. Empty: on every date.
    budget : float, optional
        Most that premium and costs may take in a calendar year, as a share of the portfolio's value at its start.
    """

    smooth: int = 1
    persist: int = 1
    floor: float | None = None
    cap: float | None = None
    threshold: tuple[Trigger, ...] = ()
    budget: float | None = None

    def __post_init__(self) -> None:
        """Refuse what cannot be met."""
        for name in ("smooth", "persist"):
            value = getattr(self, name)
            if not _is_number(value) or value != int(value) or not 1 <= value <= MOST_DATES:
                most = f", {MOST_DATES:,} at most" if _is_number(value) and value > MOST_DATES else ""
                raise InputError(f"{name} must be a whole number of signal dates, 1 or more{most}, not {value!r}")
        for name in ("floor", "cap", "budget"):
            value = getattr(self, name)
            if value is not None and not (_is_number(value) and value >= 0.0):
                raise InputError(f"{name} must be a number of 0 or more, or None, not {value!r}")
        object.__setattr__(self, "threshold", _triggers(self.threshold))
        if self.floor is not None and self.cap is not None and self.cap < self.floor:
            raise InputError(
                f"the cap {self.cap:g} lies below the floor {self.floor:g}; raise the cap or lower the floor"
            )


def _is_number(value: Any) -> bool:
    number = isinstance(value, int | float | np.integer | np.floating)
    if not number or isinstance(value, bool):
        return False
    return isinstance(value, int) or bool(np.isfinite(value))  # NumPy knows no whole number of any size


def _triggers(given: object) -> tuple[Trigger, ...]:
    """Return one trigger or several as a tuple."""
    from hedgerow.overlays.triggers import Trigger

    several = tuple(given) if isinstance(given, list | tuple) else (given,)
    strange = next((each for each in several if not isinstance(each, Trigger)), None)
    if strange is not None or given is None:
        raise InputError(
            f"threshold takes triggers, such as SignalMove(3.0) or Weekly(), not {strange!r}; "
            "triggers_from_text reads them from text"
        )
    return several
