"""What is protected: its value, and how much of it is exposed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from hedgerow.errors import InputError


@dataclass(frozen=True)
class Portfolio:
    """The portfolio under a volatility or tail hedge.

    Parameters
    ----------
    value : float
        Money at the first date, above 0.
    exposure_weight : float
        Part that the hedge is there for (the equity part), 0 to 1: every base hedge is scaled by it.
    currency : str
        Printed with results.

    Examples
    --------
    >>> Portfolio(10_000_000).exposed
    10000000.0
    """

    value: float = 10_000_000.0
    exposure_weight: float = 1.0
    currency: str = "USD"

    def __post_init__(self) -> None:
        """Refuse what is no portfolio."""
        if not (np.isfinite(self.value) and self.value > 0.0):
            raise InputError(f"the portfolio's value must be money above 0, not {self.value!r}")
        if not 0.0 <= self.exposure_weight <= 1.0:
            raise InputError(f"the exposure weight is a share from 0 to 1, not {self.exposure_weight!r}")

    @property
    def exposed(self) -> float:
        """Money that the hedge is there for at the first date."""
        return float(self.value) * self.exposure_weight
