"""Run a program of stages over many paths: block by block with everything in fast memory, or step by step.

The compiled kernel knows only the program: where each stage's code stands, its numbers, and the steps on which it runs.
It is never compiled anew for another stage. Paths are independent and carry their own random numbers, so a result does
not depend on how they are shared out.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from hedgerow._types import FloatArray
from hedgerow.errors import InputError
from hedgerow.kernels.compile import Primitive, _plain_python_wanted, compiled, share_out
from hedgerow.kernels.rules import Stage, run_stages
from hedgerow.kernels.stage_code import WIDTH, StageCode, load_stage

_LINE = 8
"""Numbers in a line of the cache."""
PIECE = 16 * WIDTH
"""Paths that one thread takes at a time."""


def _call_intrinsic() -> Any:  # pragma: no cover - runs where kernels are compiled
    from llvmlite import ir
    from numba import types
    from numba.extending import intrinsic

    @intrinsic
    def call_stage(_context: Any, address: Any, numbers: Any, offset: Any, block: Any) -> Any:
        def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            def data(k: int) -> Any:
                return context.make_array(signature.args[k])(context, builder, arguments[k]).data

            first = builder.gep(data(1), [arguments[2]])
            block_start = data(3)
            kind = ir.FunctionType(ir.IntType(32), [first.type, block_start.type])
            builder.call(builder.inttoptr(arguments[0], kind.as_pointer()), [first, block_start])
            return context.get_dummy_value()

        return types.none(types.int64, numbers, types.int64, block), generate

    return call_stage


def _plain_call(*_arguments: Any) -> None:
    raise TypeError("machine code cannot be called where kernels run as plain Python")


call_stage = Primitive(_call_intrinsic, _plain_call)


@compiled()
def _run_blocks(  # type: ignore[no-untyped-def]  # pragma: no cover - compiled
    addresses, numbers, offsets, strides, active, start, used, block, first_path, kept, first, last, out
):
    """Run whole paths; columns ``first`` to ``last - 1`` of ``out`` receive the kept rows after the last step."""
    for done in range(first, last, 128):
        _begin(block, start, used, first_path + done)
        for step in range(active.shape[0]):
            for k in range(addresses.shape[0]):
                if active[step, k]:
                    call_stage(addresses[k], numbers, offsets[k] + step * strides[k], block)
        here = min(128, last - done)
        for k in range(kept.shape[0]):
            for i in range(here):
                out[k, done + i] = block[kept[k] * 128 + i]


@compiled()
def _begin(block, start, used, first_path):  # type: ignore[no-untyped-def]  # pragma: no cover - compiled
    """Fill the rows in use with their values at the start; row 0 is the path's number."""
    for k in range(used.shape[0]):
        for i in range(128):
            block[used[k] * 128 + i] = start[used[k]]
    for i in range(128):
        block[i] = first_path + i


@compiled()
def _run_step(  # type: ignore[no-untyped-def]  # pragma: no cover - compiled
    addresses, numbers, offsets, strides, active, step, first, last, blocks
):
    """Run stages ``first`` to ``last - 1`` of one step on resident blocks (n_blocks, n_rows x 128)."""
    for number in range(blocks.shape[0]):
        for k in range(first, last):
            if active[step, k]:
                call_stage(addresses[k], numbers, offsets[k] + step * strides[k], blocks[number])


