"""Numbers and words that a policy refuses, one sentence each."""

from __future__ import annotations

import numpy as np

from hedgerow.errors import InputError


def check_destination(to: str) -> None:
    """Refuse a destination that is none."""
    if to not in ("edge", "middle", "target"):
        raise InputError(f"a band trades to its 'edge', its 'middle' or the 'target', not to {to!r}")


def check_not_negative(value: float | None, what: str) -> None:
    """Refuse a negative or infinite number, and one that is none."""
    if value is not None and not 0.0 <= value < np.inf:
        raise InputError(f"{what} must be 0 or more, not {value}")


def check_positive(value: float | None, what: str) -> None:
    """Refuse zero, a negative or infinite number, and one that is none."""
    if value is not None and not 0.0 < value < np.inf:
        raise InputError(f"{what} must be more than 0, not {value}")
