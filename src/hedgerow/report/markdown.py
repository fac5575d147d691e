"""The same report as Markdown, for a file that is kept, compared and signed; equal input gives equal text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from hedgerow._files import write_whole
from hedgerow.report.document import Picture, Report, Table, table_cells
from hedgerow.report.text import visible

# what Markdown or the HTML inside it would take for more than text
_MARKS = re.compile(r"([\\`*_\[\]<>|#~$])")


def markdown_text(text: object) -> str:
    r"""Return text as one line of Markdown in which nothing is markup.

    Examples
    --------
    >>> markdown_text("a|b *c*")
    'a\\|b \\*c\\*'
    """
    return _MARKS.sub(r"\\\1", " ".join(visible(text).split()))


def render_markdown(report: Report) -> str:
    """Return the report as Markdown: verdict, facts, notes, tables; a figure stands there by title and caption.

    Parameters
    ----------
    report : Report

    Returns
    -------
    str
    """
    parts = [f"# {markdown_text(report.title)}", markdown_text(report.subtitle), f"**{markdown_text(report.verdict)}**"]
    if report.notes:
        parts.append("## To know before relying on this")
        parts.append("\n".join(f"* {markdown_text(note)}" for note in report.notes))
    if report.facts:
        rows = [(markdown_text(name), markdown_text(value)) for name, value in report.facts.items()]
        parts.append("## What it rests on")
        parts.append(_pipes(("fact", "value"), rows))
    for block in report.blocks:
        parts += _block(block)
    return "\n\n".join(part for part in parts if part) + "\n"


def write_markdown(report: Report, path: str | Path) -> Path:
    """Write the report as Markdown and return its path; a reader sees the old file or the whole new one.

    Parameters
    ----------
    report : Report
    path : path

    Returns
    -------
    Path

    Raises
    ------
    FileError
        The folder does not exist or cannot be written to.
    """
    target = Path(path)
    write_whole(target, render_markdown(report))
    return target


def _block(block: Table | Picture) -> list[str]:
    heading = f"## {markdown_text(block.title)}"
    if isinstance(block, Picture):
        return [heading, f"*Figure in the HTML document.* {markdown_text(block.caption)}".rstrip()]
    heads, rows = table_cells(block)
    cells = [tuple(markdown_text(cell) for cell in row) for row in rows]
    return [heading, _pipes(tuple(markdown_text(head) for head in heads), cells), markdown_text(block.note)]


def _pipes(heads: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    lines = [heads, ("---",) * len(heads), *rows]
    return "\n".join("| " + " | ".join(cell or " " for cell in line) + " |" for line in lines)
