"""Hedging interest rates: how many bond futures take off a position's DV01, in all or node by node of the curve.

>>> from datetime import date
>>> from hedgerow.instruments.bond import BondFuture, BondPosition, Deliverable
>>> from hedgerow.market.yield_curve import YieldCurve
>>> from hedgerow.pricing.bond import BondTerms
>>> today, curve = date(2026, 11, 20), YieldCurve.flat(0.04)
>>> held = BondPosition("corporate", BondTerms(0.05, date(2036, 11, 15)), today, 104.0, face=10_000_000)
>>> note = BondPosition("note", BondTerms(0.04, date(2033, 8, 15)), today, 99.0)
>>> future = BondFuture("TY", date(2027, 3, 31), (Deliverable(note, 0.8968),), 110.0)
>>> hedge_rates([held], [future], curve).contracts
(-133.0,)
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from hedgerow._types import ArrayLike, FloatArray
from hedgerow.errors import InputError
from hedgerow.hedgers.contracts import Rounding
from hedgerow.instruments.bond import BondFuture, BondPosition, key_rate_dv01
from hedgerow.market.yield_curve import YieldCurve

LARGEST_CONDITION = 1e10
METHODS = ("dv01", "key_rate")


@dataclass(frozen=True, eq=False)
class RateHedge:
    """Bond futures against a position's rate risk.

    Attributes
    ----------
    futures : tuple of str
    contracts : tuple of float
        Trade to do per future, rounded; negative = sell.
    exact_contracts : tuple of float
        Before rounding.
    key_rates : pandas.DataFrame
        By node (years): money lost for one basis point more at the node: ``position``, one column per future for its
        whole-contract hedge, and ``hedged``, their sum.
    cheapest : tuple of str
        Cheapest bond to deliver into each future.
    yield_risk : tuple of float, length 2
        Standard deviation per period of the position's and the hedged position's value, money; NaN without a covariance
        of yield changes.
    method : {"dv01", "key_rate"}
    rounding : Rounding
    """

    futures: tuple[str, ...]
    contracts: tuple[float, ...]
    exact_contracts: tuple[float, ...]
    key_rates: pd.DataFrame
    cheapest: tuple[str, ...]
    yield_risk: tuple[float, float]
    method: str
    rounding: Rounding

    @property
    def dv01(self) -> float:
        """What the position loses when all zero rates rise by one basis point, money."""
        return float(self.key_rates["position"].sum())

    @property
    def hedged_dv01(self) -> float:
        """The same with the hedge: what rounding, or several nodes and few futures, leave."""
        return float(self.key_rates["hedged"].sum())


def hedge_rates(
    positions: Sequence[BondPosition],
    futures: Sequence[BondFuture],
    curve: YieldCurve,
    *,
    method: Literal["dv01", "key_rate"] = "dv01",
    rounding: Rounding = Rounding.NEAREST,
    yield_covariance: ArrayLike | None = None,
) -> RateHedge:
    """Return the futures to trade against the rate risk of some bonds.

    With d the position's key-rate DV01 (n_nodes,) and F one contract's (n_nodes, n_futures), "dv01" solves
    ``1'd + 1'F n = 0`` for one future; "key_rate" takes the n with the smallest ``(d + F n)' C (d + F n)``, C the
    covariance of the nodes' changes (which makes it the minimum-variance hedge), or the identity where none is given.
    Bonds and cheapest bonds keep their spreads over the curve.

    Parameters
    ----------
    positions : sequence of BondPosition
    futures : sequence of BondFuture
    curve : YieldCurve
        Its nodes are the key rates.
    method : {"dv01", "key_rate"}
    rounding : Rounding
    yield_covariance : array-like (n_nodes, n_nodes), optional
        Of the changes of the nodes' zero rates per period, decimals squared.

    Returns
    -------
    RateHedge

    Raises
    ------
    InputError
        Where nothing is held or nothing hedges, "dv01" is given several futures, more futures than nodes, or futures
        that no node tells apart.
    """
    if method not in METHODS:
        raise InputError(f"method must be dv01 or key_rate, not {method!r}")
    if not positions or not futures:
        raise InputError("a rate hedge needs at least one bond and one future")
    risk = np.sum([key_rate_dv01(position.on(curve), curve) for position in positions], axis=0)
    of_futures = np.column_stack([key_rate_dv01(future.on(curve), curve) for future in futures])
    covariance = None if yield_covariance is None else _checked(yield_covariance, len(curve.years))
    solve = _against_parallel_moves if method == "dv01" else _against_each_node
    exact = solve(risk, of_futures, covariance)
    whole = np.array([rounding.apply(float(number)) for number in exact])
    hedges = of_futures * whole + 0.0  # no minus zero where a future does not reach
    table = pd.DataFrame({"position": risk}, index=pd.Index(np.round(curve.years, 4), name="years"))
    for future, column in zip(futures, hedges.T, strict=True):
        table[future.name] = column
    table["hedged"] = risk + hedges.sum(axis=1)
    return RateHedge(
        tuple(future.name for future in futures),
        tuple(whole.tolist()),
        tuple(exact.tolist()),
        table,
        tuple(future.cheapest.bond.name for future in futures),
        (_risk(risk, covariance), _risk(table["hedged"].to_numpy(), covariance)),
        method,
        rounding,
    )


def _against_parallel_moves(risk: FloatArray, of_futures: FloatArray, covariance: FloatArray | None) -> FloatArray:
    if of_futures.shape[1] != 1:
        raise InputError(
            f"DV01 alone cannot share a hedge among {of_futures.shape[1]} futures; give one, or use method key_rate"
        )
    return np.array([-risk.sum() / of_futures.sum()])


def _against_each_node(risk: FloatArray, of_futures: FloatArray, covariance: FloatArray | None) -> FloatArray:
    root = np.eye(len(risk)) if covariance is None else np.linalg.cholesky(covariance).T
    design, target = root @ of_futures, root @ risk
    scale = np.sqrt(np.sum(design**2, axis=0))
    if design.shape[1] > len(risk) or np.linalg.cond(design / scale) > LARGEST_CONDITION:
        raise InputError(
            "the futures move alike at every node of the curve, so no node tells them apart; leave one out"
        )
    return np.asarray(-np.linalg.lstsq(design / scale, target, rcond=None)[0] / scale)


def _checked(covariance: ArrayLike, n_nodes: int) -> FloatArray:
    table = np.asarray(covariance, dtype=np.float64)
    if table.shape != (n_nodes, n_nodes):
        raise InputError(
            f"the covariance of yields must be ({n_nodes}, {n_nodes}), one row per node, not {table.shape}"
        )
    if not np.all(np.isfinite(table)) or not np.min(np.linalg.eigvalsh(table)) > 0.0:
        raise InputError("the covariance of yields is not positive definite; use more rows than nodes, or leave it out")
    return table


def _risk(key_rates: FloatArray, covariance: FloatArray | None) -> float:
    """Return the standard deviation of the value, money; key rates are per basis point."""
    if covariance is None:
        return float("nan")
    return float(np.sqrt(key_rates @ covariance @ key_rates) * 1e4)
