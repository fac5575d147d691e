"""What a policy is judged by: tracking error and costs, or the mean of the profit against its variance.

>>> Objective("scalping", risk_aversion=2.0).formula
'mean - 2/2 x variance'
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import isfinite
from typing import Literal, get_args

import numpy as np

from hedgerow._types import FloatArray
from hedgerow.compare.path_statistics import Figure, mean_of, variance_of
from hedgerow.errors import InputError, did_you_mean
from hedgerow.instruments import Book, MarketState
from hedgerow.instruments.inputs import resolve

Aim = Literal["risk", "scalping"]


@dataclass(frozen=True)
class Objective:
    """One number for a policy.

    ``risk``: minimise ``mean(costs) + risk_aversion / 2 x variance(P&L)``. ``scalping``: maximise
    ``mean(P&L) - risk_aversion / 2 x variance(P&L)``. P&L is that of book and hedge together, net of costs. Where the
    spot is a martingale both have the same best policy, since the mean before costs is the same for all.

    Attributes
    ----------
    aim : {"risk", "scalping"}
    risk_aversion : float, optional
        Of -exp(-risk_aversion x wealth), per unit of money; above 0. Left out it is derived from the book by who
        compares policies of one, :func:`risk_aversion_of`, and 1 where there is no book.
    """

    aim: Aim = "risk"
    risk_aversion: float | None = None

    def __post_init__(self) -> None:
        """Refuse another aim, or a risk aversion that is not above 0."""
        if self.aim not in get_args(Aim):
            known = get_args(Aim)
            raise InputError(f"aim must be risk or scalping, not {self.aim!r}{did_you_mean(str(self.aim), known)}")
        if not (isfinite(self.aversion) and self.aversion > 0.0):
            raise InputError(f"risk_aversion must be above 0, per unit of money, not {self.risk_aversion!r}")

    @property
    def aversion(self) -> float:
        """The risk aversion as a number."""
        return 1.0 if self.risk_aversion is None else self.risk_aversion

    def of_book(self, book: Book, market: MarketState) -> tuple[Objective, str]:
        """Return the objective with a risk aversion, that of the book where none was given, and what is said of it."""
        if self.risk_aversion is not None:
            return self, ""
        derived = risk_aversion_of(book, market)
        return replace(self, risk_aversion=derived), (
            f"The risk aversion was not given: {derived:g} per unit of money is 1 / (units x spot x volatility x root "
            "of the years to expiry) of the book; another gives another best policy."
        )

    @property
    def formula(self) -> str:
        """The objective in words."""
        half = f"{self.aversion:g}/2 x variance"
        return f"mean cost + {half}" if self.aim == "risk" else f"mean - {half}"

    def loss(self, pnl: FloatArray, cost: Figure) -> Figure:
        """Return what is to be as small as possible, money.

        Parameters
        ----------
        pnl : ndarray, shape (n_paths,)
            Profit and loss net of costs, money.
        cost : Figure
            Mean of costs (positive), money, on the same paths.

        Returns
        -------
        Figure
            For ``scalping`` the objective with its sign turned.
        """
        first = cost if self.aim == "risk" else mean_of(-pnl, cost.mirrored)
        return first.plus(variance_of(pnl, cost.mirrored), 0.5 * self.aversion)

    def signed(self, loss: float) -> float:
        """Return the objective that belongs to a loss."""
        return loss if self.aim == "risk" else -loss


def risk_aversion_of(book: Book, market: MarketState) -> float:
    """Return ``1 / sum(|units| spot volatility sqrt(years))`` over the options of a book, to two digits.

    Who has it gives up half as much as the book may well move by to be rid of that risk. It shrinks with the book, so
    that the best policy is the same for one contract and a thousand. 1 where nothing has a volatility.

    Parameters
    ----------
    book : Book
    market : MarketState
        At the start.

    Examples
    --------
    >>> from hedgerow.instruments import EuropeanOption, Underlying
    >>> market = MarketState("2026-11-20", {"XYZ": Underlying(100.0, 0.2)})
    >>> risk_aversion_of(Book([(EuropeanOption("XYZ", "call", 100.0, "2027-02-19", multiplier=100), -1)]), market)
    0.001
    """
    try:
        found = resolve(book.columns, market)
    except InputError:  # a market without volatilities, where the scenario has its own
        return 1.0
    moves = np.abs(book.columns.weight) * np.abs(found.spot) * found.vol * np.sqrt(np.maximum(found.years, 0.0))
    scale = float(np.nansum(np.where(np.isfinite(moves), moves, 0.0)))
    return float(f"{1.0 / scale:.1e}") if scale > 0.0 else 1.0
