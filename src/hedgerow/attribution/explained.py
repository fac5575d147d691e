"""A change of wealth in parts that add up: by step, cumulative, by Greek, instrument, underlying and path."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd

from hedgerow._types import FloatArray, IntArray
from hedgerow.attribution.marks import GREEKS
from hedgerow.errors import InputError


@dataclass(frozen=True, eq=False)
class Explained:
    """Where a change of wealth came from, in money; made by :func:`explain_steps` and :func:`explain_ledger`.

    Attributes
    ----------
    parts : mapping of str to ndarray, shape (n_paths, n_times)
        What each part gave over the step ending at each time: Greeks, ``unexplained`` (the full price change of the
        positions less all Greeks), ``hedge``, ``financing``, flows by label, ``cost <label>`` (negative). Entry 0 is
        what the first trades cost. The parts add up to ``wealth_changes``.
    instrument_parts : mapping of str to ndarray, shape (n_paths, n_instruments)
        Greeks, ``unexplained`` and ``hedge`` of each instrument, added up over time.
    wealth_changes : ndarray, shape (n_paths, n_times)
        As the account has it.
    gross_notional : float
        Money that a gap of the sum is measured against.
    underlyings : tuple of str
    underlying : int ndarray, shape (n_instruments,)
        Position of each instrument's underlying.
    times : pandas.Index of length n_times, or None
    paths : tuple of length n_paths
    instruments : tuple of length n_instruments
    hedge_parts : mapping of str to ndarray, shape (n_paths, n_times)
        What of ``hedge`` each Greek gave and what they leave, where options are among the hedges; they add up to
        ``parts["hedge"]``. Empty elsewhere, since the gain of a future or of spot is all delta.
    """

    parts: Mapping[str, FloatArray] = field(repr=False)
    instrument_parts: Mapping[str, FloatArray] = field(repr=False)
    wealth_changes: FloatArray = field(repr=False)
    gross_notional: float
    underlyings: tuple[str, ...]
    underlying: IntArray = field(repr=False)
    times: pd.Index | None = field(default=None, repr=False)
    paths: tuple[Hashable, ...] = field(default=(), repr=False)
    instruments: tuple[str, ...] = ()
    hedge_parts: Mapping[str, FloatArray] = field(default_factory=dict, repr=False)

    def named(self, times: pd.Index, paths: Sequence[Hashable], instruments: Sequence[str]) -> Explained:
        """Return the same with names for times, paths and instruments."""
        return replace(self, times=times, paths=tuple(paths), instruments=tuple(instruments))

    @property
    def predicted(self) -> FloatArray:
        """What the Greeks explain of the positions, (n_paths, n_times)."""
        return self._sum(name for name in GREEKS if name in self.parts)

    @property
    def actual(self) -> FloatArray:
        """The positions' full price change, (n_paths, n_times): ``predicted`` plus ``unexplained``."""
        return self.predicted + self.parts["unexplained"] if "unexplained" in self.parts else self.predicted

    def breach(self) -> float:
        """Largest gap between the parts and the change of wealth, as a share of gross notional."""
        return float(np.abs(self._sum(self.parts) - self.wealth_changes).max()) / self.gross_notional

    def by_part(self, path: int = 0, *, cumulative: bool = False) -> pd.DataFrame:
        """Return the parts of one path by time.

        Parameters
        ----------
        path : int
            Place of the path.
        cumulative : bool
            Added up since the start.

        Returns
        -------
        DataFrame, (n_times, n_parts + 1)
            Money by part and their ``total``, the change of wealth.

        Raises
        ------
        InputError
            For a path that is not there.
        """
        self._check_path(path)
        frame = pd.DataFrame({name: money[path] for name, money in self.parts.items()}, index=self.times)
        frame["total"] = self.wealth_changes[path]
        return frame.cumsum() if cumulative else frame

    def total(self) -> pd.DataFrame:
        """Return the parts over the whole time, a row per path.

        Returns
        -------
        DataFrame, (n_paths, n_parts + 1)
            Money by part and their ``total``.
        """
        sums = {name: money.sum(axis=1) for name, money in self.parts.items()}
        index = pd.Index(list(self.paths), name="path") if self.paths else None
        return pd.DataFrame({**sums, "total": self.wealth_changes.sum(axis=1)}, index=index)

    def summary(self) -> pd.DataFrame:
        """Return each part over the whole time as figures over the paths.

        Returns
        -------
        DataFrame, (n_parts + 1, 3)
            ``mean``, ``standard_deviation`` (n - 1) and ``standard_error`` of the mean, money; the means of the parts
            add up to that of ``total``. The last two are NaN for one path.
        """
        totals = self.total()
        spread = totals.std(ddof=1) if len(totals) > 1 else totals.iloc[0] * np.nan
        figures = {"mean": totals.mean(), "standard_deviation": spread}
        frame = pd.DataFrame({**figures, "standard_error": spread / np.sqrt(len(totals))})
        frame.index.name = "part"
        return frame

    def by_instrument(self, path: int | None = None) -> pd.DataFrame:
        """Return the parts of each instrument over the whole time: of one path, or their mean over the paths.

        Returns
        -------
        DataFrame, (n_instruments, ...)
            Greeks, ``unexplained``, ``hedge`` and their ``total``; what belongs to no instrument (financing, flows,
            costs) is left out.

        Raises
        ------
        InputError
            For a path that is not there.
        """
        if path is not None:
            self._check_path(path)
        money = {
            name: each.mean(axis=0) if path is None else each[path] for name, each in self._ordered_instrument_parts()
        }
        labels = list(self.instruments or range(len(self.underlying)))
        frame = pd.DataFrame(money, index=pd.Index(labels, name="instrument"))
        frame["total"] = frame.sum(axis=1)
        return frame

    def by_underlying(self, path: int | None = None) -> pd.DataFrame:
        """Return :meth:`by_instrument` added up by underlying."""
        names = pd.Index([self.underlyings[number] for number in self.underlying], name="underlying")
        return self.by_instrument(path).groupby(names, sort=False).sum()

    def _ordered_instrument_parts(self) -> list[tuple[str, FloatArray]]:
        return [(name, self.instrument_parts[name]) for name in self.parts if name in self.instrument_parts]

    def _sum(self, names: Iterable[str]) -> FloatArray:
        total: FloatArray = np.zeros_like(self.wealth_changes)
        for name in names:
            total = total + self.parts[name]
        return total

    def _check_path(self, path: int) -> None:
        if not 0 <= path < len(self.wealth_changes):
            raise InputError(f"path must be a number from 0 to {len(self.wealth_changes) - 1}, not {path!r}")
