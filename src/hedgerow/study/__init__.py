"""Studies: what a YAML file or a command line asks for, from words to objects to results.

Names are loaded when first used: a study of one option needs none of what a study of hedge ratios needs.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hedgerow.study.candidates import (
        CandidateOutcome as CandidateOutcome,
        run_candidate_study as run_candidate_study,
    )
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
    from hedgerow.study.option_price import OptionOutcome as OptionOutcome
    from hedgerow.study.price import run_price_study as run_price_study
    from hedgerow.study.price_words import PriceStudy as PriceStudy
    from hedgerow.study.ratio import (
        MethodResult as MethodResult,
        RatioOutcome as RatioOutcome,
        run_ratio_study as run_ratio_study,
    )
    from hedgerow.study.surface import SurfaceOutcome as SurfaceOutcome, run_surface_study as run_surface_study
    from hedgerow.study.surface_words import SurfaceStudy as SurfaceStudy
    from hedgerow.study.volatility import (
        VolatilityOutcome as VolatilityOutcome,
        run_volatility_study as run_volatility_study,
    )
    from hedgerow.study.volatility_words import VolatilityStudy as VolatilityStudy

_SOURCES = {
    "AnyStudy": "kinds",
    "CandidateOutcome": "candidates",
    "CandidateStudy": "models",
    "DataSource": "models",
    "Exposure": "models",
    "Hedge": "models",
    "Method": "models",
    "MethodResult": "ratio",
    "OptionOutcome": "option_price",
    "Outcome": "kinds",
    "PriceStudy": "price_words",
    "RatioOutcome": "ratio",
    "RatioStudy": "models",
    "SurfaceOutcome": "surface",
    "SurfaceStudy": "surface_words",
    "VolatilityOutcome": "volatility",
    "VolatilityStudy": "volatility_words",
    "load_study": "load",
    "method_words": "load",
    "run_candidate_study": "candidates",
    "run_price_study": "price",
    "run_ratio_study": "ratio",
    "run_study": "load",
    "run_surface_study": "surface",
    "run_volatility_study": "volatility",
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
