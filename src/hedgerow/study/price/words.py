"""The words of a price study: one option, or a book of positions."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field, model_validator

from hedgerow.study.models import Strict

Parameter = float | str | tuple[float, ...]


class OptionWords(Strict):
    """One option and its market."""

    kind: Literal["call", "put"] = Field("call", description="call or put.")
    spot: float = Field(description="Price of the underlying; the forward for black76.")
    strike: float = Field(description="Strike, in the unit of the spot.")
    years: float = Field(description="Time to expiry in years: calendar days / 365.")
    vol: float | None = Field(None, description="Annual volatility, decimal (price units for bachelier).")
    rate: float = Field(0.0, description="Continuously compounded rate, decimal.")
    dividend_yield: float = Field(0.0, description="Continuous dividend yield or foreign rate, decimal.")


class UnderlyingWords(Strict):
    """The market of one underlying."""

    spot: float = Field(description="Its price.")
    vol: float | None = Field(None, ge=0, description="Annual volatility of options without a mark of their own.")
    rate: float = Field(0.0, description="Continuously compounded rate, decimal.")
    dividend_yield: float = Field(0.0, description="Continuous dividend yield or foreign rate, decimal.")
    borrow: float = Field(0.0, description="Fee for borrowing it, per year, decimal.")
    dividends: dict[str, float] = Field({}, description="Cash dividends: ex-date to amount per unit.")
    forwards: dict[str, float] = Field({}, description="Quoted forwards: expiry day to price.")


class BookWords(Strict):
    """A book of positions in a file, and the market that values it."""

    file: str = Field(
        description="CSV of positions (underlying, instrument, quantity, ...), or of options with their own market "
        "(kind, spot, strike, years, vol, ...)."
    )
    at: str | None = Field(None, description="Valuation date, or date and time; needed for positions.")
    market: dict[str, UnderlyingWords] = Field({}, description="Underlying to its market.")
    market_file: str | None = Field(
        None, description="CSV with columns underlying, spot, vol, rate, dividend_yield, borrow, in place of market."
    )
    currency: str = Field("USD", description="Currency in which different currencies are added up.")
    fx: dict[str, float] = Field({}, description="Units of that currency per unit of another.")

    @model_validator(mode="after")
    def _one_market(self) -> BookWords:
        if self.market and self.market_file:
            raise ValueError("give either market or market_file, one of the two")
        return self


class ScenarioWords(Strict):
    """Moves of spot, volatility and time under which a book is valued again."""

    spot: tuple[float, ...] = Field(
        (-0.20, -0.15, -0.10, -0.05, -0.02, 0.0, 0.02, 0.05, 0.10, 0.15, 0.20),
        min_length=1, max_length=101, description="Relative moves of every spot: -0.1 is 10 % down.",
    )  # fmt: skip
    vol: tuple[float, ...] = Field(
        (-0.05, -0.02, 0.0, 0.02, 0.05, 0.10), min_length=1, max_length=101,
        description="Moves of every volatility in decimals: 0.02 is two points up.",
    )  # fmt: skip
    days: tuple[float, ...] = Field((0.0,), min_length=1, max_length=50, description="Calendar days ahead.")


class ShockWords(Strict):
    """One scenario of your own."""

    name: str = Field(max_length=80, description="Its name in every table.")
    spot: float = Field(0.0, gt=-1, description="Relative move of the driver.")
    vol_factor: float = Field(1.0, ge=0, description="What every volatility is multiplied by.")
    vol: float = Field(0.0, description="Absolute move of every volatility on top.")
    days: float = Field(0.0, ge=0, description="Calendar days it takes.")
    correlation: float = Field(1.0, ge=-1, le=1, description="Of the other underlyings with the driver.")


class BookStressWords(Strict):
    """Correlation beside spot, volatility and time; named scenarios; and the size that a portfolio can carry."""

    correlation: tuple[float, ...] = Field(
        (0.0, 0.5, 1.0), min_length=1, max_length=21,
        description="Of the other underlyings with the driver: each moves by its beta at it.",
    )  # fmt: skip
    driver: str | None = Field(None, description="Underlying that moves by the cell; the first of the book if empty.")
    volatilities: dict[str, float] = Field({}, description="Of how far underlyings move, where the market has none.")
    named: bool = Field(True, description="Run 1987, 2008, 2020, a volatility crush, correlation to 1 and others too.")
    scenarios: tuple[ShockWords, ...] = Field((), max_length=50, description="Scenarios of your own.")
    portfolio: float | None = Field(None, gt=0, description="Money, to say how much of the book it can carry.")
    risk: float = Field(0.02, gt=0, le=1, description="Share of the portfolio that the worst loss may take, decimal.")


class PriceStudy(Strict):
    """What one option, or a book of positions, is worth and how it moves."""

    kind: Literal["price"] = Field("price", description="What the study does: prices, Greeks and scenarios.")
    title: str | None = Field(None, max_length=200, description="Heading of the report.")
    model: str = Field("black_scholes", description="Pricing model, by its name in hedgerow.pricing.")
    parameters: dict[str, Parameter] = Field({}, description="The model's own parameters, by name.")
    option: OptionWords | None = Field(None, description="One option; or give a book.")
    book: BookWords | None = Field(None, description="A file of positions; or give one option.")
    scenarios: ScenarioWords = Field(ScenarioWords(), description="Moves under which a book is valued again.")
    stress: BookStressWords | None = Field(None, description="Correlation and named scenarios as well; of a book.")

    @model_validator(mode="after")
    def _option_or_book(self) -> PriceStudy:
        if (self.option is None) == (self.book is None):
            raise ValueError("give either an option or a book, one of the two")
        return self

    def arguments(self) -> dict[str, Any]:
        """Return the option's seven common arguments by name, without ``vol`` where it is not given."""
        words = self.option.model_dump() if self.option else {}
        return {name: value for name, value in words.items() if value is not None}
