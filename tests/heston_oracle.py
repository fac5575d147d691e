"""Heston and Bates in 28 digits by the two-probability form: another formula, another line, another quadrature.

``C = S exp(-q T) P1 - K exp(-r T) P0`` with each probability an integral along the real axis (J. Gatheral, The
Volatility Surface, 2006, chapter 2), by Gauss-Legendre on panels that grow from the origin.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import Any

import mpmath
from mpmath import mp
from mpmath.calculus.quadrature import GaussLegendre

DIGITS = 28
STEP = mpmath.mpf(2) ** -20
RULE = GaussLegendre(mp)
"""Keeps its nodes."""


@dataclass(frozen=True)
class Case:
    """Arguments of one option, in the words of the product; jumps are off unless given."""

    spot: Any = 100.0
    strike: Any = 100.0
    years: Any = 0.5
    vol: Any = 0.2
    rate: Any = 0.02
    dividend_yield: Any = 0.01
    mean_reversion: Any = 1.5
    long_vol: Any = 0.25
    vol_of_variance: Any = 0.6
    correlation: Any = -0.7
    jump_intensity: Any = 0.0
    jump_mean: Any = 0.0
    jump_vol: Any = 0.0

    def exact(self) -> dict[str, Any]:
        """Return every argument as a number of that many digits."""
        return _exact(self, mp.prec)

    def market(self) -> tuple[Any, ...]:
        return self.spot, self.strike, self.years, self.vol, self.rate, self.dividend_yield

    def model(self, *, jumps: bool = False) -> dict[str, Any]:
        names = ["mean_reversion", "long_vol", "vol_of_variance", "correlation"]
        names += ["jump_intensity", "jump_mean", "jump_vol"] if jumps else []
        return {name: getattr(self, name) for name in names}


@lru_cache(maxsize=64)
def _exact(case: Case, precision: int) -> dict[str, Any]:
    with mpmath.workprec(precision):
        return {name: mpmath.mpf(value) for name, value in vars(case).items()}


def log_moment(case: Case, shift: int, u: Any) -> Any:
    """Return log E[exp(i u x)] under the measure of the cash (shift 0) or of the spot (shift 1)."""
    g = case.exact()
    sigma, rho, kappa = g["vol_of_variance"], g["correlation"], g["mean_reversion"]
    a = -u * u / 2 - mpmath.j * u / 2 + mpmath.j * shift * u
    b = kappa - rho * sigma * shift - rho * sigma * mpmath.j * u
    d = mpmath.sqrt(b * b - 2 * a * sigma * sigma)
    low, high = (b - d) / sigma**2, (b + d) / sigma**2
    ratio, decay = low / high, mpmath.exp(-d * g["years"])
    slope = low * (1 - decay) / (1 - ratio * decay)
    level = low * g["years"] - 2 / sigma**2 * mpmath.log((1 - ratio * decay) / (1 - ratio))
    if not g["jump_intensity"]:
        return kappa * g["long_vol"] ** 2 * level + g["vol"] ** 2 * slope
    total = kappa * g["long_vol"] ** 2 * level + g["vol"] ** 2 * slope
    z, half = mpmath.j * u + shift, g["jump_vol"] ** 2 / 2
    growth = mpmath.exp(g["jump_mean"] + half)
    jump = mpmath.exp(z * g["jump_mean"] + z * z * half) - mpmath.exp(shift * (g["jump_mean"] + half))
    return total + g["jump_intensity"] * g["years"] * (jump - mpmath.j * u * (growth - 1))


@dataclass(frozen=True)
class Waves:
    """Nodes, weights and moments for one model and expiry, good for any spot, rate and strike."""

    case: Case
    edges: tuple[Any, ...]

    @cached_property
    def sums(self) -> list[tuple[Any, Any]]:
        """Return node and the two weighted moments."""
        rule = RULE.get_nodes(-1, 1, 4, mp.prec)
        made = []
        for low, high in zip(self.edges, self.edges[1:], strict=False):
            for x, w in rule:
                u, weight = (low + high) / 2 + (high - low) / 2 * x, (high - low) / 2 * w
                both = [weight * mpmath.exp(log_moment(self.case, s, u)) / (mpmath.j * u) for s in (0, 1)]
                made.append((u, both))
        return made

    def call(self, spot: Any, rate: Any, dividend_yield: Any) -> Any:
        """Return the call's price."""
        g = self.case.exact()
        x = mpmath.log(spot / g["strike"]) + (rate - dividend_yield) * g["years"]
        cash = asset = mpmath.mpf(0)
        for u, (zero, one) in self.sums:
            wave = mpmath.expj(u * x)
            cash += (wave * zero).real
            asset += (wave * one).real
        first = spot * mpmath.exp(-dividend_yield * g["years"]) * (0.5 + asset / mpmath.pi)
        return first - g["strike"] * mpmath.exp(-rate * g["years"]) * (0.5 + cash / mpmath.pi)


