"""What a look over a price table found, as records and as sentences."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd

KEPT = "kept"
LEFT_AT_JOIN = "leaves when series are joined"
EVERY_INSTRUMENT = "all"


@dataclass(frozen=True)
class Finding:
    """One thing seen in the data and what was done about it.

    Parameters
    ----------
    kind : str
        What was seen: the name of the check (``"outlier"``, ``"stale"``, ``"split"``, ...).
    instrument : str
        Column concerned; ``"all"`` when it concerns the whole table, ``"y, x"`` for a pair.
    count : int
        How many changes, rows, runs or dates; the sentence says which.
    dates : tuple of Timestamp
        The first few dates, in order of time; for outliers the dates of the largest changes.
    action : str
        What was done: ``"kept"``, or how a row leaves later. Nothing is ever dropped by a check.
    sentence : str
        All of this for a person, with the remedy.
    """

    kind: str
    instrument: str
    count: int
    dates: tuple[pd.Timestamp, ...]
    action: str
    sentence: str

    def __str__(self) -> str:
        return self.sentence


@dataclass(frozen=True)
class HygieneReport:
    """Everything the checks found, and over which rows they looked.

    The report looks at *all* rows, later ones included: it describes the data and must not feed a decision.

    Parameters
    ----------
    findings : tuple of Finding
        In the order of the checks, then of the columns.
    scope : str
        One sentence: rows, instruments and dates looked at.
    """

    findings: tuple[Finding, ...]
    scope: str

    @property
    def sentences(self) -> tuple[str, ...]:
        """One sentence per finding."""
        return tuple(finding.sentence for finding in self.findings)

    def for_kind(self, kind: str) -> tuple[Finding, ...]:
        """Return the findings of one check; empty when it found nothing."""
        return tuple(finding for finding in self.findings if finding.kind == kind)

    def to_frame(self) -> pd.DataFrame:
        """Return one row per finding: kind, instrument, count, first_date, action, sentence."""
        names = ("kind", "instrument", "count", "first_date", "action", "sentence")
        rows = [
            (f.kind, f.instrument, f.count, min(f.dates) if f.dates else pd.NaT, f.action, f.sentence)
            for f in self.findings
        ]
        return pd.DataFrame(rows, columns=pd.Index(names))

    def __str__(self) -> str:
        lines = self.sentences or ("Nothing to report.",)
        return "\n".join((self.scope, *(f"* {line}" for line in lines)))


def date_text(date: pd.Timestamp) -> str:
    """Return ``2005-09-28``, with the time of day only where there is one."""
    return f"{date:%Y-%m-%d}" if date == date.normalize() else f"{date:%Y-%m-%d %H:%M}"


def dates_text(dates: Iterable[pd.Timestamp]) -> str:
    """Return dates joined by commas."""
    return ", ".join(date_text(date) for date in dates)


def counted(count: int, noun: str, plural: str | None = None) -> str:
    """Return ``1 change``, ``14 changes`` or ``3,000 changes``."""
    return f"{count:,} {noun if count == 1 else plural or noun + 's'}"
