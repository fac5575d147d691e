"""The words of a rate study: bonds held, futures to hedge with, and the yield curve between them."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from hedgerow.study.models import Strict


class CurveWords(Strict):
    """Where the yield curve comes from: a file of par yields by date, or one flat rate."""

    file: str | None = Field(
        None, description="CSV or Parquet: a date column and par yields, columns such as 2Y or DGS10."
    )
    flat: float | None = Field(None, description="One continuously compounded zero rate for all times, decimal.")
    columns: dict[str, float] = Field({}, description="Column to its years, where the name does not say it: BC_2: 2.")
    yields_in: Literal["percent", "decimal"] = Field(
        "percent", description="How the yields are written: 4.5, or 0.045."
    )
    window: int = Field(250, ge=20, description="Newest daily changes of the curve that weigh its nodes, for key_rate.")

    @model_validator(mode="after")
    def _one_source(self) -> CurveWords:
        if (self.file is None) == (self.flat is None):
            raise ValueError("give either file or flat, one of the two")
        return self


class RateStudy(Strict):
    """How many bond futures take off the rate risk of some bonds, in all or node by node of the curve."""

    kind: Literal["rates"] = Field("rates", description="What the study does: hedges DV01 and key rates.")
    title: str | None = Field(None, max_length=200, description="Heading of the report.")
    at: str = Field(description="Settlement date of all prices; nothing later is read.")
    bonds: str = Field(description="CSV: name, coupon, maturity, price, face and, if not 2, frequency.")
    futures: str = Field(
        description="CSV, a line per deliverable bond: future, price, delivery, bond, coupon, maturity, bond_price "
        "and, if known, conversion_factor, contract_size, rounding_months."
    )
    curve: CurveWords = Field(description="The yield curve.")
    method: Literal["dv01", "key_rate"] = Field("dv01", description="Match the DV01 of one future, or each node.")
    weigh: bool = Field(True, description="With key_rate: weigh nodes by how they moved, where a curve file is given.")
    rounding: Literal["nearest", "down", "up", "none"] = Field("nearest", description="Whole-contract rule.")
