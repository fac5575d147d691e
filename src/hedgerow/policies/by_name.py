"""Policies by the names that study files and commands use."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from typing import Any

from hedgerow.errors import InputError, did_you_mean
from hedgerow.policies.band import Band
from hedgerow.policies.base import RulePolicy
from hedgerow.policies.cost_benefit import CostBenefit
from hedgerow.policies.days_to_expiry import DaysToExpiry
from hedgerow.policies.every_day import EveryDay
from hedgerow.policies.every_hours import EveryHours
from hedgerow.policies.every_periods import EveryPeriods
from hedgerow.policies.gamma_band import GammaScaledBand
from hedgerow.policies.minimum_interval import MinimumInterval
from hedgerow.policies.price_move import PriceMove
from hedgerow.policies.times_of_day import TimesOfDay
from hedgerow.policies.tolerance_band import ToleranceBand
from hedgerow.policies.volatility_move import VolatilityMove
from hedgerow.policies.weekdays import OnWeekdays
from hedgerow.policies.whalley_wilmott import WhalleyWilmott
from hedgerow.policies.zakamouline import Zakamouline

POLICIES: Mapping[str, type[RulePolicy]] = {
    "every_periods": EveryPeriods,
    "every_day": EveryDay,
    "times_of_day": TimesOfDay,
    "every_hours": EveryHours,
    "weekdays": OnWeekdays,
    "band": Band,
    "tolerance_band": ToleranceBand,
    "gamma_band": GammaScaledBand,
    "price_move": PriceMove,
    "volatility_move": VolatilityMove,
    "cost_benefit": CostBenefit,
    "whalley_wilmott": WhalleyWilmott,
    "zakamouline": Zakamouline,
    "days_to_expiry": DaysToExpiry,
    "minimum_interval": MinimumInterval,
}
"""Class of every policy by its name in study files."""


def parameter_names(name: str) -> tuple[str, ...]:
    """Return the names of a policy's parameters, in order; lists such as ``times`` or ``days`` among them."""
    return tuple(inspect.signature(_class_of(name)).parameters)


def policy_by_name(name: str, **parameters: Any) -> RulePolicy:
    """Return the policy of a name with its parameters.

    Parameters
    ----------
    name : str
        A key of :data:`POLICIES`.
    **parameters
        What the class takes; ``times`` and ``days`` are lists.

    Returns
    -------
    RulePolicy

    Raises
    ------
    InputError
        For a name that is none, a parameter that the policy does not have or lacks, or a value that it refuses.

    Examples
    --------
    >>> policy_by_name("weekdays", days=["Mon", "Thu"])
    OnWeekdays('Mon', 'Thu')
    """
    expected = inspect.signature(_class_of(name)).parameters
    for given in parameters:
        if given not in expected:
            hint = did_you_mean(given, expected) or ";"
            takes = ", ".join(expected) or "no parameter"
            raise InputError(f"the policy {name!r} has no parameter {given!r}{hint} it takes {takes}")
    lists = [each for each in expected if expected[each].kind is inspect.Parameter.VAR_POSITIONAL]
    lacking = [
        each
        for each, how in expected.items()
        if how.default is how.empty and each not in parameters and each not in lists
    ]
    if lacking:
        raise InputError(f"the policy {name!r} needs {lacking[0]}; give {lacking[0]}")
    return _class_of(name)(
        *(value for each in lists for value in _listed(parameters.get(each, ()))),
        **{each: value for each, value in parameters.items() if each not in lists},
    )


def _listed(values: Any) -> tuple[Any, ...]:
    return (values,) if isinstance(values, str) else tuple(values)


def _class_of(name: str) -> type[RulePolicy]:
    if name not in POLICIES:
        hint = did_you_mean(str(name), POLICIES) or ";"
        raise InputError(f"{name!r} is no policy{hint} there are {', '.join(POLICIES)}")
    return POLICIES[name]
