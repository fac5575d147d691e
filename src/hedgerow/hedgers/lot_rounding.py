"""Holdings in whole lots, for all paths at once."""

from __future__ import annotations

import numpy as np

from hedgerow._types import FloatArray
from hedgerow.errors import InputError
from hedgerow.hedgers.contracts import Rounding


def require_lots(lots: float | None) -> None:
    """Refuse a lot that is not above 0.

    Raises
    ------
    InputError
    """
    if lots is not None and not 0.0 < lots < np.inf:
        raise InputError(f"lots must be above 0, not {lots!r}; give the units traded at a time, or None for fractions")


def in_lots(units: FloatArray, lots: float | None, rounding: Rounding = Rounding.NEAREST) -> FloatArray:
    """Return holdings that are whole multiples of a lot; as they are where ``lots`` is None.

    Parameters
    ----------
    units : ndarray, any shape
        Units wanted, positive = long.
    lots : float or None
        Units in one lot.
    rounding : Rounding
        :meth:`Rounding.apply` of units / lots.

    Returns
    -------
    ndarray, the same shape

    Examples
    --------
    >>> in_lots(np.array([-149.0, 150.0]), 100.0).tolist()
    [-100.0, 200.0]
    """
    if lots is None or rounding is Rounding.NONE:
        return units
    size = np.abs(units) / lots
    if rounding is Rounding.NEAREST:
        whole = np.floor(size + 0.5)
    else:
        whole = np.floor(size) if rounding is Rounding.DOWN else np.ceil(size)
    return np.where(whole == 0.0, 0.0, np.copysign(whole * lots, units))
