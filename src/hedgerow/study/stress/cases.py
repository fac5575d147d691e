"""From the words of a stress study to scenarios, margin terms and an option: nothing is decided here."""

from __future__ import annotations

from hedgerow.compare import (
    BasisShock,
    KnockIn,
    Move,
    RollGap,
    SigmaMove,
    StatedMove,
    StressScenario,
    WorstWindow,
    preset_scenarios,
)
from hedgerow.limits import EstimatedMargin, LiquidityOptions, MarginTerms
from hedgerow.study.execution import bootstrap_of
from hedgerow.study.stress.words import KnockInWords, MarginWords, StressScenarioWords, StressStudy


def scenarios_of(study: StressStudy, rows: int) -> tuple[StressScenario, ...]:
    """Return the presets, where wanted, and the study's own scenarios; worst windows only where ``rows`` hold them."""
    own = tuple(map(_scenario, study.scenarios))
    words = study.stress
    if not words.presets:
        return own
    windows = [one for one in words.worst_rows if one <= rows]
    presets = preset_scenarios(words.correlations, words.moves, windows, words.index)
    named = {scenario.name for scenario in own}
    return tuple(scenario for scenario in presets if scenario.name not in named) + own


def _scenario(words: StressScenarioWords) -> StressScenario:
    rise = 1.0 if words.index is None else words.index[1] / words.index[0]
    return StressScenario(
        words.name,
        words.correlation,
        words.among_hedges,
        words.exposure_volatility * rise,
        words.hedge_volatility * rise,
        words.volatility,
        _move(words),
    )


def _move(words: StressScenarioWords) -> Move | None:
    if words.sigma is not None:
        return SigmaMove(words.sigma, words.follow)
    if words.moves is not None:
        return StatedMove(words.moves, words.moves_in)
    if words.worst_rows is not None:
        return WorstWindow(words.worst_rows)
    if words.roll_gap is not None:
        return RollGap(gap=words.roll_gap)
    return None if words.basis_shock is None else BasisShock(shock=words.basis_shock)


def margin_terms_of(words: MarginWords) -> MarginTerms:
    """Return the terms of the margin account."""
    estimated = EstimatedMargin(words.level, words.rows, max(words.window, words.rows + 19), words.sigmas)
    stated = words.initial is not None or words.share is not None
    return MarginTerms(
        words.initial,
        words.share,
        None if stated else estimated,
        words.maintenance,
        words.sweep,
        words.rate,
        words.earned,
    )


def liquidity_of(study: StressStudy, words: MarginWords, rows: int) -> LiquidityOptions:
    """Return how the buffer of ``rows`` rows is measured; the study's intervals say how its own is drawn."""
    drawn = bootstrap_of(study, rows)
    return LiquidityOptions(words.confidence, words.horizon, drawn.confidence, drawn.draws, drawn.seed)


def knock_in_of(words: KnockInWords) -> KnockIn:
    """Return the terms of the contingent option."""
    return KnockIn(
        words.instrument, words.barrier, words.vol, words.years, words.strike, words.rate, words.dividend_yield
    )
