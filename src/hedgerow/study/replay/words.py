"""The words of a replay study: prices as they were, what is held against them, and how it was hedged."""

from __future__ import annotations

from typing import Any, Literal, Self

from pydantic import Field, field_validator, model_validator

from hedgerow.study.hedging.words import ExitWords, HedgeWords, told
from hedgerow.study.models import DataSource
from hedgerow.study.strict import Strict

Unit = Literal["decimal", "percent"]


class PillarWords(Strict):
    """A file of volatilities at delta pillars of one expiry, a row per day: P25dVol, C10dVol and the like."""

    file: str = Field(description="CSV of the pillars; relative to the study.")
    date: str = Field("date", description="Its column of dates.")
    forward: str = Field("future_price", description="Its column of the forward of the expiry.")
    years: str = Field("t_option_years", description="Its column of years to the expiry.")
    side: Literal["put", "call", "both"] = Field("put", description="Pillars that make the smile.")


class DividendWords(Strict):
    """A file of dividends, a row per payment."""

    file: str = Field(description="CSV of the dividends; relative to the study.")
    column: str = Field(description="Its column of amounts per unit; rows that are empty or 0 are left out.")
    date: str = Field("date", description="Its column of dates.")
    dated: Literal["ex", "day_before"] = Field(
        "ex", description="The date is the ex-date, or the last trading day with the dividend."
    )


class ReplayMarketWords(Strict):
    """Which columns of the data are the market."""

    underlying: str = Field("underlying", description="Name of the underlying, as the book writes it.")
    spot: str = Field(description="Column of its price, or FILESTEM:COLUMN.")
    volatility: str | float | None = Field(
        None,
        description="Column of the implied volatility that options are marked at, or one number for all days; or give "
        "a surface.",
    )
    volatility_in: Unit = Field("decimal", description="How it is written: 0.2, or 20 as the VIX is.")
    surface: PillarWords | None = Field(
        None, description="A smile for every day from quoted delta pillars, in place of volatility."
    )
    rate: str | float = Field(0.0, description="Column of the rate, or one number; continuously compounded.")
    rate_in: Unit = Field("decimal", description="How it is written: 0.02, or 2.")
    dividend_yield: float | None = Field(None, description="Continuous yield at which options are priced, decimal.")
    dividends: dict[str, float] = Field({}, description="Dividends as they were paid: ex-date to amount per unit.")
    dividend_file: DividendWords | None = Field(None, description="The same from a file, in place of dividends.")
    known_dividends: bool = Field(
        False,
        description="Price options with the dividends to come, as announced; else with those of the last 12 months.",
    )
    is_future: bool = Field(False, description="The column is the price of a future: options are those of Black.")
    borrow: float = Field(0.0, ge=0, description="Fee for borrowing the underlying, per year, decimal.")

    @model_validator(mode="after")
    def _one_source_each(self) -> Self:
        if (self.volatility is None) == (self.surface is None):
            raise ValueError("give either volatility or surface, one of the two")
        if self.dividends and self.dividend_file is not None:
            raise ValueError("give either dividends or dividend_file, one of the two")
        return self


class ProgrammeWords(Strict):
    """Options traded anew on the third Friday of every month, at strikes of the day's spot."""

    combination: Literal["straddle", "strangle", "call", "put"] = Field("straddle", description="What is traded.")
    quantity: float = Field(-1.0, description="Contracts each time, negative = sold.")
    multiplier: float = Field(1.0, gt=0, description="Units of the underlying per contract.")
    months: int = Field(1, ge=1, le=24, description="Monthly expiries ahead: 1 is the next.")
    moneyness: float = Field(1.0, gt=0, description="Strike over the spot of the day; of call and put.")
    width: float = Field(0.05, gt=0, lt=1, description="How far the strikes of a strangle lie from the spot.")
    close_days_before_expiry: int = Field(
        0, ge=0, description="Options are closed with no more calendar days left than this; 0 holds them to expiry."
    )
    roll: bool = Field(False, description="Trade the next expiry at those closes, in place of third Fridays.")
    strike_step: float = Field(0.0, ge=0, description="Strikes are rounded to multiples of it.")

    @field_validator("quantity")
    @classmethod
    def _not_zero(cls, value: float) -> float:
        if value == 0.0:
            raise ValueError("a quantity of 0 opens nothing")
        return value


class ReplayStudy(ExitWords, HedgeWords):
    """What hedging a book would have made on prices as they were."""

    kind: Literal["replay"] = Field("replay", description="What the study does: hedges a book on history.")
    data: DataSource = Field(description="Where the prices come from.")
    market: ReplayMarketWords = Field(description="Which columns are the market.")
    book: str | tuple[dict[str, Any], ...] | None = Field(
        None, description="CSV of positions, or a list of them, as in a simulate study; or give a programme."
    )
    programme: ProgrammeWords | None = Field(None, description="A position opened again and again; or give a book.")
    greeks: tuple[str, ...] = Field(
        ("delta", "gamma", "theta", "vega"), description="Greeks by which the profit is explained."
    )
    lag: int = Field(1, ge=0, description="Steps between decision and trade; lag 0 is shown beside it.")

    @field_validator("greeks")
    @classmethod
    def _are_greeks(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        from hedgerow.pricing.record import checked_names

        told(checked_names, value)
        return value

    @field_validator("book", mode="before")
    @classmethod
    def _one_position_or_many(cls, value: Any) -> Any:
        return [value] if isinstance(value, dict) else value

    @field_validator("book")
    @classmethod
    def _is_a_book(cls, value: Any) -> Any:
        from pathlib import Path

        from hedgerow.study.hedging.book import book_of

        return value if value is None or isinstance(value, str) else told(lambda rows: book_of(rows, Path()), value)

    @model_validator(mode="after")
    def _book_or_programme(self) -> Self:
        if (self.book is None) == (self.programme is None):
            raise ValueError("give either a book or a programme, one of the two")
        return self
