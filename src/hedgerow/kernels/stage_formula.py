"""The formula of a stage for one path: its rules one after the other, and how its rows are read and written.

Within the formula a path is a tuple of numbers, one for each row that any of its rules names. A rule takes some of them
and its own numbers of the step; what it returns replaces others. The compiler keeps the tuple in registers.
"""

from __future__ import annotations

from collections.abc import Callable
from types import FunctionType
from typing import Any

from hedgerow.kernels.rules import Stage

_LINKED: dict[str, Any] = {"error_model": "numpy", "fastmath": {"contract", "nsz", "arcp"}, "inline": "always"}
"""Put into its caller before it is typed: a chain of functions compiled one by one takes the time of each twice."""


def rows_of(stage: Stage) -> tuple[str, ...]:
    """Return the rows that a stage names, in the order in which its formula holds them."""
    return tuple(dict.fromkeys(name for link in stage.links for name in (*link.reads, *link.writes)))


def named_copy(template: Any, known: dict[str, Any], name: str) -> FunctionType:
    """Return a function of the template's text under another name, with the globals that it asks for."""
    code = template.__code__.replace(co_name=name, co_qualname=name)
    made = FunctionType(code, known | {"__name__": template.__module__, "__builtins__": __builtins__}, name)
    made.__module__ = template.__module__
    return made


def formula_of(stage: Stage) -> Callable[..., Any]:  # pragma: no cover - compiled
    """Return the compiled formula: (rows, numbers) -> rows, both as tuples."""
    import numba

    rows, first, formula = rows_of(stage), 0, None
    for link in stage.links:
        reads, writes = (tuple(rows.index(name) for name in names) for names in (link.reads, link.writes))
        count = len(link.rule.parameters)
        take, put = _tuple_access(reads, range(first, first + count), writes)
        known = {"rule": link.rule.kernel.build(), "take": take, "put": put, "earlier": formula}
        template = _first_template if formula is None else _further_template
        formula = numba.njit(**_LINKED)(named_copy(template, known, f"{link.rule.name}_{first}"))
        first += count
    assert formula is not None  # noqa: S101 - a stage has a rule
    return formula


def _first_template(rows: Any, step: Any) -> Any:  # pragma: no cover - compiled
    return put(rows, rule(*take(rows, step)))  # type: ignore[name-defined]  # noqa: F821


def _further_template(rows: Any, step: Any) -> Any:  # pragma: no cover - compiled
    before = earlier(rows, step)  # type: ignore[name-defined]  # noqa: F821
    return put(before, rule(*take(before, step)))  # type: ignore[name-defined]  # noqa: F821


def _tuple_access(  # pragma: no cover - compiled
    reads: tuple[int, ...], own: range, writes: tuple[int, ...]
) -> tuple[Any, Any]:
    """Return instructions that take a rule's arguments from a path, and put its results into it."""
    from numba import types as numba_types
    from numba.extending import intrinsic

    types: Any = numba_types

    @intrinsic
    def take(_context: Any, rows: Any, step: Any) -> Any:
        def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            found = [builder.extract_value(arguments[0], k) for k in reads]
            found += [builder.extract_value(arguments[1], k) for k in own]
            return context.make_tuple(builder, signature.return_type, found)

        return types.UniTuple(types.float64, len(reads) + len(own))(rows, step), generate

    @intrinsic
    def put(_context: Any, rows: Any, results: Any) -> Any:
        whole = isinstance(results, types.BaseTuple)
        kinds = list(results) if whole else [results]

        def generate(context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
            changed = arguments[0]
            for k, (row, kind) in enumerate(zip(writes, kinds, strict=True)):
                value = builder.extract_value(arguments[1], k) if whole else arguments[1]
                changed = builder.insert_value(changed, context.cast(builder, value, kind, types.float64), row)
            return changed

        return rows(rows, results), generate

    return take, put


def access_to(stage: Stage, starts: dict[str, int]) -> dict[str, Any]:  # pragma: no cover - compiled
    """Return instructions that read the step's numbers, read one path's rows, and write its results, by name.

    Parameters
    ----------
    stage : Stage
    starts : dict of str to int
        Where each row begins in a block.
    """
    from llvmlite import ir
    from numba import types as numba_types
    from numba.extending import intrinsic

    types: Any = numba_types
    word = ir.IntType(64)
    rows, count = rows_of(stage), len(stage.rule.parameters)
    numbers_type, rows_type = types.UniTuple(types.float64, count), types.UniTuple(types.float64, len(rows))

    def element(builder: Any, pointer: Any, index: Any) -> Any:
        return builder.gep(pointer, [index], inbounds=True)

    def at(builder: Any, arguments: Any, name: str) -> Any:
        index = builder.add(arguments[1], ir.Constant(word, starts[name]))
        return element(builder, arguments[0], index)

    @intrinsic
    def read_numbers(_context: Any, numbers: Any) -> Any:
        def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            places = [ir.Constant(word, k) for k in range(count)]
            found = [builder.load(element(builder, arguments[0], place)) for place in places]
            return context.make_tuple(builder, signature.return_type, found)

        return numbers_type(numbers), generate

    @intrinsic
    def read_rows(_context: Any, block: Any, path: Any) -> Any:
        def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            nothing = ir.Constant(ir.DoubleType(), 0.0)
            found = [builder.load(at(builder, arguments, name)) if name in stage.reads else nothing for name in rows]
            return context.make_tuple(builder, signature.return_type, found)

        return rows_type(block, types.int64), generate

    @intrinsic
    def write_rows(_context: Any, block: Any, path: Any, results: Any) -> Any:
        def generate(context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
            for name in stage.writes:
                value = builder.extract_value(arguments[2], rows.index(name))
                builder.store(value, at(builder, arguments, name))
            return context.get_dummy_value()

        return types.none(block, types.int64, results), generate

    return {"read_numbers": read_numbers, "read_rows": read_rows, "write_rows": write_rows}
