"""What formulas take for some rows of a schedule at some times on every path, and the figures they give."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from importlib import import_module

import numpy as np

from hedgerow._types import FloatArray, IntArray
from hedgerow.errors import InputError
from hedgerow.instruments.columns import Columns, Places
from hedgerow.instruments.inputs import Inputs
from hedgerow.instruments.model import Model
from hedgerow.instruments.pricers import figures

_OF_SPOT = ("price", "delta")
_PER_ROW = ("years", "rate", "carry", "dividends", "dividend_duration")


def repeated(columns: Columns, rows: IntArray) -> Columns:
    """Return rows of columns, any of them any number of times."""
    arrays = {
        each.name: getattr(columns, each.name)[rows]
        for each in fields(columns)
        if isinstance(getattr(columns, each.name), np.ndarray)
    }
    numbers = rows if columns.places.numbers is None else columns.places.numbers[rows]
    extras = {name: values[rows] for name, values in columns.extras.items()}
    return replace(columns, extras=extras, places=Places(numbers, columns.places.file), **arrays)


@dataclass(frozen=True, eq=False)
class PricingSlice:
    """What formulas take for some rows at some times on every path: copies, from which nothing else can be reached.

    Attributes
    ----------
    columns : Columns
        One row per pair of row and time, m of them.
    spots, vols : ndarray, shape (n_paths, m)
    years, rate, carry, dividends, dividend_duration : ndarray, shape (m,)
    schedules : tuple of two float arrays, per underlying
    model : Model
    """

    columns: Columns
    spots: FloatArray
    vols: FloatArray
    years: FloatArray
    rate: FloatArray
    carry: FloatArray
    dividends: FloatArray
    dividend_duration: FloatArray
    schedules: tuple[tuple[FloatArray, FloatArray], ...]
    model: Model

    def figures(self, names: tuple[str, ...], vols: FloatArray | None = None) -> dict[str, FloatArray]:
        """Return figures of one contract (its multiplier in), each (n_paths, m).

        ``vols`` (n_paths, m) stands in place of the slice's. A figure that is infinite (gamma at a kink without time
        or volatility) counts 0: what it stands for is in the remainder of an attribution.
        """
        vols = self.vols if vols is None else vols
        whole = {name: np.zeros(self.spots.shape) for name in names}
        for kind, rows in self.columns.groups.items():
            found = self._spread(kind, rows, names, vols)
            if found is None:
                found = self._tiled(rows, names, vols)
            for name, values in found.items():
                each = values * self.columns.multiplier[rows]
                whole[name][:, rows] = np.where(np.isinf(each), 0.0, each)
        return whole

    def _spread(
        self, kind: str, rows: IntArray, names: tuple[str, ...], vols: FloatArray
    ) -> dict[str, FloatArray] | None:
        """Return figures of spot and plain European options from broadcast arrays; None for all else."""
        spots = self.spots[:, rows]
        if kind == "spot":
            return {name: spots if name == "price" else np.ones_like(spots) for name in names if name in _OF_SPOT}
        if kind != "european" or self.dividends[rows].any():
            return None
        columns = self.columns
        terms = (columns.strike[rows], self.years[rows], vols[:, rows], self.rate[rows], self.carry[rows])
        module = import_module(f"hedgerow.pricing.{self.model.name}")
        try:
            record = module.greeks(columns.sign[rows], spots, *terms, names=names, **dict(self.model.parameters))
        except InputError:
            return None  # the columns say which position is at fault
        return {name: np.asarray(getattr(record, name)) for name in names}

    def _tiled(self, rows: IntArray, names: tuple[str, ...], vols: FloatArray) -> dict[str, FloatArray]:
        """Return figures of any rows, every path's after one another in columns."""
        n_paths, count = len(self.spots), len(rows)
        spot, zero = self.spots[:, rows].ravel(), np.zeros(n_paths * count)
        inputs = Inputs(
            spot=spot,
            fixing=spot,
            vol=vols[:, rows].ravel(),
            weight_left=zero,
            accrued=zero,
            schedules=self.schedules,
            **{name: np.tile(getattr(self, name)[rows], n_paths) for name in _PER_ROW},
        )
        found, _ = figures(repeated(self.columns, np.tile(rows, n_paths)), inputs, names, self.model)
        return {name: values.reshape(n_paths, count) for name, values in found.items()}
