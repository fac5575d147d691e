"""``hedgerow data``: looking at data before hedging with it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from hedgerow.cli.console import console, print_json
from hedgerow.cli.continuous import continuous
from hedgerow.cli.options import OUTPUT, READING, takes

app = typer.Typer(help="Look at data before hedging with it.", no_args_is_help=True)
app.command("continuous")(continuous)


@dataclass(frozen=True)
class CheckFlags:
    """What to check and how the files read."""

    files: Annotated[list[str], typer.Argument(help="CSV or Parquet files, each checked alone.", show_default=False)]
    column: Annotated[list[str] | None, typer.Option("--column", metavar="COL", help="Only this column; repeat.")] = (
        None
    )
    date: Annotated[
        str | None, typer.Option("--date", metavar="COL", help="The date column.", rich_help_panel=READING)
    ] = None
    date_format: Annotated[
        str | None,
        typer.Option("--date-format", metavar="FORMAT", help="How dates read: %d/%m/%Y.", rich_help_panel=READING),
    ] = None
    decimal: Annotated[
        str, typer.Option("--decimal", metavar="MARK", help="Decimal mark.", rich_help_panel=READING)
    ] = "."
    separator: Annotated[
        str | None,
        typer.Option("--separator", metavar="MARK", help="Column separator; else found.", rich_help_panel=READING),
    ] = None
    json: Annotated[
        bool, typer.Option("--json", help="Print one JSON object and nothing else.", rich_help_panel=OUTPUT)
    ] = False


@app.command("check")
@takes(CheckFlags)
def check(flags: CheckFlags) -> None:
    """Print the hygiene report: what looks odd, where, how often. Nothing is changed."""
    from hedgerow.market import ReadingOptions
    from hedgerow.study.data_check import check_file

    options = ReadingOptions(flags.date, flags.date_format, flags.decimal, flags.separator)
    checked = [check_file(Path(name), flags.column, options) for name in flags.files]
    if flags.json:
        print_json({"files": [file.to_dict() for file in checked]})
        return
    out = console()
    for file in checked:
        out.print(f"{file.path}: {file.rows} rows, {file.first} to {file.last}", markup=False, style="bold")
        for sentence in file.sentences or ("nothing to report",):
            out.print(f"  {sentence}", markup=False)
