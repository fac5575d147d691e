"""Whether a surface admits arbitrage between its strikes or its expiries, and where.

>>> import numpy as np
>>> from hedgerow.market.surface import PointSmile, VolatilitySurface, check_surface
>>> flat = [PointSmile(np.zeros(1), np.array([vol]), years) for vol, years in ((0.3, 0.5), (0.2, 1.0))]
>>> found = check_surface(VolatilitySurface(100.0, np.array([0.5, 1.0]), np.full(2, 100.0), np.ones(2), tuple(flat)))
>>> found.free, found.violations["kind"].unique().tolist()
(False, ['calendar'])
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from hedgerow._types import FloatArray
from hedgerow.market.surface.smiles import SVISmile
from hedgerow.market.surface.volatility_surface import VolatilitySurface
from hedgerow.pricing import svi

_COLUMNS = ("kind", "years", "strike", "log_moneyness", "amount")
PRICE_TOLERANCE = 1e-12
"""Rounding of prices per unit of forward: a convexity below this is none."""


@dataclass(frozen=True)
class ArbitrageReport:
    """What the check found.

    Attributes
    ----------
    violations : DataFrame
        kind, years, strike, log_moneyness, amount. ``density``: g(k) of the slice, negative; ``butterfly``: price of
        the butterfly around the strike per unit of forward, negative; ``vertical``: how far a call's slope in its
        strike leaves -1 to 0; ``wing``: slope of total variance above 2; ``calendar``: total variance lost since the
        expiry before, negative.
    scope : str
        One sentence: what was looked at.
    """

    violations: pd.DataFrame = field(repr=False)
    scope: str

    @property
    def free(self) -> bool:
        """Whether nothing was found."""
        return self.violations.empty

    @property
    def sentences(self) -> tuple[str, ...]:
        """One sentence per kind and expiry."""
        lines = []
        for (kind, years), rows in self.violations.groupby(["kind", "years"], sort=True):
            worst = rows.iloc[int(rows["amount"].abs().argmax())]
            lines.append(
                f"{kind} arbitrage at {years:.4f} years on {len(rows)} of the strikes looked at, worst at strike "
                f"{worst['strike']:.6g} by {worst['amount']:.3g}."
            )
        return tuple(lines)

    def __str__(self) -> str:
        return "\n".join((self.scope, *(self.sentences or ("No arbitrage found.",))))


def check_surface(surface: VolatilitySurface, *, reach: float = 3.0, points: int = 1201) -> ArbitrageReport:
    """Return every static arbitrage of a surface on a dense grid of strikes, wings included, and in between expiries.

    Parameters
    ----------
    surface : VolatilitySurface
        The surface.
    reach : float
        The grid runs over log-moneyness from -reach to reach (strikes of 5 % to 20 times the forward at 3).
    points : int
        Points of the grid, denser around the forward.

    Returns
    -------
    ArbitrageReport
        Every violation with kind, place and size; ``free`` where there is none.

    Notes
    -----
    Per expiry: the density factor g >= 0 and wing slopes <= 2 (SVI slices), and call prices whose slope in the strike
    lies in -1 to 0 and rises (any smile). Prices are checked half-way between expiries too. Between expiries: total
    variance at fixed log-moneyness does not fall, wings' slopes included for SVI.
    """
    steps = np.linspace(-1.0, 1.0, points)
    grid = np.union1d(reach * steps, 0.2 * reach * steps**3)
    found = [*_slices(surface, grid), *_wings(surface), *_calendar(surface, grid)]
    found += [_prices(surface, time, grid) for time in _times(surface)]
    table = pd.concat([frame for frame in found if len(frame)], ignore_index=True) if any(map(len, found)) else None
    if table is None:
        table = pd.DataFrame({name: pd.Series(dtype=object if name == "kind" else float) for name in _COLUMNS})
    scope = (
        f"{len(surface.years)} expiries and {len(_times(surface)) - len(surface.years)} times between them on "
        f"{len(grid)} strikes from {np.exp(-reach):.3g} to {np.exp(reach):.3g} times the forward."
    )
    return ArbitrageReport(table, scope)


def _times(surface: VolatilitySurface) -> FloatArray:
    years = np.asarray(surface.years)
    return np.union1d(years, 0.5 * (years[1:] + years[:-1]))


def _rows(surface: VolatilitySurface, kind: str, years: float, k: FloatArray, amount: FloatArray) -> pd.DataFrame:
    strike = surface.forward(years) * np.exp(k)
    values = (np.full(len(k), kind, dtype=object), np.full(len(k), years), strike, k, amount)
    return pd.DataFrame(dict(zip(_COLUMNS, values, strict=True)))


def _slices(surface: VolatilitySurface, grid: FloatArray) -> list[pd.DataFrame]:
    found = []
    for years, smile in zip(surface.years, surface.smiles, strict=True):
        if isinstance(smile, SVISmile):
            factor = np.asarray(svi.density_factor(grid, smile.parameters))
            found.append(_rows(surface, "density", float(years), grid[factor < 0.0], factor[factor < 0.0]))
    return found


def _wing_slopes(smile: SVISmile) -> FloatArray:
    """Return the slopes of total variance far left and far right, both counted outward."""
    found = smile.parameters
    return np.array([found.slope * (1.0 - found.correlation), found.slope * (1.0 + found.correlation)])


def _wings(surface: VolatilitySurface) -> list[pd.DataFrame]:
    found, before, edges = [], np.zeros(2), np.array([-np.inf, np.inf])
    for years, smile in zip(surface.years, surface.smiles, strict=True):
        if not isinstance(smile, SVISmile):
            before = np.zeros(2)
            continue
        slopes = _wing_slopes(smile)
        steep, falling = slopes > 2.0 * (1.0 + 1e-12), slopes < before - 1e-12
        found.append(_rows(surface, "wing", float(years), edges[steep], slopes[steep]))
        found.append(_rows(surface, "calendar", float(years), edges[falling], (slopes - before)[falling]))
        before = slopes
    return found


def _calendar(surface: VolatilitySurface, grid: FloatArray) -> list[pd.DataFrame]:
    found, before = [], np.zeros(len(grid))
    for years, smile in zip(surface.years, surface.smiles, strict=True):
        total = np.asarray(smile.total_variance(grid))
        lost = total < before * (1.0 - 1e-12)
        found.append(_rows(surface, "calendar", float(years), grid[lost], (total - before)[lost]))
        before = total
    return found


def _prices(surface: VolatilitySurface, years: float, grid: FloatArray) -> pd.DataFrame:
    """Return where undiscounted out-of-the-money prices per unit of forward break the laws of a call in its strike."""
    from hedgerow.pricing import black_scholes

    strike = np.exp(grid)
    vol = np.sqrt(np.asarray(surface.total_variance(grid, years)) / years)
    # Out of the money prices keep their digits; by parity the put's slope is the call's plus 1.
    call = grid >= 0.0
    price = np.asarray(black_scholes.price(np.where(call, 1.0, -1.0), 1.0, strike, years, vol))
    calls = np.where(call, price, price + 1.0 - strike)
    puts = np.where(call, price + strike - 1.0, price)
    width = np.diff(strike)
    use_call = call[:-1]
    slope = np.where(use_call, np.diff(calls), np.diff(puts)) / width
    rounding = PRICE_TOLERANCE / width
    wrong = np.where(use_call, np.maximum(slope, -1.0 - slope), np.maximum(-slope, slope - 1.0))
    bent = np.where(use_call, slope, slope - 1.0)
    butterfly = np.diff(bent) * np.minimum(width[1:], width[:-1])
    bad_slope, bad_bend = wrong > rounding, butterfly < -4.0 * PRICE_TOLERANCE * np.maximum(1.0, strike[1:-1])
    vertical = _rows(surface, "vertical", float(years), grid[:-1][bad_slope], wrong[bad_slope])
    return pd.concat([vertical, _rows(surface, "butterfly", float(years), grid[1:-1][bad_bend], butterfly[bad_bend])])
