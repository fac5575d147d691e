"""The words of an overlay study: rules beside each other, the hedge that they size, and how they are judged."""

from __future__ import annotations

from collections import Counter
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, field_validator, model_validator

from hedgerow.study.hedging.words import ClaimWords, Part, told
from hedgerow.study.overlays.market_words import HedgeJudgingWords, OverlayData
from hedgerow.study.signal_words import Signal, require_signal_times
from hedgerow.study.strict import Strict

Rule = Part | tuple[Part, ...]
"""A rule by name with its keys, or several whose product is taken."""


class ShapeWords(Strict):
    """What is made of a rule's multiplier before it is traded; every stage is off by default, and they act in order."""

    smooth: int = Field(1, ge=1, description="Mean of the last so many signal dates.")
    persist: int = Field(1, ge=1, description="Closes running on which a move must persist before it is followed.")
    floor: float | None = Field(None, ge=0, description="Smallest multiplier.")
    cap: float | None = Field(None, ge=0, description="Largest multiplier.")
    threshold: str | float | tuple[str | float, ...] = Field(
        (), description="When to follow; any suffices: 3 (points), 15%, weekly, monthly, drawdown:5%, days:7."
    )
    budget: str | float | None = Field(
        None, description="Most that premium and costs may take a calendar year, a share of the portfolio: 0.5%."
    )

    @model_validator(mode="after")
    def _is_a_shape(self) -> Self:
        from hedgerow.study.overlays.registries import shape_of

        return told(shape_of, self)  # type: ignore[no-any-return]


class RuleWords(Strict):
    """A rule, its shape, and where it sizes another hedge than the study's, that hedge."""

    name: str = Field(min_length=1, max_length=60, description="How it is called in tables and figures.")
    rule: Rule = Field(
        description="By name: {vix_linear: {low: 10, width: 15}}; a list is the product of its rules. percentile: 252 "
        "reads the signal as its percentile, smooth_signal: 5 as a mean."
    )
    shape: ShapeWords = Field(ShapeWords(), description="What is made of its multiplier.")
    hedge: Part | None = Field(
        None,
        description="What this rule sizes; the study's hedge where left out. {short: ..., long: ...} are the two "
        "hedges that a share such as term_structure splits.",
    )

    index: str | None = Field(
        None, description="Index that the hedge is written on, one of indices; the market's own where left out."
    )

    @field_validator("rule")
    @classmethod
    def _is_a_rule(cls, value: Any) -> Any:
        from hedgerow.study.overlays.registries import rule_of

        return told(rule_of, value)

    @field_validator("hedge")
    @classmethod
    def _is_a_hedge(cls, value: Any) -> Any:
        from hedgerow.study.overlays.registries import hedges_of

        return value if value is None else told(hedges_of, value)


class TogetherWords(Strict):
    """Several hedges, each with its rule, held at once under one budget."""

    name: str = Field("together", min_length=1, max_length=60, description="How it is called in tables and figures.")
    parts: tuple[RuleWords, ...] = Field(min_length=2, max_length=20, description="Rules with their hedges.")
    budget: float | None = Field(None, ge=0, description="Share of the portfolio a calendar year for all of them.")

    @model_validator(mode="after")
    def _one_budget(self) -> Self:
        own = next((part.name for part in self.parts if part.shape.budget is not None), None)
        if own is not None:
            raise ValueError(f"{own} has a budget of its own; several hedges share the one beside parts")
        return self


def _listed(value: Any) -> Any:
    """Return one row as a list of it, and none as an empty list."""
    return () if value is None else (value,) if isinstance(value, dict | TogetherWords) else value


class ChoiceWords(Strict):
    """Keys of a rule, or of several hedges, chosen walk-forward from a grid: on the past only, then held for a year."""

    name: str = Field("chosen walk-forward", max_length=60, description="How it is called in tables and figures.")
    rule: str | None = Field(None, description="Name of the rule.")
    together: str | None = Field(
        None, description="In its place the name of a row of together: several hedges under one budget."
    )
    keys: dict[str, Any] = Field({}, description="Keys of the rule that stay as they are.")
    grid: dict[str, tuple[Any, ...]] = Field(
        min_length=1,
        description="Keys that are tried, each with its values; shape.smooth and the like for stages; PART.low and "
        "PART.shape.smooth for the parts of several hedges.",
    )
    shape: ShapeWords = Field(ShapeWords(), description="What is made of every multiplier of the rule.")
    hedge: Part | None = Field(None, description="What the rule sizes, as in rules; the study's hedge where left out.")
    objective: str = Field(
        "cvar per cost", description="What the best set is best by: cvar per cost, sharpe or return per cvar."
    )
    refit: Literal["yearly", "quarterly", "monthly", "never"] = Field(
        "yearly", description="How often a set is chosen anew."
    )
    train_share: float = Field(0.5, gt=0, lt=1, description="Share of the dates before the first choice.")

    @field_validator("objective")
    @classmethod
    def _is_an_objective(cls, value: str) -> str:
        from hedgerow.study.overlays.registries import objective_of

        return told(objective_of, value)  # type: ignore[no-any-return]

    @model_validator(mode="after")
    def _is_a_grid(self) -> Self:
        if (self.rule is None) == (self.together is None):
            raise ValueError("give either rule or together, one of the two")
        if self.together is not None and (self.keys or self.hedge is not None or self.shape != ShapeWords()):
            raise ValueError("keys, shape and hedge belong to rule; the parts of together have their own")
        empty = next((key for key, values in self.grid.items() if not values), None)
        if empty is not None:
            raise ValueError(f"the grid has no value for {empty}")
        return self

    @field_validator("hedge")
    @classmethod
    def _is_a_hedge(cls, value: Any) -> Any:
        from hedgerow.study.overlays.registries import hedges_of

        return value if value is None else told(hedges_of, value)

    def as_rule(self) -> RuleWords:
        """Return the rule with the keys that stay; those of the grid come on top."""
        return RuleWords.model_construct(
            name=self.name,
            rule={str(self.rule): self.keys},
            shape=self.shape,
            hedge=self.hedge,
            index=None,
        )


