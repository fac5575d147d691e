"""The stress study: one hedge at one ratio, run through scenarios, with its contingency and its margin."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from hedgerow._types import FloatArray
from hedgerow.compare import (
    HedgedPosition,
    KnockInPlan,
    StopLevels,
    StressOptions,
    StressTest,
    knock_in_plan,
    stop_levels,
    stress_hedge,
)
from hedgerow.costs import TradeSlip
from hedgerow.engine import LinearMarket
from hedgerow.errors import DataError, InputError
from hedgerow.hedgers import Sizing
from hedgerow.study.execution import costs_of
from hedgerow.study.methods import build_method
from hedgerow.study.prepare import Prepared, prepare
from hedgerow.study.ratio.sizing import size_hedges
from hedgerow.study.stress.cases import knock_in_of, scenarios_of
from hedgerow.study.stress.margin import MarginReview, review_margin
from hedgerow.study.stress.words import StressStudy

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

GIVEN = "given"
FAR_APART = 3.0
"""Factor between two prices from which one unit for one unit is no hedge that anybody would hold."""
Progress = Callable[[str, float], None]


@dataclass(frozen=True, eq=False)
class StressOutcome:
    """What a stress study found.

    Attributes
    ----------
    study : StressStudy
    data : Prepared
    method : str
        Name of the method the ratio came from, or "given".
    sizings : tuple of Sizing, or None
        Contracts held; None where quantity or a contract size is not given.
    test : StressTest
        Every scenario.
    stops : StopLevels or None
        Where the study names a loss to stop at.
    knock_in : KnockInPlan or None
        Where the study names an option.
    margin : MarginReview or None
        Where the study wants it and the data allow it.
    emergency_costs : mapping of str to float
        Scenario to what trading from the ratio held to its emergency ratio costs at today's prices, money.
    warnings : tuple of str
    """

    study: StressStudy
    data: Prepared
    method: str
    sizings: tuple[Sizing, ...] | None
    test: StressTest
    stops: StopLevels | None
    knock_in: KnockInPlan | None
    margin: MarginReview | None
    emergency_costs: Mapping[str, float]
    warnings: tuple[str, ...]

    @property
    def verdict(self) -> str:
        """One plain sentence: the worst scenario, and where the hedge stops helping."""
        return self.test.verdict

    @property
    def unit(self) -> str:
        """What losses are counted in: the exposure's money, or its unit where no quantity is given."""
        if self.study.exposure.quantity is None:
            return "per unit of exposure"
        return self.data.history.units.get(self.data.exposure, "").split("/")[0]

    def tables(self) -> dict[str, pd.DataFrame]:
        """Return the tables to write beside the report, by name."""
        found = {"stress": self.test.table}
        if self.knock_in is not None:
            found["knock-in"] = self.knock_in.table
        if self.margin is not None:
            found["margin"] = self.margin.table
            found |= {f"margin-{name}".replace(" ", "-"): side.path.table for name, side in self.margin.sides.items()}
        return found

    def to_dict(self) -> dict[str, Any]:
        """Return the result as plain values for JSON; what is undefined is None."""
        from hedgerow.study.stress.json import stress_to_dict

        return stress_to_dict(self)

    def figure(self, name: str) -> Figure:
        """Return one of the study's figures by name: ``losses`` or ``margin``; an unknown name is refused."""
        from hedgerow.study.stress.report import figure_of

        return figure_of(self, name)

    def write_html(self, path: str | Path) -> Path:
        """Write the self-contained report and return its path; nothing is left half-written."""
        from hedgerow.study.stress.report import write_stress_report

        return write_stress_report(self, Path(path))


def run_stress_study(study: StressStudy, folder: str | Path = ".") -> StressOutcome:
    """Run a stress study.

    Parameters
    ----------
    study : StressStudy
    folder : path
        Relative file names start here.

    Returns
    -------
    StressOutcome

    Raises
    ------
    HedgerowError
        One sentence where the study cannot be run.
    """
    data = prepare(study, Path(folder))
    market = data.market(study)
    ratio, method, notes = _ratio(study, market)
    rows = market.n_steps if study.stress.window is None else min(market.n_steps, study.stress.window)
    position = _position(data, market, ratio)
    options = StressOptions(study.stress.sigmas, study.judging.level, study.stress.window)
    test = stress_hedge(position, scenarios_of(study, rows), options)
    stops = None if study.stress.stop_loss is None else stop_levels(test, study.stress.stop_loss)
    words = study.stress.knock_in
    plan = None if words is None else knock_in_plan(test, knock_in_of(words))
    margin, why_not = _margin(study, data, position)
    unequal = () if margin is None or study.changes != "diff" or study.level is not None else _unequal_units(data)
    warnings = (*data.warnings, *notes, *why_not, *_said_of(test, rows), *unequal)
    sizings = size_hedges(ratio, data, study)
    costs = _emergency_costs(study, test)
    return StressOutcome(study, data, method, sizings, test, stops, plan, margin, costs, warnings)


