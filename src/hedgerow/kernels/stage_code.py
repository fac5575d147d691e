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
from typing import Any

import numpy as np

from hedgerow._types import FloatArray
from hedgerow.kernels import stage_formula
from hedgerow.kernels.cache import digest_of, watch_files
from hedgerow.kernels.rules import BlockRule, Rule, Stage
from hedgerow.kernels.stage_formula import access_to, formula_of, named_copy
from hedgerow.kernels.vectors import wide_vectors

WIDTH = 128
"""Paths of a block: enough to make a call cost nothing, few enough for the rows in use to stay in fast memory."""

OWN_FILES = {__file__, stage_formula.__file__}
"""Files of which every entry is made."""
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
    key = (*(link.rule.kernel for link in stage.links), *_bound(stage, places))
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

    rule = stage.rule
    mark = _fingerprint(stage, places)
    types: Any = numba_types
    pointer = types.CPointer(types.float64)
    template = _block_template if isinstance(rule, BlockRule) else _rule_template
    known: dict[str, Any] = {}
    entry = named_copy(template, known, f"{rule.name}_{mark}")
    callback = CFunc(entry, ((pointer, pointer), types.int32), {}, _OPTIONS)

    def fill() -> None:
        entry.__globals__.update(_names_in(stage, places))

    is_watched = False
    if cached and not _unsaved(rule.files):
        with suppress(RuntimeError):  # no folder to write a cache to
            is_watched = watch_files(callback, rule.files | OWN_FILES, mark, before_compiling=fill)
    if not is_watched:
        fill()
    callback.compile()
    return StageCode(callback)


def _fingerprint(stage: Stage, places: dict[str, int]) -> str:
    """Return a short digest of the text, the files and the rows of a stage."""
    texts = [_text(link.rule) for link in stage.links]
    files = (stage.rule.files | OWN_FILES) - _unsaved(stage.rule.files)
    parts = (texts, _bound(stage, places), digest_of(files))
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:12]


def _text(rule: Rule | BlockRule) -> tuple[Any, ...]:
    """Return all that tells the text of a rule from another's."""
    function = rule.kernel.__wrapped__
    code = function.__code__
    closed = [repr(cell.cell_contents) for cell in function.__closure__ or ()]  # rules made in a loop share their text
    # a cache remembers the module by its name
    return function.__module__, rule.name, code.co_code, code.co_consts, code.co_names, closed


def _bound(stage: Stage, places: dict[str, int]) -> tuple[tuple[tuple[str, int], ...], ...]:
    """Return names and places of the rows that each rule reads and writes, and of those that are kept."""
    bound = [names for link in stage.links for names in (link.reads, link.writes)]
    return tuple(tuple((name, places[name]) for name in names) for names in (*bound, stage.writes))


def _unsaved(files: set[str]) -> set[str]:
    """Return those that are no files, as the cells of a notebook: nothing could tell that a cached code is stale."""
    return {file for file in files if not Path(file).is_file()}


def _names_in(stage: Stage, places: dict[str, int]) -> dict[str, Any]:  # pragma: no cover - compiled
    """Return what the text of an entry names."""
    if isinstance(stage.rule, BlockRule):
        return {"wide_vectors": wide_vectors.build(), "body": stage.rule.kernel.build()}
    starts = {name: place * WIDTH for name, place in places.items()}
    known = {"wide_vectors": wide_vectors.build(), "WIDTH": WIDTH, "formula": formula_of(stage)}
    return known | access_to(stage, starts)


def _rule_template(numbers: Any, block: Any) -> int:  # pragma: no cover - compiled
    wide_vectors()
    step = read_numbers(numbers)  # type: ignore[name-defined]  # noqa: F821
    for i in range(WIDTH):
        write_rows(block, i, formula(read_rows(block, i), step))  # type: ignore[name-defined]  # noqa: F821
    return 0


def _block_template(numbers: Any, block: Any) -> int:  # pragma: no cover - compiled
    wide_vectors()
    body(numbers, block)  # type: ignore[name-defined]  # noqa: F821
    return 0


def _agrees(code: StageCode, stage: Stage, places: dict[str, int]) -> bool:
    """Return whether one block of random rows comes out of the machine code as out of the definition."""
    import ctypes

    generator = np.random.Generator(np.random.Philox(7))
    block = np.zeros((len(places), WIDTH))
    for row in stage.reads:
        block[places[row]] = generator.uniform(*stage.rule.probed, WIDTH)
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
