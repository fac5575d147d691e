"""Rolling puts and put spreads on the index.

>>> IndexPuts(moneyness=0.9, ladder=3).name
'index puts at 90 % 90 days in 3 rungs'
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from hedgerow._types import FloatArray
from hedgerow.errors import InputError
from hedgerow.programmes.index_options import IndexOptions, written_strike
from hedgerow.programmes.option_positions import Leg
from hedgerow.programmes.option_quotes import OptionQuotes, Quoted
from hedgerow.programmes.strike_choice import chosen_strike, require_strike

PUT = -1.0


@dataclass(frozen=True, kw_only=True, repr=False)
class IndexPuts(IndexOptions):
    """Puts bought and rolled.

    Parameters
    ----------
    delta : float, optional
        Size of the put's delta to the spot at purchase, 0.25 unless a moneyness is given.
    moneyness : float, optional
        Strike as a share of the price.

    Notes
    -----
    The rest as in :class:`~hedgerow.programmes.index_options.IndexOptions`.

    Examples
    --------
    >>> IndexPuts().name
    'index puts 25 delta 90 days'
    """

    delta: float | None = None
    moneyness: float | None = None

    def __post_init__(self) -> None:
        """Refuse a strike stated twice."""
        super().__post_init__()
        if self.delta is None and self.moneyness is None:
            object.__setattr__(self, "delta", 0.25)
        require_strike("a put", self.delta, self.moneyness)

    @property
    def name(self) -> str:
        """Strike, tenor and ladder."""
        return f"index puts {written_strike(self.delta, self.moneyness)} {tenor(self)}"

    @property
    def legs(self) -> tuple[Leg, ...]:
        """One put."""
        return (Leg("put", PUT),)

    def strikes(self, quotes: OptionQuotes, at: Quoted) -> FloatArray:
        """Return the strike, shape (n_places, 1)."""
        return chosen_strike(quotes, at, PUT, self.delta, self.moneyness)[:, None]


@dataclass(frozen=True, kw_only=True, repr=False)
class PutSpreads(IndexPuts):
    """Puts bought, cheapened by selling others further out of the money.

    Parameters
    ----------
    short_delta : float, optional
        Size of the sold put's delta, 0.10 unless a moneyness is given; smaller than the bought one's.
    short_moneyness : float, optional
        Its strike as a share of the price.

    Notes
    -----
    The bought put pays whatever the sold one may owe, which therefore adds no worst loss of its own. A spread whose
    closing would cost more than it brings at a roll is left to lapse.
    """

    short_delta: float | None = None
    short_moneyness: float | None = None

    def __post_init__(self) -> None:
        """Refuse a strike stated twice."""
        super().__post_init__()
        if self.short_delta is None and self.short_moneyness is None:
            object.__setattr__(self, "short_delta", 0.10)
        require_strike("the put sold", self.short_delta, self.short_moneyness)

    @property
    def name(self) -> str:
        """Strikes, tenor and ladder."""
        bought, sold = (
            written_strike(self.delta, self.moneyness),
            written_strike(self.short_delta, self.short_moneyness),
        )
        return f"put spreads {bought} / {sold} {tenor(self)}"

    @property
    def legs(self) -> tuple[Leg, ...]:
        """A put bought and a put sold."""
        return Leg("long put", PUT), Leg("short put", PUT, -1.0, is_covered=True)

    def strikes(self, quotes: OptionQuotes, at: Quoted) -> FloatArray:
        """Return both strikes, shape (n_places, 2)."""
        bought = chosen_strike(quotes, at, PUT, self.delta, self.moneyness)
        sold = chosen_strike(quotes, at, PUT, self.short_delta, self.short_moneyness)
        crossed = ~(sold < bought)
        if crossed.any():
            place = int(np.argmax(crossed))
            raise InputError(
                f"the put sold must be struck below the put bought; on day {int(at.rows[place])} of the market it is "
                f"struck at {sold[place]:.4g} against {bought[place]:.4g}"
            )
        return np.column_stack((bought, sold))


def tenor(programme: IndexOptions) -> str:
    """Return ``"90 days in 3 rungs"``."""
    rungs = f" in {programme.ladder} rungs" if programme.ladder > 1 else ""
    return f"{programme.days} days{rungs}"
