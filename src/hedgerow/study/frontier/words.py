"""The words of a frontier study."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field, field_validator

from hedgerow.study.hedging.words import DrawnWords, told

OF_ONE_PATH = ("delta", "gamma_theta")
"""Pictures of the best policy at work on the first path."""


class FrontierStudy(DrawnWords):
    """Which policy to use: families of them by cost and risk, on the same paths."""

    kind: Literal["frontier"] = Field("frontier", description="What the study does: compares policies.")
    families: dict[str, dict[str, tuple[Any, ...]]] = Field(
        {"band": {"width": (0.02, 0.05, 0.1, 0.2)}, "every_periods": {"periods": (1, 2, 5, 10)}},
        min_length=1,
        description="Family to the values of one of its keys: {band: {width: [0.05, 0.1]}}.",
    )
    objective: Literal["risk", "scalping"] = Field(
        "risk", description="Least cost plus risk, or most profit less half the risk aversion times its variance."
    )
    risk_aversion: float = Field(1e-3, gt=0, description="Absolute, per unit of money.")

    @field_validator("families")
    @classmethod
    def _are_policies(cls, value: dict[str, dict[str, tuple[Any, ...]]]) -> Any:
        from hedgerow.study.frontier.families import check_families

        return told(check_families, value)
