"""The words that studies of hedged books share: the market, the book, who hedges, when, at what cost, and claims."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal, Self

from pydantic import Field, field_validator, model_validator
from pydantic_core import PydanticCustomError

from hedgerow.errors import HedgerowError
from hedgerow.study.price.words import UnderlyingWords
from hedgerow.study.strict import Strict

Part = str | dict[str, Any]
"""A part by name: ``every_day``, or ``{band: {width: 0.1}}``."""
TOLD = "told"
"""Type of a validation error whose message is a whole sentence."""


def told(check: Callable[[Any], object], value: Any, *, at: str = "") -> Any:
    """Return a value that passes a check; what it refuses becomes a validation error's sentence, of the key ``at``."""
    try:
        check(value)
    except HedgerowError as error:
        raise PydanticCustomError(TOLD, "{sentence}", {"sentence": str(error), "at": at}) from error
    return value


class StartWords(Strict):
    """The market at the start: a moment, and every underlying of the book."""

    at: str = Field(description="Date, or date and time, at which the book is taken on; a day stands for its close.")
    underlyings: dict[str, UnderlyingWords] = Field(min_length=1, description="Underlying to its market.")
    currency: str = Field("USD", description="Currency of the account.")
    fx: dict[str, float] = Field({}, description="Units of that currency per unit of another.")

    @model_validator(mode="after")
    def _is_a_market(self) -> Self:
        from hedgerow.study.hedging.book import market_of

        return told(market_of, self)  # type: ignore[no-any-return]


class AccountWords(Strict):
    """The account that carries the hedge: its capital, and what it must keep against its positions."""

    capital: float = Field(gt=0, description="Money in the account before anything is bought or sold.")
    initial: float = Field(0.5, ge=0, description="Margin to open a hedge, a share of its value.")
    maintenance: float = Field(0.3, ge=0, description="Margin below which the account is called, a share of its value.")


class ClaimWords(Strict):
    """A figure that somebody claims, to be printed beside the one measured here."""

    what: str = Field(max_length=200, description="What is claimed, in words.")
    claimed: float = Field(description="The figure claimed.")
    measured: str | None = Field(None, description="Name of the figure of this study that answers it.")
    right: float | None = Field(None, description="What the claim's own arithmetic gives, where it is wrong.")
    note: str = Field("", description="Why they differ.")


class HedgeWords(Strict):
    """Who says what to hold, when it is traded, and what that costs."""

    title: str | None = Field(None, max_length=200, description="Heading of the report.")
    hedger: Part = Field(
        "delta", description="Who says what to hold, by name: delta, leland, delta_gamma, proxy, cppi, ..."
    )
    policy: Part = Field(
        "every_periods",
        description="When to trade, by name: every_day, {band: {width: 0.1}}, ...; any joins by or, all by and.",
    )
    costs: tuple[Part, ...] = Field(
        (), description="What trading costs: names with values, such as half_spread, or a preset; they add up."
    )
    account: AccountWords | None = Field(None, description="The account, where capital and margin calls matter.")
    claims: tuple[ClaimWords, ...] = Field((), max_length=50, description="Figures of others, to be measured here.")

    @field_validator("costs", mode="before")
    @classmethod
    def _one_or_many(cls, value: Any) -> Any:
        return [value] if isinstance(value, str | dict) else value

    @field_validator("hedger", "policy", "costs")
    @classmethod
    def _are_known(cls, value: Any, info: Any) -> Any:
        from hedgerow.study.hedging import registries

        checks = {"hedger": registries.hedger_of, "policy": registries.policy_of, "costs": registries.costs_of}
        return told(checks[info.field_name], value)


class ExitWords(Strict):
    """What trading the options themselves costs, and when they are closed before they expire."""

    option_costs: tuple[Part, ...] = Field(
        (), description="What trading an option costs, as costs; half_spread is of its own price. Expiry is free."
    )
    exits: tuple[Part, ...] = Field(
        (),
        description="When positions are closed, by name: {before_expiry: 7}, {profit: 2}, {tracking_error: 0.05}, "
        "{before_events: {dates: [2026-12-09]}}, scale_down, {roll: {rule: {before_expiry: 7}}}; any of them does.",
    )

    @field_validator("option_costs", "exits", mode="before")
    @classmethod
    def _one_or_many_of_options(cls, value: Any) -> Any:
        return [value] if isinstance(value, str | dict) else value

    @field_validator("option_costs", "exits")
    @classmethod
    def _are_known_to_options(cls, value: Any, info: Any) -> Any:
        from hedgerow.study.hedging import registries

        return told({"option_costs": registries.costs_of, "exits": registries.exits_of}[info.field_name], value)


class DrawnWords(HedgeWords):
    """A book in a market, on paths that a scenario draws."""

    market: StartWords = Field(description="The market at the start.")
    book: str | tuple[dict[str, Any], ...] = Field(
        description="CSV of positions, or a list: underlying, type, kind, strike, expiry, quantity, multiplier; or "
        "of combinations: {straddle: {underlying: XYZ, strike: 100, expiry: 2027-02-19, quantity: -10}}."
    )
    scenario: Part = Field(
        "gbm", description="Where paths come from, by name: gbm, heston, merton, kou, garch, bootstrap, regimes, ..."
    )
    paths: int = Field(10_000, ge=1, le=100_000_000, description="Paths drawn.")
    steps: int | None = Field(None, ge=1, le=1_000_000, description="Even steps to the horizon, in place of every.")
    every: Literal["week", "day", "hour"] = Field(
        "day", description="A step: day is the close of every weekday, week and hour are even steps of trading time."
    )
    until: str | None = Field(None, description="Date of the end; the last expiry of the book where left out.")
    lag: int = Field(0, ge=0, le=1, description="Steps between decision and trade.")
    seed: int = Field(0, ge=0, description="Decides every random number; the same seed gives the same result.")
    workers: int | None = Field(
        None, ge=1, description="Threads; all cores where left out. Results do not depend on it."
    )

    @field_validator("book", mode="before")
    @classmethod
    def _one_position_or_many(cls, value: Any) -> Any:
        return [value] if isinstance(value, dict) else value

    @model_validator(mode="after")
    def _belong_together(self) -> Self:
        from hedgerow.study.hedging.book import check_drawn

        return told(check_drawn, self)  # type: ignore[no-any-return]
