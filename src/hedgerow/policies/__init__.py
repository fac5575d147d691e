"""When it is worth trading towards the target, and how far."""

from __future__ import annotations

from hedgerow.policies.band import Band
from hedgerow.policies.band_policy import BandPolicy
from hedgerow.policies.base import BoundPolicy, Moment, Policy, PolicyTerms, RulePolicy
from hedgerow.policies.by_name import POLICIES, parameter_names, policy_by_name
from hedgerow.policies.composition import Both, Either
from hedgerow.policies.cost_benefit import CostBenefit
from hedgerow.policies.days_to_expiry import DaysToExpiry
from hedgerow.policies.every_day import EveryDay
from hedgerow.policies.every_hours import EveryHours
from hedgerow.policies.every_periods import EveryPeriods
from hedgerow.policies.exact_policy import HodgesNeuberger
from hedgerow.policies.gamma_band import GammaScaledBand
from hedgerow.policies.hodges_neuberger import ExactBand, OptionToHedge, exact_band
from hedgerow.policies.minimum_interval import MinimumInterval
from hedgerow.policies.price_move import PriceMove
from hedgerow.policies.times_of_day import TimesOfDay
from hedgerow.policies.tolerance_band import ToleranceBand
from hedgerow.policies.volatility_move import VolatilityMove
from hedgerow.policies.weekdays import OnWeekdays
from hedgerow.policies.whalley_wilmott import WhalleyWilmott
from hedgerow.policies.zakamouline import Zakamouline

__all__ = [
    "POLICIES",
    "Band",
    "BandPolicy",
    "Both",
    "BoundPolicy",
    "CostBenefit",
    "DaysToExpiry",
    "Either",
    "EveryDay",
    "EveryHours",
    "EveryPeriods",
    "ExactBand",
    "GammaScaledBand",
    "HodgesNeuberger",
    "MinimumInterval",
    "Moment",
    "OnWeekdays",
    "OptionToHedge",
    "Policy",
    "PolicyTerms",
    "PriceMove",
    "RulePolicy",
    "TimesOfDay",
    "ToleranceBand",
    "VolatilityMove",
    "WhalleyWilmott",
    "Zakamouline",
    "exact_band",
    "parameter_names",
    "policy_by_name",
]
