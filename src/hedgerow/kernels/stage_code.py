"""Machine code of one stage: a loop over the paths of a block, compiled alone, cached alone and called by its address.

A stage's entry takes two pointers: the numbers of the step and the block's rows, which lie one after the other in one
piece of memory. Which rows it reads and writes is part of its code, so that the compiler knows that they never overlap
and makes SIMD code of the loop.

Every entry is tried on random rows beside its NumPy definition when it is loaded: a stale cache or another version of
Numba can return wrong numbers without a word, and must not.
"""

from __future__ import annotations

import hashlib
from contextlib import suppress
from pathlib import Path
from types import FunctionType
from typing import Any

import numpy as np

from hedgerow._types import FloatArray
from hedgerow.kernels.cache import digest_of
from hedgerow.kernels.rules import BlockRule, Stage
from hedgerow.kernels.vectors import wide_vectors

WIDTH = 128
"""Paths of a block: enough to make a call cost nothing, few enough for the rows in use to stay in fast memory."""

_OPTIONS: dict[str, Any] = {"error_model": "numpy", "fastmath": {"contract", "nsz", "arcp"}}
_TOLERANCE = 1e-8


class StageCode:
    """A compiled stage; keep it as long as its address is used.

    Attributes
    ----------
    address : int
        Where its entry stands in this process; addresses never go to disk.
    callback
        Numba's object, which owns the machine code.
    """

    def __init__(self, callback: Any) -> None:
        self.callback = callback
        self.address = int(callback.address)


_LOADED: dict[tuple[Any, ...], StageCode | None] = {}


def load_stage(stage: Stage, places: dict[str, int]) -> StageCode | None:
    """Return the machine code of a stage, compiled, or loaded from the cache; None where it cannot be trusted.

    Parameters
    ----------
    stage : Stage
    places : dict of str to int
        Number of every row in the block.

    Returns
    -------
    StageCode or None
        None where the compiled stage does not agree with its definition even when it is compiled afresh: the caller
        then runs the definition.
    """
    key = (stage.rule.kernel, *_bound(stage, places))
    if key not in _LOADED:
        _LOADED[key] = _trusted(stage, places)
    return _LOADED[key]


def _trusted(stage: Stage, places: dict[str, int]) -> StageCode | None:
    for cached in (True, False):
        try:
            code = _compiled(stage, places, cached)
        except Exception:
            if not cached:
                raise
            continue
        if _agrees(code, stage, places):
            return code
    return None


def _compiled(stage: Stage, places: dict[str, int], cached: bool) -> StageCode:  # pragma: no cover - compiled
    from numba import types as numba_types
    from numba.core.ccallback import CFunc

    from hedgerow.kernels.cache import watch_files

    rule = stage.rule
    mark = _fingerprint(stage, places)
    types: Any = numba_types
    pointer = types.CPointer(types.float64)
    entry = _entry_of(stage, places, f"{rule.name}_{mark}")
    callback = CFunc(entry, ((pointer, pointer), types.int32), {}, _OPTIONS)
    if cached and not _unsaved(rule.files):
        with suppress(RuntimeError):  # no folder to write a cache to
            watch_files(callback, rule.files | {__file__}, mark)
    callback.compile()
    return StageCode(callback)


def _fingerprint(stage: Stage, places: dict[str, int]) -> str:
    """Return a short digest of the text, the files and the rows of a stage."""
    function = stage.rule.kernel.__wrapped__
    code = function.__code__
    closed = [repr(cell.cell_contents) for cell in function.__closure__ or ()]  # rules made in a loop share their text
    files = (stage.rule.files | {__file__}) - _unsaved(stage.rule.files)
    named = (function.__module__, stage.rule.name)  # a cache remembers the module by its name
    parts = (named, _bound(stage, places), code.co_code, code.co_consts, code.co_names, closed)
    return hashlib.sha256(repr((parts, digest_of(files))).encode()).hexdigest()[:12]


def _bound(stage: Stage, places: dict[str, int]) -> tuple[tuple[tuple[str, int], ...], ...]:
    """Return names and places of the rows read, and of those written."""
    return tuple(tuple((name, places[name]) for name in names) for names in (stage.reads, stage.writes))


def _unsaved(files: set[str]) -> set[str]:
    """Return those that are no files, as the cells of a notebook: nothing could tell that a cached code is stale."""
    return {file for file in files if not Path(file).is_file()}


