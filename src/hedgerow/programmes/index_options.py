"""Options on the index that is protected: tenor, ladder, roll and size that all such programmes share."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np

from hedgerow._types import FloatArray
from hedgerow.errors import DataError, InputError
from hedgerow.market.dates import written
from hedgerow.programmes.expiries import RollRule, Schedule
from hedgerow.programmes.hedge_costs import HedgeCosts, index_option_costs
from hedgerow.programmes.market import OverlayMarket
from hedgerow.programmes.marks import Marks, held_after
from hedgerow.programmes.option_programme import OptionProgramme
from hedgerow.programmes.option_quotes import NO_SHOCK, IndexQuotes, OptionQuotes, Quoted, Shock
from hedgerow.programmes.portfolio import Portfolio
from hedgerow.programmes.priced import PricedProgramme
from hedgerow.programmes.skew import SkewModel

CALL_STRESS = 0.25
"""A sold call is taken to end at worst with the index this share above today's."""


@dataclass(frozen=True, kw_only=True, repr=False)
class IndexOptions(OptionProgramme):
    """Rolling options on the market's index.

    Parameters
    ----------
    days, roll_days_before, ladder, listed
        As in :class:`~hedgerow.programmes.expiries.RollRule`: at least 90 calendar days to a listed third Friday,
        rolled on the first date with 30 or fewer left, in one rung. With ``listed`` off, expiries are exact days.
    hedged_fraction : float, optional
        Part of the exposed value that the options cover one for one at each purchase, above 0 and at most 1; all of it
        unless a premium budget is given.
    premium_budget : float, optional
        Instead of it: share of the exposed value spent on premium each time that the whole is bought.
    costs : HedgeCosts
    skew : SkewModel
        Gives volatility where the market has no quoted surface.

    Notes
    -----
    Sizes follow the portfolio's own value at each purchase: its value at the start times the growth of the market's
    wealth until then; each rung has its equal part of them. Interest is taken as continuously compounded over the
    option's life. Listed expiries are assumed to exist in every month, and settle at the close of the first date on or
    after them.
    """

    days: int = 90
    roll_days_before: int = 30
    ladder: int = 1
    listed: bool = True
    hedged_fraction: float | None = None
    premium_budget: float | None = None
    costs: HedgeCosts = field(default_factory=index_option_costs)
    skew: SkewModel = field(default_factory=SkewModel)

    def __post_init__(self) -> None:
        """Refuse what cannot be held."""
        super().__post_init__()
        if self.hedged_fraction is None and self.premium_budget is None:
            object.__setattr__(self, "hedged_fraction", 1.0)
        require_size(self.hedged_fraction, self.premium_budget)
        RollRule(self.days, self.roll_days_before, self.ladder, self.listed)

    @property
    def rungs(self) -> int:
        """Rungs of the ladder."""
        return self.ladder

    @property
    def trading_costs(self) -> HedgeCosts:
        """Costs of a trade."""
        return self.costs

    def schedule(self, market: OverlayMarket, quotes: OptionQuotes) -> Schedule:
        """Return which expiry is held when."""
        return RollRule(self.days, self.roll_days_before, self.ladder, self.listed).schedule(market.dates)

    def quotes(self, market: OverlayMarket, shock: Shock = NO_SHOCK) -> OptionQuotes:
        """Return how options are priced in a market."""
        return IndexQuotes(market, self.skew, shock)

    def marks(self, market: OverlayMarket, priced: PricedProgramme) -> Marks:
        """Return the dates without a quoted surface as marked by the model; a surface is never carried on."""
        none = Marks.none(len(priced.dates))
        surfaces = market.surfaces or (None,) * len(priced.dates)
        bare = np.array([each is None for each in surfaces[: len(priced.dates)]], dtype=bool)
        return replace(none, by_model=held_after(priced) & bare)

    def rise(self, at: Quoted) -> FloatArray:
        """Return the index a quarter above today's."""
        return np.asarray(at.spot * (1.0 + CALL_STRESS))

    def units(self, market: OverlayMarket, portfolio: Portfolio, at: Quoted, premium: FloatArray) -> FloatArray:
        """Return contracts bought at each place."""
        value = portfolio.exposed * market.wealth[at.rows] / self.ladder
        if self.premium_budget is not None:
            return bought_for(self.name, self.premium_budget * value, premium * self.multiplier, market, at)
        return np.asarray((self.hedged_fraction or 0.0) * value / (at.spot * self.multiplier))


def bought_for(name: str, money: FloatArray, premium: FloatArray, market: OverlayMarket, at: Quoted) -> FloatArray:
    """Return how many positions money buys; DataError where one costs nothing."""
    free = ~(premium > 0.0)
    if free.any():
        place = int(np.argmax(free))
        raise DataError(
            f"{name} cost {premium[place]:.4g} a contract on {written(market.dates[at.rows[place]])}; a premium budget "
            "buys only what costs something: give hedged_fraction instead"
        )
    return np.asarray(money / premium)


def require_size(hedged_fraction: float | None, premium_budget: float | None) -> None:
    """Refuse a size stated twice, or one that hedges more than there is."""
    if (hedged_fraction is None) == (premium_budget is None):
        raise InputError(
            f"a size is a hedged_fraction or a premium_budget, one of the two, not {hedged_fraction!r} and "
            f"{premium_budget!r}"
        )
    if hedged_fraction is not None and not 0.0 < hedged_fraction <= 1.0:
        raise InputError(
            f"hedged_fraction must lie above 0 and at most 1, not {hedged_fraction!r}; a rule's multiplier holds more"
        )
    if premium_budget is not None and not 0.0 < premium_budget <= 1.0:
        raise InputError(
            f"premium_budget is a share of the exposed value above 0 and at most 1, not {premium_budget!r}; 0.005 is "
            "half a per cent"
        )


def written_strike(delta: float | None, moneyness: float | None) -> str:
    """Return ``"25 delta"`` or ``"at 90 %"``."""
    return f"{100.0 * delta:g} delta" if delta is not None else f"at {100.0 * (moneyness or 0.0):g} %"
