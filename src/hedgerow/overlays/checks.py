"""What a rule refuses when it is made, and signals that no rule can read, a sentence each."""

from __future__ import annotations

from math import inf, isfinite

import numpy as np
import pandas as pd

from hedgerow._types import BoolArray, FloatArray
from hedgerow.errors import DataError, InputError
from hedgerow.market.dates import written
from hedgerow.overlays.base import OverlayRule
from hedgerow.overlays.signals import Signals


def require_number(
    owner: str, name: str, value: object, *, above: float = -inf, least: float = -inf, most: float = inf, hint: str = ""
) -> None:
    """Refuse what is no finite number above ``above``, at least ``least`` and at most ``most``.

    Parameters
    ----------
    owner, name : str
        Rule and field, for the sentence.
    value : object
    above, least, most : float
        Bounds; the first is open.
    hint : str
        Said at the end.

    Raises
    ------
    InputError
    """
    number = isinstance(value, int | float | np.integer | np.floating) and not isinstance(value, bool)
    if number and isfinite(float(value)) and above < float(value) and least <= float(value) <= most:  # type: ignore[arg-type]
        return
    bounds = [f"above {above:g}"] if above > -inf else []
    bounds += [f"{least:g} or more"] if least > -inf else []
    bounds += [f"at most {most:g}"] if most < inf else []
    rule = " and ".join(bounds) or "finite"
    raise InputError(f"{name} of {owner} must be a number, {rule}, not {value!r}{'; ' + hint if hint else ''}")


def require_rows(owner: str, name: str, value: object, least: int = 1) -> None:
    """Refuse what is no whole number of signal dates of at least ``least``."""
    whole = isinstance(value, int | np.integer) and not isinstance(value, bool)
    if not (whole and int(value) >= least):  # type: ignore[call-overload]
        raise InputError(f"{name} of {owner} must be a whole number of signal dates, {least} or more, not {value!r}")


def require_name(owner: str, name: str, value: object) -> None:
    """Refuse what is no name of a signal."""
    if not isinstance(value, str) or not value:
        raise InputError(f"{name} of {owner} must be the name of a signal, not {value!r}")


def require_rule(owner: str, rule: object, signal: str) -> None:
    """Refuse what is no rule, and a rule that does not read the signal which ``owner`` replaces."""
    if not isinstance(rule, OverlayRule):
        raise InputError(f"{owner} takes a rule such as VixLinear(10, 15), not {rule!r}")
    if signal not in rule.needs:
        reads = ", ".join(rule.needs) or "no signal"
        raise InputError(f"{owner} replaces the signal {signal!r}, which {rule!r} does not read; it reads {reads}")


def as_signals(rule: OverlayRule, given: Signals | pd.Series) -> Signals:
    """Return signals as they are, and a Series as the one signal that a rule reads.

    Raises
    ------
    InputError
        For a Series where the rule reads several signals, and for anything else.
    """
    if isinstance(given, Signals):
        return given
    if isinstance(given, pd.Series) and len(rule.needs) == 1:
        return Signals.of({rule.needs[0]: given})
    names = ", ".join(f"{name!r}: series" for name in rule.needs or ("vix",))
    raise InputError(f"{rule!r} reads Signals, such as Signals.of({{{names}}}), not a {type(given).__name__}")


def refuse_rows(wrong: BoolArray, signals: Signals, name: str, values: FloatArray, rule: str) -> None:
    """Refuse a signal with its first date on which ``wrong`` (n_dates,) holds.

    Raises
    ------
    DataError
        ``signal 'x' is 3 on 2024-01-02; <rule>``.
    """
    if wrong.any():
        row = int(np.argmax(wrong))
        raise DataError(f"signal {name!r} is {values[row]:g} on {written(signals.dates[row])}; {rule}")


def log_returns(signals: Signals, name: str) -> FloatArray:
    """Return a price signal's log returns (n_dates - 1,), from each date to the next.

    Raises
    ------
    DataError
        A price at or below zero.
    """
    price = signals[name]
    refuse_rows(price <= 0.0, signals, name, price, "a return needs prices above 0: correct it or leave the cell empty")
    return np.diff(np.log(price))


def with_warm_up(figures: FloatArray, n_dates: int) -> FloatArray:
    """Return figures of the last dates (m,) below NaN for the dates before them, shape (n_dates,)."""
    column = np.full(n_dates, np.nan)
    column[n_dates - len(figures) :] = figures
    return column
