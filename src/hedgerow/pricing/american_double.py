"""American puts at yield < rate < 0 (calls at rate < yield < 0): exercise pays between two boundaries.

Above the upper boundary the option does not see the lower one, nor the other way round: exercise lies between. So each
boundary solves an equation of its own, the lower one as the boundary of a mirrored forward (Andersen and Lake 2021).
Both are good up to the time before expiry at which they meet; further from expiry there is nothing to exercise, and
the premium is earned in that last stretch only.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from hedgerow._types import FloatArray
from hedgerow.pricing import (
    american_boundary,
    american_figures as figures,
    american_integrand as integrand,
    american_premium,
)
from hedgerow.pricing.american_boundary import FINE, Boundary, Puts, Slopes, grid
from hedgerow.pricing.american_regions import (
    CHUNK,
    STEADY,
    Options,
    european,
    fill_unsolved,
    premium_of,
    refuse_unsolved,
)

ROUNDING = 1e-7
"""By how much of the strike a price may fall short of payoff and European value before it is taken as not found."""

_HALVINGS = 30
_MET = 0.98
"""Share of their distance at expiry that boundaries have closed where they are taken to have met."""
_ROUNDS = 3
_TOUCH = 1e-13
"""Log distance of two boundaries that have met."""


def two_boundaries(options: Options, names: tuple[str, ...]) -> dict[str, FloatArray]:
    """Return figures of options with two exercise boundaries."""
    wanted = tuple(dict.fromkeys(("price", *names)))
    parts = [_chunk(options.take(slice(first, first + CHUNK)), wanted) for first in range(0, options.years.size, CHUNK)]
    return {name: np.concatenate([part[name] for part in parts]) for name in names}


def _chunk(options: Options, names: tuple[str, ...]) -> dict[str, FloatArray]:
    moves = bool(figures.BOUNDARY_MOVES & set(names))
    puts, k = options.puts, options.moneyness
    horizon = meeting_time(puts)
    found = european(options, names)
    met = horizon < puts.years
    upper, lower = replace(puts, years=horizon), replace(mirror(puts), years=horizon)
    up, down = _solve(upper, moves), _solve(lower, moves)
    top = upper.start - up[0].gap[-1]
    bottom = down[0].gap[-1] - lower.start
    cases: list[tuple[Any, Any]] = [
        (~met & (k > top), lambda w: _above(options.take(w), upper.take(w), k[w], _part(up, w), names)),
        (~met & (k < bottom), lambda w: _below(options.take(w), lower.take(w), k[w], _part(down, w), names)),
        (
            met,
            lambda w: _after(
                options.take(w), (upper.take(w), lower.take(w)), k[w], (_part(up, w), _part(down, w)), names
            ),
        ),
    ]
    inside = ~met & (k <= top) & (k >= bottom)
    exercised = figures.intrinsic(options.sign, options.spot, options.strike, names)
    result = {name: np.where(inside, exercised[name], found[name]) for name in names}
    for which, make in cases:
        if which.any():
            for name, values in make(which).items():
                result[name][which] = values
    least = np.maximum(found["price"], options.sign * (options.spot - options.strike))
    # over very long times growth leaves nothing but rounding of what is to be found
    lost = np.isnan(top) | np.isnan(bottom) | ~(result["price"] >= least - ROUNDING * options.strike)
    fill_unsolved(result, lost, options, names)
    return result


_Pair = tuple[Boundary, Slopes | None]


def mirror(puts: Puts) -> Puts:
    """Return the puts whose boundary is one over the lower boundary."""
    return replace(puts, rate=puts.dividend_yield, dividend_yield=puts.rate, european=np.zeros_like(puts.rate))


def upper_boundary(puts: Puts) -> FloatArray:
    """Return the upper boundary now as a share of the strike; 0 where the boundaries have met."""
    met = meeting_time(puts) < puts.years
    ratio = np.zeros_like(puts.years)
    if not met.all():
        open_ = puts.take(~met)
        boundary, _ = _solve(open_, moves=False)
        refuse_unsolved(open_, boundary)
        ratio[~met] = np.exp(open_.start - boundary.gap[-1])
    return ratio


def _solve(puts: Puts, moves: bool) -> _Pair:
    boundary = american_boundary.solve(puts, coarse_steps=12, fine_steps=4)
    boundary = replace(boundary, gap=np.where(boundary.step < STEADY, boundary.gap, np.nan))
    return boundary, american_boundary.slopes(puts, boundary) if moves else None


def _part(pair: _Pair, which: Any) -> _Pair:
    boundary, slopes = pair
    part = Boundary(boundary.gap[:, which], boundary.step[which])
    if slopes is None:
        return part, None
    return part, Slopes(*(getattr(slopes, name)[..., which] for name in Slopes.__dataclass_fields__))


def meeting_time(puts: Puts) -> FloatArray:
    """Return the time before expiry at which the two boundaries meet, or the years to expiry where they do not.

    The upper boundary has no meaning much beyond that time and may not be found there, so the horizon is halved until
    it is, and then moved to where the boundaries cross. NaN where it is found at short times only, far from a meeting.
    """
    known, failing, horizon = np.zeros_like(puts.years), np.full_like(puts.years, np.inf), puts.years.copy()
    open_ = np.ones(puts.years.shape, dtype=bool)
    for _ in range(_HALVINGS):
        crossing, solved = _crossing(replace(puts.take(open_), years=horizon[open_]))
        places = np.flatnonzero(open_)
        crossed = crossing < horizon[open_]
        good, bad = places[solved & ~crossed], places[~solved]
        known[good] = horizon[good]
        failing[bad] = horizon[bad]
        found = places[solved & crossed]
        horizon[found] = crossing[solved & crossed]
        open_[found] = False
        open_[known >= puts.years] = False
        middle = np.where(known > 0.0, 0.5 * (known + failing), 0.5 * horizon)
        horizon[open_] = middle[open_]
        if not open_.any():
            break
    if open_.any():  # nowhere found beyond some time, and still apart there: they do not meet
        short = replace(puts.take(open_), years=horizon[open_])
        gaps = [american_boundary.solve(part, coarse_steps=12, fine_steps=4).gap[-1] for part in (short, mirror(short))]
        apart = sum(gaps) < _MET * np.log(short.dividend_yield / short.rate)
        horizon[open_] = np.where(apart, np.nan, horizon[open_])
    met = horizon < puts.years
    for _ in range(_ROUNDS):
        if met.any():
            # a little beyond, so that the crossing lies inside and not at the edge
            beyond = replace(puts.take(met), years=np.minimum(horizon[met] * 1.001, puts.years[met]))
            crossing, solved = _crossing(beyond)
            horizon[met] = np.where(solved, crossing, horizon[met])
    return horizon


def _crossing(puts: Puts) -> tuple[FloatArray, Any]:
    """Return the first time at which the boundaries touch (or the horizon), and where both were found."""
    solved = [american_boundary.solve(part, coarse_steps=12, fine_steps=4) for part in (puts, mirror(puts))]
    # log of upper over lower boundary: it falls from ln(yield / rate) > 0 at expiry
    start = np.log(puts.dividend_yield / puts.rate)
    closing = solved[0].gap + solved[1].gap
    series = grid(*FINE).series @ closing
    last = closing[-1] > start + _TOUCH
    low, high = np.zeros_like(start), np.ones_like(start)
    for _ in range(60):
        middle = 0.5 * (low + high)
        beyond = np.einsum("jn,nj->n", series, _basis(middle)) > start
        low, high = np.where(beyond, low, middle), np.where(beyond, middle, high)
    fine = np.all([part.step < STEADY for part in solved], axis=0)
    return np.where(last, 0.5 * (low + high), 1.0) ** 4 * puts.years, fine


def _basis(y: FloatArray) -> FloatArray:
    order = np.arange(grid(*FINE).series.shape[0])
    return np.asarray(np.cos(order * np.arccos(2.0 * y - 1.0)[:, None]))


def _above(options: Options, puts: Puts, k: FloatArray, pair: _Pair, names: tuple[str, ...]) -> dict[str, FloatArray]:
    solved = premium_of(puts, k, *pair)
    own = _own(options, puts, solved.premium, names)
    plain = european(options, names)
    return {name: own[name] + np.where(solved.near, 0.0, plain[name]) for name in names}


def _below(options: Options, puts: Puts, k: FloatArray, pair: _Pair, names: tuple[str, ...]) -> dict[str, FloatArray]:
    """Return figures below the lower boundary: a forward less the mirrored premium."""
    solved = premium_of(puts, -k, *pair)
    own = _own(options, puts, solved.premium, names, is_mirrored=True)
    plain = _forward(options, np.zeros_like(k), names)
    # near the boundary the series gives the whole mirrored option, -(K - S) and what exceeds it
    return {name: np.where(solved.near, -own[name], plain[name] - own[name]) for name in names}


def _after(
    options: Options, puts: tuple[Puts, Puts], k: FloatArray, pairs: tuple[_Pair, _Pair], names: tuple[str, ...]
) -> dict[str, FloatArray]:
    """Return figures further from expiry than the meeting: what exercise in the last stretch may earn."""
    years = options.years
    upper = american_premium.integrate(puts[0], k, years, *pairs[0])
    lower = american_premium.integrate(puts[1], -k, years, *pairs[1])
    plain = european(options, names)
    one = _own(options, puts[0], upper, names)
    other = _own(options, puts[1], lower, names, is_mirrored=True)
    late, all_ = _forward(options, years - puts[0].years, names, moving=True), _forward(options, years, names)
    spread = {name: late[name] - all_[name] for name in names}
    found = {name: plain[name] + one[name] - other[name] - spread[name] for name in names}
    if "volga" in found:
        found["volga"] = found["volga"] + _meeting_moves(options, puts, k, pairs)
    return found


def _meeting_moves(options: Options, puts: tuple[Puts, Puts], k: FloatArray, pairs: tuple[_Pair, _Pair]) -> FloatArray:
    """Return what the moving time of the meeting adds to the second derivative to volatility: nothing to the first."""
    upper = puts[0]
    s = options.years - upper.years
    kappa = upper.start - pairs[0][0].gap[-1]
    root_s = np.sqrt(s)
    per_deviation = 1.0 / (upper.vol * root_s)
    terms = integrand.pair.definition(k, kappa, s, root_s, per_deviation, upper.rate, upper.dividend_yield, upper.vol)
    closing = sum(grid(*FINE).edge @ pair[0].gap for pair in pairs) / (4.0 * upper.years)
    apart = sum(slopes.vol[-1] for _, slopes in pairs if slopes is not None)
    strike = np.where(options.is_call, options.spot, options.strike)
    return np.asarray(strike * terms[1] * apart * apart / closing)


def _own(
    options: Options, puts: Puts, values: FloatArray, names: tuple[str, ...], *, is_mirrored: bool = False
) -> dict[str, FloatArray]:
    """Return figures in the option's own terms from those of its put, or of that put's mirror."""
    found = figures.with_time(puts, values)
    k = np.log(options.spot / options.strike)
    turned = figures.mirrored(found, k)
    chosen = {name: np.where(options.is_call != is_mirrored, turned[name], found[name]) for name in turned}
    return figures.to_greeks(chosen, options.spot, options.strike, names)


def _forward(
    options: Options, years: FloatArray, names: tuple[str, ...], moving: bool = False
) -> dict[str, FloatArray]:
    """Return figures of receiving strike for spot at ``years`` (a call: spot for strike)."""
    if not moving and not years.any():
        years = options.years
    parts = (options.spot, options.strike, options.rate, options.dividend_yield)
    found = figures.forward(*parts, years, names)
    return {name: -options.sign * found[name] for name in names}
