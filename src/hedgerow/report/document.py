"""One self-contained HTML file: a verdict, the facts, what to beware of, tables and figures. Opens offline.

The same report gives the same bytes. All text is escaped; the page's content policy forbids it to load or send
anything.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import Any, Literal, get_args

import pandas as pd

from hedgerow._files import write_whole
from hedgerow.errors import InputError
from hedgerow.report.text import MISSING, number_text, visible

Sample = Literal[
    "in sample", "out of sample", "in and out of sample", "descriptive", "parameters stated beforehand", "walk-forward",
    "train and test",
]  # fmt: skip
SAMPLES: tuple[Sample, ...] = get_args(Sample)
_NUMBER = re.compile(r"^[\s(\[+−–-]*\d")
_INTERVAL = re.compile(r"^([^\s\[]+) (\[[^\[\]]+\])$")
_SHORT = 28


@dataclass(frozen=True)
class Table:
    """A table with a title and a label that says what its numbers were judged on.

    Parameters
    ----------
    title : str
        Heading.
    frame : pandas.DataFrame
        Cells are numbers or text already formatted; NaN and None print as a dash. The index is the first column.
    note : str
        A line under the table.
    formats : mapping of str to str
        Column -> format specification such as ``.1%``; four significant digits without one.
    tooltips : mapping of str to str
        Column -> what it means and its unit, shown on the column's head.
    sample : str
        One of ``in sample``, ``out of sample``, ``in and out of sample``, ``descriptive`` (nothing fitted or judged),
        ``parameters stated beforehand``, ``walk-forward``, ``train and test`` (each row says which).
    """

    title: str
    frame: pd.DataFrame = field(repr=False)
    note: str = ""
    formats: Mapping[str, str] = field(default_factory=dict)
    tooltips: Mapping[str, str] = field(default_factory=dict)
    sample: Sample = "descriptive"

    def __post_init__(self) -> None:
        _check_sample(self.sample, self.title)


@dataclass(frozen=True)
class Picture:
    """A plotly figure with a title, a caption and a label that says what its numbers were judged on."""

    title: str
    figure: Any = field(repr=False)
    caption: str = ""
    sample: Sample = "descriptive"

    def __post_init__(self) -> None:
        _check_sample(self.sample, self.title)


@dataclass(frozen=True)
class Report:
    """Everything a report says, in order; plain text throughout.

    Parameters
    ----------
    title, subtitle, verdict : str
        The verdict is one plain sentence; it stands on top in large type.
    facts : mapping of str to str
        What the numbers rest on: data span, rows, seed, lag, versions.
    notes : tuple of str
        Warnings and remarks, one sentence each.
    blocks : tuple of Table and Picture
        Shown in this order.
    """

    title: str
    subtitle: str
    verdict: str
    facts: Mapping[str, str]
    notes: tuple[str, ...]
    blocks: tuple[Table | Picture, ...]


def render_html(report: Report) -> str:
    """Return the report as one HTML document with plotly.js inside (about 5 MB); no time stamp, no random name.

    Raises
    ------
    InputError
        A block that is neither a table nor a picture.
    """
    from jinja2 import Environment, StrictUndefined
    from markupsafe import Markup

    environment = Environment(autoescape=True, undefined=StrictUndefined, finalize=_finalized, trim_blocks=True)
    source = files("hedgerow.report").joinpath("document.html.jinja").read_text(encoding="utf-8")
    blocks = [_block(block, number) for number, block in enumerate(report.blocks, start=1)]
    script = Markup(_plotly_script()) if any(block["kind"] == "picture" for block in blocks) else ""  # noqa: S704
    return environment.from_string(source).render(report=report, blocks=blocks, plotly_script=script)


def write_html(report: Report, path: str | Path) -> Path:
    """Write the report and return its path; a reader sees the old file or the whole new one, never half of one.

    Raises
    ------
    FileError
        The folder does not exist or cannot be written to.
    """
    target = Path(path)
    write_whole(target, render_html(report))
    return target


def _check_sample(sample: str, title: str) -> None:
    if sample not in SAMPLES:
        raise InputError(f"sample of {title!r} must be one of {', '.join(SAMPLES)}; got {sample!r}.")


def _finalized(value: object) -> object:
    return visible(value) if type(value) is str else value


def _block(block: Table | Picture, number: int) -> dict[str, Any]:
    if isinstance(block, Table):
        return {"kind": "table", "number": number, "block": block, **_cells(block)}
    if isinstance(block, Picture):
        height = block.figure.layout.height or 400
        return {
            "kind": "picture", "number": number, "block": block, "height": int(height),
            "figure": _figure_json(block.figure),
        }  # fmt: skip
    raise InputError(f"block {number} of a report must be a Table or a Picture, got {type(block).__name__}.")


def table_cells(table: Table) -> tuple[list[str], list[list[str]]]:
    """Return the heads of a table's columns, the index first, and its rows as formatted text."""
    frame = table.frame
    columns = [str(frame.index.name or ""), *map(str, frame.columns)]
    forms = [table.formats.get(column, "") for column in columns]
    rows = [
        [number_text(_plain(cell), form) for cell, form in zip((label, *row), forms, strict=True)]
        for label, row in zip(frame.index, frame.itertuples(index=False, name=None), strict=True)
    ]
    return columns, rows


