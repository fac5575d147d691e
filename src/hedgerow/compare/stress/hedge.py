"""Stress of a linear hedge: what it loses, what it still removes, and where it stops helping, under stated scenarios.

Every estimate comes from rows up to the day of the test. Money is for the whole quantity and losses are positive.

>>> import numpy as np, pandas as pd
>>> from hedgerow.compare import breakdown
>>> from hedgerow.engine import LinearMarket
>>> x = np.array([1.0, -1.0, 0.5, -0.5, 0.25])
>>> days, prices = pd.bdate_range("2024-01-01", periods=6), np.ones((6, 1))
>>> market = LinearMarket(days, 0.8 * x, x[:, None], prices, "jet", ("oil",))
>>> test = stress_hedge(HedgedPosition(market, (0.8,)), [breakdown(1.0), breakdown(0.0)])
>>> test.table["variance_reduction"].round(6).tolist()
[1.0, -1.0]
>>> round(test.reverse.correlation_limit, 6)
0.5
"""

from __future__ import annotations

from collections.abc import Sequence
from statistics import NormalDist

import numpy as np

from hedgerow._types import FloatArray
from hedgerow.compare.stress.moments import Moments, rescaled_sample
from hedgerow.compare.stress.moves import StressedMarket
from hedgerow.compare.stress.position import HedgedPosition
from hedgerow.compare.stress.results import LossFigures, StressOptions, StressResult, StressTest
from hedgerow.compare.stress.scenarios import StressScenario, preset_scenarios
from hedgerow.compare.stress.verdict import reverse_stress
from hedgerow.effectiveness import cvar, value_at_risk
from hedgerow.errors import InputError


def stress_hedge(
    position: HedgedPosition,
    scenarios: Sequence[StressScenario] | None = None,
    options: StressOptions | None = None,
) -> StressTest:
    """Run a hedged exposure through scenarios.

    Parameters
    ----------
    position : HedgedPosition
        The exposure, its hedges and the ratio held.
    scenarios : sequence of StressScenario, optional
        Each under a name of its own; :func:`~hedgerow.compare.stress.scenarios.preset_scenarios` unless given.
    options : StressOptions, optional
        Standard deviations of a loss, level of VaR, window, day of the test.

    Returns
    -------
    StressTest

    Raises
    ------
    InputError
        No scenario, a name used twice, an instrument that is not held, or correlations that contradict one another.
    DataError
        Too few rows, or an instrument that does not move.
    """
    chosen = tuple(preset_scenarios() if scenarios is None else scenarios)
    options = options or StressOptions()
    _check_names(chosen)
    changes, times = position.known_changes(options.as_of, options.window)
    moments = Moments.of(changes)
    market = StressedMarket(position, changes, times, moments)
    results = tuple(_run(market, scenario, options) for scenario in chosen)
    reverse = reverse_stress(moments, np.array(position.ratio))
    return StressTest(position, options, moments, times[-1], len(changes), results, reverse)


def _check_names(scenarios: tuple[StressScenario, ...]) -> None:
    names = [scenario.name for scenario in scenarios]
    if not names:
        raise InputError("a stress test needs at least one scenario")
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise InputError(f"two scenarios are called {twice!r}; give each a name of its own")


def _run(market: StressedMarket, scenario: StressScenario, options: StressOptions) -> StressResult:
    position = market.position
    stressed = market.moments.moved(
        correlation=scenario.correlation,
        factors=scenario.factors(position.names),
        among_hedges=scenario.among_hedges,
    )
    known = StressedMarket(position, market.changes, market.times, stressed)
    moves = None if scenario.move is None else scenario.move.changes(known)
    words = f"{options.sigmas:g} standard deviations" if scenario.move is None else scenario.move.words(known)
    sample = rescaled_sample(market.changes, market.moments, stressed)
    best = stressed.best_ratio()
    alone = np.eye(len(position.names))[0]
    rescued = np.concatenate([[1.0], -best])
    unhedged = _figures(known, alone, moves, sample, options)
    hedged = _figures(known, position.weights, moves, sample, options)
    emergency = _figures(known, rescued, moves, sample, options)
    return StressResult(
        scenario,
        words,
        moves,
        unhedged,
        hedged,
        _reduction(unhedged.deviation, hedged.deviation),
        best,
        _reduction(unhedged.deviation, emergency.deviation),
        emergency.loss,
        position.contracts_at(best),
        stressed.distance,
    )


def _reduction(unhedged: float, hedged: float) -> float:
    """Return ``1 - variance / variance``; NaN where the exposure has none left (its volatility was set to 0)."""
    if unhedged == 0.0:
        return float("nan")
    removed = 1.0 - (hedged / unhedged) ** 2
    return 0.0 if abs(removed) < 1e-12 else removed


def _figures(
    market: StressedMarket,
    weights: FloatArray,
    moves: FloatArray | None,
    sample: FloatArray | None,
    options: StressOptions,
) -> LossFigures:
    """Return the losses of ``weights`` (1 + n_hedges,) per unit of exposure, times the quantity."""
    quantity, normal = market.position.market.quantity, NormalDist()
    deviation = abs(quantity) * market.moments.deviation(weights)
    loss = options.sigmas * deviation if moves is None else _clean(-quantity * weights * moves)
    quantile = normal.inv_cdf(options.level)
    tail = normal.pdf(quantile) / (1.0 - options.level)
    gains = None if sample is None else quantity * np.einsum("ni,i->n", sample, weights)
    return LossFigures(
        loss,
        deviation,
        quantile * deviation,
        tail * deviation,
        None if gains is None else value_at_risk(gains, options.level),
        None if gains is None else cvar(gains, options.level),
    )


def _clean(parts: FloatArray) -> float:
    """Return the sum of losses; exactly 0 where it is only what rounding leaves of parts that cancel."""
    total = float(parts.sum())
    return 0.0 if abs(total) <= 1e-14 * float(np.abs(parts).sum()) * len(parts) else total
