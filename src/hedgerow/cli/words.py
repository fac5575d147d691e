"""From the flags of a command to the words of a study; nothing is decided here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from typing import Any, TypeVar

from hedgerow.cli.options import ChangeFlags, ColumnFlags, JudgingFlags, MethodFlags, PositionFlags, ReadingFlags
from hedgerow.cli.usage import plain_rule
from hedgerow.errors import InputError

T = TypeVar("T")
EACH_HEDGE: dict[str, float | None] = {
    "contract_size": None,
    "price_unit_factor": 1.0,
    "half_spread_bps": 0.0,
    "commission": 0.0,
    "held": 0.0,
}
"""Flags given once for all hedges or once per hedge, and what they are where left out."""

OTHER_FLAGS = {
    ("stress", "correlations"): "rho",
    ("stress", "moves"): "sigma",
    ("stress", "sigmas"): "sigma",
    ("stress", "window"): "moments_window",
    ("stress", "stop_loss"): "stop_loss",
    ("judging", "level"): "var_level",
    ("margin", "initial"): "initial_margin",
    ("margin", "share"): "margin_share",
    ("margin", "maintenance"): "maintenance",
    ("margin", "confidence"): "confidence",
    ("margin", "horizon"): "buffer_rows",
    ("margin", "rate"): "margin_rate",
    ("margin", "risk_aversion"): "risk_aversion",
    ("programme", "combination"): "programme",
    ("hedge", "portfolio"): "portfolio",
    ("hedge", "vega_notional"): "vega_notional",
    ("hedge", "rate"): "rate",
    ("market", "volatility_in"): "vol_in",
    ("market", "volatility"): "vol",
}
"""Place in a study to its flag, where the two have different names."""

GROUPS = frozenset({"data", "walk_forward", "trading", "judging", "evidence", "stress", "margin"})
"""Parts of a study that gather several flags and are none themselves: what breaks a rule among them names no flag."""

_GROUPS = (ColumnFlags, ReadingFlags, PositionFlags, ChangeFlags, MethodFlags, JudgingFlags)
FLAGS = frozenset(field.name for group in _GROUPS for field in fields(group))


def linear_words(
    columns: ColumnFlags, reading: ReadingFlags, position: PositionFlags, change: ChangeFlags, judging: JudgingFlags
) -> dict[str, Any]:
    """Return what the flags say, in the words of a study on a linear exposure."""
    currencies = pairs(reading.currency, "--currency")
    unknown = [name for name in currencies if name not in (columns.exposure, *columns.hedge)]
    if unknown:
        raise InputError(f"--currency names {unknown[0]!r}, which is neither the exposure nor a hedge")
    data = ("date", "date_format", "decimal", "separator", "start", "end", "every", "sampling", "exclude", "roll_dates")
    trading = ("ticket", "rounding", "tailing", "discount_factor")
    tolerance = {} if judging.tolerance is None else {"tolerance": judging.tolerance}
    return {
        "data": {"files": columns.files, **{name: getattr(reading, name) for name in data}},
        "exposure": {
            "column": columns.exposure,
            "quantity": position.quantity,
            "currency": currencies.get(columns.exposure),
        },
        "hedges": _hedges(columns, position, currencies),
        "changes": change.changes,
        "horizon": change.horizon,
        "level": level_words(change.level),
        "fx": reading.fx,
        "walk_forward": {
            "train": train_words(judging.train),
            "refit": refit_words(judging.refit),
            "crisis": {} if judging.crisis else None,
            **{name: getattr(judging, name) for name in ("between", "lag", "events")},
        },
        "trading": {
            **{name: getattr(position, name) for name in trading},
            **{name: getattr(judging, name) for name in ("whole_contracts", "rate")},
            **tolerance,
        },
        "judging": {"seed": judging.seed},
    }


def refit_words(text: str) -> int | str:
    """Return rows between two fits as a number, or the word for a calendar period.

    Raises
    ------
    InputError
        Where it is neither.
    """
    word = text.strip().lower()
    if word in ("weekly", "monthly", "quarterly"):
        return word
    try:
        return int(word)
    except ValueError:
        raise InputError(f"--refit takes a number of rows, or weekly, monthly or quarterly; not {text!r}") from None


def _hedges(columns: ColumnFlags, position: PositionFlags, currencies: dict[str, str]) -> list[dict[str, Any]]:
    count = len(columns.hedge)
    each = {
        name: one_each(getattr(position, name), count, default, "--" + name.replace("_", "-"))
        for name, default in EACH_HEDGE.items()
    }
    return [
        {"column": column, "currency": currencies.get(column), **{name: each[name][i] for name in each}}
        for i, column in enumerate(columns.hedge)
    ]


def one_each(values: Sequence[T] | None, count: int, default: T, flag: str) -> list[T]:
    """Return one value per hedge: the default, one for all, or one each in the order of ``--hedge``.

    Raises
    ------
    InputError
        Where another number of values is given.
    """
    if not values:
        return [default] * count
    if len(values) == 1:
        return list(values) * count
    if len(values) != count:
        hedges = "1 hedge" if count == 1 else f"{count} hedges"
        raise InputError(f"{flag} is given {len(values)} times for {hedges}; give it once, or once per hedge")
    return list(values)


def pairs(values: Sequence[str] | None, flag: str, form: str = "COL=VALUE") -> dict[str, str]:
    """Return ``COL=VALUE`` texts as a mapping; split at the last equals sign."""
    found: dict[str, str] = {}
    for text in values or ():
        name, mark, value = text.rpartition("=")
        if not mark or not name or not value:
            raise InputError(f"{flag} {text!r} is not of the form {form}")
        found[name] = value
    return found


def level_words(values: Sequence[str] | None) -> str | dict[str, str] | None:
    """Return ``--level`` as a study has it: one column for all changes, or one per column."""
    if not values:
        return None
    if len(values) == 1 and "=" not in values[0]:
        return values[0]
    return pairs(values, "--level")


def whole_numbers(text: str | None, flag: str) -> list[int]:
    """Return a comma-separated list of whole numbers; none for no text.

    Raises
    ------
    InputError
        Where a part is not a whole number.
    """
    parts = [part.strip() for part in (text or "").split(",") if part.strip()]
    try:
        return [int(part) for part in parts]
    except ValueError as error:
        raise InputError(f"{flag} takes whole numbers with commas between, such as 0,1,2,5; not {text!r}") from error


def train_words(text: str) -> float | str:
    """Return ``--train`` as a fraction where it is a plain number with a fraction's size, else as a date."""
    try:
        number = float(text)
    except ValueError:
        return text
    return text if number >= 1000 else number


