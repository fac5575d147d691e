"""What a hedge earned step by step when it is settled into the portfolio at once.

The account of a run keeps what the hedge cost and brought in as cash, and pays or earns interest on it: after years it
is a portfolio on credit. Returns are measured without that: over each step the hedge's gain, net of its costs and of
the interest on the money tied up in it, is a share of the unhedged portfolio on which it is sized, and adds to the
portfolio's own return.

>>> settled(np.array([-1.0, 2.0, 3.0]), np.array([0.01, 0.01]))
array([1.01, 2.99])
"""

from __future__ import annotations

import numpy as np

from hedgerow._types import FloatArray


def settled(hedge_pnl: FloatArray, interest: FloatArray) -> FloatArray:
    """Return money (..., n_dates - 1) by step from the P&L (..., n_dates) of an account that keeps it as cash.

    Parameters
    ----------
    hedge_pnl : ndarray (..., n_dates)
        Gains and interest less costs by date, money.
    interest : ndarray (n_dates - 1,)
        Growth of cash over each step, as a share.
    """
    before = np.cumsum(hedge_pnl, axis=-1)[..., :-1]
    return np.asarray(by_step(hedge_pnl) - interest * before)


def by_step(by_date: FloatArray) -> FloatArray:
    """Return money by step from money by date: the first step takes what happened on the first date."""
    steps = by_date[..., 1:].copy()
    if steps.shape[-1]:
        steps[..., 0] += by_date[..., 0]
    return np.asarray(steps)
