"""The fitted band of Zakamouline: wider or narrower than the asymptotic one, about the delta of another volatility."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from hedgerow.errors import InputError
from hedgerow.kernels.elementary import exp, log, maximum, normal_cdf, sqrt, where
from hedgerow.kernels.rules import Stage, rule
from hedgerow.policies.band_policy import BandPolicy, Destination, width_stage
from hedgerow.policies.base import PolicyTerms
from hedgerow.policies.checks import check_destination, check_not_negative, check_positive

LEAST_VARIANCE = 0.01
"""Least modified variance, as a share of the variance: the fit knows no costs at which it would fall below."""


@rule("width")
def zakamouline_width(spot, log_gamma, implied, *, fixed, scale):  # type: ignore[no-untyped-def]
    """Write the width without an option and the width that its gamma adds."""
    return fixed / (spot * implied * implied) + scale * exp(0.5 * log_gamma - 0.25 * log(implied))


@rule("centre")
def delta_of_modified_volatility(  # type: ignore[no-untyped-def]
    target, log_spot, gamma, log_gamma, implied, *, change, drift, root_time, size
):
    """Write the target that the modified volatility would give: N(d1) of one strike moved by its change."""
    moved = change * exp(0.3 * log_spot + 0.15 * log_gamma - 0.25 * log(implied))
    side = where(gamma > 0.0, 1.0, -1.0)
    modified = implied * sqrt(maximum(1.0 - side * moved, LEAST_VARIANCE))
    away = (log_spot + drift) / root_time
    before = normal_cdf(away / implied + 0.5 * implied * root_time)
    after = normal_cdf(away / modified + 0.5 * modified * root_time)
    return target - side * size * (after - before)


@dataclass(frozen=True)
class Zakamouline(BandPolicy):
    """Trade to the edge of the band ``delta(s_m) +- (H0 + H1)``, a fit to the exact one of exponential utility.

    With lambda the cost, a the risk aversion, tau the time to the next expiry and gamma of the whole position:

    * ``H0 = lambda / (a S s^2 tau)``, the width without any option;
    * ``H1 = 1.12 lambda^0.31 tau^0.05 (exp(-r tau) / s)^0.25 (|gamma| / a)^0.5``;
    * ``s_m^2 = s^2 (1 + K)`` for a short position, ``s^2 (1 - K)`` for a long one, with
      ``K = 4.76 lambda^0.78 tau^-0.02 (exp(-r tau) / s)^0.25 (a S^2 |gamma|)^0.15``.

    The middle of the band is therefore not the hedger's target: ``to="middle"`` and ``to="target"`` differ.

    Parameters
    ----------
    risk_aversion : float
        Absolute, per unit of money; more than 0.
    cost : float or None
        One-way proportional cost; None is that of the cost model.
    to : {"edge", "middle", "target"}
    centre : {"modified", "target"}
        ``"target"`` leaves the band about the hedger's own target, for books of several strikes.
    strike : float or None
        Strike of the options, all bought or all sold, that the modified delta is of; None is that of the book, where
        it has one.

    Notes
    -----
    ``1 - K`` counts as at least 0.01.

    References
    ----------
    Zakamouline (2006), "European option pricing and hedging with both fixed and proportional transaction costs",
    Journal of Economic Dynamics and Control 30, 1-25; the fit: Zakamouline (2006), "Efficient analytic approximation
    of the optimal hedging strategy for a European call option with transaction costs", Quantitative Finance 6,
    435-445; Sinclair (2013), "Volatility Trading", chapter 6.

    Examples
    --------
    >>> Zakamouline(1.0, centre="target")
    Zakamouline(risk_aversion=1.0, cost=None, to='edge', centre='target', strike=None)
    """

    risk_aversion: float
    cost: float | None = None
    to: Destination = "edge"
    centre: Literal["modified", "target"] = "modified"
    strike: float | None = None

    def __post_init__(self) -> None:
        check_positive(self.risk_aversion, "the risk aversion")
        check_not_negative(self.cost, "the proportional cost")
        check_positive(self.strike, "the strike")
        check_destination(self.to)
        if self.centre not in ("modified", "target"):
            raise InputError(f"the centre of the band is 'modified' or 'target', not {self.centre!r}")

    def centre_row(self, slot: int) -> str:
        """Return the scratch row with the delta of the modified volatility, or the target."""
        return "target" if self.centre == "target" else f"fires_{slot}"

    def width_stages(self, terms: PolicyTerms, slot: int) -> tuple[Stage, ...]:
        """Return the stage that writes ``H0 + H1``."""
        cost, years = self._cost(terms), _years(terms)
        scale = 1.12 * cost**0.31 * years**0.05 * np.exp(-0.25 * terms.rate * years) / np.sqrt(self.risk_aversion)
        values = {"fixed": cost / (self.risk_aversion * years), "scale": scale}
        return (width_stage(zakamouline_width, values, slot),)

    def stages(self, terms: PolicyTerms, slot: int = 0) -> tuple[Stage, ...]:
        """Return the stages of the centre, the width, and the one that compares the holding with them."""
        band = super().stages(terms, slot)
        return band if self.centre == "target" else (self._centre_stage(terms, slot), *band)

    def _centre_stage(self, terms: PolicyTerms, slot: int) -> Stage:
        strike = terms.strike if self.strike is None else self.strike
        if strike is None:
            raise InputError(
                "the modified delta of a Zakamouline band is of one strike, and the book has several; give strike=... "
                "or centre='target'"
            )
        cost, years = self._cost(terms), _years(terms)
        fit = 4.76 * cost**0.78 * years**-0.02 * np.exp(-0.25 * terms.rate * years) * self.risk_aversion**0.15
        values: dict[str, Any] = {
            "change": fit,
            "drift": (terms.rate - terms.dividend_yield) * years - np.log(strike),
            "root_time": np.sqrt(years),
            "size": terms.size * np.exp(-terms.dividend_yield * years),
        }
        return Stage(delta_of_modified_volatility, values, {"centre": self.centre_row(slot)})

    def _cost(self, terms: PolicyTerms) -> float:
        return terms.cost_rate if self.cost is None else self.cost


def _years(terms: PolicyTerms) -> Any:
    """Return the years to expiry at each decision, a microsecond at least."""
    return np.maximum(terms.years_left, 3e-14)
