"""The kinds of study: which words each takes, what runs it, and what every outcome offers."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Protocol

from pydantic import Field

from hedgerow.study.accounting.words import AccountingStudy
from hedgerow.study.compare.words import CompareStudy
from hedgerow.study.explain.words import ExplainStudy
from hedgerow.study.frontier.words import FrontierStudy
from hedgerow.study.models import CandidateStudy, RatioStudy, Strict
from hedgerow.study.overlays.words import OverlayStudy
from hedgerow.study.price.words import PriceStudy
from hedgerow.study.rates.words import RateStudy
from hedgerow.study.replay.words import ReplayStudy
from hedgerow.study.simulate.words import SimulateStudy
from hedgerow.study.stress.words import StressStudy
from hedgerow.study.surface.words import SurfaceStudy
from hedgerow.study.tail.words import TailStudy
from hedgerow.study.volatility.words import VolatilityStudy

if TYPE_CHECKING:
    import pandas as pd

Progress = Callable[[str, float], None]
"""Called with the name of a piece of work and the share of it that is done, 0 to 1."""

AnyStudy = (
    RatioStudy
    | CompareStudy
    | CandidateStudy
    | StressStudy
    | AccountingStudy
    | RateStudy
    | PriceStudy
    | VolatilityStudy
    | SurfaceStudy
    | SimulateStudy
    | ReplayStudy
    | FrontierStudy
    | ExplainStudy
    | OverlayStudy
    | TailStudy
)
"""A checked study of any kind."""

Study = Annotated[AnyStudy, Field(discriminator="kind")]
STUDY_KINDS: dict[str, type[Strict]] = {
    "ratio": RatioStudy,
    "compare": CompareStudy,
    "candidates": CandidateStudy,
    "price": PriceStudy,
    "volatility": VolatilityStudy,
    "surface": SurfaceStudy,
    "rates": RateStudy,
    "accounting": AccountingStudy,
    "stress": StressStudy,
    "simulate": SimulateStudy,
    "replay": ReplayStudy,
    "frontier": FrontierStudy,
    "explain": ExplainStudy,
    "overlay": OverlayStudy,
    "tail": TailStudy,
}
"""Kind, as a study file says it, to its words."""


class Outcome(Protocol):
    """What the result of a study of any kind offers."""

    @property
    def verdict(self) -> str:
        """One plain sentence."""
        ...

    @property
    def warnings(self) -> tuple[str, ...]:
        """What to beware of, one sentence each."""
        ...

    def tables(self) -> dict[str, pd.DataFrame]:
        """Return the tables to write beside the report, by name."""
        ...

    def to_dict(self) -> dict[str, Any]:
        """Return the result as plain values for JSON."""
        ...

    def write_html(self, path: str | Path) -> Path:
        """Write the self-contained report and return its path."""
        ...


def _run_ratio(study: Any, folder: Path, progress: Progress | None) -> Outcome:
    from hedgerow.study.ratio.run import run_ratio_study

    return run_ratio_study(study, folder, progress=progress)


def _run_compare(study: Any, folder: Path, progress: Progress | None) -> Outcome:
    from hedgerow.study.compare.run import run_compare_study

    return run_compare_study(study, folder, progress=progress)


def _run_candidates(study: Any, folder: Path, _progress: Progress | None) -> Outcome:
    from hedgerow.study.candidates.run import run_candidate_study

    return run_candidate_study(study, folder)


def _run_price(study: Any, folder: Path, _progress: Progress | None) -> Outcome:
    from hedgerow.study.price.run import run_price_study

    return run_price_study(study, folder)


def _run_volatility(study: Any, folder: Path, _progress: Progress | None) -> Outcome:
    from hedgerow.study.volatility.run import run_volatility_study

    return run_volatility_study(study, folder)


def _run_surface(study: Any, folder: Path, _progress: Progress | None) -> Outcome:
    from hedgerow.study.surface.run import run_surface_study

    return run_surface_study(study, folder)


def _run_rates(study: Any, folder: Path, _progress: Progress | None) -> Outcome:
    from hedgerow.study.rates.run import run_rate_study

    return run_rate_study(study, folder)


def _run_accounting(study: Any, folder: Path, _progress: Progress | None) -> Outcome:
    from hedgerow.study.accounting.run import run_accounting_study

    return run_accounting_study(study, folder)


def _run_stress(study: Any, folder: Path, _progress: Progress | None) -> Outcome:
    from hedgerow.study.stress.run import run_stress_study

    return run_stress_study(study, folder)


def _run_simulate(study: Any, folder: Path, progress: Progress | None) -> Outcome:
    from hedgerow.study.simulate.run import run_simulate_study

    return run_simulate_study(study, folder, progress=progress)


def _run_replay(study: Any, folder: Path, progress: Progress | None) -> Outcome:
    from hedgerow.study.replay.run import run_replay_study

    return run_replay_study(study, folder, progress=progress)


def _run_frontier(study: Any, folder: Path, progress: Progress | None) -> Outcome:
    from hedgerow.study.frontier.run import run_frontier_study

    return run_frontier_study(study, folder, progress=progress)


def _run_explain(study: Any, folder: Path, progress: Progress | None) -> Outcome:
    from hedgerow.study.explain.run import run_explain_study

    return run_explain_study(study, folder, progress=progress)


def _run_overlay(study: Any, folder: Path, progress: Progress | None) -> Outcome:
    from hedgerow.study.overlays.run import run_overlay_study

    return run_overlay_study(study, folder, progress=progress)


def _run_tail(study: Any, folder: Path, progress: Progress | None) -> Outcome:
    from hedgerow.study.tail.run import run_tail_study

    return run_tail_study(study, folder, progress=progress)


RUNNERS: dict[str, Callable[[Any, Path, Progress | None], Outcome]] = {
    "ratio": _run_ratio,
    "compare": _run_compare,
    "candidates": _run_candidates,
    "price": _run_price,
    "volatility": _run_volatility,
    "surface": _run_surface,
    "rates": _run_rates,
    "accounting": _run_accounting,
    "stress": _run_stress,
    "simulate": _run_simulate,
    "replay": _run_replay,
    "frontier": _run_frontier,
    "explain": _run_explain,
    "overlay": _run_overlay,
    "tail": _run_tail,
}
"""Kind to what runs it; each imports what it needs when it runs."""
