"""Accounting frameworks as profiles: what each asks, which of it is rule and which is practice, and what it measures.

A profile is a frozen record; a house with rules of its own makes another one and hands it to the same functions.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal

from hedgerow.errors import InputError, did_you_mean

Status = Literal["rule", "practice", "information"]
"""Whether a criterion stands in the framework's text, is what auditors customarily ask, or only informs."""
RetrospectiveMethod = Literal["regression", "cumulative offset", "period offset"]
RETROSPECTIVE_METHODS: tuple[RetrospectiveMethod, ...] = ("regression", "cumulative offset", "period offset")
HedgeType = Literal["cash flow", "fair value", "net investment"]
HEDGE_TYPES: tuple[HedgeType, ...] = ("cash flow", "fair value", "net investment")


@dataclass(frozen=True)
class Rule:
    """One thing a framework says.

    Parameters
    ----------
    topic : str
        What it is about.
    text : str
        What the framework asks, in our words.
    reference : str
        Where its text says so.
    status : str
        ``rule``, ``practice`` or ``information``.
    """

    topic: str
    text: str
    reference: str
    status: Status = "rule"


@dataclass(frozen=True)
class Framework:
    """What a framework asks of a hedging relationship and how it measures it.

    Parameters
    ----------
    name, title : str
        Short name for study files; name for people.
    corridor : str
        What the 80-125 % range is here: ``rule``, ``practice`` or ``information`` (not asked).
    economic_relationship : bool
        Whether the test to qualify is an economic relationship and a hedge ratio, without any bright line.
    retrospective : str or None
        How the period that has passed is tested where nothing else is documented: ``regression``, ``cumulative
        offset`` or ``period offset``; a failure ends hedge accounting. None where only the future counts.
    lower_of : bool
        Whether the reserve of a cash-flow hedge is the lower of instrument and item in absolute amounts. Without it
        the whole change of the included components stays in other comprehensive income while highly effective.
    excluded : str
        Where the change of components left out of the designation goes: ``cost of hedging`` (a reserve of its own)
        or ``profit or loss``.
    rules : tuple of Rule
        Everything the document prints of the framework.

    Examples
    --------
    >>> from dataclasses import replace
    >>> house = replace(FRAMEWORKS["ifrs9"], name="house", title="IFRS 9, our range", corridor="practice")
    >>> house.lower_of, house.corridor
    (True, 'practice')
    """

    name: str
    title: str
    corridor: Status
    economic_relationship: bool
    retrospective: RetrospectiveMethod | None
    lower_of: bool
    excluded: Literal["cost of hedging", "profit or loss"]
    rules: tuple[Rule, ...] = field(repr=False)

    def __post_init__(self) -> None:
        if self.corridor not in ("rule", "practice", "information"):
            raise InputError(
                f"corridor of framework {self.name!r} must be rule, practice or information, not {self.corridor!r}"
            )
        if self.retrospective is not None and self.retrospective not in RETROSPECTIVE_METHODS:
            raise InputError(
                f"retrospective of framework {self.name!r} must be one of {', '.join(RETROSPECTIVE_METHODS)}, or None; "
                f"not {self.retrospective!r}"
            )
        if self.excluded not in ("cost of hedging", "profit or loss"):
            raise InputError(
                f"excluded of framework {self.name!r} must be 'cost of hedging' or 'profit or loss', "
                f"not {self.excluded!r}"
            )

    def reference(self, topic: str) -> str:
        """Return where the framework's text speaks of a topic; empty where no rule of that topic is known."""
        return next((rule.reference for rule in self.rules if rule.topic == topic), "")


