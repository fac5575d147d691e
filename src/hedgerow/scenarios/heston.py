"""Heston's stochastic volatility by Andersen's quadratic-exponential scheme.

Under the measure of the drift, with v the variance per year::

    dS / S = drift dt + sqrt(v) dX,    dv = kappa (theta - v) dt + xi sqrt(v) dY,    dX dY = rho dt

The scheme matches mean and variance of v over a step by a squared normal, or by a mass at 0 with an exponential tail
where v is small. Feller's condition 2 kappa theta >= xi**2 is not needed.

>>> from hedgerow.instruments import MarketState, Underlying
>>> market = MarketState("2026-11-20", {"SPX": Underlying(4000.0, 0.2)})
>>> round(Heston(market, kappa=2.0, theta=0.09, xi=0.5, rho=-0.7).expected_volatility("SPX", 1.0), 4)
0.2615

References
----------
L. Andersen, *Simple and efficient simulation of the Heston stochastic volatility model*, Journal of Computational
Finance 11 (2008) 1-42.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from hedgerow._types import FloatArray
from hedgerow.kernels.compile import compiled
from hedgerow.kernels.elementary import _ELEMENTARY, exp, log_ratio, maximum, minimum, normal_cdf, sqrt, where
from hedgerow.kernels.random_numbers import STREAM_SPOT, STREAM_VOL
from hedgerow.kernels.rules import Stage, rule
from hedgerow.scenarios.arguments import ByUnderlying, numbers_by_underlying, require
from hedgerow.scenarios.course import Course, Draw
from hedgerow.scenarios.dynamics import Dynamics

_SWITCH = 1.5
"""Ratio of variance to squared mean above which the exponential takes over."""
_LEAST_MEAN = 1e-30
_LEAST_SPREAD = 1e-300
_LARGEST_INVERSE = 1e12


@compiled(**_ELEMENTARY)
def _next_variance(variance: Any, normal: Any, mean_kept: Any, pull: Any, per_variance: Any, constant: Any) -> Any:
    """Return the next variance, whether its law is narrow, and what its transform needs.

    Divisions decide the time, so that numerator and denominator are chosen by law and divided once. The transform needs
    (scale, b squared x scale) of the narrow law, (rate, 1 - p) of the wide one.
    """
    mean = maximum(pull + mean_kept * variance, _LEAST_MEAN)
    squared, spread = mean * mean, per_variance * variance + constant
    narrow = spread <= _SWITCH * squared
    quotient = where(narrow, squared, spread) / maximum(where(narrow, spread, squared), _LEAST_SPREAD)
    inverse = 2.0 * minimum(quotient, _LARGEST_INVERSE)
    square = inverse - 1.0 + sqrt(inverse * (inverse - 1.0))
    wide = quotient + 1.0
    divided = 1.0 / where(narrow, 1.0 + square, wide * mean)
    scale, rate = mean * divided, 2.0 * divided
    root = sqrt(square) + normal
    above = maximum(normal_cdf(-normal), 1e-300)
    tail = maximum(log_ratio(2.0, wide * above), 0.0) * (0.5 * mean * wide)  # 2 / wide is 1 - p
    later = where(narrow, scale * root * root, tail)
    return later, narrow, where(narrow, scale, rate), where(narrow, square * scale, rate * mean)


@compiled(**_ELEMENTARY)
def _log_mean(narrow: Any, spread: Any, weight: Any, tilt: Any) -> Any:
    """Return log E exp(tilt x next variance), and how far its denominator is above the 0 at which it is infinite."""
    room = where(narrow, 1.0 - 2.0 * tilt * spread, spread - tilt)
    safe = maximum(room, 1e-300)
    tilted = tilt * weight
    above = where(narrow, safe, maximum(safe + tilted, 1e-300))
    logarithm = log_ratio(above, where(narrow, 1.0, safe))
    return where(narrow, tilted / safe - 0.5 * logarithm, logarithm), room


@rule("spot_before", "spot", "log_spot", "variance")
def heston_move(
    spot: Any,
    log_spot: Any,
    variance: Any,
    normal: Any,
    normal_vol: Any,
    *,
    growth: float,
    mean_kept: float,
    pull: float,
    per_variance: float,
    constant: float,
    uncorrected: float,
    from_variance: float,
    to_variance: float,
    half_spread: float,
    corrected: float,
) -> Any:
    """Move variance and spot by one quadratic-exponential step."""
    later, narrow, spread, weight = _next_variance(variance, normal_vol, mean_kept, pull, per_variance, constant)
    log_mean, room = _log_mean(narrow, spread, weight, to_variance + 0.5 * half_spread)
    martingale = -log_mean - (from_variance + 0.5 * half_spread) * variance
    shift = where((corrected > 0.0) & (room > 0.0), martingale, uncorrected)
    moved = log_spot + growth + shift + from_variance * variance + to_variance * later
    moved = moved + sqrt(half_spread * (variance + later)) * normal
    return spot, exp(moved), moved, later


@dataclass(frozen=True)
class Heston(Dynamics):
    """Spot with a variance that reverts and moves with it; each number may be a mapping by underlying.

    Attributes
    ----------
    kappa : float
        Speed of reversion per year, >= 0.
    theta : float
        Long-run variance per year, >= 0.
    xi : float
        Volatility of variance, > 0.
    rho : float
        Correlation of spot and variance, from -1 to 1.
    v0 : float, or None
        Variance at the start, >= 0; None for the square of the market's implied volatility.
    martingale_correction : bool
        Shift each step so that the discounted price is a martingale to the last digit (Andersen's K0*); where a large
        positive rho leaves the mean infinite, that step goes without.
    drift, implied, correlation, antithetic, quasi
        As :class:`Dynamics` has them; ``correlation`` is that of what moves spots beside their variances.
    """

    kappa: ByUnderlying
    theta: ByUnderlying
    xi: ByUnderlying
    rho: ByUnderlying
    v0: ByUnderlying | None = None
    martingale_correction: bool = True

    def _check(self) -> None:
        for name in self.market.underlyings:
            for each in ("kappa", "theta"):
                found = self.number(each, name)
                require(found >= 0.0, f"{each} of {name!r}", "0 or more", found, "see Heston's model")
            xi, rho = self.number("xi", name), self.number("rho", name)
            require(xi > 0.0, f"xi of {name!r}", "above 0", xi, "take GBM where variance does not move")
            require(-1.0 <= rho <= 1.0, f"rho of {name!r}", "from -1 to 1", rho, "give -0.7, say")
            start = self.law_rows(name)["variance"]
            require(start >= 0.0, f"v0 of {name!r}", "0 or more", start, "it is a variance, 0.04 for 20 %")

    def number(self, argument: str, name: str) -> float:
        """Return one parameter of one underlying."""
        return numbers_by_underlying(self.market, getattr(self, argument), argument)[name]

    @property
    def grows_as_said(self) -> bool:
        """Whether the expected price grows by the drift: only with the correction."""
        return self.martingale_correction

    def draws(self) -> tuple[Draw, ...]:
        """Return the normals of spot and variance, independent of each other."""
        return (Draw("normal", STREAM_SPOT), Draw("normal_vol", STREAM_VOL))

    def law_rows(self, name: str) -> Mapping[str, float]:
        """Return the variance at the start."""
        if self.v0 is not None:
            return {"variance": self.number("v0", name)}
        vol = self.market.underlying(name).vol
        require(vol is not None, f"vol of {name!r}", "there", None, "or give v0")
        return {"variance": self.mark_of(name) ** 2}

    def volatility_of(self, name: str) -> float:
        """Return the root of the variance at the start."""
        return float(np.sqrt(self.law_rows(name)["variance"]))

    def expected_volatility(self, name: str, years: float) -> float:
        """Return the root of the variance expected on average over the coming years."""
        reverted = self.number("kappa", name) * years
        share = -np.expm1(-reverted) / reverted if reverted > 0.0 else 1.0
        long_variance = self.number("theta", name)
        return float(np.sqrt(long_variance + share * (self.law_rows(name)["variance"] - long_variance)))

    def moves(self, course: Course) -> tuple[Stage, ...]:
        """Return the one stage."""
        kappa, theta, xi, rho = (self.number(each, course.name) for each in ("kappa", "theta", "xi", "rho"))
        dt = course.steps
        kept = np.exp(-kappa * dt)
        share = -np.expm1(-kappa * dt) / kappa if kappa > 0.0 else dt  # (1 - kept) / kappa
        weight = 0.5 * dt * (kappa * rho / xi - 0.5)
        values: dict[str, float | FloatArray] = {
            "growth": self.growth_of(course.name) * dt,
            "mean_kept": kept,
            "pull": theta * kappa * share,
            "per_variance": xi**2 * kept * share,
            "constant": 0.5 * theta * kappa * xi**2 * share**2,
            "uncorrected": -rho * kappa * theta * dt / xi,
            "from_variance": weight - rho / xi,
            "to_variance": weight + rho / xi,
            "half_spread": 0.5 * dt * (1.0 - rho**2),
            "corrected": float(self.martingale_correction),
        }
        return (Stage(heston_move, values),)
