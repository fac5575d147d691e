"""The words of an explain study: a book, the markets before and after, trades between them, and their history."""

from __future__ import annotations

from typing import Any, Literal, Self

from pydantic import Field, field_validator, model_validator

from hedgerow.study.hedging.words import told
from hedgerow.study.price.words import Parameter, UnderlyingWords
from hedgerow.study.strict import Strict


class SmileWords(Strict):
    """One point of a smile."""

    expiry: str = Field(description="Date, or date and time, of expiry.")
    strike: float = Field(gt=0, description="Strike, in the unit of the spot.")
    vol: float = Field(gt=0, description="Implied volatility there, annual, decimal.")


class MarkedWords(UnderlyingWords):
    """The market of one underlying, with a smile where there is one."""

    smile: tuple[SmileWords, ...] = Field(
        (), description="Volatilities by expiry and strike, in place of vol: linear in the strike and flat outside, "
        "total variance linear between expiries.",
    )  # fmt: skip

    @model_validator(mode="after")
    def _one_volatility(self) -> Self:
        if self.smile and self.vol is not None:
            raise ValueError("give either vol or smile, one of the two")
        return self


class MarketWords(Strict):
    """A market at one moment."""

    at: str = Field(description="Date, or date and time, of the market; a day stands for its close.")
    underlyings: dict[str, MarkedWords] = Field(min_length=1, description="Underlying to its market.")
    currency: str = Field("USD", description="Currency in which different currencies are added up.")
    fx: dict[str, float] = Field({}, description="Units of that currency per unit of another.")

    @model_validator(mode="after")
    def _is_a_market(self) -> Self:
        from hedgerow.study.explain.markets import state_of

        return told(state_of, self)  # type: ignore[no-any-return]


class EventWords(Strict):
    """An event to come whose passing takes volatility out of the options."""

    vol_move: float = Field(description="Change of every volatility once it has passed: -0.15 is 15 points down.")
    days: float = Field(1.0, ge=0, description="Calendar days that pass.")
    spot_moves: tuple[float, ...] = Field(
        (-0.10, -0.05, -0.02, 0.0, 0.02, 0.05, 0.10), min_length=1, max_length=101,
        description="Relative moves of every spot, ascending: -0.05 is 5 % down.",
    )  # fmt: skip


Rows = str | tuple[dict[str, Any], ...]


class ExplainStudy(Strict):
    """What a book made between two markets: predicted by its Greeks, explained by revaluation."""

    kind: Literal["explain"] = Field("explain", description="What the study does: explains the profit of a day.")
    title: str | None = Field(None, max_length=200, description="Heading of the report.")
    book: Rows = Field(
        description="What was held before: CSV of positions, or a list of them: underlying, type, kind, strike, "
        "expiry, quantity, multiplier, vol; or of combinations, as in a simulate study."
    )
    before: str | MarketWords | None = Field(
        None, description="The market before: its words, or a YAML file of them; else the history's."
    )
    after: str | MarketWords | None = Field(
        None, description="The market after: its words, or a YAML file of them; else the history's last."
    )
    date: str | None = Field(None, description="Day of the history that is explained, in place of before and after.")
    trades: Rows = Field(
        (), description="What was traded in between: CSV, or a list, with the columns of a book, price and fee."
    )
    order: tuple[str, ...] = Field(
        (), description="Moves that the revaluation makes first; the others follow in their usual order: carry, spot, "
        "volatility level, skew and term, rates, dividends, currencies, trades, fees.",
    )  # fmt: skip
    flows: dict[str, float] = Field(
        {}, description="Money received (+) or paid (-) that belongs to no position, by name: financing, dividends."
    )
    model: str = Field("black_scholes", description="Pricing model of European options.")
    parameters: dict[str, Parameter] = Field({}, description="The model's own parameters, by name.")
    history: str | tuple[str | MarketWords, ...] = Field(
        (), description="Markets day by day, on which the same book is tested: a CSV with columns date, underlying, "
        "spot, vol, rate, dividend_yield, borrow; or a list of markets or their YAML files.",
    )  # fmt: skip
    event: EventWords | None = Field(None, description="An event to come: what it would do to the book.")

    @field_validator("book", "trades", mode="before")
    @classmethod
    def _one_or_many(cls, value: Any) -> Any:
        return [value] if isinstance(value, dict) else value

    @field_validator("book")
    @classmethod
    def _is_a_book(cls, value: Any) -> Any:
        from pathlib import Path

        from hedgerow.study.hedging.book import book_of

        return value if isinstance(value, str) else told(lambda rows: book_of(rows, Path()), value)

    @field_validator("order")
    @classmethod
    def _are_moves(cls, value: tuple[str, ...]) -> Any:
        from hedgerow.study.explain.markets import whole_order

        return told(whole_order, value)

    @field_validator("flows")
    @classmethod
    def _have_names_of_their_own(cls, value: dict[str, float]) -> dict[str, float]:
        from hedgerow.attribution import MOVES
        from hedgerow.attribution.book_day import PREDICTED

        for name in value:
            if name in (*PREDICTED, *MOVES, "unexplained", "residual", "total"):
                raise ValueError(f"{name!r} is a part of its own; give the flow another name")
        return value

    @model_validator(mode="after")
    def _two_markets(self) -> Self:
        given = self.before is not None, self.after is not None
        if not any(given) and not self.history:
            raise ValueError("give before and after, or a history of markets")
        if given[0] != given[1]:
            raise ValueError(f"give {'after' if given[0] else 'before'} too, or neither and a history")
        if self.date is not None and (any(given) or not self.history):
            raise ValueError("date names a day of the history; it needs a history, and neither before nor after")
        return self
