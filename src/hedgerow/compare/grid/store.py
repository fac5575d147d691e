"""Finished cells in a folder, one JSON file each: an interrupted grid goes on where it stopped.

A file is named by the digest of all that its figures depend on, so that cells of another grid, seed or version are
simply not found. It is written whole or not at all, and carries a digest of its own content: a damaged file is told
from a sound one and computed anew.
"""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np

from hedgerow._files import write_whole
from hedgerow._types import FloatArray
from hedgerow.compare.grid.cells import Cell, CellFigures, Runs
from hedgerow.compare.grid.identity import code_fingerprint, fingerprint
from hedgerow.errors import FileError


@dataclass(frozen=True)
class CellStore:
    """A folder of finished cells.

    Attributes
    ----------
    folder : Path
        Made where it is missing.
    """

    folder: Path

    def __post_init__(self) -> None:
        """Make the folder.

        Raises
        ------
        FileError
            Where something else has its name or it cannot be made.
        """
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            reason = error.strerror or error
            raise FileError(f"cannot keep cells in {self.folder}: {reason}; name a folder that can be made") from error

    def write(self, key: str, cell: Cell, figures: CellFigures) -> None:
        """Keep the figures of a cell, whole or not at all."""
        body = {
            "labels": list(cell.labels),
            "n_paths": figures.n_paths,
            "summary": {name: [value.hex(), error.hex()] for name, (value, error) in figures.summary.items()},
            "pnl": _text(figures.pnl),
            "mirrored": figures.mirrored,
        }
        write_whole(self._file(key), json.dumps({"key": key, "digest": _digest(body), "cell": body}) + "\n")

    def read(self, key: str) -> CellFigures | None:
        """Return the figures kept under a key, or None where there are none.

        Raises
        ------
        FileError
            Where the file is damaged or cannot be read.
        """
        file = self._file(key)
        if not file.exists():
            return None
        try:
            kept = json.loads(file.read_text(encoding="utf-8"))
            body = kept["cell"]
            if kept["key"] != key or kept["digest"] != _digest(body):
                raise ValueError("its content does not fit its digest")
            summary = {name: (float.fromhex(a), float.fromhex(b)) for name, (a, b) in body["summary"].items()}
            return CellFigures(body["n_paths"], summary, _array(body["pnl"]), bool(body["mirrored"]))
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise FileError(f"{file} is damaged ({error}); its cell is computed anew") from error

    def _file(self, key: str) -> Path:
        return self.folder / f"{key}.json"


def cell_key(cell: Cell, runs: Runs) -> str:
    """Return the digest of all that a cell's figures depend on: code, parts, paths, steps, seed; not its labels."""
    parts = (cell.book, cell.scenario, cell.hedger, cell.policy, cell.costs)
    return fingerprint(code_fingerprint(), parts, replace(runs, options=replace(runs.options, threads=None)))


def _digest(body: dict[str, Any]) -> str:
    return sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()


def _text(values: FloatArray | None) -> str | None:
    """Return numbers to the bit as text."""
    return None if values is None else b64encode(np.ascontiguousarray(values, dtype="<f8").tobytes()).decode("ascii")


def _array(text: str | None) -> FloatArray | None:
    return None if text is None else np.frombuffer(b64decode(text), dtype="<f8").astype(float)
