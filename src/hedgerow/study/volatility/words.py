"""The words of a volatility study: what was realised, what is implied, and how both compare."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from hedgerow.study.models import DataSource, Strict

Part = Literal["realised", "cone", "rank", "premium", "index", "curve"]
EstimatorName = Literal[
    "close_to_close",
    "close_to_close_demeaned",
    "parkinson",
    "garman_klass",
    "garman_klass_gap",
    "rogers_satchell",
    "yang_zhang",
]
Rows = Annotated[int, Field(ge=2)]
NEEDS: dict[Part, tuple[str, ...]] = {
    "realised": ("close",),
    "cone": ("close",),
    "rank": ("implied",),
    "premium": ("close", "implied"),
    "index": (),
    "curve": (),
}
"""Part of a study to the columns without which it cannot be."""


class VolatilityColumns(Strict):
    """Which columns of the data hold prices and implied volatility."""

    close: str | None = Field(None, description="Column of the close, or FILESTEM:COLUMN.")
    open: str | None = Field(None, description="Column of the open.")
    high: str | None = Field(None, description="Column of the high.")
    low: str | None = Field(None, description="Column of the low.")
    implied: str | None = Field(None, description="Column of implied volatility, such as an index of it.")
    implied_in: Literal["decimal", "percent"] = Field(
        "decimal", description="How it is written: 0.2, or 20 as the VIX is."
    )


class ConeWords(Strict):
    """How the cone is made."""

    horizons: tuple[Rows, ...] = Field(
        (), max_length=50, description="Window lengths in rows; those of 10, 21, 42, 63, 126, 252 that fit if left out."
    )
    overlap: Literal["none", "hodges_tompkins"] = Field(
        "none", description="Quantiles as observed, or widened for windows that overlap."
    )


class RankWords(Strict):
    """What rank and percentile compare with."""

    window: int = Field(252, ge=2, description="Last observations of implied volatility compared with.")
    count_today: bool = Field(True, description="Whether today is the last of them, or follows them.")


class PremiumWords(Strict):
    """What implied volatility is held against."""

    horizon: int = Field(21, ge=2, description="Rows of realised volatility before (ex ante) or after (ex post).")


class IndexWords(Strict):
    """A chain of option quotes, and when they were made."""

    file: str = Field(description="CSV: columns expiry, strike, kind, bid, ask; date where there are several.")
    at: str = Field(description="When the quotes were made: a date (then 15:15) or date and time, exchange clock.")
    rate: float | None = Field(None, description="Continuously compounded rate to both expiries, decimal.")
    rate_file: str | None = Field(
        None, description="CSV of yields in per cent by date, columns named by maturity such as DGS1MO."
    )
    expiries: tuple[str, ...] = Field((), max_length=2, description="Near and next expiry; else by the rule.")
    days: float = Field(30.0, gt=0, description="Horizon of the index in calendar days.")
    settles: str = Field("08:30", description="Time of day at which options settle on their expiry.")

    @model_validator(mode="after")
    def _one_rate(self) -> IndexWords:
        if (self.rate is None) == (self.rate_file is None):
            raise ValueError("give either a rate or a rate_file, one of the two")
        if len(self.expiries) == 1:
            raise ValueError("give two expiries, near and next, or none")
        return self


class CurveWords(Strict):
    """Futures prices and expiries in columns, nearest contract first."""

    file: str = Field(description="CSV with one row per date.")
    prices: tuple[str, ...] = Field((), description="Columns of prices; M1, M2, ... where left out.")
    expiries: tuple[str, ...] = Field((), description="Columns of expiry dates; exp1, exp2, ... where left out.")
    days: float = Field(30.0, gt=0, description="Constant maturity in calendar days.")
    date: str | None = Field(None, description="Name of the date column.")
    date_format: str | None = Field(None, description="How dates are written, as strptime reads it.")
    start: str | None = Field(None, description="First date used.")
    end: str | None = Field(None, description="Last date used.")


class VolatilityStudy(Strict):
    """What an underlying's volatility was, what options say it will be, and how both compare."""

    kind: Literal["volatility"] = Field("volatility", description="What the study does: measures volatility.")
    title: str | None = Field(None, max_length=200, description="Heading of the report.")
    parts: tuple[Part, ...] = Field((), description="What to find; everything that the data allow where left out.")
    data: DataSource | None = Field(None, description="Where prices and implied volatility come from.")
    columns: VolatilityColumns = Field(VolatilityColumns(), description="Which columns hold what.")
    estimators: tuple[EstimatorName, ...] = Field(
        (),
        description="Estimators of realised volatility, the leading one first; else all the columns allow.",
    )
    window: int = Field(21, ge=2, description="Rows of rolling realised volatility.")
    periods_per_year: float = Field(252.0, gt=0, description="Rows in a year: 252 for trading days.")
    confidence: float = Field(0.95, gt=0, lt=1, description="Confidence of the intervals.")
    cone: ConeWords = Field(ConeWords(), description="How the cone is made.")
    rank: RankWords = Field(RankWords(), description="What rank and percentile compare with.")
    premium: PremiumWords = Field(PremiumWords(), description="What implied volatility is held against.")
    index: IndexWords | None = Field(None, description="A chain of option quotes for a model-free index.")
    curve: CurveWords | None = Field(None, description="A futures term structure.")

    @model_validator(mode="after")
    def _something_to_do(self) -> VolatilityStudy:
        for part in self.parts:
            if part in ("index", "curve") and getattr(self, part) is None:
                raise ValueError(f"the part {part} needs the key {part} with its file")
            absent = [name for name in NEEDS[part] if getattr(self.columns, name) is None]
            if absent:
                raise ValueError(f"the part {part} needs the column {absent[0]}")
        series = self.columns.close is not None or self.columns.implied is not None
        if series != (self.data is not None):
            raise ValueError("data and the columns close or implied belong together; give both or neither")
        if not (series or self.index or self.curve):
            raise ValueError("give data with the columns close or implied, an index or a curve")
        return self

    def wants(self, part: Part) -> bool:
        """Return whether a part is asked for, or possible where none is named."""
        if self.parts:
            return part in self.parts
        if part in ("index", "curve"):
            return getattr(self, part) is not None
        return all(getattr(self.columns, name) is not None for name in NEEDS[part])