def _ratio(study: StressStudy, market: LinearMarket) -> tuple[FloatArray, str, tuple[str, ...]]:
    """Return the ratio held, where it comes from, and what is to be said of it."""
    if study.ratio is not None:
        return np.array(study.ratio, dtype=float), GIVEN, ()
    name = study.method.name
    if study.method.cost_aware is not None:
        raise InputError(f"a stress study holds the ratio of {name} itself; leave cost_aware to ratio and compare")
    try:
        fitted = build_method(study.method, study).fit(market.hedge_changes, market.exposure_changes)
    except DataError as error:
        raise DataError(f"{name}: {error}") from error
    notes = () if fitted.convergence_.converged else (f"{name} did not converge: {fitted.convergence_.reason}",)
    return np.asarray(fitted.hedge_ratio_, dtype=float), name, notes


def _position(data: Prepared, market: LinearMarket, ratio: FloatArray) -> HedgedPosition:
    names = (market.exposure, *market.hedges)
    scales = tuple(float(data.last_scales[name]) for name in names)
    per_unit = None
    if market.contracts_per_unit is not None:
        # the market's last row was sized at the start of the last step; today's scale sizes today's hedge
        before = data.changes.scales[list(market.hedges)].iloc[-1].to_numpy(dtype=float)
        per_unit = tuple(map(float, market.contracts_per_unit[-1] * before / np.array(scales[1:])))
    prices = tuple(float(data.last_prices[name]) for name in names)
    return HedgedPosition(market, tuple(map(float, ratio)), prices, scales, per_unit)


def _emergency_costs(study: StressStudy, test: StressTest) -> dict[str, float]:
    position, count = test.position, len(test.position.ratio)
    per_unit = position.contracts_at(np.ones(count))
    sizes = np.full(count, np.nan) if per_unit is None else np.abs(per_unit / position.market.quantity)
    prices = np.array(position.prices)[1:] / np.array(position.scales)[1:]
    moves = [(np.array(position.ratio) - result.emergency_ratio) * position.market.quantity for result in test.results]
    money = costs_of(study).charge(TradeSlip(np.array(moves), prices, sizes))
    total = sum(money.values(), np.zeros(len(moves)))
    return {result.scenario.name: float(cost) for result, cost in zip(test.results, total, strict=True)}


def _margin(
    study: StressStudy, data: Prepared, position: HedgedPosition
) -> tuple[MarginReview | None, tuple[str, ...]]:
    if study.margin is None:
        return None, ()
    try:
        return review_margin(study, data, position), ()
    except DataError as error:
        return None, (f"no margin figures: {error}",)


def _unequal_units(data: Prepared) -> tuple[str, ...]:
    """Say where one unit of hedge for one of exposure is no sensible comparison, since their prices are far apart."""
    exposure = abs(float(data.last_prices[data.exposure]))
    far = [
        name
        for name in data.hedges
        if not exposure / FAR_APART <= abs(float(data.last_prices[name])) <= exposure * FAR_APART
    ]
    if not far:
        return ()
    return (
        f"one for one is one unit of {far[0]} for one of {data.exposure}, and their prices are far apart; a "
        "--price-unit-factor (price_unit_factor) that brings them to one unit makes that comparison mean something",
    )


def _said_of(test: StressTest, rows: int) -> tuple[str, ...]:
    """Return what the reader has to know: short data, moved correlations, history that cannot be rescaled."""
    said = []
    if rows < 100:
        said.append(f"volatilities and correlations rest on {rows} rows only; fewer than 100 leave them uncertain")
    moved = [one for one in test.results if one.distance > 0.0]
    said += [
        f"the correlations of {one.scenario.name!r} contradicted one another and were moved by {one.distance:.2%}"
        for one in moved
    ]
    bare = [one.scenario.name for one in test.results if one.hedged.historical_cvar is None]
    if bare:
        said.append(
            f"no historical VaR for {', '.join(map(repr, bare))}: the hedge never left its line, so the history holds "
            "nothing from which a lower correlation could be made"
        )
    return tuple(said)