_IFRS9 = Framework(
    name="ifrs9",
    title="IFRS 9",
    corridor="information",
    economic_relationship=True,
    retrospective=None,
    lower_of=True,
    excluded="cost of hedging",
    rules=(
        Rule(
            "documentation",
            "Designate and document at inception; update when hedge ratio or sources of ineffectiveness change.",
            "IFRS 9 6.4.1(b), B6.5.21",
        ),
        Rule(
            "economic relationship",
            "Instrument and item generally move in opposite directions because of the same risk; a statistical "
            "correlation alone does not prove it.",
            "IFRS 9 6.4.1(c)(i), B6.4.4-B6.4.6",
        ),
        Rule(
            "credit risk",
            "Credit risk of either side does not dominate the value changes.",
            "IFRS 9 6.4.1(c)(ii), B6.4.7",
        ),
        Rule(
            "hedge ratio",
            "The ratio is that of the quantities really hedged and really used, without an imbalance that would create "
            "ineffectiveness for an accounting purpose.",
            "IFRS 9 6.4.1(c)(iii), B6.4.9-B6.4.11",
        ),
        Rule(
            "assessment",
            "Prospective only: at inception, at each reporting date, and upon a significant change of circumstances. "
            "No bright line and no prescribed method.",
            "IFRS 9 B6.4.12-B6.4.18",
        ),
        Rule(
            "corridor",
            "No 80-125 % range; the figures are shown as information.",
            "none in IFRS 9",
            "information",
        ),
        Rule(
            "ineffectiveness",
            "Cash-flow hedge: the reserve is the lower, in absolute amounts, of the cumulative gain or loss on the "
            "instrument and the cumulative change of the item's present value; the rest is profit or loss. An "
            "over-hedge therefore shows, an under-hedge does not. Fair-value hedge: both sides in profit or loss.",
            "IFRS 9 6.5.8, 6.5.11",
        ),
        Rule(
            "risk components",
            "Any component that is separately identifiable and reliably measurable may be hedged, of non-financial "
            "items too.",
            "IFRS 9 6.3.7, B6.3.8-B6.3.10",
        ),
        Rule(
            "excluded components",
            "Time value of options, forward element and currency basis spread left out go to other comprehensive "
            "income as a cost of hedging.",
            "IFRS 9 6.5.15-6.5.16",
        ),
        Rule(
            "rebalancing",
            "Required where the ratio no longer fits while the objective is unchanged; the relationship continues.",
            "IFRS 9 6.5.5, B6.5.7-B6.5.21",
        ),
        Rule(
            "discontinuation",
            "Only when the criteria cease to be met after any rebalancing, in whole or in part, from that date on; "
            "never by choice.",
            "IFRS 9 6.5.6, B6.5.22-B6.5.28",
        ),
    ),
)

_ASC815 = Framework(
    name="asc815",
    title="US GAAP ASC 815",
    corridor="practice",
    economic_relationship=False,
    retrospective="regression",
    lower_of=False,
    excluded="profit or loss",
    rules=(
        Rule(
            "documentation",
            "Designate and document at inception; private companies may defer parts.",
            "ASC 815-20-25-3",
        ),
        Rule(
            "highly effective",
            "The hedge is expected to be, and has been, highly effective in achieving offsetting changes.",
            "ASC 815-20-25-75",
        ),
        Rule(
            "corridor",
            "The text gives no number; 80-125 % is what practice takes highly effective to mean.",
            "practice",
            "practice",
        ),
        Rule(
            "assessment",
            "Prospective and retrospective, at least quarterly; the first one quantitative unless an exception such as "
            "the shortcut or matching critical terms applies; later ones may be qualitative where that is documented.",
            "ASC 815-20-25-3, 815-20-25-79",
        ),
        Rule(
            "credit risk",
            "The counterparty's and the entity's own risk of default are considered in the assessment.",
            "ASC 815-20-25-122",
        ),
        Rule(
            "hedge ratio",
            "The documented method says how the ratio was found; the assessment is made on the position held.",
            "ASC 815-20-25-3",
            "practice",
        ),
        Rule(
            "ineffectiveness",
            "Cash-flow hedge: not measured on its own; the whole change of the included components stays in other "
            "comprehensive income while the hedge is highly effective. Fair-value hedge: both sides in profit or loss, "
            "same line.",
            "ASC 815-30-35-3, 815-25-35-1",
        ),
        Rule(
            "risk components",
            "Of a non-financial item: currency risk, a contractually specified component, or the total price; ASU "
            "2025-09 widens what counts as a component.",
            "ASC 815-20-25-15(i)",
        ),
        Rule(
            "changes ahead",
            "ASU 2025-09 (November 2025): similar instead of shared risk in groups of forecast transactions, judged by "
            "high effectiveness risk by risk. Public entities: fiscal years after 15 December 2026, others a "
            "year later; earlier by choice.",
            "ASU 2025-09",
            "information",
        ),
        Rule(
            "excluded components",
            "Amortised, or marked to market through profit or loss where elected; this document marks them to market.",
            "ASC 815-20-25-83A, 25-83B",
        ),
        Rule("rebalancing", "None: the relationship is dedesignated and a new one designated.", "ASC 815-30-40-1"),
        Rule(
            "discontinuation",
            "When the hedge is no longer highly effective, the instrument ends, or by choice; what is in accumulated "
            "other comprehensive income stays until the transaction affects earnings or becomes improbable.",
            "ASC 815-30-40-1, 40-4",
        ),
    ),
)

