"""Elementwise rules of named rows: one text that runs on NumPy arrays and, compiled, on blocks of paths.

A rule is a function of one number per path: its positional arguments are rows, its keyword-only arguments are numbers
that are the same for every path, and what it returns goes into the rows it names. Written with the functions of
:mod:`hedgerow.kernels.elementary` it takes whole arrays (its definition) and compiles to branch-free code.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from types import FunctionType
from typing import Any

import numpy as np

from hedgerow._types import BoolArray, FloatArray
from hedgerow.kernels.compile import Kernel

PROBED = (0.25, 1.75)
"""Range of the random rows on which a rule is tried unless it says otherwise."""

_INLINED: dict[str, Any] = {"cache": False, "forceinline": True, "fastmath": {"contract", "nsz", "arcp"}}


class Rule:
    """An elementwise function with the names of its rows; made by :func:`rule`.

    Attributes
    ----------
    name : str
    inputs, parameters, outputs : tuple of str
        Rows read, numbers taken and rows written.
    kernel : Kernel
        The function, to be inlined into a loop over paths.
    probed : tuple of float
        Range of the random rows on which machine code is tried beside the definition.
    """

    def __init__(
        self, function: Callable[..., Any], outputs: tuple[str, ...], probed: tuple[float, float] = PROBED
    ) -> None:
        arguments = inspect.signature(function).parameters.values()
        self.inputs = tuple(each.name for each in arguments if each.kind is not each.KEYWORD_ONLY)
        self.parameters = tuple(each.name for each in arguments if each.kind is each.KEYWORD_ONLY)
        self.outputs, self.probed = outputs, probed
        self.name = function.__name__
        self.kernel = Kernel(_by_position(function), _INLINED)
        self.__doc__ = function.__doc__
        self.__name__ = function.__name__
        self.__module__ = function.__module__
        self.__wrapped__ = function

    def __repr__(self) -> str:
        return (
            f"<Rule {self.name}({', '.join(self.inputs)}; {', '.join(self.parameters)}) -> {', '.join(self.outputs)}>"
        )

    @cached_property
    def definition(self) -> Callable[..., Any]:
        """The function on arrays: rows, then numbers, by position."""
        return self.kernel.definition

    @property
    def files(self) -> set[str]:
        """Source files that its machine code depends on."""
        return self.kernel.files

    def __call__(self, *rows: Any, **parameters: Any) -> Any:
        """Return what the definition returns for arrays or numbers."""
        with np.errstate(all="ignore"):
            return self.definition(*rows, *(parameters[name] for name in self.parameters))


def _by_position(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return the function with its keyword-only arguments taken by position, which is all that Numba can call."""
    code = function.__code__
    plain = code.replace(co_argcount=code.co_argcount + code.co_kwonlyargcount, co_kwonlyargcount=0)
    copy = FunctionType(plain, function.__globals__, function.__name__, None, function.__closure__)
    copy.__qualname__, copy.__module__, copy.__doc__ = function.__qualname__, function.__module__, function.__doc__
    return copy


class BlockRule:
    """A stage that is no elementwise rule: a loop over the block of its own, with its NumPy definition beside it.

    Parameters
    ----------
    function
        ``function(numbers, block)``: ``numbers[k]`` are the step's numbers, ``block[row * WIDTH + i]`` the rows.
    definition
        ``definition(numbers, *inputs) -> outputs`` on arrays (n_paths,).
    inputs, outputs : tuple of str
        Rows read and written.
    """

    def __init__(
        self,
        function: Callable[..., Any],
        definition: Callable[..., Any],
        inputs: tuple[str, ...],
        outputs: tuple[str, ...],
    ) -> None:
        self.inputs, self.outputs, self.parameters = inputs, outputs, ()
        self.probed = PROBED
        self.name = function.__name__
        self.kernel = Kernel(function, _INLINED)
        self.definition = definition

    def __repr__(self) -> str:
        return f"<BlockRule {self.name} -> {', '.join(self.outputs)}>"

    @property
    def files(self) -> set[str]:
        """Source files that its machine code depends on."""
        return self.kernel.files


def rule(*outputs: str, probed: tuple[float, float] = PROBED) -> Callable[[Callable[..., Any]], Rule]:
    """Return a decorator that makes a rule of an elementwise function.

    Parameters
    ----------
    *outputs : str
        Rows written, in the order in which the function returns them; an output may be an input too.
    probed : tuple of float
        Range in which the function holds, where that is not all of 0.25 to 1.75: machine code is tried on it.

    Examples
    --------
    >>> from hedgerow.kernels.elementary import maximum, minimum
    >>> @rule("holding")
    ... def clipped(held, target, *, width):
    ...     return minimum(maximum(held, target - width), target + width)
    >>> float(clipped(0.5, 0.7, width=0.1))
    0.6
    """
    return lambda function: Rule(function, outputs, probed)


@dataclass(frozen=True)
class Link:
    """A rule bound to rows.

    Attributes
    ----------
    rule : Rule or BlockRule
    reads, writes : tuple of str
    """

    rule: Rule | BlockRule
    reads: tuple[str, ...]
    writes: tuple[str, ...]


