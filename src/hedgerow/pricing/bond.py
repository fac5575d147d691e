"""Fixed-coupon bonds: schedule, accrued interest, price and yield, and what a basis point costs.

Prices are per 100 of face value, coupons and yields are decimals a year, and yields compound as often as the bond pays.
With f payments a year, w the share of the running coupon period that is left at settlement, n coupons to come::

    clean + accrued = sum over k = 0 .. n-1 of (100 c / f) (1 + y/f)^-(k + w)  +  100 (1 + y/f)^-(n - 1 + w)

and where one coupon is left, simple interest: 100 (1 + c/f) / (1 + w y/f). Days are counted actual/actual within the
coupon period (ICMA rule 251), as for US Treasury notes and bonds.

>>> from datetime import date
>>> from hedgerow.pricing import bond
>>> terms = bond.BondTerms(0.06, date(2031, 11, 15))
>>> round(bond.clean_price(terms, date(2026, 11, 15), 0.06), 10)
100.0
>>> round(bond.dv01(terms, date(2026, 11, 15), 0.06), 6)
0.042651

References
----------
F. J. Fabozzi, *The Handbook of Fixed Income Securities* (2012), chapters 5 to 9; ICMA rule 251.
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date

import numpy as np

from hedgerow._types import FloatArray
from hedgerow.errors import InputError

BASIS_POINT = 1e-4
FREQUENCIES = (1, 2, 4, 12)
_YIELDS = (-0.5, 10.0)
"""Yields between which a price is looked for."""


@dataclass(frozen=True)
class BondTerms:
    """A bond that pays a fixed coupon and 100 at maturity.

    Parameters
    ----------
    coupon : float
        Per year, decimal; 0 for a zero-coupon bond.
    maturity : datetime.date
        Day of the last payment.
    frequency : int
        Coupons a year: 1, 2, 4 or 12.
    """

    coupon: float
    maturity: date
    frequency: int = 2

    def __post_init__(self) -> None:
        if not 0.0 <= self.coupon < 1.0:
            raise InputError(
                f"the coupon is a decimal a year from 0 to below 1, not {self.coupon}; write 0.045 for 4.5 %"
            )
        if self.frequency not in FREQUENCIES:
            raise InputError(f"a bond pays 1, 2, 4 or 12 coupons a year, not {self.frequency}")


def schedule(terms: BondTerms, settlement: date) -> tuple[date, ...]:
    """Return the last coupon date on or before ``settlement``, then every coupon date after it up to maturity.

    Dates count back from maturity in whole coupon periods; where maturity is the end of a month, all are.

    Raises
    ------
    InputError
        Where the bond has matured by ``settlement``.
    """
    if not settlement < terms.maturity:
        raise InputError(
            f"a bond that matures {terms.maturity} cannot settle {settlement}; settlement must come before maturity"
        )
    months, dates = 12 // terms.frequency, [terms.maturity]
    while dates[-1] > settlement:
        dates.append(_months_before(terms.maturity, months * len(dates)))
    return tuple(reversed(dates))


def cash_flows(terms: BondTerms, settlement: date) -> tuple[tuple[date, ...], FloatArray]:
    """Return the dates after ``settlement`` on which the bond pays, and what it pays per 100 of face value."""
    dates = schedule(terms, settlement)[1:]
    amounts = np.full(len(dates), 100.0 * terms.coupon / terms.frequency)
    amounts[-1] += 100.0
    return dates, amounts


def accrued(terms: BondTerms, settlement: date) -> float:
    """Return interest accrued since the last coupon, per 100 of face value."""
    return 100.0 * terms.coupon / terms.frequency * (1.0 - _share_left(schedule(terms, settlement), settlement))


def clean_price(terms: BondTerms, settlement: date, yield_: float) -> float:
    """Return the price without accrued interest, per 100 of face value, at a yield compounded ``frequency`` times.

    Raises
    ------
    InputError
        Where the bond has matured, or the yield is -frequency or less.
    """
    return _discounted(terms, settlement, yield_, 0) - accrued(terms, settlement)


def yield_to_maturity(terms: BondTerms, settlement: date, price: float) -> float:
    """Return the yield, decimal a year compounded ``frequency`` times, at which the clean price is ``price``.

    Raises
    ------
    InputError
        Where no yield from -50 % to 1000 % gives that price.
    """
    from scipy.optimize import brentq

    def miss(yield_: float) -> float:
        return clean_price(terms, settlement, yield_) - price

    low, high = _YIELDS
    if not np.isfinite(price) or not miss(low) > 0.0 > miss(high):
        raise InputError(
            f"a clean price of {price} per 100 fits no yield from -50 % to 1000 % of the bond that matures "
            f"{terms.maturity}; give the clean price per 100 of face value"
        )
    return float(brentq(miss, low, high, xtol=1e-15, rtol=1e-14))


def dv01(terms: BondTerms, settlement: date, yield_: float) -> float:
    """Return how much the price per 100 falls for one basis point of yield: ``-dP/dy / 10,000``."""
    return -_discounted(terms, settlement, yield_, 1) * BASIS_POINT


def modified_duration(terms: BondTerms, settlement: date, yield_: float) -> float:
    """Return ``-(dP/dy) / P`` in years, P the price with accrued interest."""
    return -_discounted(terms, settlement, yield_, 1) / _discounted(terms, settlement, yield_, 0)


def convexity(terms: BondTerms, settlement: date, yield_: float) -> float:
    """Return ``(d2P/dy2) / P`` in years squared, P the price with accrued interest."""
    return _discounted(terms, settlement, yield_, 2) / _discounted(terms, settlement, yield_, 0)


def conversion_factor(terms: BondTerms, first_delivery_day: date, rounding_months: int = 3) -> float:
    """Return the factor that turns a Treasury future's price into what the bond is invoiced at.

    The clean price of 1 of face value at a yield of 6 % on the first day of the delivery month, the time to maturity
    rounded down to whole ``rounding_months``, and the result to four decimals.

    Parameters
    ----------
    terms : BondTerms
        Coupons twice a year.
    first_delivery_day : datetime.date
        First day of the delivery month.
    rounding_months : int
        3 for ten-year notes and longer, 1 for notes of two, three and five years.

    References
    ----------
    CME Group, *Calculating U.S. Treasury futures conversion factors*.

    Examples
    --------
    >>> conversion_factor(BondTerms(0.06, date(2036, 3, 15)), date(2026, 3, 1))
    1.0
    >>> conversion_factor(BondTerms(0.04, date(2034, 11, 15)), date(2026, 3, 1))
    0.8683
    """
    if terms.frequency != 2:
        raise InputError("conversion factors are for bonds that pay twice a year")
    if rounding_months not in (1, 3):
        raise InputError(f"time to maturity is rounded to 1 or 3 months, not {rounding_months}")
    months = 12 * (terms.maturity.year - first_delivery_day.year) + terms.maturity.month - first_delivery_day.month
    if months < rounding_months:
        raise InputError(f"the bond that matures {terms.maturity} is too short to deliver from {first_delivery_day}")
    years, left = divmod(months, 12)
    left -= left % rounding_months
    to_coupon = left if left < 7 else (3 if rounding_months == 3 else left - 6)
    running = 1.03 ** (-to_coupon / 6.0)
    periods = 2 * years + (left >= 7)
    final = 1.03**-periods
    annuity = terms.coupon / 0.06 * (1.0 - final)
    factor = running * (terms.coupon / 2.0 + final + annuity) - terms.coupon / 2.0 * (6.0 - to_coupon) / 6.0
    return float(round(factor, 4))


def _months_before(day: date, months: int) -> date:
    """Return the day ``months`` earlier; the end of a month where ``day`` is one or the month is too short."""
    total = 12 * day.year + day.month - 1 - months
    year, month = divmod(total, 12)
    last = monthrange(year, month + 1)[1]
    at_end = day.day == monthrange(day.year, day.month)[1]
    return date(year, month + 1, last if at_end else min(day.day, last))


def _share_left(dates: tuple[date, ...], settlement: date) -> float:
    """Return the share of the running coupon period that is left, from above 0 to 1."""
    return (dates[1] - settlement).days / (dates[1] - dates[0]).days


def _discounted(terms: BondTerms, settlement: date, yield_: float, order: int) -> float:
    """Return the price with accrued interest, or its first or second derivative by the yield."""
    dates = schedule(terms, settlement)
    amounts = cash_flows(terms, settlement)[1]
    left, per_period = _share_left(dates, settlement), 1.0 / terms.frequency
    if not yield_ * per_period > -1.0:
        raise InputError(
            f"a yield of {yield_} is -100 % a coupon period or less; give a decimal a year: 0.045 for 4.5 %"
        )
    if len(amounts) == 1:
        step, growth = left * per_period, 1.0 + left * per_period * yield_
        return float(amounts[0] * (1.0, -step, 2.0 * step**2)[order] / growth ** (order + 1))
    powers = left + np.arange(len(amounts))
    rising = np.ones(len(amounts))
    for number in range(order):
        rising = rising * -(powers + number) * per_period
    return float(np.sum(amounts * rising * (1.0 + yield_ * per_period) ** -(powers + order)))
