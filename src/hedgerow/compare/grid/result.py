"""What a grid gives: a row per cell, differences on common random numbers, and one digest of it all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256
from typing import Any

import numpy as np
import pandas as pd

from hedgerow.compare.grid.cells import AXES, COLUMNS, CellFigures
from hedgerow.errors import InputError, did_you_mean


@dataclass(frozen=True, eq=False)
class GridResult:
    """The figures of every cell of a grid.

    Attributes
    ----------
    figures : mapping of tuple of str to CellFigures
        By the names on book, scenario, hedger, policy and costs, in the order of the grid.
    reference : mapping of str to str
        Axis and name of the cell that others are compared with, everything else equal.
    seed : int
    computed, resumed : int
        Cells simulated now, and cells found in the store.
    processes : int
        How many processes had a part in it.
    notes : tuple of str
        Sentences on what went otherwise than asked: files that were damaged, for one.
    """

    figures: Mapping[tuple[str, ...], CellFigures]
    reference: Mapping[str, str]
    seed: int
    computed: int
    resumed: int
    processes: int = 1
    notes: tuple[str, ...] = field(default=())

    @cached_property
    def table(self) -> pd.DataFrame:
        """Figures by cell, money net of costs: ``mean``, ``standard_deviation``, ``cvar`` (95 %, losses positive),
        ``costs``, ``trades``, ``turnover``, each followed by its standard error (``mean_error``).
        """  # noqa: D205
        rows = [_row({name: each.summary[name] for name in COLUMNS}) for each in self.figures.values()]
        return pd.DataFrame(rows, index=self._index())

    @cached_property
    def differences(self) -> pd.DataFrame:
        """Each cell less its reference on the same random numbers: ``mean``, ``standard_deviation``, ``cvar`` and
        ``costs``, each followed by its standard error.

        Raises
        ------
        InputError
            Where only statistics were kept.
        """  # noqa: D205
        rows = [_row(self.difference(labels, self._reference_of(labels))) for labels in self.figures]
        return pd.DataFrame(rows, index=self._index())

    def difference(self, labels: tuple[str, ...], other: tuple[str, ...]) -> dict[str, tuple[float, float]]:
        """Return the figures of one cell less those of another, path by path, with their standard errors.

        Raises
        ------
        InputError
            Where a cell is not in the grid, or only statistics were kept.
        """
        this = self._known(labels).estimates()
        that = this if other == labels else self._known(other).estimates()
        gaps = {name: figure.less(that[name]) for name, figure in this.items()}
        return {name: (gap.value, gap.standard_error) for name, gap in gaps.items()}

    @cached_property
    def digest(self) -> str:
        """SHA-256 of all figures and paths to the bit, in the order of the grid."""
        found = sha256()
        for labels, each in self.figures.items():
            found.update(f"{labels} {each.n_paths}".encode())
            found.update(np.array([each.summary[name] for name in COLUMNS], dtype="<f8").tobytes())
            found.update(b"none" if each.pnl is None else np.asarray(each.pnl, dtype="<f8").tobytes())
        return found.hexdigest()

    def to_dict(self) -> dict[str, Any]:
        """Return the result as plain values: cells with their figures, seed, digest, notes."""
        cells = [
            dict(zip(AXES, labels, strict=True)) | _row({name: each.summary[name] for name in COLUMNS})
            for labels, each in self.figures.items()
        ]
        return {
            "cells": cells,
            "reference": dict(self.reference),
            "seed": self.seed,
            "digest": self.digest,
            "notes": list(self.notes),
        }

    def _index(self) -> pd.MultiIndex:
        return pd.MultiIndex.from_tuples(list(self.figures), names=AXES)

    def _reference_of(self, labels: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(self.reference.get(axis, own) for axis, own in zip(AXES, labels, strict=True))

    def _known(self, labels: tuple[str, ...]) -> CellFigures:
        if labels not in self.figures:
            names = [" | ".join(each) for each in self.figures]
            hint = did_you_mean(" | ".join(labels), names)
            raise InputError(f"the grid has no cell {' | '.join(labels)!r}{hint or '; see its table'}")
        return self.figures[labels]


def _row(figures: Mapping[str, tuple[float, float]]) -> dict[str, float]:
    """Return value and standard error side by side."""
    return {
        column: number
        for name, pair in figures.items()
        for column, number in zip((name.replace(" ", "_"), f"{name}_error".replace(" ", "_")), pair, strict=True)
    }
