"""Hedging several Greeks at once with options: the nearest hedge within bounds, lots and costs, and why no nearer."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import ClassVar

import numpy as np

from hedgerow._types import BoolArray, FloatArray
from hedgerow.errors import InputError
from hedgerow.hedgers.book_hedger import BookHedger, BookTarget, BookView
from hedgerow.hedgers.delta import plain_repr
from hedgerow.hedgers.greek_least_squares import LeastSquares
from hedgerow.hedgers.greek_lots import in_best_lots
from hedgerow.hedgers.greek_rows import MOVES, GreekRows, greek_rows, require_coverage, why_not_met
from hedgerow.hedgers.lot_rounding import require_lots
from hedgerow.instruments import Book, Instrument, Spot
from hedgerow.instruments.base import require_choice
from hedgerow.instruments.columns import OPTION_TYPES, VOLATILITY_TYPES

Bound = tuple[float | None, float | None]


@dataclass(frozen=True)
class GreekMatchOptions:
    """What a missed Greek counts, and what trading costs beside it.

    A miss counts as the money it makes in a move of the market: delta ``S m``, gamma ``(S m)^2 / 2``, vega ``v``, vanna
    ``S m v``, volga ``v^2 / 2``, with m the ``spot_move`` and v the ``vol_move``. Minimised is ``risk_aversion / 2``
    times the sum of squared misses, plus the sum of costs times contracts traded. Where all Greeks can be met and
    trading costs nothing, none of these figures matters.

    Parameters
    ----------
    spot_move : float
        Relative: 0.01 is 1 %.
    vol_move : float
        Absolute: 0.01 is one volatility point.
    weights : tuple of (str, float)
        Factors on the misses of some Greeks, 1 for the others.
    costs : tuple of float
        Money per contract traded, for each of ``instruments``; empty for none. The underlying costs nothing here.
    risk_aversion : float
        Per unit of money; only its proportion to the costs matters.
    """

    spot_move: float = 0.01
    vol_move: float = 0.01
    weights: tuple[tuple[str, float], ...] = ()
    costs: tuple[float, ...] = ()
    risk_aversion: float = 1.0

    def __post_init__(self) -> None:
        """Refuse moves, weights or costs that make no sense."""
        for name in ("spot_move", "vol_move", "risk_aversion"):
            if not 0.0 < getattr(self, name) < np.inf:
                raise InputError(f"{name} must be above 0, not {getattr(self, name)!r}")
        for greek, weight in self.weights:
            require_choice("weights", greek, tuple(MOVES))
            if not 0.0 < weight < np.inf:
                raise InputError(f"the weight of {greek} must be above 0, not {weight!r}; leave it out of the match")
        for cost in self.costs:
            if not 0.0 <= cost < np.inf:
                raise InputError(f"costs must be 0 or more, not {cost!r}; they are money per contract")

    def __repr__(self) -> str:
        """Return the code that makes the options, defaults left out."""
        return plain_repr(self)


@dataclass(frozen=True)
class GreekMatching(BookHedger):
    """Base of hedgers that bring several Greeks of a book to 0; not used itself.

    Parameters
    ----------
    instruments : sequence of Instrument
        What may be traded. An underlying of the book on which no spot, future or forward is among them is added in
        front, without bounds.
    bounds : sequence of (low, high), optional
        Fewest and most contracts of each of ``instruments``, negative = short; None for no bound.
    lots : float or sequence of float, optional
        Contracts traded at a time: one number for all, the underlying too; or one for each of ``instruments``, the
        underlying added in front then in fractions. None for fractions.
    options : GreekMatchOptions
    """

    instruments: Sequence[Instrument]
    bounds: Sequence[Bound] | None = None
    lots: float | Sequence[float] | None = None
    options: GreekMatchOptions = field(default_factory=GreekMatchOptions)

    def __post_init__(self) -> None:
        """Refuse what is no instrument, bounds that cross, a lot of 0, or lists of other lengths."""
        if isinstance(self.instruments, Instrument) or not len(self.instruments):
            raise InputError(f"instruments must be a list of one or more, not {self.instruments!r}")
        object.__setattr__(self, "instruments", tuple(self.instruments))
        for each in self.instruments:
            if not isinstance(each, Instrument):
                raise InputError(f"instruments must be of hedgerow.instruments, not {each!r}")
        for name, given in (("bounds", self.bounds), ("costs", self.options.costs or None)):
            if given is not None and len(given) != len(self.instruments):
                raise InputError(
                    f"{name} must have an entry per instrument ({len(self.instruments)}), not {len(given)}"
                )
        if self.bounds is not None:
            object.__setattr__(self, "bounds", tuple(_checked_bound(each) for each in self.bounds))
        self._check_lots()
        for greek in self.matched:
            require_choice("match", greek, tuple(MOVES))

    def __repr__(self) -> str:
        """Return the code that makes the hedger, defaults left out."""
        return plain_repr(self)

    @property
    @abstractmethod
    def matched(self) -> tuple[str, ...]:
        """Names of the Greeks that are brought to 0."""

    def hedges(self, book: Book) -> tuple[Instrument, ...]:
        """Return the underlyings that nothing linear stands for, and the instruments.

        Raises
        ------
        InputError
            For an instrument on an underlying that the book does not hold, or a Greek that none of them has.
        """
        linear = {each.underlying for each in self.instruments if each.type_name not in VOLATILITY_TYPES}
        added = tuple(Spot(name) for name in book.columns.names if name not in linear and "delta" in self.matched)
        require_coverage(book.columns.names, self.instruments, self.matched, OPTION_TYPES)
        return (*added, *self.instruments)

    def target(self, view: BookView) -> BookTarget:
        """Return the contracts that bring the Greeks nearest to 0, and the reasons where they are not met."""
        rows = greek_rows(view, self.matched, self.options.spot_move, self.options.vol_move, dict(self.options.weights))
        problem = self._problem(view, rows)
        holdings, unproven = problem.solve()
        lots = self._lots(len(view.hedges))
        found: tuple[str, ...] = ()
        if lots is not None:
            holdings, found = in_best_lots(problem, holdings, lots)
        binding = _binding(problem, holdings, lots)
        reasons = (*found, *why_not_met(rows, view, holdings, binding, self._causes(unproven, lots)))
        return BookTarget(holdings, {"gamma": rows.book_gamma}, reasons)

    def _problem(self, view: BookView, rows: GreekRows) -> LeastSquares:
        """Return the least-squares problem of every path."""
        n, added = len(view.hedges), len(view.hedges) - len(self.instruments)
        low, high = np.full(n, -np.inf), np.full(n, np.inf)
        for j, (fewest, most) in enumerate(self.bounds or (), start=added):
            low[j], high[j] = (-np.inf if fewest is None else fewest), (np.inf if most is None else most)
        costs = np.zeros(n)
        if self.options.costs:
            costs[added:] = self.options.costs
        costs = np.broadcast_to(costs / self.options.risk_aversion, view.held.shape)
        return LeastSquares(rows.matrix, rows.goal, low, high, costs, view.held)

    def _check_lots(self) -> None:
        if self.lots is None or isinstance(self.lots, int | float):
            require_lots(self.lots)
            return
        if len(self.lots) != len(self.instruments):
            raise InputError(f"lots must be one number, or one per instrument ({len(self.instruments)})")
        for each in self.lots:
            require_lots(each)
        object.__setattr__(self, "lots", tuple(self.lots))

    def _lots(self, n: int) -> FloatArray | None:
        """Return the lot of every hedge, 0 for fractions; None where all are."""
        if self.lots is None:
            return None
        if isinstance(self.lots, int | float):
            return np.full(n, float(self.lots))
        return np.concatenate([np.zeros(n - len(self.lots)), np.asarray(self.lots, dtype=np.float64)])

    def _causes(self, unproven: BoolArray, lots: FloatArray | None) -> tuple[str, ...]:
        """Return what keeps Greeks from being met where no bound does."""
        causes = ["whole lots come no nearer"] if lots is not None else []
        if any(self.options.costs):
            causes.append("a nearer hedge costs more than it saves")
        if unproven.any():
            causes.append(f"the search was cut short on {int(unproven.sum())} paths")
        return tuple(causes) or ("the instruments cannot move it apart from the other Greeks",)


@dataclass(frozen=True, repr=False)
class GreekHedger(GreekMatching):
    """Bring Greeks of choice to 0: delta by a future, vega alone, vanna and volga.

    Parameters
    ----------
    instruments, bounds, lots, options
        See :class:`GreekMatching`.
    match : tuple of str
        Some of delta, gamma, vega, vanna, volga.

    Examples
    --------
    >>> from hedgerow.instruments import Future
    >>> GreekHedger([Future("SPX", "2027-03-19", multiplier=50)], lots=1.0).match
    ('delta',)
    """

    match: tuple[str, ...] = ("delta",)

    @property
    def matched(self) -> tuple[str, ...]:
        """Names of the Greeks that are brought to 0."""
        return tuple(self.match)


@dataclass(frozen=True, repr=False)
class DeltaGammaHedger(GreekMatching):
    """Bring delta and gamma to 0 with one or more options and the underlying.

    Parameters
    ----------
    instruments, bounds, lots, options
        See :class:`GreekMatching`.

    Examples
    --------
    >>> from hedgerow.instruments import EuropeanOption
    >>> hedger = DeltaGammaHedger([EuropeanOption("SPX", "call", 4200.0, "2027-03-19")], lots=1.0)
    >>> hedger.matched
    ('delta', 'gamma')
    """

    matches: ClassVar[tuple[str, ...]] = ("delta", "gamma")

    @property
    def matched(self) -> tuple[str, ...]:
        """Names of the Greeks that are brought to 0."""
        return self.matches


@dataclass(frozen=True, repr=False)
class DeltaVegaHedger(GreekMatching):
    """Bring delta and vega to 0: a vega-neutral second option and the underlying.

    Parameters
    ----------
    instruments, bounds, lots, options
        See :class:`GreekMatching`.
    """

    matches: ClassVar[tuple[str, ...]] = ("delta", "vega")

    @property
    def matched(self) -> tuple[str, ...]:
        """Names of the Greeks that are brought to 0."""
        return self.matches


@dataclass(frozen=True, repr=False)
class DeltaGammaVegaHedger(GreekMatching):
    """Bring delta, gamma and vega to 0 with two or more options and the underlying.

    Parameters
    ----------
    instruments, bounds, lots, options
        See :class:`GreekMatching`. Two options of one expiry move gamma and vega in one proportion, and cannot meet
        both; take two expiries.
    """

    matches: ClassVar[tuple[str, ...]] = ("delta", "gamma", "vega")

    @property
    def matched(self) -> tuple[str, ...]:
        """Names of the Greeks that are brought to 0."""
        return self.matches


def _checked_bound(bound: Bound) -> Bound:
    """Return a pair of bounds; InputError where they cross or are no pair of numbers."""
    try:
        low, high = bound
        wrong = any(each is not None and np.isnan(each) for each in (low, high))
    except (TypeError, ValueError):
        raise InputError(f"each of bounds must be a pair (low, high), None for no bound, not {bound!r}") from None
    if wrong or (low is not None and high is not None and low > high):
        raise InputError(f"bounds cross or are no numbers: fewest {low!r}, most {high!r} contracts; give low <= high")
    return low, high


def _binding(problem: LeastSquares, holdings: FloatArray, lots: FloatArray | None) -> tuple[BoolArray, BoolArray]:
    """Return where lower and upper bounds are met, each (n_paths, n); within a lot of it where lots are whole."""
    room = 1e-9 * np.maximum(1.0, np.abs(holdings)) if lots is None else np.broadcast_to(lots, holdings.shape)
    at_low = holdings - problem.low < room if lots is not None else holdings - problem.low <= room
    at_high = problem.high - holdings < room if lots is not None else problem.high - holdings <= room
    return at_low, at_high
