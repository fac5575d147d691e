"""What is less often said of a simulation."""

from __future__ import annotations

import operator
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

from hedgerow.costs import AccountRates, CostModel, no_costs
from hedgerow.engine.parts import as_code, checked
from hedgerow.errors import InputError
from hedgerow.instruments import Model
from hedgerow.instruments.model import LOGNORMAL
from hedgerow.limits.exits import ExitRule, require_exit_rule
from hedgerow.market.time_grid import TimeGrid


@dataclass(frozen=True)
class SimulateOptions:
    """What is less often said.

    Attributes
    ----------
    horizon : date, optional
        End of the simulation; the last expiry of the book unless said.
    times : TimeGrid, optional
        Moments of decision, in place of ``n_steps`` or the closes of weekdays.
    keep : {"pnl", "statistics"}
        Every path's P&L (8 bytes a path), or statistics only, whose memory does not grow with the paths: quantiles then
        come from a sketch, right to 0.1 % of their size.
    lag : int
        Steps between a decision and its trade.
    unwind : bool
        Whether the hedge is closed at the end, at a cost; else it stands at the spot.
    attribution, drawdown, variance, control_variate : bool
        What is followed along every path beside the accounts: gains by Greek; deepest fall of wealth; realised
        volatility; the discounted excess move of the spot, which sharpens the mean.
    account : AccountRates
        Rate on cash (None for the market's), spread on debt, fee and rebate on what is sold short.
    option_costs : CostModel
        What opening positions of the book costs, and closing them with ``unwind``; settlement at expiry is free.
    model : Model or str
        Prices European options. This, ``account`` and ``option_costs`` run as arrays where given.
    exits : ExitRule, optional
        When positions are closed, or rolled, before they expire; runs as arrays.
    threads : int, optional
        All cores unless said; no figure depends on it.
    progress : callable, optional
        Told the share of the paths that is done.
    """

    horizon: object = None
    times: TimeGrid | None = None
    keep: Literal["pnl", "statistics"] = "pnl"
    lag: int = 0
    unwind: bool = False
    attribution: bool = True
    drawdown: bool = True
    variance: bool = True
    control_variate: bool = False
    account: AccountRates = field(default_factory=AccountRates)
    option_costs: CostModel = field(default_factory=no_costs)
    model: Model | str = LOGNORMAL
    exits: ExitRule | None = None
    threads: int | None = None
    progress: Callable[[float], None] | None = None

    def __post_init__(self) -> None:
        """Refuse an unknown way of keeping, a lag below 0, and accounts, costs or models that are none."""
        if self.keep not in ("pnl", "statistics"):
            raise InputError(f"keep must be 'pnl' or 'statistics', not {self.keep!r}")
        object.__setattr__(self, "lag", _lag(self.lag))
        checked("account", self.account, AccountRates, "AccountRates(borrow=0.02)")
        checked("option_costs", self.option_costs, CostModel, "PerContract(0.65)")
        Model.of(self.model)
        require_exit_rule(self.exits)

    @property
    def array_reason(self) -> str:
        """Why a run with these options is not compiled, as a clause; empty where it may be."""
        if self.exits is not None:
            return f"the exits {as_code(self.exits)} are written for arrays"
        if self.account != AccountRates():
            return f"the account {self.account!r} is written for arrays"
        if self.option_costs != no_costs():
            return "what the options themselves cost to trade is written for arrays"
        if Model.of(self.model) != Model.of(LOGNORMAL):
            return f"the model {self.model!r} is written for arrays"
        return f"a lag of {self.lag} steps is written for arrays" if self.lag > 1 else ""


def _lag(lag: Any) -> int:
    """Return a lag as an integer."""
    try:
        steps = operator.index(lag)
    except TypeError:
        steps = -1
    if isinstance(lag, bool) or steps < 0:
        raise InputError(f"lag must be a whole number of steps, 0 or more, not {lag!r}; a trade cannot precede")
    return steps
