"""What a smile does when the spot moves: stay with the strike, or go along with the forward.

>>> import numpy as np
>>> from hedgerow.market.surface import PointSmile
>>> from hedgerow.market.surface.moves import moved_smiles
>>> skew = PointSmile(np.array([-0.2, 0.2]), np.array([0.3, 0.2]), 1.0)
>>> for rule in ("sticky_strike", "sticky_delta"):
...     (moved,) = moved_smiles((skew,), 0.1, rule)
...     print(rule, round(float(np.sqrt(moved.total_variance(0.0))), 4))
sticky_strike 0.225
sticky_delta 0.25
"""

from __future__ import annotations

from hedgerow.errors import InputError, did_you_mean
from hedgerow.market.surface.smiles import Smile

RULES = ("sticky_strike", "sticky_delta", "sticky_moneyness")


def moved_smiles(smiles: tuple[Smile, ...], log_move: float, rule: str) -> tuple[Smile, ...]:
    """Return smiles after the forward has moved by ``log_move`` = ln(new / old).

    Parameters
    ----------
    smiles : tuple of Smile
        As functions of ln(strike / forward).
    log_move : float
        Of the forward.
    rule : {"sticky_strike", "sticky_delta", "sticky_moneyness"}
        Sticky strike: volatility as a function of the strike stays, so that the smile slides by the move in
        log-moneyness. Sticky delta and sticky moneyness: volatility as a function of strike / forward stays.

    Raises
    ------
    InputError
        For another rule.

    Notes
    -----
    At one expiry a forward delta N(d1) is a function of strike / forward alone once the smile is given, so that the
    last two rules are one. Under sticky strike a negatively skewed smile shows a lower at-the-money volatility after
    a rise; under sticky delta the same.
    """
    if rule not in RULES:
        raise InputError(f"rule must be one of {', '.join(RULES)}, not {rule!r}{did_you_mean(str(rule), RULES)}")
    if rule == "sticky_strike":
        return tuple(smile.moved(log_move) for smile in smiles)
    return smiles