@dataclass(frozen=True)
class MergedRule:
    """Rules bound to rows, run one after the other on each path.

    Attributes
    ----------
    parts : tuple of Link
    outputs : tuple of str
        Rows written that somebody reads.
    """

    parts: tuple[Link, ...]
    outputs: tuple[str, ...]

    probed = PROBED
    """Range of the random rows on which machine code is tried."""

    @property
    def name(self) -> str:
        """Name of the last rule, and how many stand before it."""
        return f"{self.parts[-1].rule.name}_after_{len(self.parts) - 1}"

    @property
    def inputs(self) -> tuple[str, ...]:
        """Rows read before any part has written them."""
        found: dict[str, None] = {}
        written: set[str] = set()
        for part in self.parts:
            found |= dict.fromkeys(name for name in part.reads if name not in written)
            written |= set(part.writes)
        return tuple(found)

    @property
    def written(self) -> tuple[str, ...]:
        """All rows that any part writes."""
        return tuple(dict.fromkeys(name for part in self.parts for name in part.writes))

    @property
    def parameters(self) -> tuple[str, ...]:
        """Numbers of all parts, each with the number of its part before its name."""
        return tuple(numbered(k, name) for k, part in enumerate(self.parts) for name in part.rule.parameters)

    @property
    def files(self) -> set[str]:
        """Source files that its machine code depends on."""
        return set().union(*(part.rule.files for part in self.parts))

    def definition(self, *values: Any) -> Any:
        """Run the definitions of the parts in order on arrays: rows read, then numbers; return the rows written."""
        rows = dict(zip(self.inputs, values, strict=False))
        numbers = iter(values[len(rows) :])
        for part in self.parts:
            own = [next(numbers) for _ in part.rule.parameters]
            found = part.rule.definition(*(rows[name] for name in part.reads), *own)
            rows |= dict(zip(part.writes, found if len(part.writes) > 1 else (found,), strict=True))
        wanted = tuple(rows[name] for name in self.outputs)
        return wanted if len(wanted) > 1 else wanted[0]


def numbered(place: int, name: str) -> str:
    """Return the name of a number among those of a merged rule."""
    return f"{place} {name}"


@dataclass(frozen=True, eq=False)
class Stage:
    """A rule with its numbers, step by step, and the rows it is bound to.

    Attributes
    ----------
    rule : Rule, BlockRule, or MergedRule
    values : mapping of str to float or ndarray (n_steps,)
        Every parameter of the rule; an array where it differs by step.
    rows : mapping of str to str
        Row that stands for an argument or output of another name.
    on : ndarray of bool (n_steps,), or None
        Steps on which the stage runs; None for all.
    table : ndarray (n_steps, width) or (1, width), or None
        Numbers of a :class:`BlockRule`.
    """

    rule: Rule | BlockRule | MergedRule
    values: Mapping[str, float | FloatArray] = field(default_factory=dict)
    rows: Mapping[str, str] = field(default_factory=dict)
    on: BoolArray | None = None
    table: FloatArray | None = None

    def __post_init__(self) -> None:
        """Refuse numbers that the rule does not take, or lacks."""
        if set(self.values) != set(self.rule.parameters):
            raise TypeError(f"{self.rule!r} takes {self.rule.parameters}, not {tuple(self.values)}")

    @property
    def reads(self) -> tuple[str, ...]:
        """Rows read, as bound."""
        return tuple(self.rows.get(name, name) for name in self.rule.inputs)

    @property
    def writes(self) -> tuple[str, ...]:
        """Rows written, as bound."""
        return tuple(self.rows.get(name, name) for name in self.rule.outputs)

    @property
    def links(self) -> tuple[Link, ...]:
        """The rules that it runs, in order, each with its rows."""
        if isinstance(self.rule, MergedRule):
            return self.rule.parts
        return (Link(self.rule, self.reads, self.writes),)

    def runs_on(self, step: int) -> bool:
        """Return whether the stage runs on a step."""
        return self.on is None or bool(self.on[step])

    def numbers(self, step: int) -> FloatArray:
        """Return the numbers of one step, in the rule's order."""
        if self.table is not None:
            return self.table[step if len(self.table) > 1 else 0]
        given = (np.asarray(self.values[name], dtype=np.float64) for name in self.rule.parameters)
        return np.array([float(each if each.ndim == 0 else each[step]) for each in given], dtype=np.float64)

    def all_numbers(self, n_steps: int) -> FloatArray:
        """Return the numbers of every step, (n_steps, k), or (1, k) where they are the same for all."""
        if self.table is not None:
            return np.ascontiguousarray(self.table, dtype=float)
        given = [np.asarray(self.values[name], dtype=float) for name in self.rule.parameters]
        rows = n_steps if any(each.ndim for each in given) else 1
        found = np.empty((rows, len(given)))
        for k, each in enumerate(given):
            found[:, k] = each[:rows] if each.ndim else each
        return found

    def run(self, rows: dict[str, Any], step: int) -> None:
        """Run the definition on arrays, written in place of the rows."""
        inputs = [rows[name] for name in self.reads]
        if isinstance(self.rule, BlockRule):
            found = self.rule.definition(self.numbers(step), *inputs)
        else:
            found = self.rule.definition(*inputs, *self.numbers(step).tolist())
        for name, values in zip(self.writes, found if len(self.writes) > 1 else (found,), strict=True):
            rows[name] = values


def run_stages(stages: Sequence[Stage], rows: dict[str, Any], step: int) -> None:
    """Run stages on arrays, in order: the definition of what a compiled program does.

    Parameters
    ----------
    stages : sequence of Stage
    rows : dict of str to ndarray, any one shape
        Read and written in place.
    step : int
    """
    with np.errstate(all="ignore"):
        for stage in stages:
            if stage.runs_on(step):
                stage.run(rows, step)
