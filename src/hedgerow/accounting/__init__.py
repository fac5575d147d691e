"""Hedge accounting: the tests of a hedging relationship, what each framework asks, and what is booked.

Frameworks are profiles, thresholds are inputs, amounts are exact decimals. Nothing here is legal or accounting advice.
"""

from __future__ import annotations

from hedgerow.accounting.amounts import ValueChanges, money, require_within_life
from hedgerow.accounting.assessment import (
    Criterion,
    Evidence,
    assess,
    conclusion,
    criteria_table,
    retrospective_method,
    retrospective_pass,
)
from hedgerow.accounting.characteristics import (
    OPERATING_CHARACTERISTICS,
    PassRates,
    characteristics_table,
    operating_characteristics,
)
from hedgerow.accounting.frameworks import FRAMEWORKS, HEDGE_TYPES, Framework, Rule, framework_named
from hedgerow.accounting.hypothetical import HypotheticalForward
from hedgerow.accounting.ineffectiveness import PeriodResult, ineffectiveness_table, lower_of, measure_hedge
from hedgerow.accounting.journal import (
    Accounts,
    JournalLine,
    default_accounts,
    journal_lines,
    journal_table,
    require_balanced,
)
from hedgerow.accounting.offsets import dollar_offset, offset_failures, offset_ratio
from hedgerow.accounting.regression import (
    EffectivenessRegression,
    autocorrelation,
    regress_item,
    rolling_regression,
)
from hedgerow.accounting.relationship import CONTENTS, DERIVED, HedgeRelationship, content_hash
from hedgerow.accounting.scenarios import MoveScenario, scenario_offsets
from hedgerow.accounting.terms import Terms, critical_terms
from hedgerow.accounting.thresholds import AccountingThresholds

ADVICE = "This document is not legal or accounting advice."
"""What every generated paper says."""

__all__ = [
    "ADVICE",
    "CONTENTS",
    "DERIVED",
    "FRAMEWORKS",
    "HEDGE_TYPES",
    "OPERATING_CHARACTERISTICS",
    "Accounts",
    "Criterion",
    "EffectivenessRegression",
    "Evidence",
    "Framework",
    "HedgeRelationship",
    "HypotheticalForward",
    "JournalLine",
    "MoveScenario",
    "PassRates",
    "PeriodResult",
    "Rule",
    "Terms",
    "AccountingThresholds",
    "ValueChanges",
    "assess",
    "autocorrelation",
    "characteristics_table",
    "conclusion",
    "content_hash",
    "criteria_table",
    "critical_terms",
    "default_accounts",
    "dollar_offset",
    "framework_named",
    "ineffectiveness_table",
    "journal_lines",
    "journal_table",
    "lower_of",
    "measure_hedge",
    "money",
    "offset_failures",
    "offset_ratio",
    "operating_characteristics",
    "regress_item",
    "require_balanced",
    "require_within_life",
    "retrospective_method",
    "retrospective_pass",
    "rolling_regression",
    "scenario_offsets",
]
