"""Straddles: a put and a call at one strike, for a move either way.

>>> Straddles(days=91).name
'straddles at 100 % 91 days'
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from hedgerow._types import FloatArray
from hedgerow.programmes.collars import CALL
from hedgerow.programmes.index_options import IndexOptions, written_strike
from hedgerow.programmes.index_puts import PUT, tenor
from hedgerow.programmes.option_positions import Leg
from hedgerow.programmes.option_quotes import OptionQuotes, Quoted
from hedgerow.programmes.strike_choice import chosen_strike, require_strike


@dataclass(frozen=True, kw_only=True, repr=False)
class Straddles(IndexOptions):
    """A put and a call bought at one strike, not hedged by delta.

    Parameters
    ----------
    moneyness : float
        Strike as a share of the price.
    """

    moneyness: float = 1.0

    def __post_init__(self) -> None:
        """Refuse what is no strike."""
        super().__post_init__()
        require_strike("a straddle", None, self.moneyness)

    @property
    def name(self) -> str:
        """Strike, tenor and ladder."""
        return f"straddles {written_strike(None, self.moneyness)} {tenor(self)}"

    @property
    def legs(self) -> tuple[Leg, ...]:
        """A put and a call."""
        return Leg("put", PUT), Leg("call", CALL)

    def strikes(self, quotes: OptionQuotes, at: Quoted) -> FloatArray:
        """Return the strike twice, shape (n_places, 2)."""
        strike = chosen_strike(quotes, at, PUT, None, self.moneyness)
        return np.column_stack((strike, strike))
