"""How much of a book one can carry: the share of a portfolio at risk over its worst loss, less near expiry.

>>> size = position_size(worst_loss=5_000.0, portfolio=1_000_000.0, risk_share=0.02, days_to_expiry=18.0)
>>> size.multiple, size.reason
(3.0, '2 % of 1,000,000 over a worst loss of 5,000 is 4 books; 75 % of it with 18 days to expiry')
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from hedgerow.errors import InputError

SCALE = ((21.0, 1.0), (14.0, 0.75), (7.0, 0.5))
"""More than so many calendar days to expiry, and the share of the size that is carried; none with fewer."""


@dataclass(frozen=True)
class PositionSize:
    """The largest size of a book.

    Attributes
    ----------
    multiple : float
        Of the book as it stands: 2 is twice as many contracts of each position; infinite where nothing can be lost.
    unscaled : float
        The same before the scale by time to expiry.
    worst_loss : float
        Of the book as it stands, money.
    at_risk : float
        Money that may be lost.
    reason : str
        Where the number comes from, as a sentence without its end.
    """

    multiple: float
    unscaled: float
    worst_loss: float
    at_risk: float
    reason: str


def position_size(
    worst_loss: float, portfolio: float, *, risk_share: float = 0.02, days_to_expiry: float = np.inf
) -> PositionSize:
    """Return how many times a book can be carried: portfolio x risk share / worst loss, scaled by days to expiry.

    Parameters
    ----------
    worst_loss : float
        Greatest loss of the book in a stress, money, 0 or more: ``book_stress(...).worst_loss``.
    portfolio : float
        Worth of the portfolio, money, above 0.
    risk_share : float
        Of the portfolio that may be lost, decimal, above 0 and up to 1.
    days_to_expiry : float
        Calendar days to the first expiry: above 21 the whole size, above 14 three quarters, above 7 half, else none.

    Returns
    -------
    PositionSize

    Raises
    ------
    InputError
        For figures that are none of these.
    """
    if not 0.0 <= worst_loss < np.inf:
        raise InputError(f"worst_loss must be money that is lost, 0 or more, not {worst_loss!r}")
    if not 0.0 < portfolio < np.inf:
        raise InputError(f"portfolio must be money above 0, not {portfolio!r}")
    if not 0.0 < risk_share <= 1.0:
        raise InputError(f"risk_share must be a decimal above 0 and up to 1, not {risk_share!r}; 0.02 is 2 %")
    if not days_to_expiry >= 0.0:
        raise InputError(f"days_to_expiry must be 0 or more, not {days_to_expiry!r}")
    at_risk = risk_share * portfolio
    share = next((held for days, held in SCALE if days_to_expiry > days), 0.0)
    unscaled = at_risk / worst_loss if worst_loss else np.inf
    multiple = 0.0 if share == 0.0 else share * unscaled
    lost = f"a worst loss of {worst_loss:,.0f} is {unscaled:,.4g} books" if worst_loss else "no loss sets no limit"
    scaled = "" if share == 1.0 else f"; {share:.0%} of it with {days_to_expiry:g} days to expiry".replace("%", " %")
    return PositionSize(
        multiple, unscaled, worst_loss, at_risk, f"{100.0 * risk_share:g} % of {portfolio:,.0f} over {lost}{scaled}"
    )
