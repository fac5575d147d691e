"""What the verbs share in speaking to a person: output, progress, tables for spreadsheets."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from hedgerow.errors import FileError

if TYPE_CHECKING:
    import pandas as pd
    from rich.console import Console

Progress = Callable[[str, float], None]


def console(*, stderr: bool = False) -> Console:
    """Return a rich console; colours follow the terminal and NO_COLOR."""
    from rich.console import Console

    return Console(stderr=stderr, highlight=False)


def print_json(value: object) -> None:
    """Print one JSON object; NaN is refused, since undefined is null."""
    typer.echo(json.dumps(value, allow_nan=False, ensure_ascii=False, indent=2))


@contextmanager
def method_progress(*, quiet: bool) -> Iterator[Progress | None]:
    """Yield a callback ``(name, share)`` that draws a progress bar on standard error, or None when quiet."""
    if quiet or not sys.stderr.isatty():
        yield None
        return
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description:<22}"), BarColumn(), TimeElapsedColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console(stderr=True), transient=True) as bars:
        tasks = {}

        def show(name: str, share: float) -> None:
            if name not in tasks:
                tasks[name] = bars.add_task(name, total=1.0)
            bars.update(tasks[name], completed=share)

        yield show


def made_folder(name: str | Path) -> Path:
    """Return a folder, made if it is not there.

    Raises
    ------
    FileError
        Where it cannot be made.
    """
    folder = Path(name)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise FileError(f"cannot make the folder {folder}: {error.strerror or error}; choose another") from error
    return folder


def csv_text(table: pd.DataFrame) -> str:
    """Return a table as CSV whose texts no spreadsheet takes for a formula; numbers and dates stay what they are.

    A column may be called ``=cmd()``: text that begins with ``= + - @``, a tab or a line end gets an apostrophe in
    front, as OWASP advises.
    """
    from pandas.api.types import is_datetime64_any_dtype, is_numeric_dtype

    safe = table.rename(columns=_inert, index=_inert)
    safe = safe.rename_axis([None if name is None else str(_inert(name)) for name in table.index.names])
    texts = [at for at, kind in enumerate(safe.dtypes) if not (is_numeric_dtype(kind) or is_datetime64_any_dtype(kind))]
    for at in texts:
        safe.isetitem(at, [_inert(cell) for cell in safe.iloc[:, at]])
    return str(safe.to_csv(date_format="%Y-%m-%d"))


def _inert(cell: object) -> object:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n")) else cell


def require_place(name: str | None, flag: str) -> None:
    """Refuse a file that could not be written, before the work whose result it is to hold.

    Raises
    ------
    FileError
        Where the folder does not exist or the name is that of a folder.
    """
    if name is None:
        return
    path = Path(name)
    try:
        if not name.strip() or path.is_dir():
            raise FileError(f"{flag} {name!r} is no file name; name a file")
        if not path.parent.is_dir():
            raise FileError(f"cannot write {path}: there is no folder {path.parent}; make it or choose another")
    except ValueError as error:
        raise FileError(f"cannot write {name!r}: {error}; choose another name") from error
