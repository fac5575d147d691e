"""Studies: what a YAML file or a command line asks for, from words to objects to results.

Names are loaded when first used: a study of one option needs none of what a study of hedge ratios needs.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hedgerow.study.accounting.run import (
        AccountingOutcome as AccountingOutcome,
        run_accounting_study as run_accounting_study,
    )
    from hedgerow.study.accounting.words import AccountingStudy as AccountingStudy
    from hedgerow.study.candidates.run import (
        CandidateOutcome as CandidateOutcome,
        run_candidate_study as run_candidate_study,
    )
    from hedgerow.study.compare.run import CompareOutcome as CompareOutcome, run_compare_study as run_compare_study
    from hedgerow.study.compare.words import CompareStudy as CompareStudy
    from hedgerow.study.explain.run import ExplainOutcome as ExplainOutcome, run_explain_study as run_explain_study
    from hedgerow.study.explain.words import ExplainStudy as ExplainStudy
    from hedgerow.study.frontier.run import FrontierOutcome as FrontierOutcome, run_frontier_study as run_frontier_study
    from hedgerow.study.frontier.words import FrontierStudy as FrontierStudy
    from hedgerow.study.hedging.outcome import HedgeOutcome as HedgeOutcome
    from hedgerow.study.kinds import AnyStudy as AnyStudy, Outcome as Outcome
    from hedgerow.study.load import (
        load_study as load_study,
        method_words as method_words,
        run_study as run_study,
        study_schema as study_schema,
    )
    from hedgerow.study.models import (
        CandidateStudy as CandidateStudy,
        DataSource as DataSource,
        Exposure as Exposure,
        Hedge as Hedge,
        Method as Method,
        RatioStudy as RatioStudy,
    )
    from hedgerow.study.overlays.run import (
        OverlayStudyOutcome as OverlayStudyOutcome,
        run_overlay_study as run_overlay_study,
    )
    from hedgerow.study.overlays.words import OverlayStudy as OverlayStudy
    from hedgerow.study.price.option_price import OptionOutcome as OptionOutcome
    from hedgerow.study.price.run import run_price_study as run_price_study
    from hedgerow.study.price.words import PriceStudy as PriceStudy
    from hedgerow.study.rates.run import RateOutcome as RateOutcome, run_rate_study as run_rate_study
    from hedgerow.study.rates.words import RateStudy as RateStudy
    from hedgerow.study.ratio.run import (
        MethodResult as MethodResult,
        RatioOutcome as RatioOutcome,
        run_ratio_study as run_ratio_study,
    )
    from hedgerow.study.replay.run import run_replay_study as run_replay_study
    from hedgerow.study.replay.words import ReplayStudy as ReplayStudy
    from hedgerow.study.simulate.run import run_simulate_study as run_simulate_study
    from hedgerow.study.simulate.words import SimulateStudy as SimulateStudy
    from hedgerow.study.stress.run import StressOutcome as StressOutcome, run_stress_study as run_stress_study
    from hedgerow.study.stress.words import StressStudy as StressStudy
    from hedgerow.study.surface.run import SurfaceOutcome as SurfaceOutcome, run_surface_study as run_surface_study
    from hedgerow.study.surface.words import SurfaceStudy as SurfaceStudy
    from hedgerow.study.tail.run import TailOutcome as TailOutcome, run_tail_study as run_tail_study
    from hedgerow.study.tail.words import TailStudy as TailStudy
    from hedgerow.study.volatility.run import (
        VolatilityOutcome as VolatilityOutcome,
        run_volatility_study as run_volatility_study,
    )
    from hedgerow.study.volatility.words import VolatilityStudy as VolatilityStudy

_SOURCES = {
    "AccountingOutcome": "accounting.run",
    "AccountingStudy": "accounting.words",
    "AnyStudy": "kinds",
    "CandidateOutcome": "candidates.run",
    "CandidateStudy": "models",
    "CompareOutcome": "compare.run",
    "CompareStudy": "compare.words",
    "DataSource": "models",
    "ExplainOutcome": "explain.run",
    "ExplainStudy": "explain.words",
    "Exposure": "models",
    "FrontierOutcome": "frontier.run",
    "FrontierStudy": "frontier.words",
    "Hedge": "models",
    "HedgeOutcome": "hedging.outcome",
    "Method": "models",
    "MethodResult": "ratio.run",
    "OptionOutcome": "price.option_price",
    "Outcome": "kinds",
    "OverlayStudy": "overlays.words",
    "OverlayStudyOutcome": "overlays.run",
    "PriceStudy": "price.words",
    "RateOutcome": "rates.run",
    "RateStudy": "rates.words",
    "RatioOutcome": "ratio.run",
    "RatioStudy": "models",
    "ReplayStudy": "replay.words",
    "SimulateStudy": "simulate.words",
    "StressOutcome": "stress.run",
    "StressStudy": "stress.words",
    "SurfaceOutcome": "surface.run",
    "SurfaceStudy": "surface.words",
    "TailOutcome": "tail.run",
    "TailStudy": "tail.words",
    "VolatilityOutcome": "volatility.run",
    "VolatilityStudy": "volatility.words",
    "load_study": "load",
    "method_words": "load",
    "run_accounting_study": "accounting.run",
    "run_candidate_study": "candidates.run",
    "run_compare_study": "compare.run",
    "run_explain_study": "explain.run",
    "run_frontier_study": "frontier.run",
    "run_overlay_study": "overlays.run",
    "run_price_study": "price.run",
    "run_rate_study": "rates.run",
    "run_ratio_study": "ratio.run",
    "run_replay_study": "replay.run",
    "run_simulate_study": "simulate.run",
    "run_stress_study": "stress.run",
    "run_study": "load",
    "run_surface_study": "surface.run",
    "run_tail_study": "tail.run",
    "run_volatility_study": "volatility.run",
    "study_schema": "load",
}


def __getattr__(name: str) -> Any:
    if name not in _SOURCES:
        raise AttributeError(f"module 'hedgerow.study' has no attribute {name!r}")
    value = getattr(import_module(f"hedgerow.study.{_SOURCES[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *_SOURCES})