def _entry_of(stage: Stage, places: dict[str, int], name: str) -> FunctionType:  # pragma: no cover - compiled
    """Return the function to compile, under a name of its own so that two entries never meet in one process."""
    rule = stage.rule
    if isinstance(rule, BlockRule):
        known: dict[str, Any] = {"body": rule.kernel.build(), "wide_vectors": wide_vectors.build()}
        template: Any = _block_template
    else:
        reads = tuple(places[row] * WIDTH for row in stage.reads)
        writes = tuple(places[row] * WIDTH for row in stage.writes)
        read_numbers, read_rows, write_rows = _row_access(reads, writes, len(rule.parameters))
        known = {"rule": rule.kernel.build(), "read_numbers": read_numbers, "read_rows": read_rows}
        known |= {"write_rows": write_rows, "WIDTH": WIDTH, "wide_vectors": wide_vectors.build()}
        template = _rule_template
    code = template.__code__.replace(co_name=name, co_qualname=name)
    entry = FunctionType(code, known | {"__name__": __name__, "__builtins__": __builtins__}, name)
    entry.__module__ = __name__
    return entry


def _rule_template(numbers: Any, block: Any) -> int:  # pragma: no cover - compiled
    wide_vectors()
    step = read_numbers(numbers)  # type: ignore[name-defined]  # noqa: F821
    for i in range(WIDTH):
        write_rows(block, i, rule(*read_rows(block, i, step)))  # type: ignore[name-defined]  # noqa: F821
    return 0


def _block_template(numbers: Any, block: Any) -> int:  # pragma: no cover - compiled
    wide_vectors()
    body(numbers, block)  # type: ignore[name-defined]  # noqa: F821
    return 0


def _row_access(  # pragma: no cover - compiled
    reads: tuple[int, ...], writes: tuple[int, ...], n_numbers: int
) -> tuple[Any, Any, Any]:
    """Return instructions that read the step's numbers, read one path's rows, and write its results."""
    from llvmlite import ir
    from numba import types as numba_types
    from numba.extending import intrinsic

    types: Any = numba_types
    word = ir.IntType(64)
    numbers_type = types.UniTuple(types.float64, n_numbers)

    def element(builder: Any, pointer: Any, index: Any) -> Any:
        return builder.gep(pointer, [index], inbounds=True)

    @intrinsic
    def read_numbers(_context: Any, numbers: Any) -> Any:
        def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            places = [ir.Constant(word, k) for k in range(n_numbers)]
            found = [builder.load(element(builder, arguments[0], place)) for place in places]
            return context.make_tuple(builder, signature.return_type, found)

        return numbers_type(numbers), generate

    @intrinsic
    def read_rows(_context: Any, block: Any, path: Any, numbers: Any) -> Any:
        def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            found = []
            for row in reads:
                index = builder.add(arguments[1], ir.Constant(word, row))
                found.append(builder.load(element(builder, arguments[0], index)))
            found += [builder.extract_value(arguments[2], k) for k in range(n_numbers)]
            return context.make_tuple(builder, signature.return_type, found)

        return types.UniTuple(types.float64, len(reads) + n_numbers)(block, types.int64, numbers), generate

    @intrinsic
    def write_rows(_context: Any, block: Any, path: Any, results: Any) -> Any:
        kinds = list(results) if isinstance(results, types.BaseTuple) else [results]

        def generate(context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
            for k, (row, kind) in enumerate(zip(writes, kinds, strict=True)):
                whole = isinstance(results, types.BaseTuple)
                value = builder.extract_value(arguments[2], k) if whole else arguments[2]
                value = context.cast(builder, value, kind, types.float64)
                index = builder.add(arguments[1], ir.Constant(word, row))
                builder.store(value, element(builder, arguments[0], index))
            return context.get_dummy_value()

        return types.none(block, types.int64, results), generate

    return read_numbers, read_rows, write_rows


def _agrees(code: StageCode, stage: Stage, places: dict[str, int]) -> bool:
    """Return whether one block of random rows comes out of the machine code as out of the definition."""
    import ctypes

    generator = np.random.Generator(np.random.Philox(7))
    block = np.zeros((len(places), WIDTH))
    for row in stage.reads:
        block[places[row]] = generator.uniform(0.25, 1.75, WIDTH)
    numbers = np.ascontiguousarray(stage.numbers(_first_step(stage)))
    rows = {name: block[places[name]].copy() for name in (*stage.reads, *stage.writes)}
    with np.errstate(all="ignore"):
        stage.run(rows, _first_step(stage))
    pointer = ctypes.POINTER(ctypes.c_double)
    call = ctypes.CFUNCTYPE(ctypes.c_int32, pointer, pointer)(code.address)
    call(numbers.ctypes.data_as(pointer), block.ctypes.data_as(pointer))
    return all(_close(block[places[name]], np.broadcast_to(rows[name], WIDTH)) for name in stage.writes)


def _first_step(stage: Stage) -> int:
    return 0 if stage.on is None or not stage.on.any() else int(np.argmax(stage.on))


def _close(found: FloatArray, wanted: FloatArray) -> bool:
    return bool(np.allclose(found, wanted, rtol=_TOLERANCE, atol=_TOLERANCE, equal_nan=True))
