"""The profit of a linear hedge, split into spot, basis, roll, rounding, cost and financing, step by step.

For one instrument, with S the exposure's price, F the quoted series of the hedge in the exposure's unit, b = S - F the
basis, H the units meant to be sold and A those really sold, and a gap in F where the quoted series passes from one
contract to the next (nobody earns it)::

    held change   dF = dF_quoted - gap
    exposure      Q dS
    hedge         -A dF  =  -H dS           spot
                            +H (dS - dF_quoted)   basis
                            +H gap          roll
                            +(H - A) dF     rounding

The four parts are an identity, so nothing is left over but floating-point dust. With several instruments each is split
alone and the parts are summed; one unit of instrument i stands for w_i units of the exposure (``spot_weight``), so its
spot part is -H_i w_i dS and its basis part H_i (w_i dS - dF_i). The split moves between spot and basis with w; the
total does not.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from hedgerow._types import ArrayLike, FloatArray
from hedgerow.errors import DataError

PARTS = ("exposure", "spot", "basis", "roll", "rounding", "cost", "financing")
"""Columns of a split that add up to ``total``, but for ``remainder``."""


@dataclass(frozen=True)
class HedgeSteps:
    """What happened over n steps with k hedge instruments; step t runs from close t - 1 to close t.

    Parameters
    ----------
    quantity : array_like, a number or of shape (n,)
        Q, units of exposure held over the step; positive long, negative short.
    exposure_change : array_like of shape (n,)
        dS, money per unit of exposure. The index of a pandas series becomes the index of the split.
    hedge_change : array_like of shape (n,) or (n, k)
        dF_quoted, change of each quoted series in money per unit of *exposure*: multiply by the price-unit factor
        first. Column names of a frame become the instruments' names.
    target : array_like, a number or of shape (n,), (n, k)
        H, units of exposure each instrument was meant to cover over the step: positive is sold.
    actual : array_like, same shapes, optional
        A, units really sold, after rounding to whole contracts; the target when left out.
    gap : array_like, same shapes, optional
        Jump of the quoted series over a step on which the contract changes, new contract less old one at the same
        close; 0 otherwise and when left out.
    cost, financing : array_like, a number or of shape (n,)
        Cost is positive and subtracted; financing is positive when received.
    spot_weight : array_like, a number or of shape (k,)
        w, units of exposure that one unit of each hedge stands for; 1 when left out.
    total : array_like of shape (n,), optional
        Change of wealth per step as the ledger has it. The parts are held against it; when left out it is computed.
    """

    quantity: ArrayLike
    exposure_change: ArrayLike
    hedge_change: ArrayLike
    target: ArrayLike
    actual: ArrayLike | None = None
    gap: ArrayLike = 0.0
    cost: ArrayLike = 0.0
    financing: ArrayLike = 0.0
    spot_weight: ArrayLike = 1.0
    total: ArrayLike | None = None


@dataclass(frozen=True)
class HedgeSplit:
    """The partition of a hedge's profit, in money.

    Attributes
    ----------
    steps : pandas.DataFrame of shape (n, 9)
        Columns ``exposure``, ``spot``, ``basis``, ``roll``, ``rounding``, ``cost`` (negative), ``financing``,
        ``total`` and ``remainder`` = total - the sum of the seven before it.
    instruments : pandas.DataFrame of shape (k, 5)
        Sums over the steps of each instrument's ``spot``, ``basis``, ``roll``, ``rounding`` and their ``total``.
    """

    steps: pd.DataFrame = field(repr=False)
    instruments: pd.DataFrame = field(repr=False)

    @property
    def totals(self) -> pd.Series:
        """Sums of the columns of ``steps``."""
        return self.steps.sum()

    def adds_up(self, gross_notional: ArrayLike, tolerance: float = 1e-9) -> bool:
        """Return whether every step's remainder is within ``tolerance`` of the gross notional (a number or (n,))."""
        allowed = tolerance * np.abs(np.asarray(gross_notional, dtype=np.float64))
        return bool(np.all(self.steps["remainder"].abs().to_numpy() <= allowed))


