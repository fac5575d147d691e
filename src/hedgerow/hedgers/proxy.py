"""Hedging a book with another underlying: by beta from the past, held until correlation has moved, and stressed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from hedgerow._types import FloatArray
from hedgerow.errors import InputError, did_you_mean
from hedgerow.hedgers.book_hedger import BookHedger, BookTarget, BookView
from hedgerow.hedgers.contracts import Rounding
from hedgerow.hedgers.delta import plain_repr, require_finite
from hedgerow.hedgers.lot_rounding import in_lots, require_lots
from hedgerow.instruments import Book, Instrument, Spot

STRESSED_CORRELATION = 0.50
STILL = 1e-10
"""A variance below this share of the mean square is rounding: the price stood still or only grew."""
TIE = 1e-9
"""Correlations are compared within this: an exact tie does not rehedge."""


def proxy_units(
    delta: FloatArray | float, beta: FloatArray | float, price: FloatArray | float, proxy_price: FloatArray | float
) -> FloatArray:
    """Return the units of a proxy that offset a delta: ``-delta x beta x price / proxy_price``; negative = sell.

    A beta, ``correlation x volatility / volatility of the proxy``, is a ratio of *returns*: it becomes units only with
    the ratio of prices.

    Parameters
    ----------
    delta : float or ndarray
        Units of the underlying that the book amounts to, positive = long.
    beta : float or ndarray
        Return of the underlying per unit return of the proxy.
    price, proxy_price : float or ndarray
        In one currency.

    Returns
    -------
    ndarray

    Examples
    --------
    A call of delta 0.50 on 100 shares at 50 that move with 40 % volatility, correlated 0.70 with an index fund at 450
    that moves with 18 %:

    >>> round(float(proxy_units(50.0, 0.70 * 0.40 / 0.18, 50.0, 450.0)), 2)
    -8.64
    """
    return -np.asarray(delta) * beta * price / proxy_price


def stressed_residual(correlation: float, stressed_correlation: float = STRESSED_CORRELATION) -> float:
    """Return the share of variance that a proxy hedge leaves when correlation falls after the beta was taken.

    ``1 - 2 correlation stressed + correlation^2``, volatilities unchanged; ``1 - correlation^2`` where nothing falls.

    Parameters
    ----------
    correlation : float
        At which the beta was estimated.
    stressed_correlation : float
        That holds now.

    Returns
    -------
    float
        Variance with the hedge over variance without; above 1 where the hedge adds risk.

    Examples
    --------
    >>> [round(stressed_residual(0.70, stressed), 2) for stressed in (0.70, 0.50, 0.30)]
    [0.51, 0.79, 1.07]
    """
    for name, value in (("correlation", correlation), ("stressed_correlation", stressed_correlation)):
        if not -1.0 <= value <= 1.0:
            raise InputError(f"{name} must lie between -1 and 1, not {value!r}")
    return 1.0 - 2.0 * correlation * stressed_correlation + correlation**2


@dataclass(frozen=True)
class ProxyHedger(BookHedger):
    """Hold one other underlying against the deltas of all: minus the sum of ``delta beta price / proxy price``.

    Beta and correlation are those of simple returns over the last ``window`` steps. A beta is kept until the
    correlation has moved by more than ``trigger`` from where it was taken. What follows from the past alone follows
    again at every step, so a hedger keeps no memory.

    Parameters
    ----------
    proxy : str
        Underlying that is traded.
    window : int
        Returns used, 2 or more; 30 daily ones unless given.
    trigger : float
        Move of correlation beyond which beta is taken anew; 0 takes it at every step.
    initial_beta : float
        Held while fewer than ``window`` returns are known; 0 holds nothing till then.
    lots : float, optional
        Units of the proxy traded at a time; None for fractions.
    rounding : Rounding

    Examples
    --------
    >>> ProxyHedger("SPY", trigger=0.05)
    ProxyHedger(proxy='SPY', trigger=0.05)
    """

    proxy: str
    window: int = 30
    trigger: float = 0.10
    initial_beta: float = 0.0
    lots: float | None = None
    rounding: Rounding = Rounding.NEAREST

    def __post_init__(self) -> None:
        """Refuse a nameless proxy, a window too short, a trigger below 0."""
        if not isinstance(self.proxy, str) or not self.proxy:
            raise InputError(f"proxy must be the name of an underlying, not {self.proxy!r}")
        if self.window < 2:
            raise InputError(f"window must be 2 or more returns, not {self.window!r}; the usual one is 30")
        if not 0.0 <= self.trigger < np.inf:
            raise InputError(f"trigger must be 0 or more, not {self.trigger!r}; a correlation cannot move by less")
        if not np.isfinite(self.initial_beta):
            raise InputError(f"initial_beta must be a finite number, not {self.initial_beta!r}")
        require_lots(self.lots)

    def __repr__(self) -> str:
        """Return the code that makes the hedger, defaults left out."""
        return plain_repr(self)

    def hedges(self, book: Book) -> tuple[Instrument, ...]:
        """Return one unit of the proxy."""
        return (Spot(self.proxy),)

    def target(self, view: BookView) -> BookTarget:
        """Return units of the proxy, (n_paths, 1)."""
        column = self._column(view)
        found = view.book_greeks(("delta", "gamma"))
        require_finite(found["delta"], view)
        betas, _ = self.betas(view)
        price = view.spots[:, [column]]
        units = proxy_units(found["delta"], betas, view.spots, price).sum(axis=1, keepdims=True)
        gamma = (found["gamma"] * (betas * view.spots / price) ** 2).sum(axis=1, keepdims=True)
        known = view.past_spots.shape[1] - 1
        reasons = () if known >= self.window else (self._too_early(known),)
        return BookTarget(in_lots(units, self.lots, self.rounding), {"gamma": gamma}, reasons)

    def betas(self, view: BookView) -> tuple[FloatArray, FloatArray]:
        """Return the betas in force on the proxy and the correlations at which they were taken.

        Returns
        -------
        tuple of ndarray (n_paths, n_underlyings)
            1 for the proxy itself; correlation NaN where the window is not full yet.
        """
        column = self._column(view)
        beta = np.full(view.spots.shape, float(self.initial_beta))
        taken = np.full(view.spots.shape, np.nan)
        slopes, correlations = rolling_betas(view.past_spots, column, self.window)
        for slope, correlation in zip(np.moveaxis(slopes, 1, 0), np.moveaxis(correlations, 1, 0), strict=True):
            with np.errstate(invalid="ignore"):  # not yet taken counts as moved
                kept = np.abs(correlation - taken) <= self.trigger + TIE
            anew = ~kept if self.trigger > 0.0 else np.ones_like(kept)
            beta, taken = np.where(anew, slope, beta), np.where(anew, correlation, taken)
        beta[:, column] = 1.0
        return beta, taken

    def _column(self, view: BookView) -> int:
        if self.proxy not in view.underlyings:
            hint = did_you_mean(self.proxy, view.underlyings)
            raise InputError(
                f"the proxy {self.proxy!r} has no path beside the book's{hint or ';'} paths are known of "
                f"{', '.join(view.underlyings)}; add it to the scenario's market"
            )
        return view.underlyings.index(self.proxy)

    def _too_early(self, known: int) -> str:
        return (
            f"beta on {self.proxy} needs {self.window} returns and {known} are known; "
            f"the initial beta {self.initial_beta:g} is held"
        )


def rolling_betas(spots: FloatArray, column: int, window: int) -> tuple[FloatArray, FloatArray]:
    """Return slope and correlation of simple returns on those of one column, over each full window of the past.

    Parameters
    ----------
    spots : ndarray, shape (n_paths, n_times, n_underlyings)
    column : int
        The proxy.
    window : int

    Returns
    -------
    tuple of ndarray (n_paths, n_times - window, n_underlyings)
        Oldest first; 0 where one of the two stood still. No rows where there are too few times.
    """
    n_paths, n_times, n_names = spots.shape
    if n_times <= window:
        return np.empty((n_paths, 0, n_names)), np.empty((n_paths, 0, n_names))
    returns = spots[:, 1:] / spots[:, :-1] - 1.0
    own = returns[:, :, [column]]
    mean, square, joint = (_window_means(each, window) for each in (returns, returns * returns, returns * own))
    spread = _central(square, mean * mean)
    covariance = joint - mean * mean[:, :, [column]]
    slope = np.divide(covariance, spread[:, :, [column]], out=np.zeros_like(mean), where=spread[:, :, [column]] > 0.0)
    scale = np.sqrt(spread * spread[:, :, [column]])
    correlation = np.divide(covariance, scale, out=np.zeros_like(mean), where=scale > 0.0)
    return slope, np.clip(correlation, -1.0, 1.0)


def _window_means(values: FloatArray, window: int) -> FloatArray:
    """Return means over each full window of (n_paths, n_times, n), in one pass."""
    sums = np.cumsum(np.concatenate([np.zeros_like(values[:, :1]), values], axis=1), axis=1)
    return np.asarray((sums[:, window:] - sums[:, :-window]) / window)


def _central(square: FloatArray, mean_squared: FloatArray) -> FloatArray:
    """Return variances, 0 where returns do not vary beyond rounding."""
    return np.where(square - mean_squared > STILL * square, square - mean_squared, 0.0)