def _cells(table: Table) -> dict[str, Any]:
    columns, rows = table_cells(table)
    heads = []
    for place, name in enumerate(columns):
        cells = [row[place] for row in rows]
        numeric = place > 0 and _all_numbers(cells)
        looks = "number" if numeric else "short" if max(map(len, cells), default=0) <= _SHORT else "long"
        heads.append({"name": name, "looks": looks, "tooltip": table.tooltips.get(name, "")})
    return {"heads": heads, "rows": [[_parted(cell) for cell in row] for row in rows]}


def _parted(cell: str) -> tuple[str, str]:
    """Return a figure and its interval apart: where there is no room the interval goes below, in one piece."""
    found = _INTERVAL.match(cell)
    return (found[1], found[2]) if found else (cell, "")


def _plain(cell: Any) -> Any:
    if isinstance(cell, pd.Timestamp):
        return f"{cell:%Y-%m-%d}" if cell == cell.normalize() else f"{cell:%Y-%m-%d %H:%M}"
    return cell


def _all_numbers(cells: Iterable[str]) -> bool:
    return all(cell == MISSING or _NUMBER.match(cell) for cell in cells)


def _figure_json(figure: Any) -> Any:
    from markupsafe import Markup
    from plotly.utils import PlotlyJSONEncoder

    content = figure.to_plotly_json()
    layout = {key: value for key, value in content["layout"].items() if key not in ("title", "width")}
    # the heading of the page says the title; the room for it in the figure goes as well
    layout["margin"] = {**layout.get("margin", {}), "t": 24}
    text = json.dumps(
        {"data": _shared_places(content["data"]), "layout": layout},
        cls=PlotlyJSONEncoder,
        sort_keys=True,
        separators=(",", ":"),
    )
    for character, code in (("<", "\\u003c"), (">", "\\u003e"), ("&", "\\u0026")):
        text = text.replace(character, code)
    # safe: no character is left that could end the script element or start another
    return Markup(text)  # noqa: S704


def _shared_places(traces: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return the traces with each repeated list of dates replaced by the number of the trace that has it first.

    Eleven lines over the same dates would otherwise carry them eleven times; the page's script puts them back.
    """
    first: dict[tuple[Any, ...], int] = {}
    slim = []
    for number, trace in enumerate(traces):
        copy = dict(trace)
        if isinstance(trace.get("x"), list | tuple) and len(trace["x"]) > 2:
            earlier = first.setdefault(tuple(trace["x"]), number)
            if earlier != number:
                copy["x"] = {"same_as": earlier}
        slim.append(copy)
    return slim


def _plotly_script() -> str:
    from plotly.offline import get_plotlyjs

    return str(get_plotlyjs()).replace("</script", "<\\/script")