def split_hedge(steps: HedgeSteps) -> HedgeSplit:
    """Return where the profit of a hedged position came from: spot, basis, roll, rounding, cost and financing.

    With Q units of exposure, dS and dF_quoted the changes of exposure and quoted hedge, ``gap`` the jump of the quote
    between two contracts, H the units meant to be sold and A those really sold, the total of a step is

        Q dS - H dS + H (dS - dF_quoted) + H gap + (H - A) (dF_quoted - gap) - cost + financing

    and its terms, from the left, are exposure, spot, basis, roll, rounding, cost and financing.

    Parameters
    ----------
    steps : HedgeSteps
        n steps with k hedge instruments, in money per unit of exposure.

    Returns
    -------
    HedgeSplit
        Money by step (n rows) and by instrument (k rows). The parts are an identity: what is left stands in
        ``remainder`` and is floating-point dust unless the ledger's ``total`` says otherwise.

    Raises
    ------
    DataError
        A value that is not finite, or shapes that do not agree.

    Examples
    --------
    Long 10 units that fell by 2; 9.6 were to be sold, 9 were; the future fell by 1.9:

    >>> split = split_hedge(HedgeSteps(10.0, [-2.0], [-1.9], target=9.6, actual=9.0, cost=0.3))
    >>> split.steps.drop(columns="remainder").round(2).to_dict("records")[0]  # doctest: +NORMALIZE_WHITESPACE
    {'exposure': -20.0, 'spot': 19.2, 'basis': -0.96, 'roll': 0.0, 'rounding': -1.14, 'cost': -0.3,
     'financing': 0.0, 'total': -3.2}
    """
    exposure_change = _finite(steps.exposure_change, "exposure_change")
    if exposure_change.ndim != 1:
        raise DataError(f"exposure_change must have 1 axis, got an array of shape {exposure_change.shape}.")
    quoted = _by_instrument(steps.hedge_change, "hedge_change", len(exposure_change))
    exposure = _by_step(steps.quantity, "quantity", len(exposure_change)) * exposure_change
    parts, hedge_total = _instrument_parts(steps, exposure_change, quoted)
    cost = _by_step(steps.cost, "cost", len(exposure_change))
    financing = _by_step(steps.financing, "financing", len(exposure_change))
    frame = pd.DataFrame({"exposure": exposure}, index=_index(steps.exposure_change))
    for name, values in parts.items():
        frame[name] = values.sum(axis=1)
    frame["cost"], frame["financing"] = 0.0 - cost, financing
    if steps.total is None:
        frame["total"] = exposure + hedge_total.sum(axis=1) - cost + financing
    else:
        frame["total"] = _by_step(steps.total, "total", len(exposure_change))
    frame["remainder"] = frame["total"] - frame[list(PARTS)].sum(axis=1)
    return HedgeSplit(frame, _instrument_totals(steps.hedge_change, parts, hedge_total))


def _instrument_parts(
    steps: HedgeSteps, exposure_change: FloatArray, quoted: FloatArray
) -> tuple[dict[str, FloatArray], FloatArray]:
    n, k = quoted.shape
    target = _by_instrument(steps.target, "target", n, k)
    actual = target if steps.actual is None else _by_instrument(steps.actual, "actual", n, k)
    gap = _by_instrument(steps.gap, "gap", n, k)
    weight = _finite(steps.spot_weight, "spot_weight")
    if weight.shape not in ((), (k,)):
        raise DataError(f"spot_weight must be a number or have one entry per hedge ({k}), got shape {weight.shape}.")
    spot_move = exposure_change[:, None] * weight
    held = quoted - gap
    parts = {
        "spot": -target * spot_move,
        "basis": target * (spot_move - quoted),
        "roll": target * gap,
        "rounding": (target - actual) * held,
    }
    return {name: values + 0.0 for name, values in parts.items()}, -actual * held  # + 0.0 turns -0.0 into 0.0


def _instrument_totals(hedge_change: ArrayLike, parts: dict[str, FloatArray], hedge_total: FloatArray) -> pd.DataFrame:
    count = hedge_total.shape[1]
    if isinstance(hedge_change, pd.DataFrame):
        names = pd.Index(hedge_change.columns, name="instrument")
    elif isinstance(hedge_change, pd.Series) and hedge_change.name is not None:
        names = pd.Index([hedge_change.name], name="instrument")
    else:
        names = pd.Index([f"hedge {i + 1}" for i in range(count)], name="instrument")
    sums = {name: values.sum(axis=0) for name, values in parts.items()}
    return pd.DataFrame({**sums, "total": hedge_total.sum(axis=0) + 0.0}, index=names)


def _index(values: ArrayLike) -> pd.Index | None:
    return values.index if isinstance(values, pd.Series) else None


def _finite(values: ArrayLike, name: str) -> FloatArray:
    array = np.asarray(values, dtype=np.float64)
    if not np.isfinite(array).all():
        step = f", step {int(np.argwhere(~np.isfinite(array))[0][0])} is not" if array.ndim else f", got {array}"
        raise DataError(f"{name} must be finite{step}; drop steps with missing values first.")
    return array


def _by_step(values: ArrayLike, name: str, n: int) -> FloatArray:
    array = _finite(values, name)
    if array.shape not in ((), (n,)):
        raise DataError(f"{name} must be a number or have one entry per step ({n}), got shape {array.shape}.")
    return np.broadcast_to(array, (n,))


def _by_instrument(values: ArrayLike, name: str, n: int, k: int | None = None) -> FloatArray:
    array = _finite(values, name)
    if array.ndim == 1 and len(array) == n and k in (None, 1):
        array = array[:, None]
    columns = array.shape[1] if k is None and array.ndim == 2 else k
    if columns is None or array.shape not in ((), (n, columns)):
        wanted = f"({n}, {columns or 'k'})"
        raise DataError(f"{name} must have shape {wanted}: steps by hedges, got {array.shape}.")
    return np.broadcast_to(array, (n, columns))
