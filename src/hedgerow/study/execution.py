"""From the words of a study to how its hedges are traded, charged, cut from the past and judged."""

from __future__ import annotations

from hedgerow.compare import WalkForward
from hedgerow.costs import CostModel, Costs, HalfSpread, PerContract, PerTicket
from hedgerow.effectiveness import BootstrapOptions
from hedgerow.engine import Execution
from hedgerow.hedgers import Rounding
from hedgerow.policies import EveryPeriods, Policy, ToleranceBand
from hedgerow.study.prepare import LinearStudy

DRAWS, FEWEST_DRAWS, DRAWN_ROWS = 1000, 200, 200_000_000
"""Bootstrap draws, the fewest of them, and the rows drawn in all beyond which there are fewer."""


def walk_forward_of(study: LinearStudy) -> WalkForward:
    """Return how the study cuts the past from the future."""
    words = study.walk_forward
    return WalkForward(words.train, words.refit, words.between)


def execution_of(study: LinearStudy) -> Execution:
    """Return the study's policy, costs of all hedges together, rounding, lag and rate."""
    shared = shared_execution_of(study)
    parts: list[CostModel] = [shared.costs]
    if any(hedge.half_spread_bps for hedge in study.hedges):
        parts.append(HalfSpread(tuple(hedge.half_spread_bps for hedge in study.hedges)))
    if any(hedge.commission for hedge in study.hedges):
        parts.append(PerContract(tuple(hedge.commission for hedge in study.hedges)))
    return Execution(shared.policy, Costs(tuple(parts)), shared.rounding, shared.lag, shared.rate)


def shared_execution_of(study: LinearStudy) -> Execution:
    """Return policy, rounding, lag, rate and the costs that do not depend on the hedge."""
    trading = study.trading
    policy: Policy = EveryPeriods(trading.every) if trading.tolerance is None else ToleranceBand(trading.tolerance)
    rounding = Rounding(trading.rounding) if trading.whole_contracts else Rounding.NONE
    ticket = Costs((PerTicket(trading.ticket),) if trading.ticket else ())
    return Execution(policy, ticket, rounding, study.walk_forward.lag, trading.rate)


def bootstrap_of(study: LinearStudy, rows: int) -> BootstrapOptions:
    """Return how the study draws its intervals; unless the study says how often, very long data are drawn less often.

    Intervals narrow with the rows, so that on a million of them the last draws change digits nobody reads, and cost
    minutes.
    """
    words = study.judging
    draws = words.draws or int(min(DRAWS, max(FEWEST_DRAWS, DRAWN_ROWS // max(rows, 1))))
    return BootstrapOptions(words.confidence, draws, words.seed, level=words.level)
