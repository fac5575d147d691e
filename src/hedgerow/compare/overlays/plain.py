"""Tables as plain lists for JSON: NaN is None, dates are text."""

from __future__ import annotations

from math import isfinite
from typing import Any

import numpy as np
import pandas as pd


def plain_rows(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Return one dictionary per row, the index under its own name where it has one."""
    named = table.reset_index() if table.index.name is not None else table
    columns = [str(column) for column in named.columns]
    rows = zip(*(named.iloc[:, place].tolist() for place in range(len(columns))), strict=True)
    return [{name: plain(value) for name, value in zip(columns, row, strict=True)} for row in rows]


def plain(value: Any) -> Any:
    """Return a value as JSON knows it: a number, text, a list, or None for what is no number."""
    if isinstance(value, pd.Timestamp):
        return f"{value:%Y-%m-%d}"
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, float):
        return value if isfinite(value) else None
    if isinstance(value, dict):
        return {str(key): plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [plain(each) for each in value]
    return value if value is None or isinstance(value, bool | int | str) else str(value)
