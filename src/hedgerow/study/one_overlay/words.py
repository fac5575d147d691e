"""The words of one overlay: which columns it reads, its rule, its shape, and what is hedged with what."""

from __future__ import annotations

from typing import Any

from pydantic import Field, model_validator

from hedgerow.study.hedging.words import told
from hedgerow.study.models import DataSource, Strict
from hedgerow.study.signal_words import require_times

CARRIED = ("vix", "price")
"""Signals that every overlay has."""


class HedgeWords(Strict):
    """What multiplier 1 of an overlay buys, and the portfolio it protects; read where a budget or accounts need it."""

    instrument: str | None = Field(None, description="Name of the hedge; a one-month variance swap where left out.")
    parameters: dict[str, Any] = Field({}, description="Keys of the hedge, such as months: 3.")
    vega_notional: float | None = Field(
        None, description="Money per volatility point at multiplier 1; 0.01 % of the portfolio where left out."
    )
    portfolio: float = Field(10_000_000.0, gt=0, description="Value of the portfolio at the first date, money.")
    rate: float | None = Field(
        None, gt=-1, lt=1, description="Simple interest per year, decimal; 0 where left out, and said."
    )

    @property
    def says_what(self) -> bool:
        """Whether the words say what is bought, so that its account is wanted without a budget too."""
        return bool(self.instrument is not None or self.vega_notional is not None or self.parameters)


class OverlayWords(Strict):
    """One rule on named columns, shaped, and where a budget asks for it held in an account."""

    title: str | None = Field(None, max_length=200, description="Heading of the report.")
    data: DataSource = Field(description="Where the columns come from.")
    vix: str = Field(description="Column of the volatility index in points: 20 is 20 %.")
    price: str = Field(description="Column of the portfolio's or its index's price.")
    signals: dict[str, str] = Field({}, description="Further signals: name to column.")
    delays: dict[str, int] = Field({}, description="Rows by which a signal is known after its date, by name.")
    available_at: dict[str, str] = Field(
        {}, description="When a signal is known, by name: a column of moments, 16:15, or 5 days 10:30."
    )
    decided_at: str = Field("16:00", description="Time of the day of the decision, with a zone where moments have one.")
    rule: str = Field(description="Name of the rule.")
    parameters: dict[str, Any] = Field({}, description="Keys of the rule, such as low: 10.")
    shape: dict[str, Any] = Field({}, description="Stages: smooth, persist, floor, cap, threshold, budget.")
    lag: int = Field(
        1, ge=0, le=1_000_000, description="Signal dates from the decision at a close to the close of its fill."
    )
    calendar: str | None = Field(None, description="Exchange on whose days alone the hedge trades; else not consulted.")
    hedge: HedgeWords = Field(HedgeWords(), description="What is bought, and for which portfolio.")

    @model_validator(mode="after")
    def _names_once(self) -> OverlayWords:
        if self.vix == self.price:
            raise ValueError(
                f"vix and price are both the column {self.vix!r}; name the volatility index and what it is the "
                "volatility of"
            )
        taken = next((name for name in CARRIED if name in self.signals), None)
        if taken is not None:
            raise ValueError(f"the signal {taken} has its column already; give further signals other names")
        told(lambda words: require_times(words.available_at, words.decided_at, words.columns), self)
        if self.data.sampling != "joint" or self.data.roll_dates is not None:
            raise ValueError(
                "an overlay reads joint rows of columns that do not roll; leave out sampling and roll_dates"
            )
        return self

    @property
    def columns(self) -> dict[str, str]:
        """Signals to their columns."""
        return {"vix": self.vix, "price": self.price, **self.signals}
