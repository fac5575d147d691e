"""Variance swap: pays realised variance less a strike."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

from hedgerow.errors import InputError
from hedgerow.instruments.base import Expiring, require_number
from hedgerow.instruments.moments import DateLike, moment_of


@dataclass(frozen=True)
class VarianceSwap(Expiring):
    """Pays (realised variance - strike^2) per unit of variance notional at expiry.

    With w the part of its life that is left, worth exp(-r T) (w s^2 + (1 - w) realised^2 - strike^2). Its volatility
    s is the position's mark, the underlying's volatility, or the root of the fair variance that the underlying's
    surface replicates. Vega 2 s w exp(-r T), volga, theta and rho follow; the Greeks in spot are 0, as a move of the
    spot is in the realised variance.

    Attributes
    ----------
    underlying : str
    strike : float
        Volatility strike as a decimal: 0.20.
    expiry : date
    start : date, optional
        Day on which the variance began to count; None for a swap that begins at the valuation.
    realised : float
        Annual volatility realised since ``start``, as a decimal.
    multiplier : float
        Variance notional: money per 1.00 of variance.
    currency, calendar, settlement_time
        See :class:`~hedgerow.instruments.base.Expiring`.

    Examples
    --------
    >>> VarianceSwap.from_vega_notional("SPX", 0.20, "2027-01-15", 100_000.0).multiplier
    25000000.0
    """

    type_name: ClassVar[str] = "variance_swap"

    strike: float
    expiry: DateLike
    start: DateLike | None = field(default=None, kw_only=True)
    realised: float = field(default=0.0, kw_only=True)

    def __post_init__(self) -> None:
        """Refuse figures that are no volatility."""
        super().__post_init__()
        for name in ("strike", "realised"):
            require_number(name, getattr(self, name))
            if getattr(self, name) < 0.0:
                raise InputError(f"{name} must not be negative, not {getattr(self, name)!r}")
        if self.start is not None:
            moment_of(self.start, "start")

    @classmethod
    def from_vega_notional(
        cls, underlying: str, strike: float, expiry: DateLike, vega_notional: float, currency: str = "USD"
    ) -> VarianceSwap:
        """Return a swap whose value moves by ``vega_notional`` per volatility point near its strike.

        Parameters
        ----------
        underlying, strike, expiry, currency
            As for the class.
        vega_notional : float
            Money per volatility point (0.01): the variance notional is ``vega_notional / (2 strike 0.01)``.

        Returns
        -------
        VarianceSwap
        """
        require_number("strike", strike)
        if strike <= 0.0:
            raise InputError(f"strike must be above 0 for a vega notional, not {strike!r}")
        return cls(underlying, strike, expiry, multiplier=100.0 * vega_notional / (2.0 * strike), currency=currency)