_IAS39 = Framework(
    name="ias39",
    title="IAS 39",
    corridor="rule",
    economic_relationship=False,
    retrospective="cumulative offset",
    lower_of=True,
    excluded="profit or loss",
    rules=(
        Rule("documentation", "Designate and document at inception.", "IAS 39 88(a)"),
        Rule(
            "highly effective",
            "Expected to be highly effective, and actual results within 80-125 %.",
            "IAS 39 88(b), 88(e), AG105",
        ),
        Rule("corridor", "A bright line: actual results lie within 80-125 %.", "IAS 39 AG105(b)"),
        Rule(
            "assessment",
            "Prospective and retrospective, at least at each reporting date, by the documented method; cumulative if "
            "so documented.",
            "IAS 39 88, AG106-AG107",
        ),
        Rule("credit risk", "Counterparty credit risk is part of the assessment.", "IAS 39 AG109, IG F.4.3"),
        Rule("hedge ratio", "A ratio other than one to one may be designated for effectiveness.", "IAS 39 AG100"),
        Rule(
            "ineffectiveness",
            "Cash-flow hedge: the lower-of test in absolute amounts, the rest in profit or loss. Fair-value hedge: "
            "both sides in profit or loss.",
            "IAS 39 89, 95-96",
        ),
        Rule(
            "risk components",
            "Of a non-financial item: currency risk or the whole price only; of a financial item, parts that can be "
            "identified and measured.",
            "IAS 39 81-82, AG100",
        ),
        Rule(
            "changes ahead",
            "Open as a policy choice beside IFRS 9; IASB ED/2025/1 (December 2025) proposes risk mitigation accounting "
            "for interest rates and would retire this standard.",
            "ED/2025/1",
            "information",
        ),
        Rule(
            "excluded components",
            "Time value and interest element may be left out; their change goes to profit or loss.",
            "IAS 39 74, 96(c)",
        ),
        Rule("rebalancing", "None: the relationship is dedesignated and a new one designated.", "IAS 39 91, 101"),
        Rule(
            "discontinuation",
            "From the last date on which compliance was shown, when a test fails, the instrument ends, or by choice.",
            "IAS 39 91, 101, AG113",
        ),
    ),
)

FRAMEWORKS: Mapping[str, Framework] = MappingProxyType({each.name: each for each in (_IFRS9, _ASC815, _IAS39)})
"""The frameworks that come with Hedgerow, by the name a study file uses."""


def framework_named(name: str | Framework) -> Framework:
    """Return a framework by its name; a profile of your own passes through.

    Parameters
    ----------
    name : str or Framework

    Returns
    -------
    Framework

    Raises
    ------
    InputError
        For a name that is not known.

    Examples
    --------
    >>> framework_named("ias39").corridor
    'rule'
    """
    if isinstance(name, Framework):
        return name
    if name not in FRAMEWORKS:
        hint = did_you_mean(str(name), FRAMEWORKS)
        raise InputError(f"framework {name!r} is not known{hint} (frameworks: {', '.join(FRAMEWORKS)})")
    return FRAMEWORKS[name]
