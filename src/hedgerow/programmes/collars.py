"""Collars: puts paid for by calls sold.

>>> Collars(put_moneyness=0.9).name
'collars: put at 90 %, call of the same price, 90 days'
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from hedgerow._types import FloatArray
from hedgerow.errors import InputError
from hedgerow.programmes.index_options import IndexOptions, written_strike
from hedgerow.programmes.index_puts import PUT, tenor
from hedgerow.programmes.option_positions import Leg
from hedgerow.programmes.option_quotes import OptionQuotes, Quoted, option_figures
from hedgerow.programmes.strike_choice import chosen_strike, require_strike, strike_of_price

CALL = 1.0


@dataclass(frozen=True, kw_only=True, repr=False)
class Collars(IndexOptions):
    """A put bought and a call sold on the same expiry.

    Parameters
    ----------
    put_delta : float, optional
        Size of the put's delta, 0.25 unless a moneyness is given.
    put_moneyness : float, optional
        Its strike as a share of the price.
    call_delta, call_moneyness : float, optional
        Of the call sold. Neither: the call is struck where it costs what the put does, before costs.

    Notes
    -----
    What the call may owe has no bound. It is money that the portfolio earns in the same rise; ``worst_loss`` counts it
    to an index a quarter above today's, by assumption. A budget binds that reserve and the year's loss, not
    the premium: a call that was sold may have to be bought back at any price.
    """

    put_delta: float | None = None
    put_moneyness: float | None = None
    call_delta: float | None = None
    call_moneyness: float | None = None

    def __post_init__(self) -> None:
        """Refuse a strike stated twice, and a budget on what costs nothing."""
        super().__post_init__()
        if self.put_delta is None and self.put_moneyness is None:
            object.__setattr__(self, "put_delta", 0.25)
        require_strike("the put of a collar", self.put_delta, self.put_moneyness)
        if not self.is_free:
            require_strike("the call of a collar", self.call_delta, self.call_moneyness)
        elif self.premium_budget is not None:
            raise InputError(
                "a collar whose call costs what its put does has no premium to budget; give hedged_fraction"
            )
        elif self.strike_step is not None:
            raise InputError(
                "a call struck where it costs what the put does stands between listed strikes; "
                "leave strike_step out or give call_delta or call_moneyness"
            )

    @property
    def budget_by(self) -> str:
        """What a budget binds: the worst loss of the call sold."""
        return "reserve"

    @property
    def is_free(self) -> bool:
        """Whether the call is struck where it pays for the put."""
        return self.call_delta is None and self.call_moneyness is None

    @property
    def name(self) -> str:
        """Strikes, tenor and ladder."""
        call = "of the same price" if self.is_free else written_strike(self.call_delta, self.call_moneyness)
        return f"collars: put {written_strike(self.put_delta, self.put_moneyness)}, call {call}, {tenor(self)}"

    @property
    def legs(self) -> tuple[Leg, ...]:
        """A put bought and a call sold."""
        return Leg("put", PUT), Leg("call", CALL, -1.0)

    def strikes(self, quotes: OptionQuotes, at: Quoted) -> FloatArray:
        """Return both strikes, shape (n_places, 2)."""
        put = chosen_strike(quotes, at, PUT, self.put_delta, self.put_moneyness)
        if self.is_free:
            call = strike_of_price(quotes, at, CALL, option_figures(quotes, at, PUT, put)[0])
        else:
            call = chosen_strike(quotes, at, CALL, self.call_delta, self.call_moneyness)
        return np.column_stack((put, call))
