"""Refits of many methods shared out among processes, with the same bits as one process gives.

Every refit is a fit of its own to the rows before it, so that it does not matter which process does it, nor how many
refits travel together. Numeric libraries are held to one thread each while methods are fitted, since sums over several
threads round differently. joblib does the sharing: a backend set outside (``joblib.parallel_config``) is used.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from time import perf_counter
from typing import Literal

import numpy as np

from hedgerow._types import FloatArray, IntArray
from hedgerow.compare.workers import PIECE_S, WORTH_STARTING_S, jobs_of, one_thread, require_count, share_out
from hedgerow.ratios import RatioEstimator
from hedgerow.ratios.refits import RefitPath

Progress = Callable[[str, float], None]
"""Called with a method's name and the share of its work that is done, 0 to 1."""


@dataclass(frozen=True)
class Refits:
    """When methods are fitted and what their ratios do in between.

    Attributes
    ----------
    rows : ndarray (r,)
        Rows of the refits, ascending.
    between : {"hold", "update"}
    """

    rows: IntArray
    between: Literal["hold", "update"] = "hold"


@dataclass(frozen=True, eq=False)
class Piece:
    """Neighbouring refits of one method.

    Attributes
    ----------
    name : str
    method : RatioEstimator
    refits : Refits
        The rows of this piece only.
    until : int
        Row at which the next piece begins, or the number of rows.
    """

    name: str
    method: RatioEstimator
    refits: Refits
    until: int


def refit_methods(
    X: FloatArray,
    y: FloatArray,
    methods: Mapping[str, RatioEstimator],
    refits: Refits,
    *,
    workers: int | None = None,
    progress: Progress | None = None,
    per_piece: int | None = None,
) -> dict[str, RefitPath]:
    """Return each method's ratios as time goes by; the same bits for any number of workers and any pieces.

    Parameters
    ----------
    X, y : ndarray (n_obs, n_hedges), (n_obs,)
        Changes of the hedges and of the exposure, oldest row first.
    methods : mapping of str to RatioEstimator
    refits : Refits
    workers : int, optional
        Processes of this machine; None takes joblib's active configuration, one process where nothing is set.
    progress : callable, optional
        Called with a method's name and the share of its work that is done, 0 to 1.
    per_piece : int, optional
        Refits that travel together; chosen by their time unless said, in which case small jobs stay in one process.

    Raises
    ------
    InputError
        Where ``workers`` or ``per_piece`` is below 1, or a schedule would take longer than a person waits.
    """
    for name, count in (("workers", workers), ("per_piece", per_piece)):
        require_count(name, count)
    X, y = np.ascontiguousarray(X), np.ascontiguousarray(y)
    tell = progress or (lambda name, share: None)
    is_shared = jobs_of(workers) > 1
    apart = {name: is_shared and fits_apart(method, refits.between) for name, method in methods.items()}
    paths: dict[str, RefitPath] = {}
    with one_thread():
        for name, method in methods.items():
            if not apart[name]:
                paths[name] = method.refit(X, y, refits.rows, refits.between, _by_count(tell, name))
                tell(name, 1.0)
        shared = {name: method for name, method in methods.items() if apart[name]}
        paths |= _refit_in_pieces(X, y, shared, refits, _Sharing(workers, per_piece, tell))
    return {name: paths[name] for name in methods}


def fits_apart(method: RatioEstimator, between: str) -> bool:
    """Return whether each refit of a method is a fit of its own, the definition of refitting, and none saves work."""
    kind = type(method)
    if kind.refit is not RatioEstimator.refit or kind._check_work is not RatioEstimator._check_work:
        return False
    if between == "update" and (kind._filters or kind._follows_rows):
        return kind._filters and kind._filtered_between is RatioEstimator._filtered_between
    return kind._ratios_at is RatioEstimator._ratios_at


def refit_piece(X: FloatArray, y: FloatArray, piece: Piece) -> RefitPath:
    """Return the ratios (until - first row, n_hedges) of one piece, having seen no row from its end on."""
    rows = piece.refits.rows
    with one_thread():
        path = piece.method.refit(X[: piece.until], y[: piece.until], rows, piece.refits.between)
    return RefitPath(path.ratios[rows[0] :], path.refits, path.failures)


