"""The numbers a house has chosen for its tests; inputs, printed in every document, never truths of Hedgerow."""

from __future__ import annotations

from dataclasses import dataclass

from hedgerow.errors import InputError


@dataclass(frozen=True)
class AccountingThresholds:
    """Where the tests draw their lines.

    Parameters
    ----------
    corridor_low, corridor_high : float
        Range of the dollar offset, decimals (0.80 and 1.25).
    slope_low, slope_high : float
        Range of the regression slope's size (0.80 and 1.25): -0.80 to -1.25 against the hedge held, +0.80 to +1.25
        against a hypothetical derivative.
    r_squared : float
        Least R² (0.80).
    significance : float
        Largest p-value of slope and F (0.05).
    fewest : int
        Observations from which a regression is commonly accepted (30).
    small_change : float
        Small-numbers rule: where the item's change is smaller than this, in money, the offset is not judged, and
        flagged. 0 judges all but an item that did not move at all.

    Examples
    --------
    >>> AccountingThresholds().inside(1.1), AccountingThresholds().inside(1.3)
    (True, False)
    """

    corridor_low: float = 0.80
    corridor_high: float = 1.25
    slope_low: float = 0.80
    slope_high: float = 1.25
    r_squared: float = 0.80
    significance: float = 0.05
    fewest: int = 30
    small_change: float = 0.0

    def __post_init__(self) -> None:
        for name in ("corridor", "slope"):
            low, high = getattr(self, f"{name}_low"), getattr(self, f"{name}_high")
            if not 0.0 < low < high < float("inf"):
                raise InputError(f"{name}_low must be above 0 and below {name}_high; got {low} and {high}")
        if not 0.0 <= self.r_squared <= 1.0:
            raise InputError(f"r_squared must lie between 0 and 1, got {self.r_squared}")
        if not 0.0 < self.significance < 1.0:
            raise InputError(f"significance must lie between 0 and 1, such as 0.05; got {self.significance}")
        if self.fewest < 3:
            raise InputError(f"fewest must be 3 observations or more, got {self.fewest}")
        if not 0.0 <= self.small_change < float("inf"):
            raise InputError(f"small_change must be money, 0 or more; got {self.small_change}")

    def inside(self, offset: float) -> bool:
        """Return whether an offset ratio lies in the corridor, both ends included."""
        return self.corridor_low <= offset <= self.corridor_high

    @property
    def small_numbers_rule(self) -> str:
        """The rule in words."""
        if self.small_change:
            return (
                f"where the item moved by less than {self.small_change:,.10g} in money, the offset of that span is "
                "flagged and not judged"
            )
        return "none: every offset is judged unless the item did not move at all"
