"""Portfolio insurance by trading: a put made of the underlying and cash, and constant-proportion insurance (CPPI)."""

from __future__ import annotations

from dataclasses import dataclass
from math import exp

import numpy as np

from hedgerow.errors import InputError
from hedgerow.hedgers.book_hedger import BookHedger, BookTarget, BookView
from hedgerow.hedgers.contracts import Rounding
from hedgerow.hedgers.delta import plain_repr, require_finite
from hedgerow.hedgers.lot_rounding import in_lots, require_lots
from hedgerow.instruments.base import require_number
from hedgerow.instruments.moments import DateLike, moment_of, years_between


@dataclass(frozen=True)
class SyntheticPut(BookHedger):
    """Replicate a put on a portfolio: sell so many of its units that portfolio and put would have the same delta.

    Against a book that amounts to N units of one underlying, the holding is ``N x put delta``, from ``-N`` far below
    the strike to 0 far above; after the expiry it is 0. Unlike a bought put it does not hold through a jump.

    Parameters
    ----------
    strike : float
        Price of the underlying below which losses are replicated away.
    expiry : date
        Day (its close) or moment up to which the put runs.
    volatility : float, optional
        Annual, of the replicated put; the market's unless given.
    lots : float, optional
        Units traded at a time; None for fractions.
    rounding : Rounding

    References
    ----------
    Rubinstein, M. and Leland, H. (1981), Replicating options with positions in stock and cash, Financial Analysts
    Journal 37(4), 63-72.

    Examples
    --------
    >>> SyntheticPut(90.0, "2027-11-20", volatility=0.2)
    SyntheticPut(strike=90.0, expiry='2027-11-20', volatility=0.2)
    """

    strike: float
    expiry: DateLike
    volatility: float | None = None
    lots: float | None = None
    rounding: Rounding = Rounding.NEAREST

    def __post_init__(self) -> None:
        """Refuse a strike or volatility that is not above 0, or what is no date."""
        require_number("strike", self.strike)
        if self.strike <= 0.0:
            raise InputError(f"strike must be above 0, not {self.strike!r}")
        if self.volatility is not None and not 0.0 < self.volatility < np.inf:
            raise InputError(f"volatility must be above 0, not {self.volatility!r}; give it as a decimal")
        moment_of(self.expiry, "expiry")
        require_lots(self.lots)

    def __repr__(self) -> str:
        """Return the code that makes the hedger, defaults left out."""
        return plain_repr(self)

    def target(self, view: BookView) -> BookTarget:
        """Return the units held against the portfolio, (n_paths, 1)."""
        from hedgerow.pricing import black_scholes

        _require_one(view, "SyntheticPut")
        found = view.book_greeks(("delta", "gamma"))
        until = np.array([moment_of(self.expiry, "expiry").to_datetime64()])
        years = float(years_between(view.moment.to_datetime64(), until)[0])
        if years <= 0.0:
            return BookTarget(np.zeros_like(view.spots), {"gamma": found["gamma"]})
        vol = view.vols if self.volatility is None else self.volatility
        terms = ("put", view.spots, self.strike, years, vol, view.rate, view.yields)
        put = black_scholes.greeks(*terms, names=("delta", "gamma"))
        units = found["delta"] * np.asarray(put.delta)
        require_finite(units, view)
        # what is to be replicated is a portfolio with the put: a policy sees the gamma of the put still owed
        gamma = found["gamma"] - found["delta"] * np.asarray(put.gamma)
        return BookTarget(in_lots(units, self.lots, self.rounding), {"gamma": gamma})


@dataclass(frozen=True)
class CPPI(BookHedger):
    """Keep the exposure at a multiple of what wealth is above a floor.

    ``exposure = min(multiplier x max(wealth - floor, 0), max_exposure x wealth)``, money; the holding is what brings
    the book's own delta to ``exposure / spot``. Wealth is ``capital`` plus that of the account: where the book stands
    in the account from the start (an endowment) no capital is needed.

    Parameters
    ----------
    floor : float
        Wealth that shall be left, money.
    multiplier : float
        Above 0; an exposure falls through the floor when the price falls by more than ``1 / multiplier`` in a step.
    max_exposure : float
        Most exposure, as a share of wealth; above 1 borrows.
    capital : float
        Money added to the account's wealth, for accounts that begin at 0 because the book was bought on credit. It
        earns nothing here.
    expiry : date, optional
        The floor is owed then and stands discounted before; today's floor at all times unless given.
    lots : float, optional
        Units traded at a time; None for fractions.
    rounding : Rounding
        Down unless said: lots then never exceed the exposure.

    References
    ----------
    Black, F. and Perold, A. (1992), Theory of constant proportion portfolio insurance, Journal of Economic Dynamics
    and Control 16, 403-426.

    Examples
    --------
    >>> CPPI(floor=80.0, multiplier=4.0, capital=100.0)
    CPPI(floor=80.0, multiplier=4.0, capital=100.0)
    """

    floor: float
    multiplier: float
    max_exposure: float = 1.0
    capital: float = 0.0
    expiry: DateLike | None = None
    lots: float | None = None
    rounding: Rounding = Rounding.DOWN

    def __post_init__(self) -> None:
        """Refuse a floor below 0, a multiplier or greatest exposure that is not above 0."""
        for name in ("floor", "multiplier", "max_exposure", "capital"):
            require_number(name, getattr(self, name))
        if self.floor < 0.0:
            raise InputError(f"floor must be 0 or more, not {self.floor!r}; it is money, not a share")
        for name in ("multiplier", "max_exposure"):
            if getattr(self, name) <= 0.0:
                raise InputError(f"{name} must be above 0, not {getattr(self, name)!r}")
        if self.expiry is not None:
            moment_of(self.expiry, "expiry")
        require_lots(self.lots)

    def __repr__(self) -> str:
        """Return the code that makes the hedger, defaults left out."""
        return plain_repr(self)

    def target(self, view: BookView) -> BookTarget:
        """Return the units that bring book and hedge to the exposure, (n_paths, 1)."""
        _require_one(view, "CPPI")
        found = view.book_greeks(("delta", "gamma"))
        wealth = np.asarray(view.wealth)[:, None] + self.capital
        cushion = np.maximum(wealth - self.floor_at(view), 0.0)
        exposure = np.minimum(self.multiplier * cushion, self.max_exposure * np.maximum(wealth, 0.0))
        units = in_lots(exposure / view.spots, self.lots, self.rounding) - found["delta"]
        require_finite(units, view)
        broken = int(np.count_nonzero(cushion <= 0.0))
        reasons = (f"wealth is at or below the floor on {broken} of {len(wealth)} paths: no exposure is left there",)
        return BookTarget(units, {"gamma": found["gamma"]}, reasons if broken else ())

    def floor_at(self, view: BookView) -> float:
        """Return the floor of the moment, money."""
        if self.expiry is None:
            return self.floor
        until = np.array([moment_of(self.expiry, "expiry").to_datetime64()])
        years = max(float(years_between(view.moment.to_datetime64(), until)[0]), 0.0)
        return self.floor * exp(-view.rate * years)


def _require_one(view: BookView, name: str) -> None:
    """Refuse a portfolio in several underlyings."""
    if len(view.underlyings) != 1:
        raise InputError(
            f"{name} insures a portfolio in one underlying, not in {', '.join(view.underlyings)}; "
            "take Book.of(name) of one, or an index as proxy"
        )
