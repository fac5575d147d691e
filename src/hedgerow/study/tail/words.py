"""The words of a tail study: hedges against a crash, side by side at equal cost."""

from __future__ import annotations

from collections import Counter
from typing import Any, Literal, Self

from pydantic import Field, field_validator, model_validator

from hedgerow.study.hedging.words import ClaimWords, Part, told
from hedgerow.study.overlays.market_words import HedgeJudgingWords, OverlayData
from hedgerow.study.strict import Strict


class TailHedgeWords(Strict):
    """A tail hedge by name."""

    name: str = Field(min_length=1, max_length=60, description="How it is called in tables and figures.")
    hedge: Part | tuple[Part, ...] = Field(
        description="By name with its keys: {index_puts: {delta: 0.10}}, put_spreads, collars, vxth, vix_calls, trend; "
        "a list holds several together."
    )
    shares: tuple[float, ...] = Field(
        (), description="Of several together, the multiplier of each; equal shares that add up to 1 where left out."
    )

    index: str | None = Field(
        None, description="Index that the hedge is written on, one of indices; the market's own where left out."
    )

    @field_validator("hedge")
    @classmethod
    def _is_a_hedge(cls, value: Any) -> Any:
        from hedgerow.study.overlays.registries import hedge_of

        for each in value if isinstance(value, tuple) else (value,):
            told(hedge_of, each)
        return value

    @model_validator(mode="after")
    def _one_share_each(self) -> Self:
        several = isinstance(self.hedge, tuple)
        if several and not self.hedge:
            raise ValueError("a list of hedges held together needs at least one")
        if self.shares and not several:
            raise ValueError("shares are of several hedges together; give hedge a list")
        if self.shares and len(self.shares) != len(self.hedge):
            raise ValueError(f"shares must be {len(self.hedge)}, one for each hedge, not {len(self.shares)}")
        wrong = next((share for share in self.shares if not 0.0 < share < float("inf")), None)
        if wrong is not None:
            raise ValueError(f"a share must be a number above 0, not {wrong!r}; leave the hedge out")
        return self


class TailShockWords(Strict):
    """A sudden move of your own: the index and its volatility jump at once, no time passes."""

    name: str = Field(max_length=60, description="How it is called.")
    spot: float = Field(gt=-1.0, lt=10.0, description="Move of the index, decimal: -0.20 is 20 % down.")
    vix: float | None = Field(
        None,
        gt=-200.0,
        lt=1000.0,
        description="Points added to the volatility index; 1.5 a per cent of the fall where left out.",
    )

    @model_validator(mode="after")
    def _a_rise_is_meant(self) -> Self:
        if self.spot >= 0.0 and self.vix is None:
            raise ValueError(
                f"spot {self.spot:g} is no fall, which is written {-self.spot or -0.2:g}; of a rise say what it does "
                "to the volatility index: vix in points"
            )
        return self


class TailJudgingWords(HedgeJudgingWords):
    """How tail hedges are judged."""

    equal_cost: bool = Field(True, description="The same table with every hedge scaled to the same bleed a year.")
    bleeds: tuple[float, ...] = Field(
        (0.0025, 0.005, 0.01),
        max_length=10,
        description="Costs a year outside crises, shares of the portfolio, at which every hedge is sized and shown; "
        "none with an empty list.",
    )
    beta_days: int = Field(250, ge=2, description="Rows of a rolling beta.")

    @field_validator("bleeds")
    @classmethod
    def _are_bleeds(cls, value: tuple[float, ...]) -> tuple[float, ...]:
        from hedgerow.compare.overlays.tail_bleed import require_bleeds

        return told(require_bleeds, value) if value else value


class TailStudy(OverlayData):
    """Hedges against a crash side by side: bleed a year, what a sudden fall pays, and every crisis of the data."""

    kind: Literal["tail"] = Field("tail", description="What the study does: compares tail hedges.")
    hedges: tuple[TailHedgeWords, ...] = Field(min_length=1, max_length=30, description="Hedges to compare.")
    budget_per_year: float | None = Field(
        None, gt=0, lt=1, description="Most that premium and costs may take a calendar year, a share of the portfolio."
    )
    shocks: tuple[TailShockWords, ...] = Field(
        (), max_length=20, description="Sudden moves beside the days of 1987, 2008 and 2020."
    )
    lag: int = Field(1, ge=0, le=1_000_000, description="Dates from decision to fill, each at the close.")
    no_new_risk: bool = Field(
        False,
        description="Swaps and futures: the budget is no reserve; once a year's loss has reached it nothing is added.",
    )
    whole_contracts: Literal["toward zero", "nearest"] | None = Field(
        None, description="Whole contracts only, rounded so; fractions where left out."
    )
    judging: TailJudgingWords = Field(TailJudgingWords(), description="How results are judged.")
    claims: tuple[ClaimWords, ...] = Field((), max_length=80, description="Figures of others, to be measured here.")

    @model_validator(mode="after")
    def _indices_are_known(self) -> Self:
        from hedgerow.study.overlays.registries import require_indices

        return told(lambda study: require_indices(study.hedges, study.indices), self)  # type: ignore[no-any-return]

    @model_validator(mode="after")
    def _names_once(self) -> Self:
        for what, names in (("hedges", self.hedges), ("shocks", self.shocks)):
            twice = next((name for name, count in Counter(each.name for each in names).items() if count > 1), None)
            if twice is not None:
                raise ValueError(f"two {what} are called {twice!r}; give each a name of its own")
        return self
