"""A shape and its triggers as a command or a study file writes them: ``floor`` 0.2, ``threshold`` 3,weekly.

>>> shape_from_text({"smooth": "5", "cap": "2", "budget": "0.5%"})
Shape(smooth=5, persist=1, floor=None, cap=2.0, threshold=(), budget=0.005)
>>> triggers_from_text("3, 15%, weekly")
(SignalMove(points=3.0, signal='vix'), RelativeMove(share=0.15, signal='vix'), Weekly())
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from hedgerow.errors import InputError, did_you_mean
from hedgerow.overlays.shape import STAGES, Shape
from hedgerow.overlays.triggers import DrawdownCrossed, EveryDays, Monthly, RelativeMove, SignalMove, Trigger, Weekly

FORMS = "3 (points), 15%, weekly, monthly, drawdown:5%, days:7"
"""What a trigger may look like, one of each."""


OFF = ("none", "off", "")
"""What turns a stage off."""


def shape_from_text(values: Mapping[str, Any]) -> Shape:
    """Return the shape that stages and their values describe; a stage that is not named is off.

    Parameters
    ----------
    values : mapping of str to str or number
        By stage: ``smooth``, ``persist`` whole numbers; ``floor``, ``cap`` numbers; ``threshold`` as in
        :func:`triggers_from_text`; ``budget`` a share of the portfolio, ``0.005`` or ``0.5%``.

    Returns
    -------
    Shape

    Raises
    ------
    InputError
        One sentence with the stage that is none, or that has a value which is none.
    """
    stages = STAGES[1:]
    found: dict[str, Any] = {}
    for name, value in values.items():
        if name not in stages:
            raise InputError(f"a shape has no stage {name!r}{did_you_mean(name, stages)} (stages: {', '.join(stages)})")
        if value is None or str(value).strip().lower() in OFF:
            continue
        found[name] = triggers_from_text(value) if name == "threshold" else _stage(name, str(value).strip())
    return Shape(**found)


def _stage(name: str, text: str) -> float:
    share = name == "budget" and text.endswith("%")
    try:
        number = float(text.removesuffix("%")) / 100.0 if share else float(text)
    except ValueError:
        form = "; write it such as 0.005 or 0.5%" if name == "budget" else "; write it as 0.5"
        raise InputError(f"the stage {name} takes a number; not {text!r}{form}") from None
    if name == "budget" and number > 1.0:
        raise InputError(
            f"the budget {text} is {number:.0%} of the portfolio a year; write a share, such as 0.005 or 0.5%"
        )
    whole = name in ("smooth", "persist") and math.isfinite(number) and number == int(number)
    return int(number) if whole else number


def triggers_from_text(text: Any) -> tuple[Trigger, ...]:
    """Return the triggers of a text, joined by commas; any of them suffices for a rebalance.

    Parameters
    ----------
    text : str or number
        ``3`` for a move of the volatility index of more than 3 points, ``15%`` of more than 15 % of its level,
        ``weekly``, ``monthly``, ``drawdown:5%`` (or ``drawdown:0.05``) of the price, ``days:7``.

    Raises
    ------
    InputError
        One sentence with the part that is no trigger.

    Examples
    --------
    >>> triggers_from_text("drawdown:5%")
    (DrawdownCrossed(size=0.05, signal='price'),)
    """
    parts = [part.strip().lower() for part in str(text).split(",")]
    if not all(parts):
        raise InputError(f"a threshold is one or more of {FORMS}, with commas between; not {text!r}")
    return tuple(_trigger(part) for part in parts)


def _trigger(part: str) -> Trigger:
    name, mark, value = part.partition(":")
    name = name.strip()
    if name == "drawdown" and mark:
        return DrawdownCrossed(_share(value, part))
    if name == "days" and mark:
        days = _number(value, part)
        return EveryDays(int(days) if days == int(days) else days)  # type: ignore[arg-type]  # refused by its name
    if not mark and name == "weekly":
        return Weekly()
    if not mark and name == "monthly":
        return Monthly()
    if name.endswith("%"):
        return RelativeMove(_share(name, part))
    return SignalMove(_number(part, part))


def _share(text: str, part: str) -> float:
    """Return ``5%`` and ``0.05`` as 0.05."""
    text = text.strip()
    if text.endswith("%"):
        return _number(text[:-1], part) / 100.0
    return _number(text, part)


def _number(text: str, part: str) -> float:
    try:
        value = float(text)
    except ValueError:
        hint = did_you_mean(part.partition(":")[0], ("weekly", "monthly", "drawdown:5%", "days:7"))
        raise InputError(f"{part!r} is no trigger{hint or ';'} write one of {FORMS}") from None
    if not math.isfinite(value):
        raise InputError(f"{part!r} is no trigger; write one of {FORMS}")
    return value
