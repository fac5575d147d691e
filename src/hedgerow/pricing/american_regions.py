"""American options under a continuous yield, case by case: where exercise can pay, and what the option is worth there.

In the terms of a put (a call is a put with rate r and yield q exchanged):

* r <= 0 and q >= r: waiting never costs, the option is European;
* r > 0, or r = 0 and q < 0: one boundary, exercise below it;
* q < r < 0: exercise between two boundaries, which may meet some time before expiry; earlier there is none.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from hedgerow._types import BoolArray, FloatArray
from hedgerow.errors import InputError
from hedgerow.pricing import american_boundary, american_figures as figures, american_premium, black_scholes
from hedgerow.pricing.american_boundary import FINE, FINER, Boundary, Puts, Slopes

CHUNK = 256
"""Options worked on together in the NumPy form: their pairs of times fit into a cache."""

SMALL = 1000
"""So many options or fewer take the NumPy form, which waits for no compiler."""


LITTLE_DEVIATION = 1e-8
"""Where no boundary is found at so little ``vol * sqrt(years)``, the option is worth what it is without any."""

STEADY = 1e-4
"""Largest last step of a boundary that took very long and is accepted all the same."""


@dataclass(frozen=True)
class Options:
    """Flat arrays of one length: sign (+1 call, -1 put) and the arguments by their names."""

    sign: FloatArray
    spot: FloatArray
    strike: FloatArray
    years: FloatArray
    vol: FloatArray
    rate: FloatArray
    dividend_yield: FloatArray

    def take(self, which: Any) -> Options:
        """Return the chosen ones."""
        return Options(*(getattr(self, name)[which] for name in self.__dataclass_fields__))

    @property
    def is_call(self) -> BoolArray:
        """Where the option is a call."""
        return np.asarray(self.sign > 0.0)

    @property
    def put_rate(self) -> FloatArray:
        """The rate of the equivalent put."""
        return np.where(self.is_call, self.dividend_yield, self.rate)

    @property
    def put_yield(self) -> FloatArray:
        """The yield of the equivalent put."""
        return np.where(self.is_call, self.rate, self.dividend_yield)

    @property
    def moneyness(self) -> FloatArray:
        """Log of spot over strike of the equivalent put."""
        return np.asarray(-self.sign * np.log(self.spot / self.strike))

    @property
    def puts(self) -> Puts:
        """The equivalent puts on one unit."""
        return Puts(self.years, self.put_rate, self.put_yield, self.vol, np.ones_like(self.years))

    @property
    def european_only(self) -> BoolArray:
        """Where exercise before expiry never pays."""
        return np.asarray((self.put_rate <= 0.0) & (self.put_yield >= self.put_rate))

    @property
    def two_boundaries(self) -> BoolArray:
        """Where exercise pays between two boundaries."""
        return np.asarray((self.put_rate < 0.0) & (self.put_yield < self.put_rate))


def european(options: Options, names: tuple[str, ...]) -> dict[str, FloatArray]:
    """Return the figures of the European options."""
    found = black_scholes.greeks(
        options.sign,
        options.spot,
        options.strike,
        options.years,
        options.vol,
        options.rate,
        options.dividend_yield,
        names=names,
    )
    return {name: np.asarray(getattr(found, name)) for name in names}


def evaluate(options: Options, names: tuple[str, ...], *, compiled: bool | None = None) -> dict[str, FloatArray]:
    """Return figures of options with positive years, volatility and strike.

    Parameters
    ----------
    options : Options
        Checked.
    names : tuple of str
        Figures wanted.
    compiled : bool, optional
        Which form to run; by default the compiled one for more than ``SMALL`` options.
    """
    found = european(options, names)
    double = options.two_boundaries
    single = ~double & ~options.european_only
    with np.errstate(all="ignore"):  # far from a boundary exponentials leave the range of numbers, as they should
        if single.any():
            _write(found, single, one_boundary(options.take(single), names, compiled))
        if double.any():
            from hedgerow.pricing.american_double import two_boundaries

            _write(found, double, two_boundaries(options.take(double), names))
    return found


def _write(into: dict[str, FloatArray], which: BoolArray, found: dict[str, FloatArray]) -> None:
    for name, values in found.items():
        into[name] = np.array(into[name])
        into[name][which] = values


@dataclass(frozen=True)
class Solved:
    """Boundary now and figures of puts on one unit.

    Attributes
    ----------
    boundary_now : array (n,)
        Log of the exercise boundary.
    premium : array (figures, n)
        Of the early exercise premium; of the whole option where ``near``.
    near : bool array (n,)
        Where the spot is at the boundary but for a few thousandths of a standard deviation.
    """

    boundary_now: FloatArray
    premium: FloatArray
    near: BoolArray

    def replaced(self, which: BoolArray, other: Solved) -> Solved:
        """Return these with the chosen ones taken from ``other``."""
        parts = [np.array(getattr(self, name)) for name in self.__dataclass_fields__]
        for part, name in zip(parts, self.__dataclass_fields__, strict=True):
            part[..., which] = getattr(other, name)
        return Solved(*parts)


def one_boundary(options: Options, names: tuple[str, ...], compiled: bool | None = None) -> dict[str, FloatArray]:
    """Return figures of options with one exercise boundary."""
    moves = bool(figures.BOUNDARY_MOVES & set(names))
    k = options.moneyness
    if compiled is None:
        compiled = k.size > SMALL
    if compiled:
        from hedgerow.pricing.american_blocks import solved

        result = solved(options.puts, k, moves, "volga" in names)
    else:
        result = solved_with_numpy(options.puts, k, moves, "volga" in names)
    plain = european(options, names)
    premium = _greeks_of(options, result.premium, names)
    exercised = figures.intrinsic(options.sign, options.spot, options.strike, names)
    now = k <= result.boundary_now
    found = {
        name: np.where(now, exercised[name], np.where(result.near, 0.0, plain[name]) + premium[name]) for name in names
    }
    fill_unsolved(found, np.isnan(result.boundary_now), options, names)
    return found


def fill_unsolved(found: dict[str, FloatArray], lost: BoolArray, options: Options, names: tuple[str, ...]) -> None:
    """Give options whose boundary was not found the figures of half their years, or the European's if it is worth more.

    So they are at least what they can be sold for. It happens where the time is so long, for the drift or the
    volatility, that more of it adds next to nothing.
    """
    if not lost.any():
        return
    from hedgerow.pricing import american_limits as limits

    little = lost & (options.vol * np.sqrt(options.years) < LITTLE_DEVIATION)
    if little.any():
        _write(found, little, limits.certain(options.take(little), names))
        lost = lost & ~little
        if not lost.any():
            return
    part, wanted = options.take(lost), tuple(dict.fromkeys(("price", *names)))
    shorter = evaluate(replace(part, years=0.5 * part.years), wanted, compiled=False)
    whole = european(part, wanted)
    better = whole["price"] > shorter["price"]
    _write(found, lost, {name: np.where(better, whole[name], shorter[name]) for name in names})


def boundary_now(options: Options) -> FloatArray:
    """Return the exercise boundary now of the equivalent puts as a share of their strike; 0 where there is none."""
    ratio = np.zeros_like(options.years)
    single = ~options.two_boundaries & ~options.european_only
    if single.any():
        puts = options.puts.take(single)
        boundary, _ = solved_boundary(puts, moves=False)
        refuse_unsolved(puts, boundary)
        ratio[single] = np.exp(puts.start - boundary.gap[-1])
    if options.two_boundaries.any():
        from hedgerow.pricing.american_double import upper_boundary

        ratio[options.two_boundaries] = upper_boundary(options.puts.take(options.two_boundaries))
    return ratio


def _greeks_of(options: Options, values: FloatArray, names: tuple[str, ...]) -> dict[str, FloatArray]:
    found = figures.with_time(options.puts, values)
    k = np.log(options.spot / options.strike)
    call = figures.mirrored(found, k)
    chosen = {name: np.where(options.is_call, call[name], found[name]) for name in call}
    return figures.to_greeks(chosen, options.spot, options.strike, names)


def solved_with_numpy(puts: Puts, k: FloatArray, moves: bool, bend: bool = True) -> Solved:
    """Return boundary and premium of puts in plain NumPy, some hundred at a time: the definition.

    ``moves`` asks for the figures that need the boundary's derivatives, ``bend`` for the second one to volatility too.
    """
    pieces = [
        _chunk(puts.take(slice(first, first + CHUNK)), k[first : first + CHUNK], moves, bend, FINE)
        for first in range(0, k.size, CHUNK)
    ]
    return Solved(
        *(np.concatenate([getattr(p, name) for p in pieces], axis=-1) for name in Solved.__dataclass_fields__)
    )


def _chunk(puts: Puts, k: FloatArray, moves: bool, bend: bool, size: tuple[int, int]) -> Solved:
    boundary, slopes = solved_boundary(puts, moves, bend, size)
    found = premium_of(puts, k, boundary, slopes)
    rough, finer = american_boundary.rough(puts, boundary.gap), FINER.get(size)
    if finer and rough.any():
        found = found.replaced(rough, _chunk(puts.take(rough), k[rough], moves, bend, finer))
    return found


def premium_of(puts: Puts, k: FloatArray, boundary: Boundary, slopes: Slopes | None) -> Solved:
    """Return the figures of puts over a solved boundary: by integration, or from the boundary where that is near."""
    now = puts.start - boundary.gap[-1]
    least = american_premium.NEAREST * puts.vol * np.sqrt(puts.years)
    premium = american_premium.integrate(puts, np.maximum(k, now + least), puts.years, boundary, slopes)
    near = k < now + least
    if near.any():
        series = figures.near_boundary(puts, np.clip(k, now, now + least), boundary, slopes)
        premium = np.where(near, series, premium)
    return Solved(now, premium, near)


def solved_boundary(
    puts: Puts, moves: bool, bend: bool = True, size: tuple[int, int] = FINE
) -> tuple[Boundary, Slopes | None]:
    """Return boundaries, and their slopes if wanted, trying longer where Newton's method has not settled.

    The gaps of those that are not found are NaN.
    """
    boundary = american_boundary.solve(puts, size=size)
    if not boundary.converged.all():
        late = ~boundary.converged
        again = american_boundary.solve(puts.take(late), coarse_steps=30, fine_steps=30, size=size)
        gap, step = boundary.gap.copy(), boundary.step.copy()
        gap[:, late], step[late] = np.where(again.step < STEADY, again.gap, np.nan), again.step
        boundary = Boundary(gap, step)
    return boundary, american_boundary.slopes(puts, boundary, bend) if moves else None


def refuse_unsolved(puts: Puts, boundary: Boundary) -> None:
    """Refuse options whose exercise boundary was not found.

    Raises
    ------
    InputError
        With the first one's parameters.
    """
    lost = np.isnan(boundary.gap[-1])
    if not lost.any():
        return
    worst = int(np.argmax(lost))
    raise InputError(
        f"the exercise boundary was not found for {int(lost.sum())} options, the first with "
        f"years {puts.years[worst]:g}, vol {puts.vol[worst]:g}, rate {puts.rate[worst]:g} and dividend_yield "
        f"{puts.dividend_yield[worst]:g} (of the equivalent put); give fewer years or rates nearer to 0"
    )
