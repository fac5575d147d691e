"""What every cost model is: positive money under a label for each trade, from one text for arrays and loops.

A cost is a rule of :mod:`hedgerow.kernels.rules` that adds to the row of its label, ``cost_<label>``. On arrays
:meth:`CostModel.charge` runs that rule over paths and instruments; :meth:`CostModel.stages` hands it to the engine.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, ClassVar

import numpy as np

from hedgerow._types import FloatArray
from hedgerow.errors import InputError
from hedgerow.kernels.rules import Rule, Stage


@dataclass(frozen=True)
class TradeSlip:
    """One moment's trades, as a cost model sees them.

    Parameters
    ----------
    units : ndarray, shape (n_paths, n_instruments)
        Units bought (+) or sold (-).
    prices : ndarray, shape (n_instruments,) or (n_paths, n_instruments)
        Price of one unit in the account's currency.
    contracts_per_unit : ndarray, shape (n_instruments,)
        Contracts that one unit stands for; NaN where no contract size was given.
    volatility : ndarray, shape (n_instruments,) or (n_paths, n_instruments), or None
        Implied volatility of now, annual, as a decimal; None where it is not known.
    """

    units: FloatArray
    prices: FloatArray
    contracts_per_unit: FloatArray
    volatility: FloatArray | None = None


@dataclass(frozen=True)
class CostTerms:
    """What a model's numbers depend on beside the path, for one hedge instrument.

    Parameters
    ----------
    contracts_per_unit : float
        Contracts that one unit of the hedge stands for: 1/50 for an index future of 50 a point; NaN where unknown.
    """

    contracts_per_unit: float = float("nan")


class CostModel(ABC):
    """Charges money for trades; models add up with ``+``.

    A new cost is one class with ``charge``, an elementwise rule over paths and instruments. What a trade costs may
    depend on the units traded, their prices and the contracts they stand for, all in the :class:`TradeSlip`. A class on
    :class:`RuleCost` says the same as a rule, and then runs compiled too.
    """

    @abstractmethod
    def charge(self, slip: TradeSlip) -> dict[str, FloatArray]:
        """Return positive money by label, each of shape (n_paths,).

        Parameters
        ----------
        slip : TradeSlip
            Units traded (n_paths, n_instruments), with the price of one unit and the contracts that it stands for,
            each (n_instruments,).

        Returns
        -------
        dict of str to ndarray (n_paths,)
            Money in the account's currency, 0 or more, which the ledger subtracts.
        """

    def stages(self, terms: CostTerms) -> tuple[Stage, ...] | None:
        """Return the stages that add to ``cost_<label>`` from ``units`` and ``spot``, or None where only arrays can.

        They suppose that the engine sets every ``cost_`` row to 0 at each step; two parts of one label add up.
        """
        return None

    def one_way_rate(self, price: float | None = None, contracts_per_unit: float = float("nan")) -> float:
        """Return the proportional cost of a trade one way, as a fraction of its value, as far as the model has one.

        Parameters
        ----------
        price : float, optional
            Price of one unit, which turns money per unit into a fraction; without it such a cost counts 0.
        contracts_per_unit : float, optional
            Turns money per contract into money per unit; without it such a cost counts 0.

        Returns
        -------
        float
            Minimums, tickets and impact count 0; of several hedges the dearest counts.
        """
        return 0.0

    @property
    def proportional_rate(self) -> float:
        """:meth:`one_way_rate` without a price: what bands such as Whalley-Wilmott's read; 0 where there is none."""
        return self.one_way_rate()

    def __add__(self, other: CostModel) -> Costs:
        return Costs((*_parts(self), *_parts(other)))