def panels(case: Case) -> tuple[Any, ...]:
    """Return panel ends from the origin to where the moments have vanished, short enough for their oscillation."""
    g = case.exact()
    end = mpmath.mpf(1)
    while log_moment(case, 1, end).real > -55 or log_moment(case, 0, end).real > -55:
        end *= 2
    spread = (g["vol"] ** 2 + g["mean_reversion"] * g["long_vol"] ** 2 * g["years"]) / g["vol_of_variance"]
    longest = 16 / (abs(mpmath.log(g["spot"] / g["strike"])) + abs(g["correlation"]) * spread + abs(g["jump_mean"]))
    edges = [mpmath.mpf(0), min(end / 4096, mpmath.mpf(1) / 8)]
    while edges[-1] < end:
        edges.append(edges[-1] + min(edges[-1], longest))
    return tuple(edges)


def call(case: Case) -> float:
    """Return the price of the call."""
    with mpmath.workdps(DIGITS):
        g = case.exact()
        return float(Waves(case, panels(case)).call(g["spot"], g["rate"], g["dividend_yield"]))


def call_greeks(case: Case) -> dict[str, float]:
    """Return all twelve Greeks of the call by central differences of the price in 28 digits."""
    with mpmath.workdps(DIGITS):
        edges, g = panels(case), case.exact()
        h = {name: STEP * g[name] for name in ("spot", "vol", "years")}
        ladders = {}
        for name, sign in (("vol", 0), ("vol", 1), ("vol", -1), ("years", 1), ("years", -1)):
            moved = replace(case, **{name: g[name] + sign * h[name]})
            waves = Waves(moved, edges)
            ladders[name, sign] = [
                waves.call(g["spot"] + k * h["spot"], g["rate"], g["dividend_yield"]) for k in (-2, -1, 0, 1, 2)
            ]
            if sign == 0:
                rho, dividend = (
                    (waves.call(g["spot"], g["rate"] + a * STEP, g["dividend_yield"] + b * STEP)
                     - waves.call(g["spot"], g["rate"] - a * STEP, g["dividend_yield"] - b * STEP)) / (2 * STEP)
                    for a, b in ((1, 0), (0, 1))
                )  # fmt: skip
        base, s = ladders["vol", 0], h["spot"]

        def first(p: list[Any]) -> Any:
            return (p[3] - p[1]) / (2 * s)

        def second(p: list[Any]) -> Any:
            return (p[3] - 2 * p[2] + p[1]) / (s * s)

        def across(name: str, of: Any) -> Any:
            return (of(ladders[name, 1]) - of(ladders[name, -1])) / (2 * h[name])

        found = {
            "delta": first(base),
            "gamma": second(base),
            "vega": across("vol", lambda p: p[2]),
            "theta": -across("years", lambda p: p[2]),
            "rho": rho,
            "dividend_rho": dividend,
            "vanna": across("vol", first),
            "volga": (ladders["vol", 1][2] - 2 * base[2] + ladders["vol", -1][2]) / h["vol"] ** 2,
            "charm": -across("years", first),
            "speed": (base[4] - 2 * base[3] + 2 * base[1] - base[0]) / (2 * s**3),
            "color": -across("years", second),
            "zomma": across("vol", second),
        }
        return {name: float(value) for name, value in found.items()}
