"""From the words of a study to how its hedges are traded, charged, cut from the past and judged."""

from __future__ import annotations

from pathlib import Path

from hedgerow.compare import CrisisRefit, WalkForward
from hedgerow.costs import CostModel, Costs, HalfSpread, PerContract, PerTicket
from hedgerow.effectiveness import BootstrapOptions
from hedgerow.engine import Execution
from hedgerow.hedgers import Rounding
from hedgerow.market import EventCalendar
from hedgerow.policies import EveryPeriods, Policy, ToleranceBand
from hedgerow.study.prepare import LinearStudy, RacedStudy

DRAWS, FEWEST_DRAWS, DRAWN_ROWS = 1000, 200, 200_000_000
"""Bootstrap draws, the fewest of them, and the rows drawn in all beyond which there are fewer."""


def walk_forward_of(study: RacedStudy, folder: Path = Path()) -> WalkForward:
    """Return how the study cuts the past from the future; its file of events starts at ``folder``."""
    words = study.walk_forward
    crisis = None if words.crisis is None else CrisisRefit(**words.crisis.model_dump())
    events = None if words.events is None else EventCalendar.from_csv(folder / words.events)
    return WalkForward(words.train, words.refit, words.between, crisis, events)


def execution_of(study: RacedStudy) -> Execution:
    """Return the study's policy, costs of all hedges together, rounding, lag and rate."""
    shared = shared_execution_of(study)
    return Execution(shared.policy, costs_of(study), shared.rounding, shared.lag, shared.rate)


def costs_of(study: LinearStudy) -> Costs:
    """Return what trading the study's hedges costs: tickets, spreads and commissions of all of them together."""
    parts: list[CostModel] = [_tickets(study)]
    if any(hedge.half_spread_bps for hedge in study.hedges):
        parts.append(HalfSpread(tuple(hedge.half_spread_bps for hedge in study.hedges)))
    if any(hedge.commission for hedge in study.hedges):
        parts.append(PerContract(tuple(hedge.commission for hedge in study.hedges)))
    return Costs(tuple(parts))


def _tickets(study: LinearStudy) -> Costs:
    return Costs((PerTicket(study.trading.ticket),) if study.trading.ticket else ())


def shared_execution_of(study: RacedStudy) -> Execution:
    """Return policy, rounding, lag, rate and the costs that do not depend on the hedge."""
    trading = study.trading
    policy: Policy = EveryPeriods(trading.every) if trading.tolerance is None else ToleranceBand(trading.tolerance)
    rounding = Rounding(trading.rounding) if trading.whole_contracts else Rounding.NONE
    return Execution(policy, _tickets(study), rounding, study.walk_forward.lag, trading.rate)


def bootstrap_of(study: LinearStudy, rows: int) -> BootstrapOptions:
    """Return how the study draws its intervals; unless the study says how often, very long data are drawn less often.

    Intervals narrow with the rows, so that on a million of them the last draws change digits nobody reads, and cost
    minutes.
    """
    words = study.judging
    draws = words.draws or int(min(DRAWS, max(FEWEST_DRAWS, DRAWN_ROWS // max(rows, 1))))
    return BootstrapOptions(words.confidence, draws, words.seed, level=words.level)
