"""Records of a stress test: how it measures, what each scenario does, and all of them together."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import pandas as pd

from hedgerow._types import FloatArray
from hedgerow.compare.stress.moments import Moments
from hedgerow.compare.stress.position import HedgedPosition
from hedgerow.compare.stress.scenarios import StressScenario
from hedgerow.compare.stress.verdict import ReverseStress, verdict_on_stress
from hedgerow.errors import InputError


@dataclass(frozen=True)
class StressOptions:
    """How a stress test measures.

    Parameters
    ----------
    sigmas : float
        Standard deviations of the position that count as its loss where a scenario moves no price; above 0.
    level : float
        Level of VaR and CVaR.
    window : int, optional
        Rows that volatilities and correlations come from, the last ones; all known rows unless said.
    as_of : date, optional
        Day of the test: nothing after it is used. The last row unless said.
    """

    sigmas: float = 7.0
    level: float = 0.95
    window: int | None = None
    as_of: str | pd.Timestamp | None = None

    def __post_init__(self) -> None:
        if not (np.isfinite(self.sigmas) and self.sigmas > 0.0):
            raise InputError(f"a loss is counted in standard deviations above 0, not {self.sigmas}")
        if not 0.5 < self.level < 1.0:
            raise InputError(f"the level of VaR must lie between 0.5 and 1, not {self.level}; 95 % is written 0.95")


@dataclass(frozen=True)
class LossFigures:
    """One position under one scenario, in money over one row; losses are positive.

    Attributes
    ----------
    loss : float
        Of the scenario's move, or of ``sigmas`` standard deviations of this position where it has none.
    deviation : float
        Standard deviation under the stressed moments.
    value_at_risk, cvar : float
        Of a normal distribution with that standard deviation and mean 0.
    historical_value_at_risk, historical_cvar : float or None
        Of the known rows, means removed, given the stressed volatilities and correlations; None where the history
        holds no residual from which a lower correlation could be made.
    """

    loss: float
    deviation: float
    value_at_risk: float
    cvar: float
    historical_value_at_risk: float | None
    historical_cvar: float | None


@dataclass(frozen=True, eq=False)
class StressResult:
    """What one scenario does.

    Attributes
    ----------
    scenario : StressScenario
    words : str
        What moves, as a phrase; how the loss is counted where nothing does.
    moves : ndarray, shape (1 + n_hedges,), or None
        Change of one unit of each instrument, the exposure first; None where the scenario moves no price.
    unhedged, hedged : LossFigures
        The exposure alone, and with its hedges at the ratio held.
    variance_reduction : float
        What the hedge still removes under the stressed moments; below 0 it adds variance.
    emergency_ratio : ndarray, shape (n_hedges,)
        The ratio that would be right under the stressed moments: least variance.
    emergency_reduction : float
        What that ratio would remove.
    emergency_loss : float
        Loss at that ratio, counted as ``hedged.loss`` is.
    emergency_contracts : ndarray, shape (n_hedges,), or None
        Contracts at that ratio, negative = sold, not rounded.
    distance : float
        How far the stated correlations were moved to become possible, as a share of their size.
    """

    scenario: StressScenario
    words: str
    moves: FloatArray | None
    unhedged: LossFigures
    hedged: LossFigures
    variance_reduction: float
    emergency_ratio: FloatArray
    emergency_reduction: float
    emergency_loss: float
    emergency_contracts: FloatArray | None
    distance: float

    @property
    def hedge_gain(self) -> float:
        """What the hedge saved in this scenario, in money; negative where it made the loss larger."""
        gain = self.unhedged.loss - self.hedged.loss
        return 0.0 if abs(gain) <= 1e-12 * max(abs(self.unhedged.loss), abs(self.hedged.loss)) else gain


@dataclass(frozen=True, eq=False)
class StressTest:
    """A position under every scenario.

    Attributes
    ----------
    position : HedgedPosition
    options : StressOptions
    moments : Moments
        As estimated on the rows known.
    as_of : pandas.Timestamp
        Date of the last row used.
    rows : int
        Rows that the moments come from.
    results : tuple of StressResult
        One per scenario, in the order given.
    reverse : ReverseStress
        Where the hedge stops helping.
    """

    position: HedgedPosition
    options: StressOptions
    moments: Moments
    as_of: pd.Timestamp
    rows: int
    results: tuple[StressResult, ...]
    reverse: ReverseStress = field(repr=False)

    @property
    def worst(self) -> StressResult:
        """The scenario in which the hedged position loses most."""
        return max(self.results, key=lambda result: result.hedged.loss)

    @property
    def harmful(self) -> tuple[StressResult, ...]:
        """The scenarios in which the hedged position loses, and more than the exposure alone would have."""
        return tuple(one for one in self.results if one.hedged.loss > (1.0 + 1e-9) * max(one.unhedged.loss, 0.0))

    @cached_property
    def table(self) -> pd.DataFrame:
        """One row per scenario: losses with and without the hedge, VaR, CVaR, what is still removed, the right ratio.

        Money, losses positive; ``emergency_ratio`` is the first hedge's, those of several are ``emergency_ratio NAME``.
        """
        names = self.position.market.hedges
        rows = [_row(result, names) for result in self.results]
        return pd.DataFrame(rows, index=pd.Index([one.scenario.name for one in self.results], name="scenario"))

    @cached_property
    def verdict(self) -> str:
        """One plain sentence: the worst scenario, and the correlation at which the hedge stops helping."""
        worst = self.worst
        return verdict_on_stress(
            worst.scenario.name, worst.unhedged.loss, worst.hedged.loss, len(self.results), self.reverse
        )


def _row(result: StressResult, hedges: tuple[str, ...]) -> dict[str, object]:
    unhedged, hedged = result.unhedged, result.hedged
    row: dict[str, object] = {
        "what": result.words,
        "loss_unhedged": unhedged.loss,
        "loss_hedged": hedged.loss,
        "hedge_gain": result.hedge_gain,
        "variance_reduction": result.variance_reduction,
        "value_at_risk_unhedged": unhedged.value_at_risk,
        "value_at_risk_hedged": hedged.value_at_risk,
        "cvar_unhedged": unhedged.cvar,
        "cvar_hedged": hedged.cvar,
        "historical_value_at_risk_unhedged": _or_nan(unhedged.historical_value_at_risk),
        "historical_value_at_risk_hedged": _or_nan(hedged.historical_value_at_risk),
        "historical_cvar_unhedged": _or_nan(unhedged.historical_cvar),
        "historical_cvar_hedged": _or_nan(hedged.historical_cvar),
    }
    for number, name in enumerate(hedges):
        suffix = "" if len(hedges) == 1 else f" {name}"
        row[f"emergency_ratio{suffix}"] = float(result.emergency_ratio[number])
        if result.emergency_contracts is not None:
            row[f"emergency_contracts{suffix}"] = float(result.emergency_contracts[number])
    row |= {"emergency_reduction": result.emergency_reduction, "emergency_loss": result.emergency_loss}
    row["correlation_distance"] = result.distance
    return row


def _or_nan(value: float | None) -> float:
    return float("nan") if value is None else value
