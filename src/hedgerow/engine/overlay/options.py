"""How an overlay is run: its lag, what binds swaps and futures to the budget, and how contracts are rounded."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from hedgerow.errors import InputError, did_you_mean

ROUNDINGS = ("toward zero", "nearest")
LONGEST_LAG = 1_000_000
"""Dates from decision to fill, at most."""


@dataclass(frozen=True)
class OverlayOptions:
    """Choices of a run beside rule, hedge and shape.

    Parameters
    ----------
    lag : int
        Dates from a decision at the close to its fill at a close: 1 fills at the next close, 0 at the same one.
    no_new_risk : bool
        How a budget binds programmes of reserve (swaps, futures). False: the year's loss and the worst loss of what is
        held stay within it; what is too much is cut at once and rises again at a rebalance, a roll or with a new year.
        True: once the year's loss has reached it the multiplier may not rise and rolls do not
        re-enter for the rest of the year, and a loss beyond it is a breach.
    whole_contracts : str, optional
        ``"toward zero"`` or ``"nearest"`` (halves away from zero; toward zero where the nearest would break the
        budget) holds whole contracts in every slot. None trades fractions.

    Examples
    --------
    >>> OverlayOptions(lag=0, whole_contracts="toward zero")
    OverlayOptions(lag=0, no_new_risk=False, whole_contracts='toward zero')
    """

    lag: int = 1
    no_new_risk: bool = False
    whole_contracts: str | None = None

    def __post_init__(self) -> None:
        """Refuse a lag that looks ahead and a rounding that is not known."""
        whole = isinstance(self.lag, int | np.integer) and not isinstance(self.lag, bool)
        if not whole or not 0 <= self.lag <= LONGEST_LAG:
            raise InputError(
                f"the lag must be a whole number of dates from 0 to {LONGEST_LAG:,}, not {self.lag!r}; 1 fills at the "
                "next close"
            )
        if self.whole_contracts is not None and self.whole_contracts not in ROUNDINGS:
            raise InputError(
                f"whole_contracts must be one of {', '.join(map(repr, ROUNDINGS))} or None, not "
                f"{self.whole_contracts!r}{did_you_mean(str(self.whole_contracts), ROUNDINGS)}"
            )
