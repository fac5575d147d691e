"""Does a rule look ahead? Its past decisions are asked for again with other futures, and must be the same to the bit.

Any rule that turns a history into dated decisions can be asked. Its future is cut off, or poisoned, at random dates;
where figures are revised or published late, the rule is given what was known on each date. A rule that passes has not
been proved clean: it has been tried at so many dates, and columns that never changed were not tried at all.

>>> import numpy as np
>>> import pandas as pd
>>> days = pd.bdate_range("2024-01-01", periods=200, name="date")
>>> prices = pd.DataFrame({"future": 100.0 + np.random.default_rng(0).normal(size=200).cumsum()}, index=days)
>>> check_look_ahead(lambda history: history["future"].rolling(20).mean(), prices, cuts=10).label
'clean'
>>> check_look_ahead(lambda history: history["future"].rolling(21, center=True).mean(), prices, cuts=10).label
'looks ahead'
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np
import pandas as pd

from hedgerow.compare.look_ahead.overlay_rule import as_asked
from hedgerow.compare.look_ahead.signal_decay import SHARPE_WORTH_A_LOOK, is_suspicious, lag_decay
from hedgerow.compare.look_ahead.vintages import Known, known_at
from hedgerow.errors import DataError, InputError, did_you_mean
from hedgerow.overlays import OverlayRule, Signals

WAYS = ("truncate", "poison", "lag")
"""Ways to look: cut the future off, replace it, delay the decisions."""

Decide: TypeAlias = Callable[[pd.DataFrame], pd.Series | pd.DataFrame]
"""From a history (n_rows, n_columns) by date to what is decided, by date."""

FINDING_COLUMNS = ("future", "cut", "date", "decision", "was", "became")


@dataclass(frozen=True, eq=False)
class LookAhead:
    """What the search found.

    Attributes
    ----------
    label : {"clean", "suspicious", "looks ahead", "not checked"}
    verdict : str
        One plain sentence.
    findings : pandas.DataFrame
        One row per kind of future under which the past changed: ``future``, ``cut`` (last date known), ``date`` (of the
        first decision that changed), ``decision`` (its column), ``was`` (with the real future) and ``became``.
    coverage : pandas.DataFrame
        Index: kind of future; columns ``asked`` (dates at which the rule was asked) and ``refused`` (of these, the rule
        raised an error or warning and nothing is known).
    decay : pandas.Series
        Annualised Sharpe ratio by rows of delay; empty where it was not asked for or nothing is said of earnings.
    unverified : tuple of str
        Decisions that never changed over the whole history, so that nothing is known of them.
    """

    label: Literal["clean", "suspicious", "looks ahead", "not checked"]
    verdict: str
    findings: pd.DataFrame
    coverage: pd.DataFrame
    decay: pd.Series
    unverified: tuple[str, ...]


def check_look_ahead(
    decide: Decide | OverlayRule,
    data: pd.DataFrame | Signals,
    *,
    cuts: int = 50,
    seed: int = 0,
    methods: Sequence[str] = WAYS,
    known: Known | None = None,
    earns: pd.Series | pd.DataFrame | None = None,
) -> LookAhead:
    """Look for decisions that depend on what came after them.

    Parameters
    ----------
    decide : callable or OverlayRule
        From a history by date to a series or frame of decisions by date; a decision may use its own date's row. It is
        given copies. An overlay rule decides multipliers
        (:func:`~hedgerow.compare.look_ahead.overlay_rule.overlay_decisions_of` asks it with a shape).
    data : pandas.DataFrame or Signals
        The whole history as it stands today, dates ascending; for an overlay rule its signals, by column or as such.
    cuts : int
        Random dates at which the future is altered, from the first decision on.
    seed : int
        Chooses the dates and the futures.
    methods : sequence of {"truncate", "poison", "lag"}
        ``truncate`` cuts off the rows after a date; ``poison`` makes them missing or a thousand million, or shuffles
        them; ``lag`` delays the decisions by 1, 2 and 5 rows and reports what is left of their Sharpe ratio.
    known : mapping of str to array-like, or callable, optional
        What was known when: for columns that are published late, the moment each value became available (one per row
        of ``data``, whose index then says at which moment a row's decision is made); for figures that are revised, a
        function from a date to the history as it was known then. Unless given, a row is known on its own date and never
        revised.
    earns : pandas.Series or pandas.DataFrame, optional
        What one unit of each decision earns over the row ending at each date; needed for ``lag``.

    Returns
    -------
    LookAhead

    Raises
    ------
    InputError
        Where an option breaks its rule, or the rule returns something that is not dated.
    DataError
        Where ``data`` is too short, unordered or repeats a date.
    """
    _check_options(cuts, methods)
    decide, data = as_asked(decide, data)
    _check_data(data)
    whole = _dated(decide(data.copy()))
    _check_dates(whole, data)
    rng = np.random.default_rng(seed)
    rows = _cut_rows(whole, data, cuts, rng)
    found: dict[str, tuple[object, ...]] = {}
    asked: dict[str, list[int]] = {}
    for row in rows:
        past = known_at(data, int(row), known)
        for future, history in _other_histories(past, data, int(row), methods, rng):
            if future in found:
                continue
            count = asked.setdefault(future, [0, 0])
            count[0] += 1
            again = _asked_again(decide, history)
            if again is None:
                count[1] += 1
            elif (change := _first_change(whole, again, data.index[row])) is not None:
                found[future] = (data.index[row], *change)
    findings = pd.DataFrame([(future, *found[future]) for future in found], columns=list(FINDING_COLUMNS))
    coverage = pd.DataFrame.from_dict(asked, orient="index", columns=["asked", "refused"]).rename_axis("future")
    decay = lag_decay(whole, earns) if "lag" in methods and earns is not None else pd.Series(dtype=np.float64)
    unverified = tuple(str(name) for name in whole.columns if _never_changes(whole[name]))
    label, verdict = _verdict(findings, coverage, decay, unverified)
    return LookAhead(label, verdict, findings, coverage, decay, unverified)


def _check_options(cuts: int, methods: Sequence[str]) -> None:
    if cuts < 1:
        raise InputError(f"cuts must be at least 1 date, not {cuts}")
    for method in methods:
        if method not in WAYS:
            raise InputError(
                f"there is no way {method!r} to look ahead{did_you_mean(method, WAYS)} ({', '.join(WAYS)})"
            )
    if isinstance(methods, str) or not methods:
        raise InputError(f"methods must be a sequence of {', '.join(WAYS)}, not {methods!r}")


def _check_data(data: pd.DataFrame) -> None:
    if len(data) < 3:
        raise DataError(f"a search for look-ahead needs at least 3 rows, not {len(data)}")
    if not (data.index.is_monotonic_increasing and data.index.is_unique):
        raise DataError("the dates of the history must ascend without repeats; sort them and drop repeats")


def _check_dates(decisions: pd.DataFrame, data: pd.DataFrame) -> None:
    """Refuse decisions that cannot be put beside the history's dates."""
    one, other = decisions.index, data.index
    if len(one) and (one.dtype.kind != other.dtype.kind or getattr(one, "tz", None) != getattr(other, "tz", None)):
        raise InputError(f"decisions must have the history's kind of dates ({other.dtype}), not {one.dtype}")


def _dated(decisions: object) -> pd.DataFrame:
    """Return decisions as a frame, or refuse what is none."""
    if isinstance(decisions, pd.Series):
        decisions = decisions.to_frame(decisions.name if decisions.name is not None else "decision")
    if not isinstance(decisions, pd.DataFrame):
        raise InputError(
            f"a rule must return a series or frame of decisions indexed by date, not {type(decisions).__name__}"
        )
    if not decisions.index.is_unique:
        raise InputError("a rule must decide once per date; its decisions repeat a date")
    return decisions


def _cut_rows(whole: pd.DataFrame, data: pd.DataFrame, cuts: int, rng: np.random.Generator) -> np.ndarray:
    """Return random rows (c,) ascending, from the first decision to the last row but one; none without decisions."""
    decided = whole.index[whole.notna().any(axis=1).to_numpy(dtype=bool)]
    first = int(data.index.searchsorted(decided.min())) if len(decided) else len(data)
    candidates = np.arange(first, len(data) - 1)
    return np.sort(rng.choice(candidates, size=min(cuts, len(candidates)), replace=False))


def _other_histories(
    past: pd.DataFrame, data: pd.DataFrame, row: int, methods: Sequence[str], rng: np.random.Generator
) -> Iterator[tuple[str, pd.DataFrame]]:
    """Yield what was known at a row, followed by futures that never happened."""
    if "truncate" in methods:
        yield "cut off", past.copy()
    if "poison" not in methods:
        return
    later = data.iloc[row + 1 :]
    numbers = list(later.select_dtypes("number").columns)
    order = rng.permutation(len(later))
    shuffled = later.iloc[order].set_axis(later.index)
    for name, values in (("missing", np.nan), ("a thousand million", 1e9 * rng.uniform(1.0, 2.0, (len(later), 1)))):
        poisoned = later.astype(dict.fromkeys(numbers, np.float64))
        poisoned[numbers] = np.broadcast_to(values, (len(later), len(numbers)))
        yield name, _followed_by(past, poisoned)
    yield "shuffled", _followed_by(past, shuffled)


def _followed_by(past: pd.DataFrame, future: pd.DataFrame) -> pd.DataFrame:
    joined = pd.DataFrame({name: [*past[name].tolist(), *future[name].tolist()] for name in past.columns})
    return joined.set_axis(past.index.append(future.index))


def _asked_again(decide: Decide, history: pd.DataFrame) -> pd.DataFrame | None:
    """Return the decisions on another history, None where the rule refuses it."""
    try:
        return _dated(decide(history))
    except Exception:  # noqa: BLE001 - somebody else's rule may raise anything on data that never was
        return None


def _first_change(whole: pd.DataFrame, again: pd.DataFrame, date: object) -> tuple[object, ...] | None:
    """Return date, column, old and new value of the first decision up to ``date`` that differs, None if none does."""
    was, became = whole[whole.index <= date], again[again.index <= date]
    index, columns = was.index.union(became.index), was.columns.union(became.columns, sort=False)
    was, became = was.reindex(index=index, columns=columns), became.reindex(index=index, columns=columns)
    differs = ~((was == became) | (was.isna() & became.isna())).to_numpy(dtype=bool)
    if not differs.any():
        return None
    row = int(np.argmax(differs.any(axis=1)))
    column = int(np.argmax(differs[row]))
    return index[row], str(columns[column]), was.iloc[row, column], became.iloc[row, column]


def _never_changes(decisions: pd.Series) -> bool:
    return decisions.dropna().nunique() < 2


def _verdict(
    findings: pd.DataFrame, coverage: pd.DataFrame, decay: pd.Series, unverified: tuple[str, ...]
) -> tuple[Literal["clean", "suspicious", "looks ahead", "not checked"], str]:
    """Return the label and the sentence."""
    if len(findings):
        first = findings.sort_values(["date", "cut"], kind="stable").iloc[0]
        more = f", and so it does in {len(findings) - 1} other ways" if len(findings) > 1 else ""
        return "looks ahead", (
            f"The rule looks ahead: its decision of {_day(first['date'])} changes when what came after "
            f"{_day(first['cut'])} is {_done(str(first['future']))}{more}."
        )
    answered = int((coverage["asked"] - coverage["refused"]).sum()) if len(coverage) else 0
    tried = f"{answered} altered futures changed no decision before them"
    if is_suspicious(decay):
        return "suspicious", (
            f"Suspicious: a Sharpe ratio of {decay.iloc[0]:.2f} (above {SHARPE_WORTH_A_LOOK}) falls to "
            f"{decay.iloc[1]:.2f} when decisions come one row later, though {tried}."
        )
    if not answered:
        return "not checked", "Nothing is known: the rule decided nothing, or refused every altered history."
    if len(unverified):
        tried += f"; not verified, since never changing: {', '.join(unverified)}"
    return "clean", f"No look-ahead found: {tried}."


def _day(date: object) -> str:
    return str(date.date()) if isinstance(date, pd.Timestamp) else str(date)


def _done(future: str) -> str:
    return {"missing": "made missing", "a thousand million": "replaced by large numbers"}.get(future, future)
