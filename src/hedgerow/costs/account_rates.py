"""What an account pays beside its trades: interest on cash that is owed, and the lending fee of what is sold short."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from hedgerow._types import FloatArray
from hedgerow.costs.base import require_not_negative
from hedgerow.errors import InputError


@dataclass(frozen=True)
class AccountRates:
    """Rates of an account that are no costs of a trade: they run with what is held and owed, step by step.

    Cash held earns the market's rate r, cash owed pays r + ``financing_spread``. A short position of value V pays
    ``borrow`` x V, and on V of its proceeds earns ``short_rebate`` x r in place of r.

    Parameters
    ----------
    rate : float, optional
        Rate on cash, continuous per year; None for the market's.
    borrow : float
        Lending fee on the value sold short, continuous per year; 0 or more.
    financing_spread : float
        Added to the rate while cash is negative, continuous per year; 0 or more.
    short_rebate : float
        Share of the rate that the proceeds of a short sale earn, 0 to 1; retail accounts often earn 0.

    Notes
    -----
    In the ledger interest is ``financing``; the fee is the flow ``borrow`` (negative). A borrow fee that the market
    itself quotes is in forwards and carry already; give it here only where the market has none.

    Examples
    --------
    Half a year at 4 %, 1.5 % more on debt; a short of 10 units at 100 pays 2 % for the loan:

    >>> rates = AccountRates(rate=0.04, borrow=0.02, financing_spread=0.015)
    >>> rates.growth(np.array([[1000.0], [-1000.0]]), np.array([0.5])).round(6)
    array([[0.020201],
           [0.027882]])
    >>> rates.short_flow(np.array([-10.0, 10.0]), np.array([100.0, 100.0]), 0.5).round(4)
    array([-10.0502,   0.    ])
    """

    rate: float | None = None
    borrow: float = 0.0
    financing_spread: float = 0.0
    short_rebate: float = 1.0

    def __post_init__(self) -> None:
        require_not_negative("borrow fee per year", self.borrow)
        require_not_negative("financing spread per year", self.financing_spread)
        if self.rate is not None and not np.isfinite(self.rate):
            raise InputError(f"the rate on cash must be a finite number per year, not {self.rate}")
        if not 0.0 <= self.short_rebate <= 1.0:
            raise InputError(f"the short rebate must be a share of the rate from 0 to 1, not {self.short_rebate}")

    def _rate(self, market_rate: float | FloatArray) -> float | FloatArray:
        return market_rate if self.rate is None else self.rate

    def credit_growth(self, years: float | FloatArray, market_rate: float | FloatArray = 0.0) -> FloatArray:
        """Return the growth less 1 of cash held over steps of ``years``."""
        return np.asarray(np.expm1(self._rate(market_rate) * np.asarray(years)))

    def debit_growth(self, years: float | FloatArray, market_rate: float | FloatArray = 0.0) -> FloatArray:
        """Return the growth less 1 of cash owed over steps of ``years``."""
        return np.asarray(np.expm1((self._rate(market_rate) + self.financing_spread) * np.asarray(years)))

    def short_fee(self, years: float | FloatArray, market_rate: float | FloatArray = 0.0) -> FloatArray:
        """Return the fee over steps of ``years`` as a share of the value sold short; less than 0 only at rates below 0.

        The lending fee and the part of the rate that the proceeds do not earn.
        """
        lost = (1.0 - self.short_rebate) * np.asarray(self._rate(market_rate))
        return np.asarray(np.expm1((self.borrow + lost) * np.asarray(years)))

    def growth(self, cash: FloatArray, years: float | FloatArray, market_rate: float | FloatArray = 0.0) -> FloatArray:
        """Return the growth less 1 of each balance over its step, by its sign: ``rate`` of a ledger.

        Parameters
        ----------
        cash : ndarray, shape (..., n_steps)
            Balances at the start of each step.
        years : float or ndarray, shape (n_steps,)
        market_rate : float or ndarray, shape (n_steps,)
            Continuous, per year; read where ``rate`` is None.

        Returns
        -------
        ndarray, shape of ``cash``
        """
        debit, credit = self.debit_growth(years, market_rate), self.credit_growth(years, market_rate)
        return np.where(np.asarray(cash) < 0.0, debit, credit)

    def short_flow(
        self,
        holding: FloatArray,
        price: FloatArray,
        years: float | FloatArray,
        market_rate: float | FloatArray = 0.0,
    ) -> FloatArray:
        """Return the money (0 or less) that the short positions pay over a step: ``borrow`` of a ledger's flows.

        Parameters
        ----------
        holding, price : ndarray of one shape
            Units held over the step (positive = long) and the price of one unit at its start.
        years : float or ndarray
        market_rate : float or ndarray
        """
        return np.minimum(holding, 0.0) * np.abs(price) * self.short_fee(years, market_rate)
