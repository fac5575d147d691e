"""A rule's multiplier through every stage before the budget, one set of parameters or thousands.

Stages act in this order, each on the one before, on signal dates alone:

* **smooth**: mean of the multiplier over the last k signal dates (to smooth a *signal* before the rule is an option
  of the rule; wherever a rule clips the two differ);
* **persist**: what is held begins at the first smoothed value and follows only once the smoothed value has lain
  strictly on one side of it on n closes running, today's included; then it becomes today's. A close on the other side
  begins a new count, a tie ends it;
* **floor**, **cap**;
* **threshold**: what is held is replaced on dates on which any trigger is due, see
  :mod:`hedgerow.overlays.triggers`; the first defined date is one. A trigger that is due takes every trigger's level
  anew, even where the multiplier is what was held already;
* **budget**: equal to threshold here; the engine, which knows prices, binds it.

Every comparison has the tolerance :data:`~hedgerow.overlays.triggers.TIE`.

>>> from hedgerow.overlays import SignalMove, VixLinear
>>> days = pd.date_range("2024-01-01", periods=4)
>>> signals = Signals.of({"vix": pd.Series([18.0, 21.0, 21.5, 24.0], days)})
>>> path = shaped(VixLinear(10, 10), signals, Shape(cap=1.2, threshold=(SignalMove(3.0),)))
>>> path.stages["cap"].tolist(), path.stages["threshold"].tolist()
([0.8, 1.1, 1.15, 1.2], [0.8, 0.8, 1.15, 1.15])
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
import pandas as pd

from hedgerow._types import BoolArray, FloatArray, IntArray
from hedgerow.errors import ColumnError, DataError, InputError, did_you_mean
from hedgerow.kernels.compile import dense, share_out
from hedgerow.overlays.base import OverlayRule
from hedgerow.overlays.shape import STAGES, Shape
from hedgerow.overlays.shaping_kernels import first_defined, shape_into, shape_sets
from hedgerow.overlays.signals import Signals
from hedgerow.overlays.triggers import TIE, Trigger

SETS_A_PIECE = 64
"""Sets that one thread shapes before it takes the next; numbers do not depend on it."""


@dataclass(frozen=True, eq=False)
class ShapedPath:
    """A multiplier after every stage.

    Attributes
    ----------
    dates : DatetimeIndex (n_dates,)
    stages : mapping of str to ndarray (n_dates,)
        By the names of :data:`~hedgerow.overlays.shape.STAGES`; NaN in the warm-up and nowhere else. ``budget`` equals
        ``threshold``.
    rebalanced : ndarray of bool (n_dates,)
        Dates on which what is held was set to the shaped multiplier; all defined ones where there is no threshold.
    """

    dates: pd.DatetimeIndex
    stages: Mapping[str, FloatArray]
    rebalanced: BoolArray

    @property
    def multiplier(self) -> FloatArray:
        """What is decided at the close of each date, before the budget, shape (n_dates,)."""
        return self.stages[STAGES[-1]]

    @property
    def warm_up(self) -> int:
        """Rows before the first decision; all of them where there is none."""
        return int(np.isnan(self.multiplier).sum())

    def to_frame(self) -> pd.DataFrame:
        """Return the stages by date, (n_dates, n_stages)."""
        return pd.DataFrame(dict(self.stages), index=self.dates)


@dataclass(frozen=True, eq=False)
class ShapedGrid:
    """Multipliers of many sets of parameters after their last stage.

    Attributes
    ----------
    dates : DatetimeIndex (n_dates,)
    multipliers : ndarray (n_sets, n_dates)
        Row s is bit for bit what :func:`shaped` decides for set s.
    rebalanced : ndarray of bool (n_sets, n_dates)
    """

    dates: pd.DatetimeIndex
    multipliers: FloatArray
    rebalanced: BoolArray


def shaped(rule: OverlayRule, signals: Signals, shape: Shape | None = None) -> ShapedPath:
    """Return a rule's multiplier after every stage before the budget.

    Parameters
    ----------
    rule : OverlayRule
    signals : Signals
        What the rule and the triggers of the shape need.
    shape : Shape, optional
        None leaves every stage off.

    Returns
    -------
    ShapedPath

    Raises
    ------
    ColumnError
        Where a signal is missing.
    DataError
        Where the rule gives a multiplier that is not finite after its warm-up.
    """
    return shaped_multiplier(rule.multiplier(signals), signals, shape)


def shaped_multiplier(multiplier: FloatArray, signals: Signals, shape: Shape | None = None) -> ShapedPath:
    """Return a multiplier (n_dates,) of any origin after every stage before the budget; see :func:`shaped`."""
    shape = shape or Shape()
    row = _checked(multiplier, signals, 1)
    first, broken = first_defined(row)
    if broken < len(row):
        raise _not_finite(row, broken, signals)
    triggers = _Triggers.of([shape], signals)
    stages, rebalanced = np.empty((5, len(row))), np.zeros(len(row), dtype=np.bool_)
    sizes, bounds = _sizes([shape])[0], _bounds([shape])[0]
    shape_into(
        row,
        first,
        sizes,
        bounds,
        triggers.watched,
        triggers.kinds,
        triggers.places,
        triggers.limits,
        TIE,
        stages,
        rebalanced,
    )
    values = dict(zip(STAGES, (row, *stages, stages[-1]), strict=True))
    for array in (*values.values(), rebalanced):
        array.flags.writeable = False
    return ShapedPath(signals.dates, MappingProxyType(values), rebalanced)


def shape_many(multipliers: FloatArray, signals: Signals, shapes: Shape | Sequence[Shape]) -> ShapedGrid:
    """Return what is decided for each of many sets of parameters, worked on by all cores.

    Parameters
    ----------
    multipliers : ndarray (n_sets, n_dates)
        What a rule says with each set of its parameters; NaN in the warm-up and nowhere else.
    signals : Signals
        What the triggers of the shapes need.
    shapes : Shape or sequence of Shape
        One for all sets, or one each.

    Returns
    -------
    ShapedGrid
        Each row bit for bit that of :func:`shaped`.

    Raises
    ------
    ColumnError, DataError, InputError
    """
    rows = _checked(multipliers, signals, 2)
    n_sets = len(rows)
    each = [shapes] * n_sets if isinstance(shapes, Shape) else list(shapes)
    if len(each) != n_sets:
        raise InputError(f"shape_many needs one shape for all or one for each of {n_sets} sets, not {len(each)}")
    triggers = _Triggers.of(each, signals)
    sizes, bounds = _sizes(each), _bounds(each)
    out, rebalanced = np.empty(rows.shape), np.zeros(rows.shape, dtype=np.bool_)

    def run(piece: int) -> tuple[int, int]:
        cut = slice(piece * SETS_A_PIECE, min((piece + 1) * SETS_A_PIECE, n_sets))
        place, broken = shape_sets(
            rows[cut],
            sizes[cut],
            bounds[cut],
            triggers.watched,
            triggers.starts[cut.start : cut.stop + 1],
            triggers.kinds,
            triggers.places,
            triggers.limits,
            TIE,
            out[cut],
            rebalanced[cut],
        )
        return cut.start + place, broken

    for place, broken in share_out(run, -(-n_sets // SETS_A_PIECE)):
        if broken < rows.shape[1]:
            raise _not_finite(rows[place], broken, signals, f" of set {place}")
    out.flags.writeable = rebalanced.flags.writeable = False
    return ShapedGrid(signals.dates, out, rebalanced)


@dataclass(frozen=True, eq=False)
class _Triggers:
    """Triggers of all sets as arrays: levels (n_levels, n_dates), each once, and per trigger kind, level and limit."""

    watched: FloatArray
    starts: IntArray
    kinds: IntArray
    places: IntArray
    limits: FloatArray

    @classmethod
    def of(cls, shapes: Sequence[Shape], signals: Signals) -> _Triggers:
        known: dict[Trigger, int] = {}
        levels: dict[bytes, int] = {}
        rows: list[FloatArray] = []
        for trigger in (trigger for shape in shapes for trigger in shape.threshold):
            if trigger in known:
                continue
            level = _level(trigger, signals)
            place = levels.setdefault(level.tobytes(), len(rows))
            if place == len(rows):
                rows.append(level)
            known[trigger] = place
        every = [trigger for shape in shapes for trigger in shape.threshold]
        starts = np.concatenate(([0], np.cumsum([len(shape.threshold) for shape in shapes])))
        return cls(
            np.array(rows).reshape(len(rows), len(signals)),
            starts.astype(np.int64),
            np.array([int(trigger.comparison) for trigger in every], dtype=np.int64),
            np.array([known[trigger] for trigger in every], dtype=np.int64),
            np.array([trigger.limit for trigger in every], dtype=np.float64),
        )


def _level(trigger: Trigger, signals: Signals) -> FloatArray:
    for name in trigger.needs:
        if name not in signals:
            known = ", ".join(signals.values)
            raise ColumnError(
                f"the trigger {trigger!r} needs the signal {name!r}, which is not there"
                f"{did_you_mean(name, signals.values)} (signals: {known})"
            )
    level = np.ascontiguousarray(trigger.watched(signals), dtype=np.float64)
    if level.shape != (len(signals),):
        raise InputError(f"the trigger {trigger!r} must watch a level of shape {(len(signals),)}, not {level.shape}")
    broken = ~np.isfinite(level)
    if broken.any():
        row = int(np.argmax(broken))
        raise DataError(
            f"the level that {trigger!r} watches is {level[row]} on {signals.dates[row]:%Y-%m-%d}; a trigger needs a "
            "finite level on every date: begin the signals where it is known"
        )
    return level


def _sizes(shapes: Sequence[Shape]) -> IntArray:
    return np.array([(shape.smooth, shape.persist) for shape in shapes], dtype=np.int64).reshape(len(shapes), 2)


def _bounds(shapes: Sequence[Shape]) -> FloatArray:
    """Return floor and cap of each shape; infinite where it has none."""
    found = [
        (-np.inf if each.floor is None else each.floor, np.inf if each.cap is None else each.cap) for each in shapes
    ]
    return np.array(found, dtype=np.float64).reshape(len(shapes), 2)


def _checked(multiplier: FloatArray, signals: Signals, dimensions: int) -> FloatArray:
    array = np.asarray(multiplier)
    if array.ndim != dimensions or array.shape[-1] != len(signals):
        wanted = f"({len(signals)},)" if dimensions == 1 else f"(n_sets, {len(signals)})"
        raise InputError(f"a multiplier to shape must have shape {wanted}, one value a signal date, not {array.shape}")
    return dense(array)


def _not_finite(row: FloatArray, place: int, signals: Signals, of_set: str = "") -> DataError:
    return DataError(
        f"the multiplier{of_set} is {row[place]} on {signals.dates[place]:%Y-%m-%d}; after its warm-up it must be a "
        "finite number on every date: look at the rule and its signals on that date"
    )
