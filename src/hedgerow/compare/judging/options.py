"""How a race is judged where taste enters: risk aversion, the year, and when a difference counts."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf

import numpy as np
import pandas as pd

from hedgerow.effectiveness.changes import checked_share
from hedgerow.engine import LinearMarket
from hedgerow.errors import DataError, InputError
from hedgerow.units import CALENDAR_DAYS_PER_YEAR

RELATIVE_RISK_AVERSION = 4.0


@dataclass(frozen=True)
class Judging:
    """Options of judging, none of them implicit.

    Parameters
    ----------
    risk_aversion : float, optional
        Absolute, per unit of money of the whole position, 0 or more. When left out it is ``relative_risk_aversion``
        over the value of the whole exposure at the first judged row.
    relative_risk_aversion : float, default=4.0
        Of a holder whose wealth is the exposure; without unit. Not used where ``risk_aversion`` is given.
    periods_per_year : float, optional
        Rows a year; when left out, the judged rows over the years (calendar days / 365) they span.
    set_level : float, default=0.90
        Probability with which the model confidence set holds the best method.
    significance : float, default=0.05
        Size of the test of superior predictive ability behind the verdict.

    Examples
    --------
    >>> Judging(relative_risk_aversion=2.0).unit_risk_aversion(quantity=1000.0, level=50.0)
    0.04
    """

    risk_aversion: float | None = None
    relative_risk_aversion: float = RELATIVE_RISK_AVERSION
    periods_per_year: float | None = None
    set_level: float = 0.90
    significance: float = 0.05

    def __post_init__(self) -> None:
        for name in ("risk_aversion", "relative_risk_aversion"):
            value = getattr(self, name)
            if value is not None and not 0.0 <= value < inf:
                raise InputError(f"{name} must be a finite number, 0 or more, got {value}.")
        if self.periods_per_year is not None and not 0.0 < self.periods_per_year < inf:
            raise InputError(f"periods_per_year must be a positive number of rows, got {self.periods_per_year}.")
        checked_share(self.set_level, "set_level")
        checked_share(self.significance, "significance")

    def unit_risk_aversion(self, quantity: float, level: float) -> float:
        """Return the risk aversion per unit of money of *one unit* of exposure, under which its changes are judged.

        Parameters
        ----------
        quantity : float
            Units of exposure.
        level : float
            Value of one unit of exposure in money; NaN or not positive where unknown.

        Raises
        ------
        InputError
            Where neither a risk aversion nor a positive value of the exposure is known.
        """
        if self.risk_aversion is not None:
            return self.risk_aversion * abs(quantity)
        if not level > 0.0:
            raise InputError(
                "the exposure has no positive value to measure a relative risk aversion against; give an absolute "
                "risk_aversion per unit of money"
            )
        return self.relative_risk_aversion / level

    def rows_per_year(self, times: pd.DatetimeIndex) -> float:
        """Return rows a year of the dates given, unless the option says."""
        if self.periods_per_year is not None:
            return self.periods_per_year
        days = (times[-1] - times[0]) / pd.Timedelta(days=1) if len(times) > 1 else 0.0
        if not days > 0.0:
            raise DataError("the judged rows span no time to count rows a year from; give periods_per_year")
        return float((len(times) - 1) * CALENDAR_DAYS_PER_YEAR / days)


def exposure_level(market: LinearMarket, first_row: int) -> float:
    """Return the value of one unit of exposure in money when the judged rows begin; NaN where it is not positive.

    Where changes are returns one unit is one unit of value throughout, however far prices have moved.
    """
    returns = bool((market.hedge_prices == 1.0).all())
    level = market.exposure_start if returns else market.after(first_row).exposure_start
    return float(level) if level > 0.0 else float(np.nan)
