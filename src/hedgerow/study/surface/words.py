"""The words of a surface study: a chain of option quotes, what is known beside it, and what is asked of its surface."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from hedgerow.study.models import Strict

Rule = Literal["sticky_strike", "sticky_delta"]


class ChainWords(Strict):
    """A file of quotes, one row per option and date."""

    file: str = Field(description="CSV: expiry, strike, kind, bid and ask (or vol) and, if many, date.")
    at: str | None = Field(None, description="Date of the quotes; the file's last where left out.")
    style: Literal["european", "american"] | None = Field(
        None, description="Exercise of all options; else the file's column."
    )
    spot: float | None = Field(None, gt=0, description="Price of the underlying; else the file's column.")
    columns: dict[str, str] = Field({}, description="The file's name of a column that is not recognised: expiry: exp.")


class ShiftWords(Strict):
    """A move of the spot."""

    spot: float = Field(gt=0, description="Spot after the move.")
    rule: Rule = Field("sticky_strike", description="What keeps its volatility: each strike, or each delta.")


class SurfaceStudy(Strict):
    """What a chain of option quotes says: forwards, discount factors, smiles without arbitrage, and marks."""

    kind: Literal["surface"] = Field("surface", description="What the study does: fits a volatility surface.")
    title: str | None = Field(None, max_length=200, description="Heading of the report.")
    chain: ChainWords = Field(description="The quotes.")
    rate: float | None = Field(
        None, description="Continuously compounded rate, decimal; found by parity where left out (European options)."
    )
    rates: dict[str, float] = Field({}, description="Expiry to its own rate, in place of `rate`.")
    forwards: dict[str, float] = Field({}, description="Expiry to its forward, where known; parity is not used then.")
    dividend_yield: float | None = Field(
        None, description="Continuous yield of an American underlying; found from the quotes where left out."
    )
    model: Literal["svi", "ssvi"] = Field("svi", description="A slice per expiry, or one surface for all.")
    calendar: bool = Field(True, description="Whether no SVI slice may cross the one before.")
    discount_window: float = Field(
        0.3, gt=0, description="Strikes within this share of the spot fit the discount factor by parity."
    )
    held: str | None = Field(None, description="CSV of held options to mark: expiry, strike, kind.")
    shifted: ShiftWords | None = Field(None, description="Show the surface after a move of the spot, too.")
    strikes: tuple[float, ...] = Field((), max_length=200, description="Strikes whose volatilities are listed.")
    years: tuple[float, ...] = Field((), max_length=200, description="Times of that list; else those of the expiries.")

    @model_validator(mode="after")
    def _forwards_are_discounted(self) -> SurfaceStudy:
        if self.forwards and self.rate is None and not self.rates:
            raise ValueError("forwards need a rate that discounts; give rate too")
        return self
