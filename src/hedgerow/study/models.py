"""The words of a study: what a YAML file or a command line may say, checked before anything is read.

Every model forbids unknown keys; its JSON schema is what ``hedgerow schema`` prints.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, field_validator, model_validator

ChangeKind = Literal["diff", "percent", "log"]
MethodName = Literal[
    "naive",
    "fixed",
    "ols",
    "rolling",
    "expanding",
    "ewma",
    "total_least_squares",
    "huber",
    "theil_sen",
    "error_correction",
]
DEFAULT_METHODS: tuple[MethodName, ...] = ("naive", "ols", "rolling", "ewma")


def _first_paragraph(schema: dict[str, Any]) -> None:
    """Leave the schema the first paragraph of a model's docstring; its keys have descriptions of their own."""
    if "description" in schema:
        schema["description"] = str(schema["description"]).split("\n\n")[0]


class Strict(BaseModel):
    """A model that takes the keys it knows and no others; its docstring lists them from their descriptions."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False, json_schema_extra=_first_paragraph)

    @classmethod
    def __pydantic_init_subclass__(cls, **kwargs: Any) -> None:
        """Write the Parameters section of the docstring."""
        super().__pydantic_init_subclass__(**kwargs)
        lines = [f"{name}\n    {field.description or 'See its class.'}" for name, field in cls.model_fields.items()]
        summary = (cls.__doc__ or "").split("\n\n")[0]
        cls.__doc__ = "\n".join([summary, "", "Parameters", "----------", *lines])


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
    contract_size: float | None = Field(None, gt=0, description="Units in one contract, in the hedge's own measure.")
    price_unit_factor: float = Field(1.0, gt=0, description="Multiplies the hedge's price into the exposure's unit.")
    half_spread_bps: float = Field(0.0, ge=0, description="Half the bid-ask spread, basis points of the price.")
    commission: float = Field(0.0, ge=0, description="Money per contract.")
    held: float = Field(0.0, description="Contracts held today, negative = short.")
    currency: str | None = Field(None, description="Currency of the price where the column's name does not say it.")
    daily_volume: float | None = Field(None, gt=0, description="Contracts traded on a usual day, for candidates.")


class Method(Strict):
    """A hedge-ratio method with its own parameters."""

    name: MethodName = Field(description="Which method; a bare name in the list stands for it with its defaults.")
    window: int | None = Field(None, ge=3, description="Rows of the rolling window; with ols, use the last rows only.")
    ratio: tuple[float, ...] | None = Field(None, description="The fixed ratio, one per hedge.")
    decay: float | None = Field(None, gt=0, lt=1, description="Lambda of ewma.")
    halflife: float | None = Field(None, gt=0, description="Half-life of ewma in rows, in place of lambda.")
    errors: Literal["hac", "classical"] | None = Field(None, description="Standard errors of ols and expanding.")
    lags: int | None = Field(None, ge=0, description="Lagged changes in error_correction.")


def _from_name(value: Any) -> Any:
    """Return a bare name as a method with its defaults."""
    return {"name": value} if isinstance(value, str) else value


MethodOrName = Annotated[Method, BeforeValidator(_from_name, json_schema_input_type=MethodName | Method)]


class WalkForwardWords(Strict):
    """How the past is cut from the future."""

    train: float | str = Field(0.5, description="Rows that only train: a fraction, or the date of the last one.")
    refit: int = Field(1, ge=1, description="Rows between two fits.")
    between: Literal["hold", "update"] = Field("hold", description="What the ratio does between two fits.")
    lag: int = Field(0, ge=0, description="Rows between decision and trade.")


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


class _Linear(Strict):
    """What a ratio study and a candidate study share."""

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
    walk_forward: WalkForwardWords = Field(WalkForwardWords(), description="How the past is cut from the future.")
    trading: Trading = Field(Trading(), description="When and how the hedge is traded.")
    judging: Judgement = Field(Judgement(), description="How results are judged.")

    @model_validator(mode="after")
    def _tailing_fits_changes(self) -> Self:
        if self.trading.tailing == "textbook" and (self.changes != "diff" or self.level is not None):
            raise ValueError("tailing textbook is for ratios of price differences; returns go through values already")
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
