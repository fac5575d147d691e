"""Volatility of a strike from quotes at delta pillars: P25 is the strike whose put has an undiscounted delta of -25 %.

A pillar with put delta p, volatility s and time T stands at K = F exp(s sqrt(T) N^-1(p) + s^2 T / 2); volatility is
linear in ln(K/F) between pillars and flat outside.

>>> import numpy as np
>>> from hedgerow.market.surface import pillar_smile, pillar_strikes
>>> vols = np.array([0.30, 0.25, 0.24])
>>> strikes = pillar_strikes(np.array([0.25, 0.50, 0.75]), vols, 1.0, 100.0)
>>> strikes.round(4).tolist()
[85.4408, 103.1743, 121.0069]
>>> smile = pillar_smile(np.array([0.25, 0.50, 0.75]), vols, 1.0)
>>> np.sqrt(smile.total_variance(np.log(strikes / 100.0))).round(12).tolist()
[0.3, 0.25, 0.24]
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
import pandas as pd

from hedgerow._types import FloatArray
from hedgerow.errors import ColumnError, DataError, InputError
from hedgerow.market.surface.smiles import PointSmile
from hedgerow.pricing.arguments import numbers, refuse_below, refuse_where

Pillars = Literal["put", "call", "both"]
_NAME = re.compile(r"^([PC])(\d{2})d(?:Vol|_vol)?$", re.IGNORECASE)
_SAME_PLACE = 1e-12


def pillar_strikes(put_delta: Any, vol: Any, years: Any, forward: Any) -> Any:
    """Return the strikes of pillars, K = F exp(s sqrt(T) N^-1(p) + s^2 T / 2).

    Parameters
    ----------
    put_delta : scalar or array
        Undiscounted forward delta of the put without its sign, between 0 and 1; a call's delta c is put delta 1 - c.
    vol, years, forward : scalar or array
        Annual volatility > 0, years > 0, forward > 0.

    Raises
    ------
    InputError
        For arguments outside these ranges.
    """
    read = numbers({"put_delta": put_delta, "vol": vol, "years": years, "forward": forward})
    for name in ("vol", "years", "forward"):
        refuse_below(name, read[name], allow_equal=False)
    return read["forward"] * np.exp(_places(read["put_delta"], read["vol"], read["years"]))


def _places(put_delta: FloatArray, vol: FloatArray, years: Any) -> FloatArray:
    from scipy.special import ndtri

    wrong = (put_delta <= 0.0) | (put_delta >= 1.0)
    refuse_where(wrong, "put_delta", put_delta, "must lie between 0 and 1", "give 0.25 for a 25-delta put")
    deviation = vol * np.sqrt(years)
    return np.asarray(deviation * ndtri(put_delta) + 0.5 * np.square(deviation))


def pillar_smile(put_delta: Any, vol: Any, years: float) -> PointSmile:
    """Return the smile through pillars.

    Parameters
    ----------
    put_delta, vol : array of shape (pillars,)
        Put deltas between 0 and 1 in any order, and volatilities. Pillars of one delta count with their mean.
    years : float
        Time to expiry, above 0.

    Notes
    -----
    Where volatility falls so fast in delta that two pillars change places, they stand where their strikes are. Pillars
    that fall on one strike count with their mean.
    """
    read = numbers({"put_delta": put_delta, "vol": vol, "years": years})
    refuse_below("vol", read["vol"], allow_equal=False)
    refuse_below("years", read["years"], allow_equal=False)
    deltas, groups = np.unique(np.round(read["put_delta"], 12), return_inverse=True)
    vols = np.bincount(groups, read["vol"]) / np.bincount(groups)
    places = _places(deltas, vols, float(read["years"]))
    order = np.argsort(places, kind="stable")
    places, vols = places[order], vols[order]
    groups = np.concatenate(([0], np.cumsum(np.diff(places) > _SAME_PLACE)))
    count = np.bincount(groups)
    return PointSmile(np.bincount(groups, places) / count, np.bincount(groups, vols) / count, float(read["years"]))


@dataclass(frozen=True)
class DeltaPillars:
    """Volatilities at delta pillars of one expiry over many dates.

    Attributes
    ----------
    vols : DataFrame
        One row per date, one column per pillar: P01 ... P99, C01 ... C99 as the source names them.
    forward, years : Series
        Forward of the expiry and time to it, by date.
    """

    vols: pd.DataFrame = field(repr=False)
    forward: pd.Series = field(repr=False)
    years: pd.Series = field(repr=False)

    @classmethod
    def from_frame(
        cls, frame: pd.DataFrame, *, date: str = "date", forward: str = "future_price", years: str = "t_option_years"
    ) -> DeltaPillars:
        """Return the pillars of a table with columns such as ``P25dVol`` and ``C10dVol``.

        Raises
        ------
        ColumnError
            Where date, forward or years is not there, or no column is a pillar.
        DataError
            Where dates repeat.
        """
        for name in (date, forward, years):
            if name not in frame:
                raise ColumnError(f"the pillar table has no column {name!r}; name it")
        named = [name for name in frame.columns if _NAME.match(str(name))]
        if not named:
            raise ColumnError("the pillar table has no column such as P25dVol or C10dVol")
        index = pd.DatetimeIndex(pd.to_datetime(frame[date]), name="date")
        if index.has_duplicates:
            raise DataError(
                f"the pillar table has {index[index.duplicated()][0]:%Y-%m-%d} twice; keep one row per date"
            )
        table = frame[[*named, forward, years]].set_axis(index).sort_index()
        return cls(table[named], table[forward].rename("forward"), table[years].rename("years"))

    def quotes(self, date: Any, pillars: Pillars = "put") -> pd.DataFrame:
        """Return the pillars of a date: name, put_delta, vol, strike; missing ones left out."""
        day = pd.Timestamp(date)
        names, deltas, vols = self._row(day, pillars)
        strikes = pillar_strikes(deltas, vols, float(self.years.loc[day]), float(self.forward.loc[day]))
        return pd.DataFrame({"name": names, "put_delta": deltas, "vol": vols, "strike": strikes})

    def smile(self, date: Any, pillars: Pillars = "put") -> PointSmile:
        """Return the smile of a date through its put pillars, its call pillars, or both."""
        day = pd.Timestamp(date)
        _, deltas, vols = self._row(day, pillars)
        return pillar_smile(deltas, vols, float(self.years.loc[day]))

    def _row(self, day: pd.Timestamp, pillars: str) -> tuple[list[str], FloatArray, FloatArray]:
        if day not in self.vols.index:
            raise InputError(f"there are no pillars on {day:%Y-%m-%d}")
        row = self.vols.loc[day].to_numpy(dtype=np.float64)
        chosen = set(self._chosen(pillars))
        places = [place for place, name in enumerate(self.vols.columns) if name in chosen]
        kept = [place for place in places if row[place] > 0.0]
        if not kept:
            raise DataError(f"no pillar has a volatility on {day:%Y-%m-%d}")
        names = [str(self.vols.columns[place]) for place in kept]
        return names, np.array([_put_delta(name) for name in names]), row[kept]

    def volatility(self, strike: float, pillars: Pillars = "put") -> pd.Series:
        """Return the volatility of one strike on every date that has time left."""
        alive = self.years.to_numpy() > 0.0
        dates, years = self.vols.index[alive], self.years.to_numpy()[alive]
        places = np.log(strike / self.forward.to_numpy()[alive])
        found = [self.smile(day, pillars).total_variance(place) for day, place in zip(dates, places, strict=True)]
        return pd.Series(np.sqrt(np.array(found, dtype=np.float64) / years), dates, name="volatility")

    def _chosen(self, pillars: str) -> list[str]:
        letters = {"put": "P", "call": "C", "both": "PC"}
        if pillars not in letters:
            raise InputError(f"pillars must be 'put', 'call' or 'both', not {pillars!r}")
        found = [name for name in self.vols.columns if str(name)[0].upper() in letters[pillars]]
        if not found:
            raise InputError(f"the table has no {pillars} pillars")
        return found


def _put_delta(name: str) -> float:
    found = _NAME.match(name)
    assert found is not None  # noqa: S101 - columns were chosen by this pattern
    delta = int(found[2]) / 100.0
    return delta if found[1].upper() == "P" else 1.0 - delta
