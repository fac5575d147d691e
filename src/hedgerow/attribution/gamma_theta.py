"""Which volatility was traded and which was realised: gamma against theta, step by step.

Over a step, with the cash gamma G = H gamma S^2 of each position at its start, the move x = dS / S and the implied
volatility v of its own strike::

    gamma gain     1/2 G x^2               what the move gave: realised variance
    theta gain     H theta dt              what the day cost: the volatility it was traded at
    formula        1/2 G (x^2 - v^2 dt)    both, for an option without interest and yield

Summed, ``formula`` is the profit of a delta-hedged book up to the remainder of the move. Long options have a positive
G and pay theta, short ones the reverse, out of the holdings alone. The break-even move of a trading day is
v S / sqrt(252), and is never mixed with theta per calendar day.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from hedgerow._types import FloatArray
from hedgerow.attribution.marks import Marks
from hedgerow.errors import DataError, InputError, did_you_mean
from hedgerow.units import TRADING_DAYS_PER_YEAR


@dataclass(frozen=True, eq=False)
class GammaTheta:
    """The gamma-theta ledger of the positions in one underlying; made by :func:`gamma_theta`.

    Attributes
    ----------
    gamma_gain, theta_gain, formula : ndarray, shape (n_paths, n_steps)
        Money of each step, as in the module's text.
    cash_gamma : ndarray, shape (n_paths, n_steps)
        Sum over positions of H gamma S^2 at the start of the step, money; positive for a book that is long options.
    weight : ndarray, shape (n_paths, n_steps)
        Sum of the sizes of the same: what both volatilities are weighted by.
    realised_variance, implied_variance : ndarray, shape (n_paths, n_steps)
        Sum of the sizes times x^2 and times v^2 dt.
    implied_move : ndarray, shape (n_paths, n_steps)
        Sum of the sizes times v S.
    moves : ndarray, shape (n_paths, n_steps)
        dS of the underlying.
    years : ndarray, shape (n_steps,)
        Length of each step.
    """

    gamma_gain: FloatArray = field(repr=False)
    theta_gain: FloatArray = field(repr=False)
    formula: FloatArray = field(repr=False)
    cash_gamma: FloatArray = field(repr=False)
    weight: FloatArray = field(repr=False)
    realised_variance: FloatArray = field(repr=False)
    implied_variance: FloatArray = field(repr=False)
    implied_move: FloatArray = field(repr=False)
    moves: FloatArray = field(repr=False)
    years: FloatArray = field(repr=False)

    @property
    def realised_volatility(self) -> FloatArray:
        """Volatility realised while gamma was held, weighted by cash gamma, annual, (n_paths,); NaN without gamma."""
        return _root(self.realised_variance.sum(axis=1), self._weighted_years)

    @property
    def implied_volatility(self) -> FloatArray:
        """Volatility traded: the implied one, weighted by cash gamma, annual, (n_paths,); NaN without gamma."""
        return _root(self.implied_variance.sum(axis=1), self._weighted_years)

    @property
    def paid_volatility(self) -> FloatArray:
        """Volatility at which gamma would have earned the theta of the account, annual, (n_paths,).

        The root of -2 theta gain / sum(G dt): the implied volatility without interest and yield, and what remained of
        it once the interest on the premium is counted. NaN where the net cash gamma does not pay for its theta.
        """
        return _root(-2.0 * self.theta_gain.sum(axis=1), (self.cash_gamma * self.years).sum(axis=1))

    @property
    def break_even_moves(self) -> FloatArray:
        """Move of a trading day at which gamma earns theta, v S / sqrt(252), (n_paths, n_steps); NaN without gamma."""
        daily: FloatArray = _ratio(self.implied_move, self.weight) / np.sqrt(TRADING_DAYS_PER_YEAR)
        return daily

    @property
    def _weighted_years(self) -> FloatArray:
        found: FloatArray = (self.weight * self.years).sum(axis=1)
        return found

    def by_step(self, path: int = 0) -> pd.DataFrame:
        """Return one path by step.

        Parameters
        ----------
        path : int
            Place of the path.

        Returns
        -------
        DataFrame, (n_steps, 8)
            ``gamma``, ``theta``, ``net`` (their sum), ``formula`` and ``cumulative`` (of ``net``), money;
            ``cash_gamma``; ``move`` and ``break_even_move`` of the step's own length, price units.

        Raises
        ------
        InputError
            For a path that is not there.
        """
        if not 0 <= path < len(self.moves):
            raise InputError(f"path must be a number from 0 to {len(self.moves) - 1}, not {path!r}")
        net = self.gamma_gain[path] + self.theta_gain[path]
        of_step = _ratio(self.implied_move[path], self.weight[path]) * np.sqrt(self.years)
        return pd.DataFrame(
            {
                "gamma": self.gamma_gain[path],
                "theta": self.theta_gain[path],
                "net": net,
                "formula": self.formula[path],
                "cumulative": np.cumsum(net),
                "cash_gamma": self.cash_gamma[path],
                "move": self.moves[path],
                "break_even_move": of_step,
            }
        )

    def by_path(self) -> pd.DataFrame:
        """Return the figures of each path over the whole time.

        Returns
        -------
        DataFrame, (n_paths, 8)
            ``realised``, ``implied`` and ``paid`` volatility; ``gamma``, ``theta``, ``net`` and ``formula`` in money;
            ``beyond_break_even``, the share of steps whose move was beyond the break-even move of their length.
        """
        gamma, theta = self.gamma_gain.sum(axis=1), self.theta_gain.sum(axis=1)
        of_step = _ratio(self.implied_move, self.weight) * np.sqrt(self.years)
        return pd.DataFrame(
            {
                "realised": self.realised_volatility,
                "implied": self.implied_volatility,
                "paid": self.paid_volatility,
                "gamma": gamma,
                "theta": theta,
                "net": gamma + theta,
                "formula": self.formula.sum(axis=1),
                "beyond_break_even": (np.abs(self.moves) > of_step).mean(axis=1),
            }
        )


def gamma_theta(holdings: FloatArray, marks: Marks, underlying: str | None = None) -> GammaTheta:
    """Return the gamma-theta ledger of positions: what was realised, what was paid for it.

    Parameters
    ----------
    holdings : ndarray, shape (n_paths, n_times, n_instruments)
        Units held after trading at each time, ``Ledger.holdings``; hedges with gamma count as well.
    marks : Marks
        With ``gamma`` and ``theta``.
    underlying : str, optional
        Needed where there are several.

    Returns
    -------
    GammaTheta

    Raises
    ------
    InputError
        For an unknown underlying, none named among several, or marks without gamma or theta.
    DataError
        Where the shapes do not agree or a Greek is not finite where something is held.

    Examples
    --------
    Long one option of gamma 0.02 at 20 %, a day of a 3 % move:

    >>> one = np.ones((1, 2, 1))
    >>> greeks = {"delta": 0.5 * one, "gamma": 0.02 * one, "theta": -0.5 * 0.02 * 100.0**2 * 0.2**2 * one}
    >>> spots = np.array([[[100.0], [103.0]]])
    >>> marks = Marks(greeks, spots, 0.2 * one, np.array([0.0, 1 / 365]), np.array([False]), ("SPX",))
    >>> found = gamma_theta(one, marks)
    >>> found.by_path()[["gamma", "theta", "implied", "paid"]].round(4).iloc[0].to_dict()
    {'gamma': 0.09, 'theta': -0.011, 'implied': 0.2, 'paid': 0.2}
    >>> found.break_even_moves.round(2).tolist()
    [[1.26]]
    """
    rows = _instruments_in(marks, underlying)
    if holdings.ndim != 3 or holdings.shape[1:] != (marks.n_times, marks.n_instruments):
        wanted = f"(n_paths, {marks.n_times}, {marks.n_instruments})"
        raise DataError(f"holdings must have shape {wanted} as the marks, not {holdings.shape}")
    for name in ("gamma", "theta"):
        if name not in marks.greeks:
            raise InputError(f"marks have no {name}; which volatility was traded needs gamma and theta")
    years = np.diff(marks.years)
    sums = {name: np.zeros((len(holdings), len(years))) for name in _SUMMED}
    for row in rows:
        for name, money in _of_instrument(row, holdings, marks, years).items():
            sums[name] += money
    moves = np.broadcast_to(marks.change("spots", rows[0]), sums["formula"].shape)
    return GammaTheta(**sums, moves=moves, years=years)


_SUMMED = (
    "gamma_gain",
    "theta_gain",
    "formula",
    "cash_gamma",
    "weight",
    "realised_variance",
    "implied_variance",
    "implied_move",
)


def _of_instrument(row: int, holdings: FloatArray, marks: Marks, years: FloatArray) -> dict[str, FloatArray]:
    """Return what one instrument adds, each (n_paths, n_steps)."""
    held = holdings[:, :-1, row]
    spot, vol = marks.spots[:, :-1, row], marks.vols[:, :-1, row]
    cash_gamma = _held("gamma", row, held, marks) * spot**2
    squared = (marks.change("spots", row) / np.where(spot == 0.0, 1.0, spot)) ** 2
    expected, size = vol**2 * years, np.abs(cash_gamma)
    return {
        "gamma_gain": 0.5 * cash_gamma * squared,
        "theta_gain": _held("theta", row, held, marks) * years,
        "formula": 0.5 * cash_gamma * (squared - expected),
        "cash_gamma": cash_gamma,
        "weight": size,
        "realised_variance": size * squared,
        "implied_variance": size * expected,
        "implied_move": size * vol * spot,
    }


def _held(name: str, row: int, held: FloatArray, marks: Marks) -> FloatArray:
    """Return holding x Greek, 0 where nothing is held."""
    figures = np.broadcast_to(marks.greeks[name][:, :-1, row], held.shape)
    product = np.multiply(held, figures, out=np.zeros(held.shape), where=held != 0.0)
    if not np.isfinite(product).all():
        raise DataError(f"{name} of instrument {row} is not finite where it is held; mark the moment before expiry")
    return product


def _instruments_in(marks: Marks, underlying: str | None) -> list[int]:
    """Return the instruments of one underlying."""
    known = ", ".join(marks.underlyings)
    if underlying is None:
        if len(marks.underlyings) > 1:
            raise InputError(f"underlying must be named where there are several: {known}; realised moves do not add up")
        underlying = marks.underlyings[0]
    if underlying not in marks.underlyings:
        hint = did_you_mean(underlying, marks.underlyings)
        raise InputError(f"the marks have no underlying {underlying!r}{hint} (they have {known})")
    rows = np.flatnonzero(marks.underlying == marks.underlyings.index(underlying))
    if not len(rows):
        raise InputError(f"no instrument of the marks is in {underlying!r}; name one of those held")
    return [int(row) for row in rows]


def _ratio(above: FloatArray, below: FloatArray) -> FloatArray:
    """Return a quotient, NaN where there is nothing to divide by."""
    quotient: FloatArray = np.divide(above, below, out=np.full(np.shape(above), np.nan), where=below != 0.0)
    return quotient


def _root(above: FloatArray, below: FloatArray) -> FloatArray:
    """Return the root of a quotient, NaN where there is none."""
    quotient = _ratio(above, below)
    root: FloatArray = np.sqrt(np.where(quotient >= 0.0, quotient, np.nan))
    return root


def break_even_volatility(realised: float, profit: float, gamma_gain: float) -> float:
    """Return the realised volatility at which a hedged book would have made nothing, costs included.

    What gamma earns grows with the square of the moves, so that moves ``k`` times as large earn ``k^2`` times as much:
    ``realised sqrt(1 - profit / gamma_gain)``. A long book needs at least that volatility, a short one at most.

    Parameters
    ----------
    realised : float
        Volatility that was realised, per year.
    profit, gamma_gain : float
        All that was made after costs, and the part of it that gamma made, money; means where there are many paths.

    Returns
    -------
    float
        NaN where gamma made nothing, or no volatility would do.

    Examples
    --------
    >>> round(break_even_volatility(0.25, -900.0, -2500.0), 4)  # sold at 20 %
    0.2
    """
    left = 1.0 - profit / gamma_gain if gamma_gain != 0.0 else -1.0
    return realised * float(np.sqrt(left)) if left >= 0.0 else float("nan")
