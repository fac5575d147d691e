"""Moment functions of Bates's model: Heston's with jumps, whole and on the event of a given number of jumps."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from hedgerow._types import BoolArray, FloatArray
from hedgerow.pricing import heston
from hedgerow.pricing.contour import ComplexArray, Exponent

LEAST_YEARS = 1e-290
"""Stands for no time where a probability is divided by it again."""


@dataclass(frozen=True)
class Jumps:
    """Jumps, every field of shape (options, 1).

    Attributes
    ----------
    intensity, mean, variance : array
        Per year; of one jump in the log of the spot.
    """

    intensity: FloatArray
    mean: FloatArray
    variance: FloatArray

    @property
    def drift(self) -> FloatArray:
        """Return what keeps the forward fair, per year."""
        return -self.intensity * np.expm1(self.mean + 0.5 * self.variance)

    def size(self, z: ComplexArray) -> ComplexArray:
        """Return the log of the moment of order z of one jump."""
        return np.asarray(z * (self.mean + 0.5 * self.variance * z))

    def rows(self, which: Any) -> Jumps:
        """Return the jumps of a selection of options."""
        return Jumps(self.intensity[which], self.mean[which], self.variance[which])


@dataclass(frozen=True)
class Moments:
    """Moment function of Bates's model.

    Attributes
    ----------
    diffusion : heston.Moments
        The part without jumps.
    jumps : Jumps
        The jumps.
    """

    diffusion: heston.Moments
    jumps: Jumps

    @property
    def deterministic(self) -> BoolArray:
        """Return where there is no time, or neither variance nor jumps."""
        still = self.diffusion.deterministic & (self.jumps.intensity == 0.0)
        return np.asarray(still | (self.diffusion.years == 0.0))

    @property
    def location(self) -> FloatArray:
        """Return 0: without time or randomness the spot at expiry is the forward."""
        return np.zeros_like(self.diffusion.years)

    @property
    def spread(self) -> FloatArray:
        """Return the expected variance until expiry, jumps included."""
        jumps = self.jumps.intensity * self.diffusion.years * (self.jumps.mean**2 + self.jumps.variance)
        return self.diffusion.spread + jumps

    @property
    def skew(self) -> FloatArray:
        """Return the skew of the part without jumps."""
        return self.diffusion.skew

    @property
    def drift(self) -> FloatArray:
        """Return the compensation for jumps."""
        return self.jumps.drift

    @np.errstate(all="ignore")
    def exponent(self, z: ComplexArray) -> Exponent:
        """Return the logarithm of the moment function."""
        level, slope, level_rate, slope_rate = self.diffusion.exponent(z)
        rate = self.jumps.intensity * np.expm1(self.jumps.size(z)) + self.jumps.drift * z
        rate = np.where(self.jumps.intensity > 0.0, rate, 0.0)
        return Exponent(level + rate * self.diffusion.years, slope, level_rate + rate, slope_rate)

    def explodes(self, z: FloatArray) -> BoolArray:
        """Return where the moment of real order z is infinite: jumps have all of theirs."""
        return self.diffusion.explodes(z)

    def bend(self, log_strike: FloatArray) -> FloatArray:
        """Return Heston's angle without jumps and none with them: jumps grow off the vertical."""
        return np.where(self.jumps.intensity > 0.0, 0.0, self.diffusion.bend(log_strike))

    def rows(self, which: Any) -> Moments:
        """Return the model of a selection of options."""
        return Moments(self.diffusion.rows(which), self.jumps.rows(which))

    def given(self, count: int) -> GivenJumps:
        """Return the moment function on the event of so many jumps."""
        return GivenJumps(self.diffusion, self.jumps, count)


@dataclass(frozen=True)
class GivenJumps:
    """Moments of the log return on the event of ``count`` jumps, its probability included.

    Attributes
    ----------
    diffusion : heston.Moments
        The part without jumps.
    jumps : Jumps
        The jumps.
    count : int
        How many happen until expiry.
    """

    diffusion: heston.Moments
    jumps: Jumps
    count: int

    @property
    def deterministic(self) -> BoolArray:
        """Return where neither the diffusion nor the jumps leave anything to chance."""
        return np.asarray(self.diffusion.deterministic & (self.count * self.jumps.variance == 0.0))

    @property
    def location(self) -> FloatArray:
        """Return log(S_T / forward) where it is certain."""
        return self.count * self.jumps.mean + self.jumps.drift * self.diffusion.years

    @property
    def spread(self) -> FloatArray:
        """Return the expected variance of the log spot, given the jumps."""
        return self.diffusion.spread + self.count * self.jumps.variance

    @property
    def skew(self) -> FloatArray:
        """Return the skew of the part without jumps."""
        return self.diffusion.skew

    @property
    def drift(self) -> FloatArray:
        """Return the compensation for jumps."""
        return self.jumps.drift

    @np.errstate(all="ignore")
    def exponent(self, z: ComplexArray) -> Exponent:
        """Return the logarithm of the moment function, log probability included."""
        from scipy.special import gammaln

        level, slope, level_rate, slope_rate = self.diffusion.exponent(z)
        years = np.maximum(self.diffusion.years, LEAST_YEARS)
        rate = self.jumps.drift * z - self.jumps.intensity
        level = level + rate * self.diffusion.years
        if self.count:
            chance = self.count * np.log(self.jumps.intensity * years) - gammaln(self.count + 1.0)
            level = level + self.count * self.jumps.size(z) + chance
        return Exponent(level, slope, level_rate + rate + self.count / years, slope_rate)

    def explodes(self, z: FloatArray) -> BoolArray:
        """Return where the moment of real order z is infinite."""
        return self.diffusion.explodes(z)

    def bend(self, log_strike: FloatArray) -> FloatArray:
        """Return the angle for the strike as it stands after the jumps' mean."""
        angle = self.diffusion.bend(log_strike - self.location)
        return np.where(self.diffusion.deterministic, 0.0, angle)

    def rows(self, which: Any) -> GivenJumps:
        """Return the model of a selection of options."""
        return GivenJumps(self.diffusion.rows(which), self.jumps.rows(which), self.count)
