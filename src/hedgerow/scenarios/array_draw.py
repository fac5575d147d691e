"""Paths by arrays: the stages of every underlying, run step by step on one row per path: what a scenario means."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from hedgerow._types import FloatArray
from hedgerow.kernels.rules import Stage, run_stages
from hedgerow.market.time_grid import TimeGrid
from hedgerow.scenarios.arguments import check_draw
from hedgerow.scenarios.correlation import correlation_factor
from hedgerow.scenarios.course import Course, Draw
from hedgerow.scenarios.paths import MarketPaths
from hedgerow.scenarios.quasi_random import bridged_normals, sobol_points

if TYPE_CHECKING:
    from hedgerow.scenarios.dynamics import Dynamics


def draw_paths(scenario: Dynamics, grid: TimeGrid, n_paths: int, seed: int, first_path: int) -> MarketPaths:
    """Return paths of a scenario.

    Parameters
    ----------
    scenario : Dynamics
    grid : TimeGrid
    n_paths, seed, first_path : int
        As :meth:`Dynamics.draw` takes them.

    Returns
    -------
    MarketPaths

    Raises
    ------
    InputError
        For fewer than one path, a seed or number of a path out of range.
    """
    check_draw(n_paths, first_path)
    names = tuple(scenario.market.underlyings)
    courses = [Course(grid, seed, name, place, scenario.antithetic) for place, name in enumerate(names)]
    number = np.arange(first_path, first_path + n_paths, dtype=float)
    rows = [_start(scenario, course, number) for course in courses]
    draws = [_stages_of_draws(scenario, course) for course in courses]
    moves = [scenario.moves_and_marks(course) for course in courses]
    quasi = _quasi_rows(scenario, courses, n_paths, first_path) if scenario.quasi else None
    factor = correlation_factor(scenario.correlation, len(names))
    spots, vols = (np.empty((n_paths, grid.n_steps + 1, len(names))) for _ in range(2))
    _keep(spots, vols, rows, 0)
    for step in range(grid.n_steps):
        for place, (each, drawn) in enumerate(zip(rows, draws, strict=True)):
            run_stages(drawn, each, step)
            if quasi is not None:
                each |= {row: values[:, step] for row, values in quasi[place].items()}
        _correlate(rows, factor)
        for course, each, stages in zip(courses, rows, moves, strict=True):
            scenario.gather(each, course)
            run_stages(stages, each, step)
        _keep(spots, vols, rows, step + 1)
    return scenario.implied.paths(scenario, grid, spots, vols, first_path)


def _start(scenario: Dynamics, course: Course, number: FloatArray) -> dict[str, Any]:
    spot = scenario.market.underlying(course.name).spot
    first = {"spot": spot, "log_spot": np.log(spot), **scenario.rows_of(course.name, course.grid)}
    filled = {row: np.full(len(number), float(value)) for row, value in first.items()}
    return {"path": number, **filled}


def _stages_of_draws(scenario: Dynamics, course: Course) -> list[Stage]:
    if scenario.quasi:
        course.stages_of(Draw("normal", 0))  # refuses a seed out of range
        return []
    return [stage for draw in scenario.all_draws() for stage in course.stages_of(draw)]


def _quasi_rows(
    scenario: Dynamics, courses: list[Course], n_paths: int, first_path: int
) -> list[dict[str, FloatArray]]:
    """Return for each underlying its random rows at all steps, shape (n_paths, n_steps) each."""
    grid, seed = courses[0].grid, courses[0].seed
    slots = [(course.place, draw) for draw in scenario.all_draws() for course in courses]
    points = sobol_points(n_paths, grid.n_steps * len(slots), seed, first_path)
    found: list[dict[str, FloatArray]] = [{} for _ in courses]
    for slot, (place, draw) in enumerate(slots):
        own = points[:, slot :: len(slots)]  # the even coordinates first for every row
        found[place][draw.row] = own if draw.uniform else bridged_normals(own, grid.steps)
        if draw.shared:
            found[place][draw.row] = found[0][draw.row]
    return found


def _correlate(rows: list[dict[str, Any]], factor: FloatArray) -> None:
    """Mix the normals of all underlyings, in place; one underlying keeps its own to the bit."""
    if len(rows) == 1 or "normal" not in rows[0]:
        return
    drawn = [each["normal"] for each in rows]
    for place, each in enumerate(rows):
        mixed = factor[place, 0] * drawn[0]
        for other in range(1, place + 1):  # term by term: a product of matrices rounds by the number of paths
            mixed = mixed + factor[place, other] * drawn[other]
        each["normal"] = mixed


def _keep(spots: FloatArray, vols: FloatArray, rows: list[dict[str, Any]], time: int) -> None:
    for place, each in enumerate(rows):
        spots[:, time, place] = each["spot"]
        vols[:, time, place] = each["implied"]
