"""The words of a stress study: the ratio held, what could happen to it, and what its margin asks for."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from hedgerow.market.numbers import counted
from hedgerow.study.method_choice import MethodOrName
from hedgerow.study.models import HedgedExposure, Judgement, Method, Strict, Trading


class StressScenarioWords(Strict):
    """One scenario of your own: factors and a correlation, and at most one kind of move."""

    name: str = Field(min_length=1, max_length=80, description="As it appears in every table.")
    correlation: float | None = Field(
        None, ge=-1, le=1, description="What correlations move to, in the sense of each estimate; negative turns round."
    )
    among_hedges: bool = Field(True, description="Whether correlations between hedges move too.")
    exposure_volatility: float = Field(1.0, ge=0, description="Factor of the exposure's volatility.")
    hedge_volatility: float = Field(1.0, ge=0, description="Factor of every hedge's volatility.")
    volatility: dict[str, float] = Field({}, description="Factor of single columns, on top of the two.")
    index: tuple[float, float] | None = Field(
        None, description="Levels of a volatility index before and after: all volatilities times after / before."
    )
    sigma: float | None = Field(None, description="The exposure moves by so many stressed standard deviations, signed.")
    follow: Literal["beta", "none"] = Field("beta", description="With sigma: hedges follow by their betas, or not.")
    moves: dict[str, float] | None = Field(None, description="Move per column, signed; columns left out stand still.")
    moves_in: Literal["change", "percent", "sigma"] = Field(
        "change", description="Unit of moves: that of the changes, decimals of the price (-0.1), standard deviations."
    )
    worst_rows: int | None = Field(None, ge=1, description="Live again the rows in which the exposure lost most.")
    roll_gap: float | None = Field(None, ge=0, description="Hedges gap against their holder by this, change units.")
    basis_shock: float | None = Field(None, ge=0, description="The exposure alone moves against its holder by this.")

    @model_validator(mode="after")
    def _one_move(self) -> StressScenarioWords:
        given = [
            word
            for word in ("sigma", "moves", "worst_rows", "roll_gap", "basis_shock")
            if getattr(self, word) is not None
        ]
        if len(given) > 1:
            raise ValueError(f"a scenario has one kind of move; {' and '.join(given)} are given")
        if self.index is not None and not min(self.index) > 0.0:
            raise ValueError("levels of a volatility index must be above 0")
        if min(self.volatility.values(), default=0.0) < 0.0:
            raise ValueError("volatility factors must be 0 or more")
        return self


class MarginWords(Strict):
    """What a margin account asks for, and how large a buffer is kept; margin is estimated where none is stated."""

    initial: tuple[Annotated[float, Field(ge=0)], ...] | None = Field(
        None, min_length=1, description="Initial margin in money per contract, one for all hedges or one each."
    )
    share: tuple[Annotated[float, Field(ge=0)], ...] | None = Field(
        None, min_length=1, description="Initial margin as a share of a contract's value, decimal."
    )
    level: float = Field(0.99, gt=0.5, lt=1, description="Estimated margin: quantile of past absolute moves.")
    rows: int = Field(2, ge=1, description="Estimated margin: rows of one move.")
    window: int = Field(250, ge=30, description="Estimated margin: past rows used.")
    sigmas: float | None = Field(None, gt=0, description="Estimated margin: standard deviations, not the quantile.")
    maintenance: float = Field(1.0, gt=0, le=1, description="Share of the initial margin below which a call comes.")
    sweep: bool = Field(True, description="Whether what stands above the initial margin is paid out.")
    rate: float = Field(0.0, description="What tied-up cash costs a year, decimal.")
    earned: float = Field(0.0, description="What the margin account pays on it a year, decimal.")
    confidence: float = Field(0.99, gt=0, lt=1, description="Share of past windows whose calls the buffer meets.")
    horizon: int = Field(10, ge=1, description="Rows of such a window.")
    risk_aversion: float | None = Field(
        None, gt=0, description="Absolute, per unit of money: also gives the ratio that weighs variance against rate."
    )

    @model_validator(mode="after")
    def _one_margin(self) -> MarginWords:
        if self.initial is not None and self.share is not None:
            raise ValueError("margin is given as initial and as share; give one of them")
        return self


class KnockInWords(Strict):
    """An option that comes alive at a level and protects what is held."""

    instrument: str = Field(description="Column of the exposure or of a hedge: what is held of it is protected.")
    barrier: float = Field(gt=0, description="Level at which the option comes alive, in the exposure's price unit.")
    vol: float = Field(gt=0, description="Annual volatility, decimal.")
    years: float = Field(gt=0, description="Years to expiry.")
    strike: float | None = Field(None, ge=0, description="The latest price where left out.")
    rate: float = Field(0.0, description="Interest, continuously compounded a year.")
    dividend_yield: float | None = Field(None, description="Equal to the rate, as for a future, where left out.")


class StressWords(Strict):
    """How a stress test measures, and which presets it runs."""

    sigmas: float = Field(7.0, gt=0, description="Standard deviations that count as a loss where no price moves.")
    window: int | None = Field(None, ge=3, description="Rows that volatilities and correlations come from; else all.")
    presets: bool = Field(True, description="Whether the preset scenarios are run.")
    correlations: tuple[Annotated[float, Field(ge=-1, le=1)], ...] = Field(
        (0.40, 1.0), max_length=20, description="Correlations of the presets."
    )
    moves: tuple[Annotated[float, Field(gt=0)], ...] = Field(
        (7.0,), max_length=20, description="Sizes of the presets' moves, standard deviations, both signs."
    )
    worst_rows: tuple[Annotated[int, Field(ge=1)], ...] = Field(
        (1, 5, 20), max_length=20, description="Lengths of the worst windows among the presets."
    )
    index: tuple[float, float] | None = Field(
        (12.0, 60.0),
        description="Levels of a volatility index before and after, for equity-like exposures; null leaves it out.",
    )
    stop_loss: float | None = Field(None, gt=0, description="Loss in money at which to act: gives the stop levels.")
    knock_in: KnockInWords | None = Field(None, description="Contingent protection to price.")

    @model_validator(mode="after")
    def _index_above_zero(self) -> StressWords:
        if self.index is not None and not min(self.index) > 0.0:
            raise ValueError("levels of a volatility index must be above 0")
        return self


class StressStudy(HedgedExposure):
    """What a hedge loses when correlation, volatility or prices break away, and what its margin asks for."""

    kind: Literal["stress"] = Field("stress", description="What the study does: stresses a hedge held at one ratio.")
    ratio: tuple[float, ...] | None = Field(None, min_length=1, description="Ratio held, one per hedge.")
    method: MethodOrName = Field(
        Method(name="ols"),
        description="Name, or mapping as in methods, of what finds the ratio from all rows where none is given.",
    )
    window: int = Field(60, ge=3, description="Rows of the rolling window where the method has none of its own.")
    stress: StressWords = Field(StressWords(), description="How losses are measured, and which presets are run.")
    scenarios: tuple[StressScenarioWords, ...] = Field((), max_length=100, description="Scenarios of your own.")
    trading: Trading = Field(Trading(), description="What trading costs, rounding and tailing; the rest is not used.")
    judging: Judgement = Field(Judgement(), description="Level of VaR and CVaR, confidence and seed of intervals.")
    margin: MarginWords | None = Field(MarginWords(), description="The margin account; null leaves it out.")

    @model_validator(mode="after")
    def _something_to_run(self) -> StressStudy:
        if self.trading.tailing == "textbook" and (self.changes != "diff" or self.level is not None):
            raise ValueError("tailing textbook is for ratios of price differences; returns go through values already")
        if self.ratio is not None and len(self.ratio) != len(self.hedges):
            given = f"{counted(len(self.ratio), 'ratio')} {'is' if len(self.ratio) == 1 else 'are'} given"
            raise ValueError(f"{given} for {counted(len(self.hedges), 'hedge')}; give one per hedge")
        if not self.stress.presets and not self.scenarios:
            raise ValueError("without presets a stress study needs scenarios of its own")
        return self
