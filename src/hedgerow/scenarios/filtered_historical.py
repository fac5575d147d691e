"""Filtered historical simulation: GARCH variance, and shocks drawn from what history left once it was filtered.

A GARCH(1,1) with the term of Glosten, Jagannathan and Runkle is fitted to past returns by the arch library; returns
over their fitted deviations are the innovations, standardised, which paths draw with replacement. Underlyings draw the
same row, so that they move together as they did.

References
----------
G. Barone-Adesi, K. Giannopoulos, L. Vosper, *VaR without correlations for portfolios of derivative securities*, Journal
of Futures Markets 19 (1999) 583-602.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar

import numpy as np

from hedgerow._types import FloatArray
from hedgerow.errors import DataError, InputError
from hedgerow.instruments import MarketState
from hedgerow.kernels.elementary import exp, sqrt, where
from hedgerow.kernels.random_numbers import STREAM_SAMPLE
from hedgerow.kernels.rules import Stage, rule
from hedgerow.market.history import History
from hedgerow.scenarios.arguments import require
from hedgerow.scenarios.course import Course, Draw
from hedgerow.scenarios.dynamics import Dynamics
from hedgerow.scenarios.sample import (
    Cumulant,
    checked_sample,
    log_returns,
    only_column,
    places,
    returns_by_underlying,
    row_years,
)

_FEWEST_RETURNS = 100
_PER_CENT = 100.0
_STANDARD = 1e-6


@rule("spot_before", "spot", "log_spot", "variance")
def filtered_move(
    spot: Any,
    log_spot: Any,
    variance: Any,
    shock: Any,
    brought: Any,
    *,
    drift: float,
    omega: float,
    alpha: float,
    gamma: float,
    beta: float,
) -> Any:
    """Move the spot by a shock from the sample, less what such shocks bring on average."""
    moved = log_spot + drift - brought + sqrt(variance) * shock
    weight = alpha + where(shock < 0.0, gamma, 0.0)
    return spot, exp(moved), moved, omega + (weight * shock * shock + beta) * variance


@dataclass(frozen=True, eq=False)
class FilteredReturns:
    """What a fit of GARCH(1,1) says of one series.

    Attributes
    ----------
    omega : float
        Variance of one period.
    alpha, gamma, beta : float
    next_variance : float
        Forecast for the period after the last return.
    innovations : ndarray (n,), n >= 2
        Mean 0, variance 1, to 1e-6.
    """

    omega: float
    alpha: float
    gamma: float
    beta: float
    next_variance: float
    innovations: FloatArray

    def __post_init__(self) -> None:
        """Refuse innovations that are not standardised, and variances that are none or do not last."""
        sample = checked_sample(self.innovations, "innovations")
        mean, variance = float(sample.mean()), float(sample.var())
        if abs(mean) > _STANDARD or abs(variance - 1.0) > _STANDARD:
            raise DataError(
                f"innovations have mean {mean:.6g} and variance {variance:.6g}, not 0 and 1; standardise them"
            )
        weights = (self.omega, self.alpha, self.alpha + self.gamma, self.beta, self.next_variance)
        require(
            all(0.0 <= each < np.inf for each in weights), "weights and variances", "0 or more", weights, "see GARCH"
        )
        object.__setattr__(self, "innovations", sample)


def filter_returns(returns: Any, *, asymmetric: bool = True) -> FilteredReturns:
    """Return the fit of GARCH(1,1) to returns, by quasi-maximum likelihood.

    Parameters
    ----------
    returns : array (n,), n >= 100
        Changes of the logarithm.
    asymmetric : bool
        With the extra weight of negative shocks.

    Returns
    -------
    FilteredReturns

    Raises
    ------
    DataError
        For fewer than 100 returns, returns that never move, or a fit that does not converge or has no lasting variance.
    """
    import warnings

    from arch import arch_model

    values = checked_sample(returns, "returns", _FEWEST_RETURNS)
    if not values.std() > 0.0:
        raise DataError("returns never move: no volatility can be fitted to them; choose another column")
    model = arch_model(_PER_CENT * values, mean="Constant", vol="GARCH", p=1, o=int(asymmetric), q=1, rescale=False)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        fit = model.fit(disp="off", show_warning=False)
    found = fit.params
    alpha, beta = float(found["alpha[1]"]), float(found["beta[1]"])
    gamma = max(float(found.get("gamma[1]", 0.0)), -alpha)  # on its bound the search may stop a rounding below it
    if fit.convergence_flag != 0 or alpha + beta + 0.5 * gamma >= 1.0:
        raise DataError(
            f"GARCH(1,1) does not fit {len(values)} returns: alpha {alpha:.4g}, beta {beta:.4g}, gamma {gamma:.4g} have"
            " no lasting variance; take a longer history, or StationaryBootstrap"
        )
    ahead = float(fit.forecast(horizon=1, reindex=False).variance.to_numpy()[-1, 0])
    shocks = np.asarray(fit.std_resid, dtype=float)
    shocks = (shocks - shocks.mean()) / shocks.std()
    square = _PER_CENT**2
    return FilteredReturns(float(found["omega"]) / square, alpha, gamma, beta, ahead / square, shocks)


@dataclass(frozen=True, eq=False)
class FilteredHistorical(Dynamics):
    """Paths of filtered historical simulation; a martingale after drift.

    Attributes
    ----------
    market : MarketState
        The start.
    returns : array (n,), FilteredReturns, or mapping of str to either
        Changes of the logarithm over periods as long as one step of the grid, n >= 100; or a fit of one's own with
        standardised innovations of any law.
    asymmetric : bool
        Fit the extra weight of negative shocks.
    row_years : float, optional
        Years between two rows of the sample; known where it comes from a history. A simulation whose steps are of
        another length says so.
    drift, implied, quasi
        As :class:`Dynamics` has them.
    correlation, antithetic
        Refused: the correlation is the history's, and a row drawn has no negative.
    """

    returns: Any
    asymmetric: bool = True
    row_years: float | None = None

    elementwise: ClassVar[bool] = False

    def _check(self) -> None:
        given = (
            self.returns if isinstance(self.returns, Mapping) else dict.fromkeys(self.market.underlyings, self.returns)
        )
        own = {name: each for name, each in given.items() if isinstance(each, FilteredReturns)}
        samples = {name: own[name].innovations if name in own else each for name, each in given.items()}
        if len(self.market.underlyings) > 1 and not isinstance(self.returns, Mapping):
            samples = self.returns
        object.__setattr__(self, "returns", returns_by_underlying(self.market, samples) | own)
        refuse_beside_sample(self)

    @classmethod
    def of(cls, market: MarketState, history: History, column: str | None = None, **options: Any) -> FilteredHistorical:
        """Return the scenario of a history's prices.

        Parameters
        ----------
        market : MarketState
        history : History
            Prices, one row for each period as long as a step.
        column : str, optional
            Of the only underlying; without it columns have the underlyings' names.
        **options
            Fields of the class.
        """
        columns = only_column(market, history, column)
        known = {"row_years": row_years(history, columns)} | options
        return cls(market, log_returns(history, columns), **known)

    @cached_property
    def fits(self) -> Mapping[str, FilteredReturns]:
        """The fit of each underlying, made once."""
        return {
            name: each if isinstance(each, FilteredReturns) else filter_returns(each, asymmetric=self.asymmetric)
            for name, each in self.returns.items()
        }

    @cached_property
    def _cumulants(self) -> Mapping[str, Cumulant]:
        return {name: Cumulant(fit.innovations) for name, fit in self.fits.items()}

    def draws(self) -> tuple[Draw, ...]:
        """Return the uniform that takes a row of the sample, one for all underlyings."""
        return (Draw("uniform", STREAM_SAMPLE, uniform=True, shared=True),)

    def law_rows(self, name: str) -> Mapping[str, float]:
        """Return the variance of the first step, of one period and not per year."""
        return {"variance": self.fits[name].next_variance}

    def volatility_of(self, name: str) -> float:
        """Return the forecast for the first step, per year of 252 periods."""
        return float(np.sqrt(252.0 * self.fits[name].next_variance))

    def gather(self, rows: dict[str, Any], course: Course) -> None:
        """Take a row of the innovations, and work out what such shocks bring on average."""
        fit = self.fits[course.name]
        rows["place"] = places(rows["uniform"], len(fit.innovations))
        rows["shock"] = fit.innovations[rows["place"].astype(np.int64)]
        rows["normal"] = rows["shock"]
        rows["brought"] = self._cumulants[course.name](np.sqrt(rows["variance"]))

    def moves(self, course: Course) -> tuple[Stage, ...]:
        """Return the one stage; its variance is that of one period."""
        fit = self.fits[course.name]
        values = {"omega": fit.omega, "alpha": fit.alpha, "gamma": fit.gamma, "beta": fit.beta}
        drift = self.growth_of(course.name) * course.steps
        return (Stage(filtered_move, {"drift": drift, **values}),)


def refuse_beside_sample(scenario: Dynamics) -> None:
    """Refuse options that say what a sample says already; raises InputError."""
    if scenario.correlation is not None:
        raise InputError(
            f"correlation cannot be given to {type(scenario).__name__}: underlyings move as the rows of the sample do;"
            " leave it out"
        )
    require(not scenario.antithetic, "antithetic", "False where paths are drawn from a sample", True, "leave it out")
