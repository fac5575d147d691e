"""The words of the market in which volatility and tail hedges are priced, and of the portfolio they protect."""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

from pydantic import Field, field_validator, model_validator

from hedgerow.study.models import DataSource
from hedgerow.study.strict import Strict

Unit = Literal["decimal", "percent"]


class FuturesWords(Strict):
    """A file of futures on the volatility index: prices and expiries by position, nearest first, a row per date."""

    file: str = Field(description="CSV of the futures; relative to the study.")
    prices: tuple[str, ...] = Field((), description="Columns of prices in points; M1, M2, ... where left out.")
    expiries: tuple[str, ...] = Field((), description="Columns of expiry dates; exp1, exp2, ... where left out.")
    positions: int | None = Field(
        None, ge=1, description="Leave out dates on which not all of so many nearest futures are quoted."
    )
    date: str | None = Field(None, description="Name of the date column.")
    date_format: str | None = Field(None, description="How dates are written, as strptime reads it.")


class OverlayMarketWords(Strict):
    """Which columns of the data are the market."""

    price: str = Field(description="Column of the index or fund that the portfolio follows, or FILESTEM:COLUMN.")
    vix: str = Field(description="Column of its volatility index in points: 20 is 20 %.")
    rate: str | float | None = Field(
        None, description="Column of the interest rate, or one number; 0 where left out, and said."
    )
    rate_in: Unit = Field("decimal", description="How it is written: 0.02, or 2.")
    dividend_yield: str | float | None = Field(
        None, description="Column of the dividend yield, or one number; 0 where left out, and said."
    )
    dividend_yield_in: Unit = Field("decimal", description="How it is written: 0.02, or 2.")
    futures: FuturesWords | None = Field(None, description="Futures on the volatility index, where a hedge needs them.")
    volatilities: dict[Annotated[int, Field(ge=1)], str] = Field(
        {}, description="Volatility indices of other horizons: calendar days to column, {'93': VIX3M}."
    )
    vol_of_vol: str | None = Field(None, description="Column of the volatility of the volatility index (VVIX), points.")
    calendar: str | None = Field(
        None, description="Exchange on whose days alone the hedge trades, such as NYSE; else none is consulted."
    )
    portfolio: str | None = Field(
        None, description="Column of your own portfolio's value; else it is the index with its dividends."
    )

    @model_validator(mode="after")
    def _two_columns(self) -> Self:
        if self.price == self.vix:
            raise ValueError(
                f"price and vix are both the column {self.vix!r}; name the volatility index and what it is the "
                "volatility of"
            )
        return self


class OtherIndexWords(Strict):
    """Another index that a hedge may be written on, on the dates that it shares with the market."""

    price: str = Field(description="Column of the index.")
    vix: str = Field(description="Column of its own volatility index in points.")
    dividend_yield: float = Field(0.0, ge=0, lt=1, description="Its dividends a year, decimal.")


class PortfolioWords(Strict):
    """What is protected."""

    value: float = Field(10_000_000.0, gt=0, description="Money at the first date.")
    exposure_weight: float = Field(1.0, ge=0, le=1, description="Part that the hedge is there for, 0 to 1.")
    currency: str = Field("USD", description="Printed with results.")


class CrisisSpanWords(Strict):
    """A fall of the market of your own, between fixed dates."""

    name: str = Field(max_length=60, description="How it is called.")
    start: str = Field(description="Date of the close before the fall.")
    end: str = Field(description="Date of the lowest close.")

    @field_validator("start", "end")
    @classmethod
    def _is_a_date(cls, value: str, info: Any) -> str:
        from hedgerow.market.dates import moment
        from hedgerow.study.hedging.words import told

        return told(lambda text: moment(text, str(info.field_name)), value)  # type: ignore[no-any-return]


Crises = tuple[str | CrisisSpanWords, ...]


class HedgeJudgingWords(Strict):
    """How overlays and tail hedges are judged."""

    crises: Crises = Field(
        (),
        description="Which falls count: names such as 2008 or 2018-02, or {name, start, end}; else all known.",
    )
    draws: Annotated[int, Field(le=100_000)] = Field(
        1000, description="Bootstrap draws behind the intervals, at least 100; 0 gives none."
    )
    confidence: float = Field(0.95, gt=0, lt=1, description="Confidence of every interval.")
    block_length: float | None = Field(
        None, ge=1, description="Mean rows of a block of the bootstrap; chosen from the data where left out."
    )
    level: float = Field(0.95, gt=0.5, lt=1, description="Level of CVaR.")
    seed: int = Field(0, ge=0, description="Seed of the bootstrap.")

    @field_validator("crises", mode="before")
    @classmethod
    def _years_are_names(cls, value: Any) -> Any:
        listed = value if isinstance(value, list | tuple) else [value]
        return [str(each) if isinstance(each, int) and not isinstance(each, bool) else each for each in listed]

    @model_validator(mode="after")
    def _crises_are_known(self) -> Self:
        from hedgerow.study.hedging.words import told
        from hedgerow.study.overlays.registries import crises_of

        if self.draws < 0 or 0 < self.draws < 100:
            raise ValueError("draws must be 0, or at least 100")
        told(crises_of, self.crises)
        return self


class OverlayData(Strict):
    """What every study of volatility hedges shares: data, market, portfolio."""

    title: str | None = Field(None, max_length=200, description="Heading of the report.")
    data: DataSource = Field(description="Where the prices come from.")
    market: OverlayMarketWords = Field(description="Which columns are the market.")
    indices: dict[str, OtherIndexWords] = Field(
        {}, description="Other indices on which hedges may be written, by name: {nasdaq: {price: Nasdaq, vix: VXN}}."
    )
    portfolio: PortfolioWords = Field(PortfolioWords(), description="What is protected.")

    @model_validator(mode="after")
    def _daily_rows(self) -> Self:
        if self.data.every != "1D" or self.data.sampling != "joint" or self.data.roll_dates is not None:
            raise ValueError(
                "hedges are priced on every row of the data; leave out every, sampling and roll_dates (a rule may "
                "trade less often by its shape: threshold weekly)"
            )
        return self
