"""A book's target as a table by log spot, read by cubic Hermite interpolation, where it depends on time and spot alone.

It turns the cost of a book from options x paths into options x nodes + paths. The nodes are worked out by the very
stage that adds up the options, so that there is one formula.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from hedgerow._types import FloatArray
from hedgerow.engine.compiled.book_sums import sum_target_gamma
from hedgerow.kernels.compile import share_out
from hedgerow.kernels.program import Program
from hedgerow.kernels.rules import BlockRule, Stage
from hedgerow.rows import NAMES

NODES = 2049
_WIDTH = 128
_LOG_SPOT = NAMES.index("log_spot") * _WIDTH
_TARGET = NAMES.index("target") * _WIDTH
_GAMMA = NAMES.index("gamma") * _WIDTH
_SPOT = NAMES.index("spot") * _WIDTH


def _read_target(numbers: Any, block: Any) -> None:
    """Read the target; ``numbers``: first node, nodes per unit, last place, then value and slope of each node."""
    for i in range(_WIDTH):
        place = (block[_LOG_SPOT + i] - numbers[0]) * numbers[1]
        place = min(max(place, 0.0), numbers[2])
        node = int(place)
        part = place - node
        at = 3 + 2 * node
        value, slope, later, later_slope = numbers[at], numbers[at + 1], numbers[at + 2], numbers[at + 3]
        rise = later - value
        bend = slope + later_slope - 2.0 * rise
        block[_TARGET + i] = value + part * (slope + part * (rise - slope - bend + part * bend))


def _read_target_gamma(numbers: Any, block: Any) -> None:
    """Read the target, and gamma as minus its derivative."""
    for i in range(_WIDTH):
        place = (block[_LOG_SPOT + i] - numbers[0]) * numbers[1]
        place = min(max(place, 0.0), numbers[2])
        node = int(place)
        part = place - node
        at = 3 + 2 * node
        value, slope, later, later_slope = numbers[at], numbers[at + 1], numbers[at + 2], numbers[at + 3]
        rise = later - value
        bend = slope + later_slope - 2.0 * rise
        second = rise - slope - bend
        block[_TARGET + i] = value + part * (slope + part * (second + part * bend))
        by_node = slope + part * (2.0 * second + 3.0 * part * bend)
        block[_GAMMA + i] = -by_node * numbers[1] / block[_SPOT + i]


def _plain_read(numbers: FloatArray, log_spot: FloatArray) -> tuple[FloatArray, FloatArray]:
    place = np.clip((log_spot - numbers[0]) * numbers[1], 0.0, numbers[2])
    node = place.astype(np.int64)
    part, at = place - node, 3 + 2 * node
    value, slope, later, later_slope = (numbers[at + k] for k in range(4))
    rise = later - value
    bend = slope + later_slope - 2.0 * rise
    second = rise - slope - bend
    target = value + part * (slope + part * (second + part * bend))
    return target, slope + part * (2.0 * second + 3.0 * part * bend)


def _plain_target(numbers: FloatArray, log_spot: FloatArray) -> FloatArray:
    return _plain_read(numbers, log_spot)[0]


def _plain_target_gamma(numbers: FloatArray, log_spot: FloatArray, spot: FloatArray) -> tuple[FloatArray, FloatArray]:
    target, by_node = _plain_read(numbers, log_spot)
    return target, -by_node * numbers[1] / spot


read_target = BlockRule(_read_target, _plain_target, ("log_spot",), ("target",))
read_target_gamma = BlockRule(_read_target_gamma, _plain_target_gamma, ("log_spot", "spot"), ("target", "gamma"))


def tabulated(sums: FloatArray, low: float, high: float, *, with_gamma: bool, threads: int | None = None) -> Stage:
    """Return the stage that reads a book's target from a table.

    Parameters
    ----------
    sums : ndarray (n_steps, width)
        Numbers of :data:`~hedgerow.engine.compiled.book_sums.sum_target_gamma`.
    low, high : float
        Ends of the table in log spot; beyond them the end's value stands.
    with_gamma : bool
        Whether gamma is wanted beside the target.
    threads : int, optional

    Returns
    -------
    Stage
    """
    n_steps = len(sums)
    nodes = np.linspace(low, high, NODES)
    gap = (high - low) / (NODES - 1)
    table = np.empty((n_steps, 3 + 2 * NODES))
    table[:, 0], table[:, 1], table[:, 2] = low, 1.0 / gap, (NODES - 1) * (1.0 - 1e-13)
    program = Program([Stage(sum_target_gamma, table=sums)], NAMES, n_steps, {})
    pieces = np.array_split(np.arange(n_steps), min(16, n_steps))

    def fill(number: int) -> None:
        resident = program.resident(0, NODES)
        resident.put("log_spot", nodes)
        resident.put("spot", np.exp(nodes))
        for step in pieces[number]:
            resident.run(int(step), 0, 1)
            table[step, 3::2] = resident.row("target")
            table[step, 4::2] = -resident.row("gamma") * np.exp(nodes) * gap

    share_out(fill, len(pieces), threads)
    return Stage(read_target_gamma if with_gamma else read_target, table=table)