def validated(model: type[T], words: dict[str, Any]) -> T:
    """Return the study a command line describes; what breaks a rule is one sentence naming the flag's word.

    Raises
    ------
    InputError
    """
    from pydantic import ValidationError

    try:
        return model.model_validate(words)  # type: ignore[attr-defined,no-any-return]
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        if first["type"] == "told":  # a whole sentence already
            raise InputError(str(first["msg"])) from error
        raise InputError(_sentence(first["loc"], str(first["msg"]), first["input"])) from error


def _sentence(place: Sequence[int | str], message: str, received: object) -> str:
    """Return what a flag's value breaks; the flag is the innermost part of ``place`` that is one."""
    named = [part for part in place if isinstance(part, str)]
    flag = next((part for part in reversed(named) if part in FLAGS), named[-1] if named else "the command")
    flag = OTHER_FLAGS.get((named[0], named[-1]), flag) if named else flag
    if place[:1] == ("scenarios",) and isinstance(place[-2:][0], int):
        return f"--scenario: {named[-1].replace('_', ' ')}: {plain_rule(message)}"
    if "shifted" in place and flag == "spot":
        flag = "shifted"
    if not named or flag in GROUPS:
        return plain_rule(message)
    flag = {"column": "hedge" if "hedges" in place else "exposure"}.get(flag, flag)
    rule = plain_rule(message)
    if rule.startswith("must"):
        return f"--{flag.replace('_', '-')} {rule}, not {received!r:.80}"
    return f"--{flag.replace('_', '-')}: {rule[:1].lower()}{rule[1:]}"
