"""The words of a study: what a YAML file or a command line may say, checked before anything is read.

Every model forbids unknown keys; its JSON schema is what ``hedgerow schema`` prints.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, field_validator, model_validator

from hedgerow.study.method_choice import DEFAULT_METHODS, Method as Method, MethodName as MethodName, MethodOrName
from hedgerow.study.strict import Strict as Strict

ChangeKind = Literal["diff", "percent", "log"]


class DataSource(Strict):
    """Where the prices come from and how the files read."""

    files: tuple[str, ...] = Field((), description="CSV or Parquet files, joined on the date; relative to the study.")
    sample: str | None = Field(None, description="A data set that comes with a dependency, in place of files.")
    date: str | None = Field(None, description="Name of the date column.")
    date_format: str | None = Field(None, description="How dates are written, as strptime reads it: %d/%m/%Y.")
    decimal: str = Field(".", min_length=1, max_length=1, description="Decimal mark.")
    separator: str | None = Field(None, description="Column separator; found by itself where left out.")
    every: str = Field(
        "1D", description="Sampling period: 1D (every row), W-FRI, ME; the last joint row of each counts."
    )
    sampling: Literal["joint", "apart"] = Field(
        "joint", description="The last row of a period on which all have a price, or each column's own last price."
    )
    start: str | None = Field(None, description="First date used.")
    end: str | None = Field(None, description="Last date used.")
    roll_dates: str | None = Field(None, description="CSV of roll dates: columns instrument and date.")
    exclude: str | None = Field(None, description="CSV with a date column: rows to leave out, counted.")

    @model_validator(mode="after")
    def _files_or_sample(self) -> DataSource:
        if bool(self.files) == bool(self.sample):
            raise ValueError("give either files or a sample, one of the two")
        return self


class Exposure(Strict):
    """What is at risk."""

    column: str = Field(description="Column of the exposure's price, or FILESTEM:COLUMN.")
    quantity: float | None = Field(None, description="Units of exposure, positive = long.")
    currency: str | None = Field(None, description="Currency of the price where the column's name does not say it.")

    @field_validator("quantity")
    @classmethod
    def _not_zero(cls, value: float | None) -> float | None:
        if value == 0.0:
            raise ValueError("a quantity of 0 has nothing to hedge")
        return value


class Hedge(Strict):
    """One instrument to hedge with."""

    column: str = Field(description="Column of the hedge's price, or FILESTEM:COLUMN.")
    price: str | None = Field(
        None, description="Column of the price it trades at, where its own is back-adjusted; spreads are paid on it."
    )
    contract_size: float | None = Field(None, gt=0, description="Units in one contract, in the hedge's own measure.")
    price_unit_factor: float = Field(1.0, gt=0, description="Multiplies the hedge's price into the exposure's unit.")
    half_spread_bps: float = Field(0.0, ge=0, description="Half the bid-ask spread, basis points of the price.")
    commission: float = Field(0.0, ge=0, description="Money per contract.")
    held: float = Field(0.0, description="Contracts held today, negative = short.")
    currency: str | None = Field(None, description="Currency of the price where the column's name does not say it.")
    daily_volume: float | None = Field(None, gt=0, description="Contracts traded on a usual day, for candidates.")


class CrisisWords(Strict):
    """Fit more often while the exposure is much more volatile than it used to be."""

    every: int = Field(5, ge=1, description="Rows between two fits in a crisis.")
    ratio: float = Field(1.5, gt=1, description="Volatility of the short window over that of the long one that is one.")
    short: int = Field(20, ge=2, description="Rows of the short window.")
    long: int = Field(250, ge=3, description="Rows of the long window.")

    @model_validator(mode="after")
    def _short_is_shorter(self) -> CrisisWords:
        if self.short >= self.long:
            raise ValueError("short must be fewer rows than long")
        return self


def _known_period(value: Any) -> Any:
    """Refuse a word that is no calendar period in words of our own."""
    if isinstance(value, str) and value not in ("weekly", "monthly", "quarterly"):
        raise ValueError("must be a number of rows, or weekly, monthly or quarterly")
    return value


RefitRule = Annotated[
    Annotated[int, Field(ge=1)] | Literal["weekly", "monthly", "quarterly"], BeforeValidator(_known_period)
]


class WalkForwardWords(Strict):
    """How the past is cut from the future."""

    train: float | str = Field(0.5, description="Rows that only train: a fraction, or the date of the last one.")
    refit: RefitRule = Field(
        1, description="Rows between two fits, or at the first close of each week, month or quarter."
    )
    between: Literal["hold", "update"] = Field("hold", description="What the ratio does between two fits.")
    lag: int = Field(0, ge=0, description="Rows between decision and trade.")
    crisis: CrisisWords | None = Field(None, description="Fit more often in a crisis; {} takes its defaults.")
    events: str | None = Field(
        None, description="CSV of dated events around which ratios are multiplied: date, name, factor, before, after."
    )


class Trading(Strict):
    """When and how the hedge is traded, apart from what each hedge costs."""

    every: int = Field(1, ge=1, description="Rows between two rebalancings.")
    tolerance: float | None = Field(None, ge=0, description="Trade only when the ratio is further than this away.")
    ticket: float = Field(0.0, ge=0, description="Money per hedge traded, whatever the size.")
    rounding: Literal["nearest", "down", "up", "none"] = Field("nearest", description="Whole-contract rule.")
    whole_contracts: bool = Field(False, description="Judge out of sample with whole contracts too.")
    discount_factor: float = Field(1.0, gt=0, description="Tails the hedge: value today of 1 at delivery.")
    tailing: Literal["none", "discount", "textbook"] = Field("none", description="How contracts are tailed.")
    rate: float = Field(0.0, description="Interest on cash per year, decimal.")

    @model_validator(mode="after")
    def _one_policy(self) -> Trading:
        if self.tolerance is not None and self.every != 1:
            raise ValueError("give every or tolerance, not both")
        return self


class Judgement(Strict):
    """How results are judged."""

    level: float = Field(0.95, gt=0.5, lt=1, description="Level of VaR and CVaR.")
    confidence: float = Field(0.95, gt=0, lt=1, description="Confidence of every interval.")
    draws: int | None = Field(
        None, ge=100, le=100_000, description="Bootstrap draws: 1000, fewer (200 at least) beyond 200,000 judged rows."
    )
    seed: int = Field(0, ge=0, description="Seed of the bootstrap.")
    lags: tuple[Annotated[int, Field(ge=0)], ...] = Field(
        (), max_length=20, description="Show how each method does when traded this many rows late: [0, 1, 2, 5]."
    )
    good: float = Field(0.85, description="Variance reduction from which a hedge is called good.")
    weak: float = Field(0.70, description="Variance reduction below which another model is advised.")
    low_correlation: float = Field(0.60, description="Correlation below which another instrument is advised.")


class HedgedExposure(Strict):
    """What every study of an exposure and its hedges shares."""

    title: str | None = Field(None, max_length=200, description="Heading of the report.")
    data: DataSource = Field(description="Where the prices come from.")
    exposure: Exposure = Field(description="What is at risk.")
    hedges: tuple[Hedge, ...] = Field(min_length=1, max_length=50, description="Instruments to hedge with.")
    changes: ChangeKind = Field("diff", description="Price differences, per cent or log changes.")
    horizon: int = Field(1, ge=1, description="Non-overlapping changes over this many periods.")
    level: str | dict[str, str] | None = Field(
        None, description="Column that all changes are divided by (its value at the start), or one per column."
    )
    fx: str | None = Field(None, description="Column: exposure currency per unit of the hedges' currency.")


class _Linear(HedgedExposure):
    """What a ratio study and a candidate study share."""

    walk_forward: WalkForwardWords = Field(WalkForwardWords(), description="How the past is cut from the future.")
    trading: Trading = Field(Trading(), description="When and how the hedge is traded.")
    judging: Judgement = Field(Judgement(), description="How results are judged.")

    @model_validator(mode="after")
    def _tailing_fits_changes(self) -> Self:
        if self.trading.tailing == "textbook" and (self.changes != "diff" or self.level is not None):
            raise ValueError("tailing textbook is for ratios of price differences; returns go through values already")
        return self

    @model_validator(mode="after")
    def _price_fits_changes(self) -> Self:
        for hedge in self.hedges:
            if hedge.price is not None and self.changes != "diff":
                raise ValueError(
                    f"hedge {hedge.column} is back-adjusted (it has a price of its own), so {self.changes} changes of "
                    "it mean nothing; take changes: diff, with a level where fractions are wanted"
                )
        return self


class RatioStudy(_Linear):
    """How much of which futures hedges a linear exposure, methods compared walk-forward."""

    kind: Literal["ratio"] = Field("ratio", description="What the study does: compares methods on given hedges.")
    methods: tuple[MethodOrName, ...] = Field(
        tuple(Method(name=name) for name in DEFAULT_METHODS), min_length=1, description="Methods to compare."
    )
    window: int = Field(60, ge=3, description="Rows of the rolling window where the method has none of its own.")


class CandidateStudy(_Linear):
    """Which of several instruments hedges an exposure best, each alone."""

    kind: Literal["candidates"] = Field("candidates", description="What the study does: ranks hedges, each alone.")