def _aligned(n_blocks: int, size: int) -> FloatArray:
    """Return room for blocks that begin with a line of the cache, as no allocator promises, (n_blocks, size)."""
    room = np.empty(n_blocks * size + _LINE)
    first = -(room.ctypes.data // room.itemsize) % _LINE
    return room[first : first + n_blocks * size].reshape(n_blocks, size)


class Program:
    """Stages in order, with the numbers of every step, ready to run over paths.

    Parameters
    ----------
    stages : sequence of Stage
        Run in this order at every step.
    names : sequence of str
        Rows of a block, in order; the first is ``path``, the number of the path.
    n_steps : int
    start : mapping of str to float
        Rows that do not start at 0.

    Raises
    ------
    InputError
        For a row that is not among ``names``.

    Attributes
    ----------
    is_compiled : bool
        Whether every stage has machine code that agrees with its definition.
    """

    def __init__(
        self,
        stages: Sequence[Stage],
        names: Sequence[str],
        n_steps: int,
        start: Mapping[str, float],
    ) -> None:
        self.stages, self.names, self.n_steps = tuple(stages), tuple(names), n_steps
        self.places = {name: k for k, name in enumerate(self.names)}
        for stage in self.stages:
            for name in (*stage.reads, *stage.writes):
                if name not in self.places:
                    raise InputError(
                        f"{stage.rule!r} names row {name!r}, which no block holds; name one of hedgerow.rows"
                    )
        self.start = np.array([start.get(name, 0.0) for name in self.names])
        self._codes = self._load()
        self.is_compiled = self._codes is not None
        if self.is_compiled:
            self._lay_out()

    def _load(self) -> list[StageCode] | None:
        if _plain_python_wanted():
            return None
        codes = [load_stage(stage, self.places) for stage in self.stages]
        return None if any(code is None for code in codes) else [code for code in codes if code is not None]

    def _lay_out(self) -> None:
        """Put the numbers of all stages into one array, each stage's first number at its offset."""
        tables = [stage.all_numbers(self.n_steps) for stage in self.stages]
        self._addresses = np.array([code.address for code in self._codes or ()], dtype=np.int64)
        self._strides = np.array([table.shape[1] if len(table) > 1 else 0 for table in tables], dtype=np.int64)
        sizes = [table.size for table in tables]
        self._offsets = np.concatenate([[0], np.cumsum(sizes)[:-1]]).astype(np.int64)
        self._numbers = np.concatenate([*(table.ravel() for table in tables), [0.0]])
        rows = {name for stage in self.stages for name in (*stage.reads, *stage.writes)}
        self._used = np.array([self.places[name] for name in rows], dtype=np.int64)
        self._active = np.ones((self.n_steps, len(tables)), dtype=np.bool_)
        for k, stage in enumerate(self.stages):
            if stage.on is not None:
                self._active[:, k] = stage.on

    def run(self, kept: Sequence[str], first_path: int, n_paths: int, threads: int | None = None) -> FloatArray:
        """Run paths ``first_path`` to ``first_path + n_paths - 1`` to the end.

        Parameters
        ----------
        kept : sequence of str
            Rows wanted after the last step.
        first_path, n_paths : int
        threads : int, optional
            All cores unless said; the numbers are the same for any.

        Returns
        -------
        ndarray, shape (n_kept, n_paths)
        """
        out = np.empty((len(kept), n_paths))
        if not self.is_compiled:
            rows = self.begin(first_path, n_paths)
            for step in range(self.n_steps):
                run_stages(self.stages, rows, step)
            for k, name in enumerate(kept):
                out[k] = rows[name]
            return out
        run_piece = self._piece_runner(kept)

        def piece(number: int) -> None:
            run_piece(first_path, number * PIECE, min((number + 1) * PIECE, n_paths), out)

        share_out(piece, -(-n_paths // PIECE), threads)
        return out

    def run_batches(
        self,
        kept: Sequence[str],
        n_paths: int,
        size: int,
        finish: Callable[[int, FloatArray], None],
        threads: int | None = None,
    ) -> None:
        """Run paths 0 to ``n_paths - 1`` in batches, and hand over each batch once its last path is done.

        Parameters
        ----------
        kept : sequence of str
        n_paths : int
        size : int
            Paths of a batch, a multiple of ``PIECE``.
        finish : callable
            ``finish(first_path, rows)`` with ``rows`` (n_kept, paths of the batch) is called by the thread that ran the
            batch's last piece, while the others go on with the next batch: nobody waits for it.
        threads : int, optional
        """
        if not self.is_compiled:
            for first in range(0, n_paths, size):
                finish(first, self.run(kept, first, min(size, n_paths - first)))
            return
        run_piece = self._piece_runner(kept)
        begun: dict[int, FloatArray] = {}
        left = {first: -(-min(size, n_paths - first) // PIECE) for first in range(0, n_paths, size)}
        lock = threading.Lock()

        def piece(number: int) -> None:
            within = number * PIECE % size
            first = number * PIECE - within
            count = min(size, n_paths - first)
            with lock:
                rows = begun.setdefault(first, np.empty((len(kept), count)))
            run_piece(first, within, min(within + PIECE, count), rows)
            with lock:
                left[first] -= 1
                is_whole = left[first] == 0
                if is_whole:
                    del begun[first]
            if is_whole:
                finish(first, rows)

        share_out(piece, -(-n_paths // PIECE), threads)

    def _piece_runner(self, kept: Sequence[str]) -> Callable[[int, int, int, FloatArray], None]:
        """Return what runs columns ``first`` to ``last - 1`` of a run from ``first_path`` on, in any thread."""
        places = np.array([self.places[name] for name in kept], dtype=np.int64)
        used = np.unique(np.append(self._used, places))
        idle: list[FloatArray] = []  # one block for each thread, handed from piece to piece

        def run_piece(first_path: int, first: int, last: int, out: FloatArray) -> None:
            try:
                block = idle.pop()
            except IndexError:
                block = _aligned(1, len(self.names) * WIDTH)[0]
            _run_blocks(
                self._addresses,
                self._numbers,
                self._offsets,
                self._strides,
                self._active,
                self.start,
                used,
                block,
                first_path,
                places,
                first,
                last,
                out,
            )
            idle.append(block)

        return run_piece

    def begin(self, first_path: int, n_paths: int) -> dict[str, Any]:
        """Return the rows of paths at the start as arrays (n_paths,)."""
        rows: dict[str, Any] = {
            name: np.full(n_paths, value) for name, value in zip(self.names, self.start, strict=True)
        }
        rows["path"] = np.arange(first_path, first_path + n_paths, dtype=float)
        return rows

    def resident(self, first_path: int, n_paths: int) -> Resident:
        """Return the paths held in memory, to be moved part by part of a step."""
        return Resident(self, first_path, n_paths)


class Resident:
    """Paths of a program held in memory while something that is not compiled stands between its stages.

    Attributes
    ----------
    n_paths : int
    """

    def __init__(self, program: Program, first_path: int, n_paths: int) -> None:
        self.program, self.n_paths = program, n_paths
        self._count = -(-n_paths // WIDTH)
        padded = program.begin(first_path, self._count * WIDTH)
        self._rows = padded if not program.is_compiled else {}
        if program.is_compiled:
            self._blocks = _aligned(self._count, len(program.names) * WIDTH)
            for name, values in padded.items():
                self._view(name)[:] = values.reshape(self._count, WIDTH)

    def _view(self, name: str) -> FloatArray:
        first = self.program.places[name] * WIDTH
        return self._blocks[:, first : first + WIDTH]

    def row(self, name: str) -> FloatArray:
        """Return a copy of a row, (n_paths,)."""
        whole = self._view(name).reshape(-1) if self.program.is_compiled else self._rows[name]
        return whole[: self.n_paths].copy()

    def put(self, name: str, values: FloatArray) -> None:
        """Write a row, (n_paths,)."""
        whole = np.zeros(self._count * WIDTH)
        whole[: self.n_paths] = values
        if self.program.is_compiled:
            self._view(name)[:] = whole.reshape(self._count, WIDTH)
        else:
            self._rows[name] = whole

    def run(self, step: int, first: int, last: int) -> None:
        """Run stages ``first`` to ``last - 1`` of one step."""
        program = self.program
        if not program.is_compiled:
            run_stages(program.stages[first:last], self._rows, step)
            return
        _run_step(
            program._addresses,
            program._numbers,
            program._offsets,
            program._strides,
            program._active,
            step,
            first,
            last,
            self._blocks,
        )
