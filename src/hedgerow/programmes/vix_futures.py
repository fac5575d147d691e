"""Futures on a volatility index as a hedge, rolled contract by contract.

>>> VixFutures(vega_notional=50_000, position=2).name
'VIX futures position 2'
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from hedgerow._types import FloatArray, IntArray
from hedgerow.errors import DataError, InputError
from hedgerow.ledger import Carry
from hedgerow.programmes.base import HedgeProgramme
from hedgerow.programmes.contract_chain import NONE, Chain, FuturesCurve, chain_records, chained
from hedgerow.programmes.hedge_costs import HedgeCosts, vix_future_costs
from hedgerow.programmes.market import OverlayMarket
from hedgerow.programmes.portfolio import Portfolio
from hedgerow.programmes.priced import PricedProgramme

MULTIPLIER = 1000.0
"""Money per point of one contract."""
CEILING = 100.0
"""Points against which a short future's worst loss is kept: above the highest print of the index, 89.53 in 2008."""


@dataclass(frozen=True)
class VixFutures(HedgeProgramme):
    """Long (or short) futures on the volatility index: one position of the curve, or a constant maturity.

    A contract is known by its expiry. A roll sells one contract and buys the next, each at its own price of that close
    and each at a cost; the gap between them is no profit, so that what is earned is the sum over contracts of exit less
    entry. Futures stand at zero value: price changes times 1,000 go to cash.

    Parameters
    ----------
    vega_notional : float
        Money per point of the future: contracts = vega_notional / 1000; negative sells.
    position : int
        Holds the nearest (1), second (2) ... contract of those with more than ``roll_days_before`` weekdays left.
    constant_maturity_days : int, optional
        Holds two contracts instead, weighed so that calendar days to expiry average this number; the weights shift
        every day, and each shift is traded and pays. ``position`` is then 1.
    roll_days_before : int
        Weekdays to expiry at which a contract is left, 1 or more. Weekdays and not trading days, so that no calendar is
        needed: with a holiday among them the roll is a trading day nearer to expiry.
    whole_contracts : bool
        Round the contracts of multiplier 1 in each leg, ties away from zero. A multiplier of 0.5 still holds
        half of them.
    follow_wealth : bool
        The vega is that of the first date and grows with the unhedged portfolio, adjusted when contracts are rolled.
    costs : HedgeCosts

    Raises
    ------
    InputError
        For a vega of zero, a position below 1, both ways of choosing a maturity, a roll at expiry, contracts that round
        to none.
    """

    vega_notional: float = 10_000.0
    position: int = 1
    constant_maturity_days: int | None = None
    roll_days_before: int = 5
    whole_contracts: bool = False
    follow_wealth: bool = False
    costs: HedgeCosts = field(default_factory=vix_future_costs)

    def __post_init__(self) -> None:
        """Refuse what is no programme."""
        if not (np.isfinite(self.vega_notional) and self.vega_notional != 0.0):
            raise InputError(f"vega_notional must be money per volatility point and not 0, not {self.vega_notional!r}")
        for name in ("position", "roll_days_before"):
            value = getattr(self, name)
            if not (isinstance(value, int) and value >= 1):
                raise InputError(f"{name} of VIX futures must be a whole number of 1 or more, not {value!r}")
        if self.constant_maturity_days is not None:
            if self.position != 1:
                raise InputError("VIX futures have a position or constant_maturity_days, not both; leave one out")
            if not self.constant_maturity_days >= 1:
                raise InputError(f"constant_maturity_days must be 1 or more, not {self.constant_maturity_days!r}")

    @property
    def name(self) -> str:
        """As "VIX futures position 1" or "short VIX futures 30 days"."""
        days = self.constant_maturity_days
        side = "short " if self.vega_notional < 0.0 else ""
        return f"{side}VIX futures " + (f"position {self.position}" if days is None else f"{days} days")

    def priced(self, market: OverlayMarket, portfolio: Portfolio) -> PricedProgramme:
        """Return the futures of multiplier 1 by slot.

        ``worst_loss`` of a contract is its whole price where it is long, and where it is short the distance to 100
        points or to twice its price, whichever is more; plus the cost of closing it.

        Raises
        ------
        DataError
            No futures; a curve that ends before the maturity asked for; a contract held and not quoted on a date.
        """
        curve = FuturesCurve.of(market)
        legs, weights = self._position(curve) if self.constant_maturity_days is None else self._constant(curve)
        chain = chained(curve, legs, weights, legs.shape[1] + 1)
        slots = chain.points.shape[1]
        stands = chain.points > 0.0
        costs = {
            label: np.where(stands, money, 0.0)
            for label, money in self.costs.of_quotes(chain.points, MULTIPLIER).items()
        }
        prices = chain.points * MULTIPLIER
        short = np.maximum(CEILING * MULTIPLIER - prices, prices)
        worst = np.where(self.vega_notional > 0.0, prices, short) + sum(costs.values(), np.zeros(prices.shape))
        return PricedProgramme(
            self.name,
            market.dates,
            tuple(f"future {number + 1}" for number in range(slots)),
            (Carry.MARGIN,) * slots,
            self._units(chain, market, portfolio),
            prices,
            chain.changes * MULTIPLIER,
            costs,
            np.where(chain.contract != NONE, worst, 0.0),
            "reserve",
            chain_records(chain, MULTIPLIER),
            (),
            self,
        )

    def shocked_gain(
        self, market: OverlayMarket, priced: PricedProgramme, spot_change: float, vix_points: float
    ) -> FloatArray:
        """Return the gain of multiplier 1 if the index moved by points at once: futures follow by :func:`index_beta`.

        A future never falls to 0 or below: it loses at most 99 % of its price. The spot alone moves no future.
        """
        curve = FuturesCurve.of(market)
        legs, weights = self._position(curve) if self.constant_maturity_days is None else self._constant(curve)
        chain = chained(curve, legs, weights, legs.shape[1] + 1)
        days = np.where(chain.contract == NONE, 0, chain.contract - curve.today[:, None])
        move = np.maximum(vix_points * index_beta(days), -0.99 * chain.points)
        return np.asarray((priced.units * move * MULTIPLIER).sum(axis=1))

    def _units(self, chain: Chain, market: OverlayMarket, portfolio: Portfolio) -> FloatArray:
        units = chain.weight * (self.vega_notional * portfolio.exposure_weight / MULTIPLIER)
        if self.follow_wealth:
            rolled = np.concatenate(([False], (chain.contract[1:] != chain.contract[:-1]).any(axis=1)))
            latest = np.maximum.accumulate(np.where(rolled, np.arange(len(market)), 0))
            units = units * market.wealth[latest][:, None]
        if not self.whole_contracts:
            return units
        whole = np.copysign(np.floor(np.abs(units) + 0.5), units)
        if units.any() and not whole.any():
            raise InputError(
                f"a vega of {self.vega_notional * portfolio.exposure_weight:g} rounds to no whole contract of "
                f"{MULTIPLIER:g} a point; raise it or set whole_contracts=False"
            )
        return np.asarray(whole)

    def _position(self, curve: FuturesCurve) -> tuple[IntArray, FloatArray]:
        """Return the one leg held after each close; it never goes back to an earlier expiry."""
        alive = curve.weekdays_left > self.roll_days_before
        chosen = alive & (np.cumsum(alive, axis=1) == self.position)
        self._require(curve, chosen.any(axis=1), f"position {self.position}")
        wanted = np.where(chosen, curve.expiry, NONE).max(axis=1)
        return np.maximum.accumulate(wanted)[:, None], np.ones((len(wanted), 1))

    def _constant(self, curve: FuturesCurve) -> tuple[IntArray, FloatArray]:
        """Return the two legs around the maturity and their weights; one leg where none is shorter."""
        target = float(self.constant_maturity_days or 0)
        days = np.where(curve.expiry == NONE, -1, curve.expiry - curve.today[:, None])
        alive = curve.weekdays_left > self.roll_days_before
        self._require(curve, (alive & (days >= target)).any(axis=1), f"a maturity of {target:g} days")
        far = np.where(alive & (days >= target), curve.expiry, np.iinfo(np.int64).max).min(axis=1)
        near = np.where(alive & (days < target), curve.expiry, NONE).max(axis=1)
        near_days, far_days = near - curve.today, far - curve.today
        weight = np.where(near == NONE, 0.0, (far_days - target) / np.maximum(far_days - near_days, 1))
        # At the maturity itself the far contract is all there is, and the near one has left.
        near = np.where(weight > 0.0, near, NONE)
        return np.column_stack([near, far]), np.column_stack([weight, 1.0 - weight])

    def _require(self, curve: FuturesCurve, found: object, what: str) -> None:
        missing = ~np.asarray(found, dtype=bool)
        if missing.any():
            row = int(np.argmax(missing))
            raise DataError(
                f"{what} of VIX futures is beyond the curve on {curve.dates[row]:%Y-%m-%d}, where no listed future has "
                "that expiry; ask for a nearer one, or leave dates without futures out with on_futures_dates"
            )


def index_beta(days: FloatArray | IntArray) -> FloatArray:
    """Return how many points a future moves with one point of the volatility index, by calendar days to expiry.

    ``(1 + days / 15) ** -0.65``: 1 at expiry, 0.49 at 30 days, 0.35 at 60, 0.19 at 180. Least squares through the
    origin of daily changes of single contracts of 2006-2016 on the index gave 0.75, 0.49, 0.34, 0.27, 0.22 and 0.18
    around 4, 25, 65, 90, 145 and 225 days, and up to a sixth less on days on which the index moved by more than 4.
    """
    return np.asarray((1.0 + np.maximum(days, 0) / 15.0) ** -0.65)
