"""Parts on a command line: ``band=0.1`` or ``heston:kappa=2,theta=0.04`` as a study writes them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from hedgerow.errors import InputError


def part_words(text: str, flag_name: str) -> str | dict[str, Any]:
    """Return a part by name as a study has it.

    Parameters
    ----------
    text : str
        ``NAME``, ``NAME=VALUE`` (its first key), or ``NAME:KEY=VALUE,KEY=VALUE``.
    flag_name : str
        For the sentence.

    Raises
    ------
    InputError
        Where the text is of none of these forms.

    Examples
    --------
    >>> part_words("every-day", "--policy"), part_words("band=0.1", "--policy")
    ('every_day', {'band': 0.1})
    >>> part_words("heston:kappa=2,theta=0.04", "--scenario")
    {'heston': {'kappa': 2, 'theta': 0.04}}
    """
    name, colon, keys = text.partition(":")
    if colon and "=" not in name:
        values = dict(_pair(part, flag_name, text) for part in keys.split(",") if part.strip())
        return {_word(name): values}
    name, equals, value = text.partition("=")
    if not name.strip():
        raise InputError(f"{flag_name} {text!r} has no name; write NAME, NAME=VALUE or NAME:KEY=VALUE,KEY=VALUE")
    return {_word(name): _value(value)} if equals else _word(name)


def joined(texts: Sequence[str] | None, flag_name: str, default: str) -> str | dict[str, Any]:
    """Return one part, or several joined by ``any``."""
    parts = [part_words(text, flag_name) for text in texts or [default]]
    return parts[0] if len(parts) == 1 else {"any": parts}


def family_words(texts: Sequence[str] | None) -> dict[str, dict[str, list[Any]]]:
    """Return ``NAME:KEY=V,V,V`` texts as the families of a frontier study.

    Raises
    ------
    InputError
        Where a text is not of that form.

    Examples
    --------
    >>> family_words(["band:width=0.05,0.1"])
    {'band': {'width': [0.05, 0.1]}}
    """
    found: dict[str, dict[str, list[Any]]] = {}
    for text in texts or ():
        name, colon, rest = text.partition(":")
        key, equals, values = rest.partition("=")
        if not (colon and equals and key.strip() and values.strip()):
            raise InputError(f"--family {text!r} is not of the form NAME:KEY=VALUE,VALUE such as band:width=0.05,0.1")
        found[_word(name)] = {_word(key): [_value(value) for value in values.split(",")]}
    return found


def _pair(text: str, flag_name: str, whole: str) -> tuple[str, Any]:
    key, equals, value = text.partition("=")
    if not equals or not key.strip():
        raise InputError(f"{flag_name} {whole!r}: {text!r} is not of the form KEY=VALUE")
    return _word(key), _value(value)


def _word(text: str) -> str:
    return text.strip().lower().replace("-", "_")


def _value(text: str) -> Any:
    words = text.strip()
    if words.lower() in ("true", "false"):
        return words.lower() == "true"
    try:
        number = float(words)
    except ValueError:
        return words
    return int(number) if number.is_integer() and words.lstrip("+-").isdigit() else number
