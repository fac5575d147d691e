"""Delta hedging: hold the underlyings against the delta of the book, at a volatility and with a smile of choice."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from hedgerow._types import FloatArray
from hedgerow.errors import InputError, did_you_mean
from hedgerow.hedgers.book_hedger import BookHedger, BookTarget, BookView
from hedgerow.hedgers.contracts import Rounding
from hedgerow.hedgers.lot_rounding import in_lots, require_lots
from hedgerow.hedgers.vol_response import VolResponse, by_underlying

SMILES = ("sticky_strike", "sticky_delta", "minimum_variance")


@dataclass(frozen=True)
class DeltaHedger(BookHedger):
    """Hold minus the book's delta in every underlying.

    ``sticky_strike`` takes each option's delta at its own volatility; ``sticky_delta`` lets the smile move along with
    the spot, ``delta + vega d(sigma)/dS`` with ``d(sigma)/dS = -(K / S) d(sigma)/dK``; ``minimum_variance`` adds what
    the volatility is expected to do when the spot moves, ``delta + vega E[d(sigma) dS] / E[dS^2]``.

    Parameters
    ----------
    volatility : float, optional
        Annual volatility at which deltas are taken, in place of the market's.
    smile : {"sticky_strike", "sticky_delta", "minimum_variance"}
        What the smile does when the spot moves.
    response : VolResponse, optional
        For ``minimum_variance``: :class:`~hedgerow.hedgers.SpotVolCorrelation`, ``EstimatedResponse`` or
        ``QuadraticResponse``.
    lots : float, optional
        Units traded at a time; None for fractions.
    rounding : Rounding
        How fractions become lots.

    References
    ----------
    Derman, E. (1999), Regimes of volatility, Risk 12(4), 55-59. Hull, J. and White, A. (2017), Optimal delta hedging
    for options, Journal of Banking & Finance 82, 180-190.

    Examples
    --------
    >>> DeltaHedger(volatility=0.25)
    DeltaHedger(volatility=0.25)
    """

    volatility: float | None = None
    smile: str = "sticky_strike"
    response: VolResponse | None = None
    lots: float | None = None
    rounding: Rounding = Rounding.NEAREST

    def __post_init__(self) -> None:
        """Refuse a volatility below 0, an unknown smile, what does not belong together, or a lot of 0."""
        if self.volatility is not None and not 0.0 < self.volatility < np.inf:
            raise InputError(
                f"volatility must be above 0, not {self.volatility!r}; give an annual volatility as a decimal, "
                "or None for the market's"
            )
        if self.smile not in SMILES:
            hint = did_you_mean(str(self.smile), SMILES)
            raise InputError(f"smile must be one of {', '.join(SMILES)}, not {self.smile!r}{hint}")
        if (self.smile == "minimum_variance") != (self.response is not None):
            raise InputError(
                "smile='minimum_variance' and response belong together: "
                f"received smile={self.smile!r}, response={self.response!r}; give response=SpotVolCorrelation(...), "
                "EstimatedResponse(...) or QuadraticResponse(...), or neither"
            )
        if self.smile == "sticky_delta" and self.volatility is not None:
            raise InputError(
                f"one hedging volatility ({self.volatility!r}) has no smile that could move with the spot; "
                "take smile='sticky_strike', or volatility=None"
            )
        require_lots(self.lots)

    def __repr__(self) -> str:
        """Return the code that makes the hedger, defaults left out."""
        return plain_repr(self)

    def target(self, view: BookView) -> BookTarget:
        """Return minus the book's delta by underlying, and its gamma for policies that ask."""
        found = view.book_greeks(("delta", "gamma"), self.volatility)
        delta = found["delta"]
        if self.smile == "sticky_delta":
            delta = delta + sticky_delta_addition(view)
        elif self.response is not None:
            delta = delta + self.response.added_delta(view, self.volatility)
        require_finite(delta, view)
        return BookTarget(in_lots(-delta, self.lots, self.rounding), {"gamma": found["gamma"]})


def sticky_delta_addition(view: BookView) -> FloatArray:
    """Return vega times the slope of each option's volatility where the smile moves along, by underlying."""
    vega = view.position_greeks(("vega",))["vega"]
    return by_underlying(vega * view.vol_slopes(), view)


def require_finite(target: FloatArray, view: BookView) -> None:
    """Refuse a target that is no number.

    Raises
    ------
    InputError
        With the underlying, the moment and the first path.
    """
    wrong = ~np.isfinite(target)
    if wrong.any():
        path, column = np.argwhere(wrong)[0]
        raise InputError(
            f"the delta of the book in {view.underlyings[column]!r} is {target[path, column]} at {view.moment} on "
            f"path {path}; value the book a moment before the expiry, or check spots and volatilities"
        )


def plain_repr(configured: object) -> str:
    """Return ``Name(field=value)`` of a dataclass, fields at their default left out."""
    from dataclasses import MISSING, fields

    shown = []
    for each in fields(configured):  # type: ignore[arg-type]
        value = getattr(configured, each.name)
        usual = each.default if each.default_factory is MISSING else each.default_factory()
        if value != usual:
            shown.append(f"{each.name}={value!r}")
    return f"{type(configured).__name__}({', '.join(shown)})"
