"""The file of a hedging relationship: everything that must stand on paper at inception, and its hash."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass, fields
from hashlib import sha256

import pandas as pd

from hedgerow.accounting.frameworks import HEDGE_TYPES, HedgeType
from hedgerow.errors import InputError

NOT_STATED = "NOT STATED"
CONTENTS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("Identification", ("identification", "version", "preparer", "approver")),
    ("Type of hedge and policy", ("hedge_type", "policy")),
    ("Risk management strategy and objective", ("strategy", "objective")),
    ("Hedged item", ("item", "item_quantity", "timing", "probability")),
    ("Hedging instrument", ("instrument", "instrument_quantity", "counterparty", "day_one_value")),
    ("Hedged risk or component", ("risk", "component_reason")),
    ("Hedge ratio", ("designated_ratio", "ratio_reason")),
    ("Economic relationship", ("economic_relationship",)),
    ("Credit risk", ("credit_risk",)),
    ("Method of assessment", ("method",)),
    ("Sources of ineffectiveness", ("sources_of_ineffectiveness",)),
    ("Excluded components", ("excluded_components",)),
    ("Measurement of ineffectiveness", ("measurement",)),
    ("Discontinuation and rebalancing", ("discontinuation",)),
    ("Inception test", ("inception_test",)),
)
"""The fifteen contents of a file, and the fields that make up each."""
DERIVED = frozenset({"method", "measurement", "discontinuation", "inception_test"})
"""Fields that a document may fill from its framework and its tests."""


@dataclass(frozen=True)
class HedgeRelationship:
    """A designated hedging relationship as its file describes it.

    Parameters
    ----------
    identification : str
        Such as "HR-2026-014".
    hedge_type : str
        ``cash flow``, ``fair value`` or ``net investment``.
    designated, dedesignated : date
        First and last day; no test is made and nothing booked outside them.
    version : int
        A changed file is a new version.
    preparer, approver, policy, strategy, objective : str
        Who made and approved it, under which policy, and why the hedge is held.
    item, item_quantity, timing, probability : str
        What is hedged, how much, when it falls due, and why a forecast is highly probable.
    instrument, instrument_quantity, counterparty, day_one_value : str
        What it is hedged with.
    risk, component_reason : str
        Hedged risk or risk component, and why it can be identified and measured.
    designated_ratio, ratio_reason : str
        Ratio of quantities, how it was found, and why it holds no deliberate imbalance.
    economic_relationship, credit_risk : str
        Why both sides move opposite; why credit risk does not dominate.
    method, measurement, discontinuation, inception_test : str
        Filled by the document where left empty.
    sources_of_ineffectiveness : str
        Basis, location, timing, discounting, credit, day-one value, rounding, volume.
    excluded_components : str
        What is left out of the designation and how it is treated; "none".

    Raises
    ------
    InputError
        An unknown type of hedge, an empty identification, a version below 1, or an end before the beginning.

    Examples
    --------
    >>> file = HedgeRelationship("HR-2026-014", "cash flow", dt.date(2026, 1, 2), item="2,000,000 gal of jet fuel")
    >>> file.missing[:2], len(file.content_hash)
    (('preparer', 'approver'), 16)
    """

    identification: str
    hedge_type: HedgeType
    designated: dt.date
    dedesignated: dt.date | None = None
    version: int = 1
    preparer: str = ""
    approver: str = ""
    policy: str = ""
    strategy: str = ""
    objective: str = ""
    item: str = ""
    item_quantity: str = ""
    timing: str = ""
    probability: str = ""
    instrument: str = ""
    instrument_quantity: str = ""
    counterparty: str = ""
    day_one_value: str = ""
    risk: str = ""
    component_reason: str = ""
    designated_ratio: str = ""
    ratio_reason: str = ""
    economic_relationship: str = ""
    credit_risk: str = ""
    method: str = ""
    sources_of_ineffectiveness: str = ""
    excluded_components: str = ""
    measurement: str = ""
    discontinuation: str = ""
    inception_test: str = ""

    def __post_init__(self) -> None:
        if not self.identification.strip():
            raise InputError("identification of a hedging relationship must not be empty; name it, such as HR-2026-014")
        if self.hedge_type not in HEDGE_TYPES:
            raise InputError(f"hedge type must be one of {', '.join(HEDGE_TYPES)}; got {self.hedge_type!r}")
        if self.version < 1:
            raise InputError(f"version must be 1 or more, got {self.version}")
        if self.dedesignated is not None and self.dedesignated <= self.designated:
            raise InputError(f"dedesignated {self.dedesignated} must be later than designated {self.designated}")

    @property
    def missing(self) -> tuple[str, ...]:
        """Fields of the fifteen contents that nobody filled, those aside that a document fills itself."""
        named = [name for _, group in CONTENTS for name in group if name not in DERIVED]
        return tuple(name for name in named if not str(getattr(self, name)).strip())

    @property
    def content_hash(self) -> str:
        """First 16 hexadecimal digits of the SHA-256 of every field."""
        return content_hash({each.name: str(getattr(self, each.name)) for each in fields(self)})

    def contents(self, filled: Mapping[str, str] | None = None) -> pd.DataFrame:
        """Return the fifteen contents as a table of two columns, ``content`` and ``text``, by number and field.

        Parameters
        ----------
        filled : mapping of str to str, optional
            Text for fields that the document fills where the file left them empty.

        Returns
        -------
        pandas.DataFrame
            What is empty reads ``NOT STATED``.
        """
        extra = filled or {}
        rows = []
        for number, (title, names) in enumerate(CONTENTS, start=1):
            for place, name in enumerate(names):
                own = str(getattr(self, name)).strip()
                text = own or extra.get(name, "").strip() or NOT_STATED
                words = name.replace("_", " ")
                rows.append((f"{number}. {title}" if place == 0 else "", words, text))
        table = pd.DataFrame(rows, columns=["content", "field", "text"])
        return table.set_index("content")


def content_hash(parts: Mapping[str, object]) -> str:
    """Return the first 16 hexadecimal digits of the SHA-256 of plain values, whatever order they are given in.

    Parameters
    ----------
    parts : mapping of str to plain values

    Returns
    -------
    str

    Examples
    --------
    >>> content_hash({"a": 1, "b": 2}) == content_hash({"b": 2, "a": 1})
    True
    """
    text = json.dumps(dict(parts), sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=str)
    return sha256(text.encode("utf-8")).hexdigest()[:16]
