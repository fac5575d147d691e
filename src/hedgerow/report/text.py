"""Text as it may be shown: no hidden characters, no markup, numbers with their intervals."""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import escape
from math import isfinite
from numbers import Integral, Real

MISSING = "–"
"""What stands where a number is undefined."""

# control characters, and the marks that turn the direction of writing: they would change how the text around them reads
_HIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


def visible(text: object) -> str:
    r"""Return ``text`` with each hidden or direction-turning character replaced by the replacement character.

    Examples
    --------
    >>> visible("jet\x1b[31m") == "jet\N{REPLACEMENT CHARACTER}[31m"
    True
    """
    return _HIDDEN.sub("\ufffd", str(text))


def plotly_text(text: object, limit: int = 80) -> str:
    """Return ``text`` for a plotly title, name or label, which would otherwise read tags such as links in it.

    Text longer than ``limit`` characters is cut, the cut shown by an ellipsis: a name must not push the plot away.

    Examples
    --------
    >>> plotly_text('<a href="x">crude</a>')
    '&lt;a href="x"&gt;crude&lt;/a&gt;'
    """
    words = visible(text)
    words = words if len(words) <= limit else words[: limit - 1] + "…"
    return escape(words, quote=False).replace("%{", "%&#123;")


def axis_title(words: str, unit: str) -> str:
    """Return an axis title with its unit, both made safe for plotly.

    Examples
    --------
    >>> axis_title("change", "USD/gal")
    'change (USD/gal)'
    """
    return plotly_text(f"{words} ({unit})" if unit else words)


def number_text(value: object, form: str = "") -> str:
    """Return a number by a format specification, four significant digits without one; a dash where undefined.

    Text passes through, several numbers are joined by commas.

    Examples
    --------
    >>> number_text(0.86254), number_text(0.86254, ".1%"), number_text(float("nan")), number_text(-18)
    ('0.8625', '86.3%', '–', '-18')
    """
    if value is None:
        return MISSING
    if isinstance(value, str):
        return visible(value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Real):
        return _one_number(value, form)
    if isinstance(value, Iterable):
        return ", ".join(number_text(entry, form) for entry in value) or MISSING
    text = visible(value)
    return MISSING if text in ("NaT", "<NA>") else text


def _one_number(value: Real, form: str) -> str:
    if not isfinite(float(value)):
        return MISSING
    if form:
        return format(float(value), form)
    number = float(value)
    if isinstance(value, Integral) or number.is_integer() or abs(number) >= 10_000:
        return f"{number:,.0f}"
    return f"{number:.4g}"


def counted(count: int, noun: str) -> str:
    """Return a count with its noun, in the plural but for one.

    Examples
    --------
    >>> counted(1, "position"), counted(1200, "position")
    ('1 position', '1,200 positions')
    """
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def interval_text(value: float, low: float, high: float, form: str = ".2f") -> str:
    """Return a figure with its interval; the figure alone where the interval is undefined.

    Examples
    --------
    >>> interval_text(0.862, 0.82, 0.891)
    '0.86 [0.82, 0.89]'
    """
    if not isfinite(low) or not isfinite(high):
        return number_text(value, form)
    return f"{number_text(value, form)} [{number_text(low, form)}, {number_text(high, form)}]"
