"""Terms of a margin account: how much one contract ties up, when more is called for, and what the cash costs.

>>> MarginTerms(initial=5_000.0, maintenance=0.75).per_contract(np.array([[60_000.0]]), None).tolist()
[[5000.0]]
>>> MarginTerms(share=0.10).per_contract(np.array([[60_000.0]]), None).tolist()
[[6000.0]]
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from hedgerow._types import FloatArray
from hedgerow.errors import DataError, InputError

_FEWEST_MOVES = 20
"""Rows below which a quantile of moves says nothing."""


@dataclass(frozen=True)
class EstimatedMargin:
    """Initial margin estimated from past price changes, for who does not know the exchange's.

    Parameters
    ----------
    level : float
        Quantile of the absolute move over ``rows`` rows that the margin covers.
    rows : int
        Rows of one move, overlapping; 2 is the usual time to close out.
    window : int
        Past rows it is estimated on; those there are, but at least 20 moves, where there are fewer.
    sigmas : float, optional
        In place of the quantile: so many standard deviations of one row's change times the square root of ``rows``.
    """

    level: float = 0.99
    rows: int = 2
    window: int = 250
    sigmas: float | None = None

    def __post_init__(self) -> None:
        if not 0.5 < self.level < 1.0:
            raise InputError(f"the level of an estimated margin must lie between 0.5 and 1, not {self.level}")
        if self.rows < 1 or self.window < self.rows + _FEWEST_MOVES - 1:
            raise InputError(
                f"an estimated margin needs moves over 1 row or more and a window of at least "
                f"{self.rows + _FEWEST_MOVES - 1} rows, not {self.rows} and {self.window}"
            )
        if self.sigmas is not None and not self.sigmas > 0.0:
            raise InputError(f"an estimated margin needs standard deviations above 0, not {self.sigmas}")


@dataclass(frozen=True)
class MarginTerms:
    """What a margin account asks for.

    Give one of ``initial``, ``share`` and ``estimated``; with none of them the margin is estimated.

    Parameters
    ----------
    initial : float or tuple of float, optional
        Money per contract, one for all hedges or one each; 0 or more.
    share : float or tuple of float, optional
        Share of what a contract is worth at the day's price, its size counts and not its sign.
    estimated : EstimatedMargin, optional
        From price changes known at each close.
    maintenance : float
        Share of the initial margin below which a call tops the account up to the initial margin, above 0 to 1. At 1,
        which exchanges ask of hedgers and members, every loss is called for.
    sweep : bool
        Whether what stands above the initial margin is paid out at once.
    rate : float
        What the tied-up cash costs a year, decimal.
    earned : float
        What the account pays on it a year, decimal.
    """

    initial: float | tuple[float, ...] | None = None
    share: float | tuple[float, ...] | None = None
    estimated: EstimatedMargin | None = None
    maintenance: float = 1.0
    sweep: bool = True
    rate: float = 0.0
    earned: float = 0.0

    def __post_init__(self) -> None:
        given = [word for word in ("initial", "share", "estimated") if getattr(self, word) is not None]
        if len(given) > 1:
            raise InputError(f"margin is given as {' and as '.join(given)}; give one of them")
        for what in ("initial", "share"):
            values = getattr(self, what)
            if values is not None and not (np.isfinite(values).all() and (np.asarray(values) >= 0.0).all()):
                raise InputError(f"the {what} margin must be 0 or more, not {values}")
        if not 0.0 < self.maintenance <= 1.0:
            raise InputError(f"maintenance is a share of the initial margin, above 0 to 1, not {self.maintenance}")
        if not (np.isfinite(self.rate) and np.isfinite(self.earned)):
            raise InputError(f"rates on margin must be finite, not {self.rate} and {self.earned}")

    @property
    def words(self) -> str:
        """How the initial margin comes about, as a phrase."""
        if self.initial is not None:
            return "initial margin as stated, money per contract"
        if self.share is not None:
            return "initial margin as a stated share of the contract's value"
        how = self.estimated or EstimatedMargin()
        rule = f"{how.level:.0%} quantile of" if how.sigmas is None else f"{how.sigmas:g} standard deviations of"
        return f"initial margin estimated: {rule} {how.rows}-row moves on the last {how.window} rows known"

    def per_contract(self, values: FloatArray, changes: FloatArray | None, lead: int = 0) -> FloatArray:
        """Return the initial margin of one contract at each time, shape (n_times, n_hedges), money.

        Parameters
        ----------
        values : ndarray, shape (n_times, n_hedges)
            What one contract is worth, price times size; negative where the price is.
        changes : ndarray, shape (lead + n_times, n_hedges), or None
            Price change of one contract in money; needed where margin is estimated.
        lead : int
            Rows of ``changes`` before the first time.

        Raises
        ------
        InputError
            Where the number of margins is not that of the hedges.
        DataError
            Where too few rows are known at the first time to estimate from.
        """
        if self.initial is not None or self.share is not None:
            stated = np.atleast_1d(np.asarray(self.initial if self.share is None else self.share, dtype=float))
            if len(stated) not in (1, values.shape[1]):
                raise InputError(f"{len(stated)} margins are given for {values.shape[1]} hedges; give one, or one each")
            each = np.broadcast_to(stated, values.shape)
            return np.array(each) if self.share is None else np.asarray(each * np.abs(values))
        if changes is None:
            raise InputError("an estimated margin needs the price changes it is estimated from")
        return estimated_margins(changes, self.estimated or EstimatedMargin(), lead)


def estimated_margins(changes: FloatArray, how: EstimatedMargin, first: int) -> FloatArray:
    """Return the margin per contract known at the close of each row from ``first`` on: no later row is used.

    Parameters
    ----------
    changes : ndarray, shape (n_rows, n_hedges)
        Price change of one contract over each row, money.
    how : EstimatedMargin
    first : int
        First row that needs a margin.

    Returns
    -------
    ndarray, shape (n_rows - first, n_hedges)

    Raises
    ------
    DataError
        Where fewer than 20 moves are known at the first row.
    """
    if first + 1 < how.rows + _FEWEST_MOVES - 1:
        raise DataError(
            f"an estimated margin needs {how.rows + _FEWEST_MOVES - 1} rows before the first it is for, and "
            f"{first + 1} are there; give more rows before it, or state the margin"
        )
    frame = pd.DataFrame(changes)
    if how.sigmas is not None:
        spread = frame.rolling(how.window, min_periods=2).std().to_numpy()
        return np.asarray(how.sigmas * np.sqrt(how.rows) * spread[first:])
    total = np.concatenate([np.zeros((1, changes.shape[1])), np.cumsum(changes, axis=0)])
    moves = pd.DataFrame(np.abs(total[how.rows :] - total[: -how.rows]))
    quantiles = moves.rolling(how.window - how.rows + 1, min_periods=1).quantile(how.level).to_numpy()
    return np.asarray(quantiles[first + 1 - how.rows :])
