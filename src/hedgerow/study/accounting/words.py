"""The words of an accounting study: a hedging relationship, its two sides, and how it is tested."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field, model_validator

from hedgerow.study.models import DataSource, Strict

FrameworkName = Literal["ifrs9", "asc815", "ias39"]


class RelationshipWords(Strict):
    """The file of a hedging relationship: what has to be stated at inception."""

    identification: str = Field(min_length=1, description="Name of the relationship, such as HR-2026-014.")
    type: Literal["cash flow", "fair value", "net investment"] = Field(description="Type of hedge.")
    designated: str = Field(description="Day of designation; nothing is tested or booked before it.")
    dedesignated: str | None = Field(None, description="Last day of the relationship; nothing is booked after it.")
    version: int = Field(1, ge=1, description="Version of this file; a change makes a new one.")
    lock: str | None = Field(
        None, description="Hash of the approved file, as its report prints it; a file that differs is refused."
    )
    preparer: str = Field("", description="Who prepared the file.")
    approver: str = Field("", description="Who approved it.")
    policy: str = Field("", description="Accounting policy it rests on.")
    strategy: str = Field("", description="Risk management strategy.")
    objective: str = Field("", description="Objective of this hedge.")
    item: str = Field("", description="Hedged item in words.")
    timing: str = Field("", description="When the item falls due, by bucket.")
    probability: str = Field("", description="Evidence that a forecast is highly probable.")
    instrument: str = Field("", description="Hedging instrument in words, with trade numbers.")
    counterparty: str = Field("", description="Counterparty or clearing house.")
    day_one_value: str = Field("", description="Fair value on the day of designation.")
    risk: str = Field("", description="Hedged risk or risk component.")
    component_reason: str = Field("", description="Why the component can be identified and measured.")
    ratio_reason: str = Field("", description="How the ratio was found, and why it holds no deliberate imbalance.")
    economic_relationship: str = Field("", description="Why both sides move in opposite directions.")
    credit_risk: str = Field("", description="The preparer's assessment of credit risk on both sides.")
    sources_of_ineffectiveness: tuple[str, ...] = Field(
        (), description="Basis, location, timing, discounting, credit, day-one value, rounding, volume."
    )
    excluded_components: str = Field("", description="Components left out and their treatment, or none.")
    method: str = Field("", description="Method of assessment in words; written from the tests where left out.")
    measurement: str = Field("", description="Measurement of ineffectiveness; the framework's where left out.")
    discontinuation: str = Field("", description="Discontinuation and rebalancing; the framework's where left out.")


class ItemWords(Strict):
    """The hedged item: a price and a quantity, or its fair value."""

    column: str | None = Field(None, description="Column of the item's price, or FILESTEM:COLUMN.")
    fair_value: str | None = Field(None, description="Column of the item's fair value in money, in place of a price.")
    quantity: float | None = Field(None, description="Units hedged: positive = owned or to be sold, negative = to buy.")
    settles: str | None = Field(None, description="When the item falls due; its change is discounted from there.")
    rate: float = Field(0.0, description="Continuously compounded discount rate a year, decimal.")

    @model_validator(mode="after")
    def _one_side(self) -> Self:
        if (self.column is None) == (self.fair_value is None):
            raise ValueError("give either column (a price) or fair_value (money), one of the two")
        if (self.column is None) != (self.quantity is None) or self.quantity == 0.0:
            raise ValueError("a price goes with a quantity other than 0, and a fair value with none")
        if self.settles is not None and self.column is None:
            raise ValueError("settles discounts a change in price; a fair value has its discounting inside")
        return self


class InstrumentWords(Strict):
    """The hedging instrument: a price and contracts, or its fair value."""

    column: str | None = Field(None, description="Column of the instrument's price, or FILESTEM:COLUMN.")
    fair_value: str | None = Field(None, description="Column of its fair value in money, in place of a price.")
    contract_size: float = Field(1.0, gt=0, description="Units in one contract, in the instrument's own measure.")
    price_unit_factor: float = Field(1.0, gt=0, description="Multiplies its price into the item's unit.")
    contracts: float | None = Field(None, description="Contracts held: positive = bought, negative = sold.")
    ratio: float | None = Field(
        None, gt=0, description="Designated ratio, units of instrument per unit of item; sizes the contracts, rounded."
    )
    excluded: str | None = Field(None, description="Column of the fair value of excluded components, in money.")

    @model_validator(mode="after")
    def _one_side(self) -> Self:
        if (self.column is None) == (self.fair_value is None):
            raise ValueError("give either column (a price) or fair_value (money), one of the two")
        if self.column is not None and self.contracts is None and self.ratio is None:
            raise ValueError("a price goes with contracts, or with a ratio that sizes them")
        if self.fair_value is not None and self.contracts is not None:
            raise ValueError("a fair value is that of the whole position and goes without contracts")
        if self.contracts == 0.0:
            raise ValueError("contracts must not be 0; without an instrument there is no relationship")
        return self


class ThresholdWords(Strict):
    """Where the tests draw their lines: choices of the house, printed in the document."""

    corridor_low: float = Field(0.80, gt=0, description="Least dollar offset.")
    corridor_high: float = Field(1.25, gt=0, description="Largest dollar offset.")
    slope_low: float = Field(0.80, gt=0, description="Least size of the slope.")
    slope_high: float = Field(1.25, gt=0, description="Largest size of the slope.")
    r_squared: float = Field(0.80, ge=0, le=1, description="Least R².")
    significance: float = Field(0.05, gt=0, lt=1, description="Largest p-value of slope and F.")
    fewest: int = Field(30, ge=3, description="Fewest changes in a regression.")
    small_change: float = Field(
        0.0, ge=0, description="Small-numbers rule: an item that moved by less than this, in money, is not judged."
    )


class ReclassificationWords(Strict):
    """An amount that leaves the reserve."""

    end: str = Field(description="End of the reporting period in which it leaves.")
    amount: float = Field(description="Money; positive where a gain leaves the reserve.")


class MoveWords(Strict):
    """A scenario: both prices move at once."""

    name: str = Field(min_length=1, description="What happens.")
    item: float = Field(description="Change of the item's price (of its fair value, where that is given).")
    instrument: float = Field(description="Change of the instrument's price (of its fair value).")


class TermWords(Strict):
    """Terms of one side, for the check list of critical terms."""

    quantity: float = Field(gt=0, description="Notional or quantity, in one unit for both sides.")
    currency: str = Field(description="Currency.")
    underlying: str = Field(description="Reference price or commodity, with its grade.")
    place: str = Field(description="Place of delivery.")
    settles: str = Field(description="When it settles or falls due.")
    value_at_inception: float = Field(0.0, description="Fair value on the day of designation.")


class CriticalTermsWords(Strict):
    """Both sides of the check list of critical terms."""

    item: TermWords = Field(description="Terms of the hedged item.")
    instrument: TermWords = Field(description="Terms of the hedging instrument.")


class AccountingStudy(Strict):
    """Whether a hedging relationship qualifies, how ineffective it was, and what is booked."""

    kind: Literal["accounting"] = Field("accounting", description="What the study does: makes a hedge accounting pack.")
    title: str | None = Field(None, max_length=200, description="Heading of the document.")
    framework: FrameworkName | tuple[FrameworkName, ...] = Field("ifrs9", description="One framework, or several.")
    relationship: RelationshipWords = Field(description="The file of the relationship.")
    data: DataSource = Field(description="Where prices or fair values come from; every: spacing of the changes tested.")
    item: ItemWords = Field(description="The hedged item.")
    instrument: InstrumentWords = Field(description="The hedging instrument.")
    fx: str | None = Field(None, description="Column: item currency per unit of the instrument's currency.")
    periods: str | tuple[str, ...] = Field("QE", description="Ends of reporting periods: QE, ME, YE, or dates.")
    as_of: str | None = Field(
        None, description="Date of the document, else the last of the data; nothing later is used."
    )
    window: int | None = Field(None, ge=5, description="Changes in each regression, the latest; all where left out.")
    retrospective: Literal["regression", "cumulative offset", "period offset"] | None = Field(
        None, description="Documented retrospective method; the framework's own where left out."
    )
    thresholds: ThresholdWords = Field(ThresholdWords(), description="Where the tests draw their lines.")
    rolling: int | None = Field(None, ge=5, description="Rows of the rolling regression; else as window, or 30.")
    digits: int = Field(2, ge=0, le=8, description="Decimal places of money.")
    reclassified: tuple[ReclassificationWords, ...] = Field((), description="Amounts that leave the reserve.")
    scenarios: tuple[MoveWords, ...] = Field((), description="Moves whose offset is shown.")
    critical_terms: CriticalTermsWords | None = Field(None, description="Check list of critical terms.")
    rebalancing: tuple[str, ...] = Field((), description="Log of rebalancing, one line each.")

    @property
    def frameworks(self) -> tuple[FrameworkName, ...]:
        """The frameworks asked for, each once."""
        asked = (self.framework,) if isinstance(self.framework, str) else self.framework
        return tuple(dict.fromkeys(asked))

    @model_validator(mode="after")
    def _some_framework(self) -> Self:
        if not self.frameworks:
            raise ValueError("name at least one framework: ifrs9, asc815 or ias39")
        return self
