"""Tables for the terminal: renderables that fit the width they are given; nothing here prints."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from io import StringIO
from typing import Any

import pandas as pd
from rich import box
from rich.console import Console, ConsoleOptions, RenderableType, RenderResult
from rich.measure import Measurement
from rich.table import Table
from rich.text import Text

from hedgerow.report.text import MISSING, interval_text, number_text, visible

# column of the frame -> (head, format); least important last: where the width runs out, the end of the list goes first
_IMPORTANCE: Mapping[str, tuple[str, str]] = {
    "hedge_ratio": ("ratio", ".4f"),
    "variance_reduction": ("variance red.", ".3f"),
    "trade": ("trade", ""),
    "cost": ("cost", ""),
    "contracts": ("contracts", ",.0f"),
    "cvar_reduction": ("CVaR red.", ".3f"),
    "turnover": ("turnover", ".2f"),
    "semivariance_reduction": ("semivar. red.", ".3f"),
    "max_drawdown_reduction": ("drawdown red.", ".3f"),
    "standard_error": ("std. error", ".4f"),
    "r_squared": ("R²", ".3f"),
    "n_obs": ("rows", ",.0f"),
}
_ORDER = (
    "hedge_ratio", "standard_error", "r_squared", "n_obs", "variance_reduction", "semivariance_reduction",
    "cvar_reduction", "max_drawdown_reduction", "turnover", "cost", "contracts", "trade",
)  # fmt: skip


@dataclass(frozen=True)
class ComparisonTable:
    """A rich renderable: one line per method, columns left out from the least important when the width is short."""

    frame: pd.DataFrame = field(repr=False)
    title: str = ""

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        yield self.fitted(console, options)

    def fitted(self, console: Console, options: ConsoleOptions) -> Table:
        """Return the widest table that fits; its caption names the columns left out."""
        shown = [column for column in _IMPORTANCE if column in self.frame.columns]
        left_out: list[str] = []
        while True:
            table = self._table([column for column in _ORDER if column in shown], left_out)
            fits = Measurement.get(console, options.update(width=10_000), table).maximum <= options.max_width
            if fits or len(shown) <= 1:
                return table
            left_out.insert(0, _IMPORTANCE[shown.pop()][0])

    def _table(self, columns: Sequence[str], left_out: Sequence[str]) -> Table:
        caption = f"not shown at this width: {', '.join(left_out)}" if left_out else None
        table = _new_table(self.title, caption)
        table.add_column("method", no_wrap=True, overflow="ellipsis", max_width=28)
        for column in columns:
            table.add_column(_IMPORTANCE[column][0], justify="right", no_wrap=True, overflow="ellipsis")
        for method, row in self.frame.iterrows():
            table.add_row(Text(visible(method)), *(Text(_cell(row, column)) for column in columns))
        return table


def comparison_table(frame: pd.DataFrame, *, title: str = "") -> ComparisonTable:
    """Return the comparison of methods for a terminal.

    Parameters
    ----------
    frame : pandas.DataFrame
        Index: method, best first. Any of the columns ``hedge_ratio`` (a number, or several for several hedges),
        ``standard_error``, ``r_squared``, ``n_obs``, ``variance_reduction`` with ``low`` and ``high``,
        ``semivariance_reduction``, ``cvar_reduction``, ``max_drawdown_reduction``, ``turnover``, ``cost``,
        ``contracts``, ``trade`` (text such as "sell 18"). Reductions are decimals; NaN prints as a dash.
    title : str
        Say in it what is out of sample.
    """
    return ComparisonTable(frame, title)


def plain_table(frame: pd.DataFrame, *, title: str = "", formats: Mapping[str, str] | None = None) -> Table:
    """Return any small frame as a rich table: numbers right-aligned, text left, the index as first column."""
    forms = formats or {}
    table = _new_table(title, None)
    table.add_column(visible(frame.index.name or ""), overflow="fold")
    for column in frame.columns:
        numeric = pd.api.types.is_numeric_dtype(frame[column])
        table.add_column(Text(visible(column)), justify="right" if numeric else "left", overflow="fold")
    for label, row in zip(frame.index, frame.itertuples(index=False, name=None), strict=True):
        cells = [number_text(value, forms.get(str(name), "")) for name, value in zip(frame.columns, row, strict=True)]
        table.add_row(Text(visible(label)), *map(Text, cells))
    return table


def as_text(renderable: RenderableType, width: int = 100) -> str:
    """Return a renderable as plain text of at most ``width`` columns, without colours or trailing blanks."""
    console = Console(width=width, file=StringIO(), force_terminal=False, color_system=None, legacy_windows=False)
    with console.capture() as capture:
        console.print(renderable)
    return "\n".join(line.rstrip() for line in capture.get().splitlines()).strip("\n")


def _new_table(title: str, caption: str | None) -> Table:
    return Table(
        title=Text(visible(title)) if title else None,
        title_justify="left",
        caption=caption,
        caption_justify="left",
        box=box.SIMPLE_HEAD,
        pad_edge=False,
        collapse_padding=True,
    )


def _cell(row: pd.Series, column: str) -> str:
    value: Any = row[column]
    form = _IMPORTANCE[column][1]
    if column == "variance_reduction" and {"low", "high"} <= set(row.index):
        return MISSING if pd.isna(value) else interval_text(value, row["low"], row["high"], form)
    return number_text(value, form)
