"""The words of a comparison: a ratio study that asks which method is worth it, with tests that count all methods."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from hedgerow.study.method_choice import Method, MethodName, MethodOrName
from hedgerow.study.models import RatioStudy, RefitRule, WalkForwardWords
from hedgerow.study.strict import Strict

COMPARED: tuple[MethodName, ...] = (
    "naive", "ols", "rolling", "ewma", "error_correction", "dcc", "bekk", "kalman", "markov_switching", "minimum_cvar",
)  # fmt: skip
"""Methods that are compared where none are named."""
MOST_PARTS = 50
"""Parts of the judged rows in which methods are ranked again, at most."""


class RaceWords(WalkForwardWords):
    """How the past is cut from the future: fitted every month, following the data between, unless said."""

    refit: RefitRule = Field(
        "monthly", description="Rows between two fits, or at the first close of each week, month or quarter."
    )
    between: Literal["hold", "update"] = Field("update", description="What the ratio does between two fits.")


def _parts_or_years(value: Any) -> Any:
    """Refuse another word than years, and too few or too many parts, in words of our own."""
    if isinstance(value, str) and value != "years":
        raise ValueError("must be a number of parts, or years")
    if isinstance(value, int) and not 1 <= value <= MOST_PARTS:
        raise ValueError(f"must be from 1 to {MOST_PARTS} parts, or years")
    return value


Parts = Annotated[int, Field(ge=1, le=MOST_PARTS)]
PartsOrYears = Annotated[Parts | Literal["years"], BeforeValidator(_parts_or_years)]


class EvidenceWords(Strict):
    """How much a difference must show, and what risk is worth."""

    risk_aversion: float | None = Field(
        None,
        ge=0,
        description="Absolute, per unit of money of the whole exposure; else relative_risk_aversion / value.",
    )
    relative_risk_aversion: float = Field(4.0, ge=0, description="Of a holder whose wealth is the exposure; no unit.")
    set_level: float = Field(0.90, gt=0, lt=1, description="Probability with which the confidence set holds the best.")
    significance: float = Field(0.05, gt=0, lt=1, description="Size of the test that the best beats the reference.")
    periods: PartsOrYears = Field(
        3, description="Parts of the judged rows, or years, in which methods are ranked again."
    )
    look_ahead: bool = Field(False, description="Ask each method again with its future cut off and poisoned.")
    workers: int | None = Field(None, ge=1, description="Processes that share the fits; the result is the same.")


class CompareStudy(RatioStudy):
    """Which hedge-ratio method is worth its costs: refitted, charged, tested, with the failures of fits counted."""

    kind: Literal["compare"] = Field(  # type: ignore[assignment]
        "compare", description="What the study does: judges methods against each other."
    )
    methods: tuple[MethodOrName, ...] = Field(
        tuple(Method(name=name) for name in COMPARED), min_length=1, description="Methods to compare."
    )
    walk_forward: RaceWords = Field(RaceWords(), description="How the past is cut from the future.")
    evidence: EvidenceWords = Field(EvidenceWords(), description="How much a difference must show.")
