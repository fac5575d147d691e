"""One expiry's SVI slice as a problem of least squares: what is minimised, within what, from where.

Everything is measured in the expiry's own scale s = at-the-money volatility times the root of years: places k / s,
variances w / s^2, slopes of wings times 1 / s. A smile of five minutes then looks like one of five years.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from hedgerow._types import FloatArray
from hedgerow.pricing import ssvi, svi
from hedgerow.pricing.ssvi import SSVI
from hedgerow.pricing.svi import SVI

GRID_REACH = 3.0
"""The grid of the checks reaches this far in log-moneyness on both sides, and three times as far as the quotes."""

LEE_SLOPE = 2.0
_MARGIN = 1e-3
_LIFT = 2e-3
_TEMPER = 2.0
_STEP = 1e-6


def wing_grid(log_moneyness: FloatArray, points: int = 241) -> FloatArray:
    """Return places dense around the quotes and reaching far into both wings, rising."""
    span = max(float(np.abs(log_moneyness).max()), 1e-4)
    reach = max(GRID_REACH, 3.0 * span)
    steps = np.linspace(-1.0, 1.0, points)
    # Cubes crowd the points where the smile bends.
    return np.union1d(reach * steps**3, 1.5 * span * steps)


@dataclass(frozen=True)
class SliceTrial:
    """One expiry's quotes, the grids of its checks and the slice that it must stay above.

    A point is (left slope, right slope, centre, log width, least variance), in the scale of the expiry.

    Attributes
    ----------
    places, vols, widths : array of shape (quotes,)
        Log-moneyness, mid volatility and half-spread in volatility.
    years, scale : float
        Time to expiry, and at-the-money volatility times its root.
    grid, dense : array
        Places of the charges during the fit, and of the verdict after it.
    floor : array of shape (grid,)
        Total variance of the slice before on the grid, 0 where there is none.
    before : SVI, optional
        The slice of the expiry before.
    """

    places: FloatArray
    vols: FloatArray
    widths: FloatArray
    years: float
    scale: float
    grid: FloatArray
    dense: FloatArray
    floor: FloatArray
    before: SVI | None

    @classmethod
    def of(cls, quotes: pd.DataFrame, before: SVI | None) -> SliceTrial:
        """Return the problem of the quotes of one expiry."""
        places, years = quotes["log_moneyness"].to_numpy(), float(quotes["years"].iloc[0])
        vols, widths = quotes["mid_vol"].to_numpy(), quotes["half_width"].to_numpy()
        # The tightest quotes do not rule alone: none counts as narrower than half the usual width.
        widths = np.maximum(widths, 0.5 * np.median(widths))
        scale = float(vols[np.argmin(np.abs(places))]) * np.sqrt(years)
        grid = wing_grid(places)
        floor = np.zeros(len(grid)) if before is None else np.asarray(svi.total_variance(grid, before))
        return cls(places, vols, widths, years, float(scale), grid, wing_grid(places, 2001), floor, before)

    def slice(self, point: FloatArray) -> SVI:
        """Return the slice of a point, or of several along the last axis but one."""
        left, right, centre, log_width, least = np.moveaxis(point, -1, 0)
        b = 0.5 * (left + right)
        rho = np.where(b > 0.0, 0.5 * (right - left) / np.where(b > 0.0, b, 1.0), 0.0)
        width = np.exp(log_width)
        # Root of (1 - rho)(1 + rho) from the slopes themselves: no loss where |rho| is near 1.
        level = least - width * np.sqrt(left * right)
        s = self.scale
        parts: tuple[Any, ...] = (level * s * s, b * s, np.clip(rho, -1.0, 1.0), centre * s, width * s)
        return SVI(*(part.item() if np.ndim(part) == 0 else part[..., None] for part in parts))

    def point(self, parameters: SVI) -> FloatArray:
        """Return the point of a slice."""
        left, right = (parameters.slope * (1.0 + tilt) for tilt in (-parameters.correlation, parameters.correlation))
        s, width = self.scale, np.log(parameters.curvature / self.scale)
        least = float(parameters.least_variance) / s**2
        return np.array([left / s, right / s, parameters.shift / s, width, max(least, 0.0)])

    def bounds(self) -> tuple[FloatArray, FloatArray]:
        """Return the least and the most of each part of a point."""
        reach, s = float(np.abs(self.places).max()) / self.scale, self.scale
        near = self.floor[np.abs(self.grid) <= reach * s].max(initial=0.0) / s**2
        most = float(np.max(self.vols) ** 2 * self.years) / s**2 + float(near)
        wings = np.zeros(2) if self.before is None else self.point(self.before)[:2]
        wings = np.minimum(wings, (LEE_SLOPE - 1e-6) / s)
        lower = np.array([*wings, -2.0 * reach - 0.5, np.log(0.02), 1e-8])
        return lower, np.array(
            [LEE_SLOPE / s, LEE_SLOPE / s, 2.0 * reach + 0.5, np.log(20.0 + 5.0 * reach), 2.0 * most]
        )

    def starts(self) -> list[FloatArray]:
        """Return the best of a grid of centres and widths, the rest by least squares on total variance."""
        lower, upper = self.bounds()
        w, x = self.vols**2 * self.years / self.scale**2, self.places / self.scale
        weight = self.scale**2 / (2.0 * self.vols * self.years * self.widths)
        found = []
        for centre in np.quantile(x, [0.2, 0.5, 0.8, 1.0]):
            for width in float(np.ptp(x)) * np.array([0.05, 0.2, 0.6]):
                y = (x - centre) / width
                design = np.column_stack((np.ones_like(y), y, np.hypot(y, 1.0)))
                level, tilt, rise = np.linalg.lstsq(design * weight[:, None], w * weight, rcond=None)[0]
                rise = max(rise, 1e-4)
                tilt = np.clip(tilt, -0.95 * rise, 0.95 * rise)
                least = level + np.sqrt(rise**2 - tilt**2)
                start = np.array([(rise - tilt) / width, (rise + tilt) / width, centre, np.log(width), least])
                start = np.clip(start, lower + 1e-9, upper - 1e-9)
                found.append((float(np.sum(np.square(self.misses(start)))), start))
        best = [start for _, start in sorted(found, key=lambda pair: pair[0])[:2]]
        return best if self.before is None else [best[0], self.point(self.lifted(self.before))]

    def lifted(self, before: SVI) -> SVI:
        """Return the slice before, lifted to the quotes at the money: it crosses nothing."""
        order = np.argsort(self.places)
        middle = float(np.interp(0.0, self.places[order], self.vols[order])) ** 2 * self.years
        rise = middle - float(svi.total_variance(0.0, before))
        return replace(before, level=before.level + max(rise, 0.0))

    def misses(self, point: FloatArray) -> FloatArray:
        """Return misses in half-spreads, tempered: squares up to about two of them, linear beyond."""
        fitted = np.sqrt(np.asarray(svi.total_variance(self.places, self.slice(point))) / self.years)
        ratio = np.square((fitted - self.vols) / self.widths / _TEMPER)
        return np.asarray(_TEMPER * np.sqrt(2.0 * (np.sqrt(1.0 + ratio) - 1.0)) / np.sqrt(len(self.places)))

    def breaches(self, point: FloatArray) -> FloatArray:
        """Return by how much the density factor and the distance to the slice before are negative on the grid."""
        parameters = self.slice(point)
        butterfly = np.minimum(np.asarray(svi.density_factor(self.grid, parameters)) - _MARGIN, 0.0)
        gap = np.asarray(svi.total_variance(self.grid, parameters)) - self.floor * (1.0 + 1e-7)
        return np.concatenate((np.maximum(butterfly, -1e3), np.minimum(gap, 0.0) / self.scale**2), axis=-1)

    def solve(self, start: FloatArray, charge: float) -> FloatArray:
        """Return the point of least misses and charged breaches that a search from the start finds."""
        from scipy.optimize import least_squares

        lower, upper = self.bounds()

        def residuals(point: FloatArray) -> FloatArray:
            return np.concatenate((self.misses(point), np.sqrt(charge) * self.breaches(point)), axis=-1)

        def jacobian(point: FloatArray) -> FloatArray:
            # All five shifted slices in one call.
            step = np.where(point + _STEP > upper, -_STEP, _STEP)
            here = residuals(np.vstack((point, point + np.diag(step))))
            return np.asarray(((here[1:] - here[0]) / step[:, None]).T)

        inner = np.clip(start, lower + 1e-10, upper - 1e-10)
        found = least_squares(residuals, inner, jacobian, (lower, upper), max_nfev=60, xtol=1e-8, ftol=1e-7)
        return np.asarray(found.x)

    def repaired(self, point: FloatArray) -> SVI | None:
        """Return the slice lifted by the little that it crosses the one before, or None where arbitrage is left."""
        parameters = self.slice(point)
        gap = self._crossing(parameters)
        if gap > _LIFT * self.scale**2:
            return None
        lifted = replace(parameters, level=parameters.level + gap)
        return lifted if (np.asarray(svi.density_factor(self.dense, lifted)) >= 0.0).all() else None

    def _crossing(self, parameters: SVI) -> float:
        """Return by how much the slice before exceeds this one at worst, 0 where it does not."""
        if self.before is None:
            return 0.0
        places, gap = self.dense, np.zeros(1)
        for _ in range(3):
            # Each round looks closer around the worst place of the last.
            below, above = (np.asarray(svi.total_variance(places, each)) for each in (self.before, parameters))
            gap = below - above
            worst = int(np.argmax(gap))
            places = np.linspace(places[max(worst - 1, 0)], places[min(worst + 1, len(places) - 1)], 201)
        most = float(gap.max())
        return most + 1e-9 * float(svi.total_variance(0.0, self.before)) if most > 0.0 else 0.0

    def safe(self) -> list[SVI]:
        """Return slices free by construction: the one before lifted, or surface SVI's form alone by its conditions."""
        if self.before is not None:
            return [self.lifted(self.before)]
        theta = self.scale**2
        most = min(4.0 / theta, np.sqrt(4.0 / theta)) * (1.0 + theta) * 0.99
        # With exponent 0 the scale of the smile is steepness / (1 + theta).
        return [
            ssvi.slice_at(theta, SSVI(float(tilt), float(share * most / (1.0 + abs(tilt))), 0.0))
            for share in np.linspace(0.02, 1.0, 25)
            for tilt in np.linspace(-0.9, 0.9, 19)
        ]
