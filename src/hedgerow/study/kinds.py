"""The kinds of study: which words each takes, what runs it, and what every outcome offers."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Protocol

from pydantic import Field

from hedgerow.study.models import CandidateStudy, RatioStudy, Strict
from hedgerow.study.price_words import PriceStudy
from hedgerow.study.surface_words import SurfaceStudy
from hedgerow.study.volatility_words import VolatilityStudy

if TYPE_CHECKING:
    import pandas as pd

Progress = Callable[[str, float], None]
"""Called with the name of a piece of work and the share of it that is done, 0 to 1."""

AnyStudy = RatioStudy | CandidateStudy | PriceStudy | VolatilityStudy | SurfaceStudy
"""A checked study of any kind."""

Study = Annotated[AnyStudy, Field(discriminator="kind")]
STUDY_KINDS: dict[str, type[Strict]] = {
    "ratio": RatioStudy,
    "candidates": CandidateStudy,
    "price": PriceStudy,
    "volatility": VolatilityStudy,
    "surface": SurfaceStudy,
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
    from hedgerow.study.ratio import run_ratio_study

    return run_ratio_study(study, folder, progress=progress)


def _run_candidates(study: Any, folder: Path, _progress: Progress | None) -> Outcome:
    from hedgerow.study.candidates import run_candidate_study

    return run_candidate_study(study, folder)


def _run_price(study: Any, folder: Path, _progress: Progress | None) -> Outcome:
    from hedgerow.study.price import run_price_study

    return run_price_study(study, folder)


def _run_volatility(study: Any, folder: Path, _progress: Progress | None) -> Outcome:
    from hedgerow.study.volatility import run_volatility_study

    return run_volatility_study(study, folder)


def _run_surface(study: Any, folder: Path, _progress: Progress | None) -> Outcome:
    from hedgerow.study.surface import run_surface_study

    return run_surface_study(study, folder)


RUNNERS: dict[str, Callable[[Any, Path, Progress | None], Outcome]] = {
    "ratio": _run_ratio,
    "candidates": _run_candidates,
    "price": _run_price,
    "volatility": _run_volatility,
    "surface": _run_surface,
}
"""Kind to what runs it; each imports what it needs when it runs."""