class OverlayJudgingWords(HedgeJudgingWords):
    """How overlays are judged: what is shown beside the table of figures."""

    train_share: float = Field(0.5, gt=0, lt=1, description="Share of the dates in the first of two halves.")
    rivals: bool = Field(True, description="Against the static hedge of the same mean size, and against holding less.")
    equal_cost: bool = Field(True, description="The same table with every hedge scaled to the same cost.")
    halves: bool = Field(True, description="Figures of both halves apart.")
    red_flags: bool = Field(True, description="What should make one doubt each rule.")
    late: tuple[Annotated[int, Field(ge=0, le=10_000)], ...] = Field(
        (0, 1, 2, 5), description="Also run with decisions so many dates late; [] for none."
    )
    beta_days: int = Field(250, ge=2, description="Rows of a rolling beta.")


class OverlayStudy(OverlayData):
    """Rules that size a volatility hedge by the market's state, judged against a static hedge and against holding less.

    A rule with a shape says how much is held; the hedge says what one unit of it is.
    """

    kind: Literal["overlay"] = Field("overlay", description="What the study does: judges volatility overlays.")
    hedge: Part = Field(
        "variance_swaps",
        description="What multiplier 1 holds, by name: {variance_swaps: {vega_notional: 10000}}; {short: ..., "
        "long: ...} for a share such as term_structure.",
    )
    rules: tuple[RuleWords, ...] = Field(min_length=1, max_length=30, description="Rules to compare.")
    signals: dict[str, Signal] = Field(
        {}, description="Further signals: name to column, or to {column, file, available_at}."
    )
    delays: dict[str, int] = Field({}, description="Rows by which a signal is known after its date, by name.")
    available_at: dict[str, str] = Field(
        {}, description="When a signal is known, by name, as a signal's own available_at: {vix: 16:15}."
    )
    decided_at: str = Field("16:00", description="Time of the day of the decision, with a zone where moments have one.")
    lag: int = Field(
        1, ge=0, le=1_000_000, description="Dates from decision to fill, each at the close; lag 0 is shown beside it."
    )
    no_new_risk: bool = Field(
        False, description="Swaps and futures: once a year's loss has reached the budget nothing is added."
    )
    whole_contracts: Literal["toward zero", "nearest"] | None = Field(
        None, description="Whole contracts only, rounded so; fractions where left out."
    )
    together: Annotated[
        tuple[TogetherWords, ...],
        BeforeValidator(_listed, json_schema_input_type=TogetherWords | tuple[TogetherWords, ...] | None),
    ] = Field(
        (),
        max_length=10,
        description="Several hedges at once under one budget, judged as one more rule; a list of them, each with a "
        "name of its own, as several more.",
    )
    judging: OverlayJudgingWords = Field(OverlayJudgingWords(), description="How results are judged.")
    walk_forward: ChoiceWords | None = Field(None, description="A rule whose keys are chosen on the past only.")
    claims: tuple[ClaimWords, ...] = Field((), max_length=80, description="Figures of others, to be measured here.")
    usual_claims: bool = Field(
        False, description="Measure what is often claimed of such rules: 30-50 % cheaper, offset 50-70 %, and so on."
    )

    @property
    def all_rules(self) -> tuple[RuleWords, ...]:
        """Rules alone, and those of several hedges at once."""
        return (*self.rules, *(part for each in self.together for part in each.parts))

    @field_validator("hedge")
    @classmethod
    def _is_a_hedge(cls, value: Any) -> Any:
        from hedgerow.study.overlays.registries import hedges_of

        return told(hedges_of, value)

    @model_validator(mode="after")
    def _hedges_fit(self) -> Self:
        return told(_require_fitting_hedges, self)  # type: ignore[no-any-return]

    @model_validator(mode="after")
    def _grid_fits(self) -> Self:
        from hedgerow.study.overlays.choosing import family_of, require_grid

        if self.walk_forward is not None:
            told(lambda words: require_grid(words, family_of(self)), self.walk_forward, at="walk_forward")
        return self

    @model_validator(mode="after")
    def _names_once(self) -> Self:
        names = [rule.name for rule in self.rules]
        names += [each.name for each in self.together]
        names += [] if self.walk_forward is None else [self.walk_forward.name]
        twice = next((name for name, count in Counter(names).items() if count > 1), None)
        if twice is not None:
            raise ValueError(f"two rules are called {twice!r}; give each a name of its own")
        carried = next((name for name in ("vix", "price") if name in self.signals), None)
        if carried is not None:
            raise ValueError(f"the signal {carried} is the market's; give further signals other names")
        require_signal_times(self)
        return self


def _require_fitting_hedges(study: OverlayStudy) -> None:
    """Refuse a split hedge under a rule that gives no share."""
    from hedgerow.study.overlays.registries import plan_of, require_indices

    every = study.all_rules
    require_indices(every, study.indices)
    for each in every:
        plan_of(each, study.hedge, tuple(study.signals))
