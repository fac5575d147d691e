"""Numbers as files write them: missing marks, decimal marks and thousands marks, nothing guessed."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from hedgerow._types import FloatArray, IntArray
from hedgerow.errors import DataError

MISSING_MARKS = ("", "NA", "N/A", "n/a", "#N/A", "NaN", "nan", "NAN", "null", "NULL", "None", ".", "-")
"""Cells that mean "no price"; FRED writes a dot."""

_GROUPED = {mark: re.compile(rf"[+-]?\d{{1,3}}(\{mark}\d{{3}})+(\{other}\d*)?") for mark, other in (",.", ".,")}
_PLAIN = re.compile(r"[+-]?(\d+([.]\d*)?|[.]\d+)([eE][+-]?\d+)?|[+-]?inf(inity)?", re.IGNORECASE)


def counted(count: int, noun: str) -> str:
    """Return ``"1 row"`` or ``"2 rows"``."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


@dataclass
class NumberColumn:
    """One column of prices, handed in block by block.

    A mark that may part thousands or decimals (``1,234``) is read as thousands only where another cell of the
    column shows which it is; otherwise the column is refused.
    """

    name: str
    file: str
    decimal: str
    unit: str = "line"
    notes: list[str] = field(default_factory=list)
    _blocks: list[FloatArray] = field(default_factory=list)
    _doubtful: tuple[int, str] | None = None
    _grouped: int = 0
    _decimal_seen: bool = False

    def add(self, cells: pd.Series, lines: IntArray) -> None:
        """Read one block of cells, numbers already or texts; ``lines`` (n,) says where each stands."""
        if pd.api.types.is_numeric_dtype(cells.dtype) and not pd.api.types.is_bool_dtype(cells.dtype):
            numbers = cells.to_numpy(dtype=np.float64, na_value=np.nan)
            if not self._decimal_seen:
                finite = numbers[np.isfinite(numbers)]
                self._decimal_seen = bool((finite != np.floor(finite)).any())
            self._blocks.append(numbers)
            return
        self._blocks.append(self._from_texts(cells, lines))

    def finish(self) -> FloatArray:
        """Return all numbers (n,), NaN where a cell is missing."""
        if self._doubtful is not None and not self._decimal_seen:
            line, text = self._doubtful
            raise DataError(
                f"{self.unit} {line} of {self.file}: {text!r} in column {self.name!r} can be read as thousands or as "
                "decimals; give --decimal , if the comma marks decimals, or write numbers without thousands marks"
            )
        if self._grouped:
            self.notes.append(
                f"thousands marks in {counted(self._grouped, 'cell')} of {self.name!r} in {self.file} were removed"
            )
        return np.concatenate(self._blocks) if self._blocks else np.zeros(0)

    def _from_texts(self, cells: pd.Series, lines: IntArray) -> FloatArray:
        thousands = "," if self.decimal == "." else "."
        numbers = np.full(len(cells), np.nan)
        for position, cell in enumerate(cells):
            text = "" if cell is None or cell != cell else str(cell).strip()
            if text in MISSING_MARKS:
                continue
            plain = text
            if _GROUPED[thousands].fullmatch(text):
                self._weigh(text, thousands, int(lines[position]))
                plain = text.replace(thousands, "")
            elif thousands in text:
                raise self._not_a_number(text, int(lines[position]))
            elif self.decimal in text:
                self._decimal_seen = True
            plain = plain.replace(self.decimal, ".")
            if not _PLAIN.fullmatch(plain):
                raise self._not_a_number(text, int(lines[position]))
            numbers[position] = float(plain)
        return numbers

    def _weigh(self, text: str, thousands: str, line: int) -> None:
        self._grouped += 1
        if self.decimal in text or text.count(thousands) > 1:
            self._decimal_seen = True
        elif self._doubtful is None:
            self._doubtful = (line, text)

    def _not_a_number(self, text: str, line: int) -> DataError:
        hint = "correct the cell or leave it empty"
        if re.search(r"\d,\d", text) and self.decimal == ".":
            hint = "if the comma marks decimals give --decimal ,"
        elif re.search(r"\d\.\d", text) and self.decimal == ",":
            hint = "if the dot marks decimals give --decimal ."
        elif re.search(r"[;\t|]", text):
            hint = "give the mark between columns with --separator"
        shown = text if len(text) <= 40 else text[:40] + "…"
        where = f"{self.unit} {line} of {self.file}"
        return DataError(f"{where}: {shown!r} in column {self.name!r} is not a number; {hint}")