@dataclass(frozen=True)
class _Sharing:
    """How pieces are shared out and who is told."""

    workers: int | None
    per_piece: int | None
    tell: Progress


def _refit_in_pieces(
    X: FloatArray, y: FloatArray, methods: Mapping[str, RatioEstimator], refits: Refits, sharing: _Sharing
) -> dict[str, RefitPath]:
    """Refit in pieces: the first by ourselves, to see how long they take, the others wherever it is worth it."""
    done: dict[str, list[tuple[Piece, RefitPath]]] = {}
    seconds, left = {}, {}
    for name, method in methods.items():
        done[name], seconds[name] = _timed_beginning(X, y, name, method, refits)
        left[name] = seconds[name] * (len(refits.rows) - len(done[name]))
    todo: list[Piece] = []
    for name in sorted(methods, key=lambda name: -left[name]):
        todo += _cut(name, methods[name], refits, len(X), len(done[name]), _size(seconds[name], refits, sharing))

    def take(piece: Piece, path: RefitPath) -> None:
        done[piece.name].append((piece, path))
        sharing.tell(piece.name, sum(path.refits for _, path in done[piece.name]) / len(refits.rows))

    if sharing.per_piece is not None or sum(left.values()) > WORTH_STARTING_S:
        todo = _shared_out(X, y, todo, sharing.workers, take)
    for piece in todo:
        take(piece, refit_piece(X, y, piece))
    return {name: _joined(done[name], X.shape) for name in methods}


def _timed_beginning(
    X: FloatArray, y: FloatArray, name: str, method: RatioEstimator, refits: Refits
) -> tuple[list[tuple[Piece, RefitPath]], float]:
    """Return the first one or two refits and the seconds of the last: the very first may have compiled a kernel."""
    done: list[tuple[Piece, RefitPath]] = []
    seconds = 0.0
    for piece in _cut(name, method, refits, len(X), 0, 1):
        start = perf_counter()
        done.append((piece, refit_piece(X, y, piece)))
        seconds = perf_counter() - start
        if len(done) == 2 or seconds * (len(refits.rows) - 1) < 0.01 * WORTH_STARTING_S:
            break
    return done, seconds


def _size(seconds: float, refits: Refits, sharing: _Sharing) -> int:
    """Return how many refits travel together."""
    if sharing.per_piece is not None:
        return sharing.per_piece
    return max(1, min(round(PIECE_S / max(seconds, 1e-6)), len(refits.rows)))


def _cut(name: str, method: RatioEstimator, refits: Refits, n_obs: int, first: int, size: int) -> Iterator[Piece]:
    """Yield the pieces of one method from its refit number ``first`` on, ``size`` refits each."""
    rows = refits.rows
    for start in range(first, len(rows), size):
        until = int(rows[start + size]) if start + size < len(rows) else n_obs
        yield Piece(name, method, Refits(rows[start : start + size], refits.between), until)


def _shared_out(
    X: FloatArray,
    y: FloatArray,
    pieces: list[Piece],
    workers: int | None,
    take: Callable[[Piece, RefitPath], None],
) -> list[Piece]:
    """Hand over each piece with its ratios, in order, done by joblib's workers; return what a killed worker left."""
    tasks = [(X, y, piece) for piece in pieces]
    return pieces[share_out(refit_piece, tasks, workers, lambda number, path: take(pieces[number], path)) :]


def _joined(done: Sequence[tuple[Piece, RefitPath]], shape: tuple[int, ...]) -> RefitPath:
    """Return one path (n_obs, n_hedges) from its pieces in order."""
    ratios = np.full(shape, np.nan)
    for piece, path in done:
        ratios[piece.refits.rows[0] : piece.until] = path.ratios
    failures = tuple(failure for _, path in done for failure in path.failures)
    return RefitPath(ratios, sum(path.refits for _, path in done), failures)


def _by_count(tell: Progress, name: str) -> Callable[[int, int], None]:
    return lambda done, of: tell(name, done / of)