@dataclass(frozen=True)
class Costs(CostModel):
    """Several cost models together; an empty tuple charges nothing.

    Parameters
    ----------
    parts : tuple of CostModel
        Each charges on its own; equal labels add up.

    Examples
    --------
    >>> from hedgerow.costs import HalfSpread, PerTicket
    >>> HalfSpread(2) + PerTicket(1.5)
    Costs(parts=(HalfSpread(basis_points=2), PerTicket(fee=1.5)))
    """

    parts: tuple[CostModel, ...] = ()

    def charge(self, slip: TradeSlip) -> dict[str, FloatArray]:
        """Return positive money by label; equal labels add up."""
        total: dict[str, FloatArray] = {}
        for part in self.parts:
            for label, money in part.charge(slip).items():
                total[label] = total[label] + money if label in total else money
        return total

    def stages(self, terms: CostTerms) -> tuple[Stage, ...] | None:
        """Return the stages of all parts in order, or None where one part has none."""
        found = [part.stages(terms) for part in self.parts]
        known = [stages for stages in found if stages is not None]
        return tuple(stage for stages in known for stage in stages) if len(known) == len(found) else None

    def one_way_rate(self, price: float | None = None, contracts_per_unit: float = float("nan")) -> float:
        """Return the sum of the parts' proportional costs."""
        return float(sum(part.one_way_rate(price, contracts_per_unit) for part in self.parts))


def _parts(model: CostModel) -> tuple[CostModel, ...]:
    return model.parts if isinstance(model, Costs) else (model,)


def no_costs() -> Costs:
    """Return the cost model that charges nothing, said aloud.

    Returns
    -------
    Costs
        Without parts.

    Examples
    --------
    >>> no_costs()
    Costs(parts=())
    """
    return Costs()


class RuleCost(CostModel):
    """A cost written as one rule: it reads its own row ``cost`` with ``units``, ``spot``, ``implied``, and adds to it.

    Attributes
    ----------
    label : str
        Its line in the ledger; the row ``cost_<label>``.
    plural : str
        What its numbers are called where too many of them were given.
    """

    label: ClassVar[str]
    plural: ClassVar[str]

    @property
    @abstractmethod
    def rule(self) -> Rule:
        """The rule: inputs among cost, units, spot and implied; output cost."""

    @abstractmethod
    def numbers(self, contracts_per_unit: float | FloatArray) -> Mapping[str, float | FloatArray]:
        """Return every parameter of the rule: a number for all hedges, or an array with one per hedge (last axis)."""

    def charge(self, slip: TradeSlip) -> dict[str, FloatArray]:
        """Return ``{label: money}``, shape (n_paths,): the rule on every path and instrument, summed over these."""
        values = self.numbers(slip.contracts_per_unit)
        n_instruments = slip.units.shape[-1]
        for each in values.values():
            if np.ndim(each) and np.shape(each)[-1] not in (1, n_instruments):
                given = f"{np.shape(each)[-1]} {self.plural}"
                raise InputError(f"{given} were given for {n_instruments} hedges; give one, or one per hedge")
        rows: dict[str, Any] = {"cost": 0.0, "units": slip.units, "spot": slip.prices, "implied": slip.volatility}
        if slip.volatility is None and "implied" in self.rule.inputs:
            raise InputError(f"{self!r} needs the implied volatility of every trade, and these trades have none")
        with np.errstate(all="ignore"):
            money = _definition(self.rule)(*(rows[name] for name in self.rule.inputs), **values)
        return {self.label: money.sum(axis=-1)}

    def stages(self, terms: CostTerms) -> tuple[Stage, ...]:
        """Return the one stage that adds to ``cost_<label>``, for one hedge instrument."""
        values = {}
        for name, each in self.numbers(terms.contracts_per_unit).items():
            if np.size(each) != 1:
                raise InputError(f"{np.size(each)} {self.plural} were given for 1 hedge; give one")
            values[name] = float(np.ravel(each)[0])
        return (Stage(self.rule, values, {"cost": f"cost_{self.label}"}),)


@lru_cache(maxsize=64)
def _definition(rule: Rule) -> Any:
    """Return the rule's text on arrays; making it takes longer than a small charge."""
    return rule.kernel.definition


def require_not_negative(what: str, value: float | tuple[float, ...]) -> None:
    """Refuse a cost that is negative or not finite, with InputError."""
    numbers = np.atleast_1d(np.asarray(value, dtype=float))
    if not (np.isfinite(numbers).all() and (numbers >= 0.0).all()):
        raise InputError(f"the {what} must be 0 or more, not {value}; costs are positive numbers that are subtracted")


def require_positive(what: str, value: float) -> None:
    """Refuse a number that is not finite and above 0, with InputError."""
    if not (np.isfinite(value) and value > 0.0):
        raise InputError(f"the {what} must be above 0, not {value}")
