"""What a stress test holds: an exposure, the ratio of its hedges, and the rows known on the day of the test."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from hedgerow._types import FloatArray
from hedgerow.engine import LinearMarket
from hedgerow.errors import DataError, InputError


@dataclass(frozen=True, eq=False)
class HedgedPosition:
    """An exposure and its hedges at a ratio: what a stress test and its contingency are about.

    Parameters
    ----------
    market : LinearMarket
        Changes of the exposure and its hedges, names and the quantity of exposure (positive = long).
    ratio : tuple of float, length n_hedges
        Units of hedge per unit of exposure: ``hedged = y - ratio . x``.
    prices : tuple of float, length 1 + n_hedges, optional
        Latest price of the exposure and of each hedge, in the exposure's unit. Moves in per cent, stop levels and
        barrier options need it.
    scales : tuple of float, length 1 + n_hedges, optional
        Price units that one unit of change is worth now: 1 for differences, the price for returns; 1 unless said.
    contracts_per_unit : tuple of float, length n_hedges, optional
        Contracts that one unit of hedge stands for now; those of the market's last row unless said.
    """

    market: LinearMarket
    ratio: tuple[float, ...]
    prices: tuple[float, ...] | None = None
    scales: tuple[float, ...] | None = None
    contracts_per_unit: tuple[float, ...] | None = None

    def __post_init__(self) -> None:
        count = len(self.market.hedges)
        _check("ratio", self.ratio, count)
        _check("prices", self.prices, 1 + count)
        _check("scales", self.scales, 1 + count)
        _check("contracts_per_unit", self.contracts_per_unit, count)
        if not (np.isfinite(self.market.quantity) and self.market.quantity):
            raise InputError(f"a stress test needs an exposure; its quantity is {self.market.quantity}")

    @property
    def names(self) -> tuple[str, ...]:
        """The exposure's name, then the hedges'."""
        return (self.market.exposure, *self.market.hedges)

    @property
    def weights(self) -> FloatArray:
        """What one unit of hedged exposure holds: 1 of the exposure and minus the ratio of each hedge."""
        return np.array([1.0, *(-one for one in self.ratio)])

    @property
    def contracts(self) -> FloatArray | None:
        """Contracts held, negative = sold, shape (n_hedges,); None where no contract size is known."""
        return self.contracts_at(np.array(self.ratio))

    def contracts_at(self, ratio: FloatArray) -> FloatArray | None:
        """Return the contracts that a ratio (n_hedges,) asks for, fractions kept; None without contract sizes."""
        per_unit = self.contracts_per_unit
        if per_unit is None and self.market.contracts_per_unit is not None:
            per_unit = tuple(self.market.contracts_per_unit[-1])
        return None if per_unit is None else -ratio * self.market.quantity * np.array(per_unit)

    def known_changes(
        self, as_of: str | pd.Timestamp | None, window: int | None
    ) -> tuple[FloatArray, pd.DatetimeIndex]:
        """Return the changes known on a day, the exposure first, and their dates.

        Parameters
        ----------
        as_of : date, optional
            Last date used; all rows unless said.
        window : int, optional
            Use the last so many rows only.

        Raises
        ------
        DataError
            Where no row is known by then.
        """
        times = self.market.times[1:]
        rows = len(times)
        if as_of is not None:
            try:
                rows = int(times.searchsorted(pd.Timestamp(as_of), side="right"))
            except (ValueError, TypeError) as error:
                raise InputError(f"the as-of date {as_of!r} is not a date") from error
        if rows < 1:
            raise DataError(f"no change is known by {as_of}; the first is of {times[0].date()}")
        if window is not None and window < 3:
            raise InputError(f"the window of a stress test must be 3 rows or more, not {window}")
        first = 0 if window is None else max(rows - window, 0)
        table = np.column_stack([self.market.exposure_changes, self.market.hedge_changes])
        return table[first:rows], times[first:rows]


def _check(what: str, values: tuple[float, ...] | None, count: int) -> None:
    if values is None:
        return
    if len(values) != count or not np.isfinite(values).all():
        raise InputError(f"{what} must be {count} finite numbers, not {values}")
