"""The words of signals: a column each, where it stands, and from when on its values are known."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from hedgerow.errors import InputError, did_you_mean
from hedgerow.study.hedging.words import told
from hedgerow.study.strict import Strict

CLOCK = r"(?P<clock>([01]?\d|2[0-3]):[0-5]\d(:[0-5]\d)?)"
ZONE = r"(?P<zone>[A-Za-z][A-Za-z0-9_+-]*(/[A-Za-z0-9_+-]+)*)"
UNITS = ("business day", "day", "week", "month")
_TIME = re.compile(rf"{CLOCK}(\s+{ZONE})?")
_LAG = re.compile(rf"(?P<count>\d{{1,4}})\s*(?P<unit>{'|'.join(UNITS)})s?(\s+{CLOCK}(\s+{ZONE})?)?")
FORMS = "a column of moments, a time of the day such as '16:15', or a lag such as '5 days' or '5 days 10:30'"
"""What ``available_at`` may be."""


@dataclass(frozen=True)
class Publication:
    """When the values of a signal are known.

    Attributes
    ----------
    column : str or None
        Column of moments; the rest is then left as it is.
    count, unit : int, str
        Days, business days, weeks or months after the date of the value.
    clock : str or None
        Time of that day; that of the decision where there is none.
    zone : str or None
        Time zone of the clock; that of the decision where there is none.
    """

    column: str | None = None
    count: int = 0
    unit: str = "day"
    clock: str | None = None
    zone: str | None = None


def publication_of(text: str) -> Publication:
    """Return what a text says: a time of the day, a lag, or else the name of a column.

    Examples
    --------
    >>> publication_of("16:15").clock, publication_of("2 business days 10:30").count, publication_of("released").column
    ('16:15', 2, 'released')
    """
    words = text.strip()
    if found := _TIME.fullmatch(words):
        return Publication(clock=found["clock"], zone=found["zone"])
    if found := _LAG.fullmatch(words):
        return Publication(None, int(found["count"]), found["unit"], found["clock"], found["zone"])
    return Publication(words)


def decision_of(text: str) -> tuple[str, str | None]:
    """Return time of the day and zone of a decision: ``16:00``, or ``16:00 America/New_York``.

    Raises
    ------
    InputError
    """
    found = _TIME.fullmatch(text.strip())
    if found is None:
        raise InputError(f"decided_at must be a time of the day such as '16:00', with a zone or without, not {text!r}")
    if found["zone"] is not None:
        require_zone(found["zone"], "decided_at")
    return found["clock"], found["zone"]


def require_zone(name: str, owner: str) -> None:
    """Refuse a time zone that there is not; InputError."""
    from zoneinfo import ZoneInfo

    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise InputError(
            f"{owner} names the time zone {name!r}, which there is not; write one such as America/New_York or UTC"
        ) from None


def require_times(available_at: Mapping[str, str], decided_at: str, known: Iterable[str]) -> None:
    """Refuse moments of signals that there are not, and clocks that cannot be compared.

    Raises
    ------
    InputError
    """
    names = tuple(known)
    _, decided_zone = decision_of(decided_at)
    for name, text in available_at.items():
        if name not in names:
            hint = did_you_mean(name, names)
            raise InputError(f"available_at names the signal {name!r}, which is not there{hint} ({', '.join(names)})")
        when = publication_of(text)
        if when.column == "":
            raise InputError(f"available_at of {name!r} is empty; give {FORMS}")
        if when.zone is None:
            continue
        require_zone(when.zone, f"available_at of {name!r}")
        if decided_zone is None:
            raise InputError(
                f"available_at of {name!r} is on the clock of {when.zone}, and decided_at has no zone; give it one, "
                "such as '16:00 America/New_York'"
            )


class SignalWords(Strict):
    """A further signal: its column, and where its values are published after their dates, when."""

    column: str = Field(min_length=1, description="Column of its values, or FILESTEM:COLUMN.")
    file: str | None = Field(
        None, description="CSV or Parquet of its own, relative to the study; a column of data where left out."
    )
    available_at: str | None = Field(
        None,
        description="When a value is known: a column of moments in the same file, a time of the day (16:15), or a lag "
        "from its date on (5 days, 2 business days 10:30). Needed for figures that are not printed daily.",
    )
    date: str | None = Field(None, description="Name of the date column of the file.")
    date_format: str | None = Field(None, description="How its dates are written, as strptime reads it.")


def _column_alone(value: Any) -> Any:
    return {"column": value} if isinstance(value, str) else value


Signal = Annotated[SignalWords, BeforeValidator(_column_alone, json_schema_input_type=str | SignalWords)]
"""A further signal: the name of its column, or its words."""


def all_times(signals: Mapping[str, SignalWords], available_at: Mapping[str, str]) -> dict[str, str]:
    """Return when each signal is known, said with the signal or apart.

    Raises
    ------
    InputError
        Where both say it, or a signal has a date column but no file.
    """
    found = {name: each.available_at for name, each in signals.items() if each.available_at is not None}
    twice = next((name for name in found if name in available_at), None)
    if twice is not None:
        raise InputError(f"available_at of {twice!r} is given with the signal and apart; give it once")
    stray = next(
        (name for name, each in signals.items() if each.file is None and (each.date or each.date_format)), None
    )
    if stray is not None:
        raise InputError(f"the signal {stray!r} has a date column but no file; name its file, or leave the date out")
    return found | dict(available_at)


def require_signal_times(study: Any) -> None:
    """Refuse a study's times of signals that mean nothing; see :func:`require_times`."""
    known = ("vix", "price", "short", "long", *study.signals)
    told(lambda each: require_times(all_times(each.signals, each.available_at), each.decided_at, known), study)
