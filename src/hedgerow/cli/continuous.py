"""``hedgerow data continuous``: one series from many contracts, with the gaps that were no profit beside it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from hedgerow._files import write_whole
from hedgerow.cli.console import console, csv_text, print_json, require_place
from hedgerow.cli.options import OUTPUT, READING, flag, takes

ROLLING = "Rolling"


@dataclass(frozen=True)
class ContinuousFlags:
    """Which contracts, when they are rolled, and where the series goes."""

    file: Annotated[
        str, typer.Argument(help="CSV or Parquet file, one column per contract or position.", show_default=False)
    ]
    contract: Annotated[
        list[str] | None, flag("--contract", "COL", "Column of a contract or position; repeat; else all.", ROLLING)
    ] = None
    last_trade: Annotated[
        str | None, flag("--last-trade", "FILE", "File with columns contract and last_trade.", ROLLING)
    ] = None
    roll: Annotated[str, flag("--roll", "RULE", "date:N, volume or open-interest.", ROLLING)] = "date:5"
    activity: Annotated[
        str | None, flag("--activity", "FILE", "Volume or open interest, one column per contract.", ROLLING)
    ] = None
    roll_dates: Annotated[
        str | None, flag("--roll-dates", "FILE", "Dates on which position 1 is the next contract.", ROLLING)
    ] = None
    adjustment: Annotated[str, flag("--adjustment", "KIND", "none, difference or ratio.", ROLLING)] = "none"
    date: Annotated[str | None, flag("--date", "COL", "The date column.", READING)] = None
    date_format: Annotated[str | None, flag("--date-format", "FORMAT", "How dates read: %d/%m/%Y.", READING)] = None
    decimal: Annotated[str, flag("--decimal", "MARK", "Decimal mark.", READING)] = "."
    separator: Annotated[str | None, flag("--separator", "MARK", "Column separator; else found.", READING)] = None
    out: Annotated[str | None, flag("--out", "FILE.csv", "Write the series by date.", OUTPUT)] = None
    json: Annotated[bool, flag("--json", None, "Print one JSON object and nothing else.", OUTPUT)] = False


@takes(ContinuousFlags)
def continuous(flags: ContinuousFlags) -> None:
    """Build a continuous series from contracts, or from positions and roll dates; no change crosses two contracts."""
    from hedgerow.market import ReadingOptions
    from hedgerow.study.ratio.rolling import RollWords, build_continuous, continuous_table

    require_place(flags.out, "--out")
    options = ReadingOptions(flags.date, flags.date_format, flags.decimal, flags.separator)
    words = RollWords(flags.roll, flags.last_trade, flags.activity, flags.roll_dates, flags.adjustment)
    futures = build_continuous(flags.file, flags.contract, words, options)
    table = continuous_table(futures)
    if flags.out:
        write_whole(Path(flags.out), csv_text(table))
    rolls = futures.rolls.assign(date=futures.rolls["date"].dt.strftime("%Y-%m-%d"))
    if flags.json:
        plain = rolls.astype(object).where(rolls.notna(), None).to_dict(orient="records")
        print_json({"rows": len(table), "left_out": futures.left_out, "rolls": plain})
        return
    from hedgerow.report import plain_table

    console().print(plain_table(rolls.set_index("date"), title=f"{len(rolls)} rolls on {len(table):,} dates"))
    if flags.out:
        console().print(f"Series: {Path(flags.out).resolve()}", soft_wrap=True, markup=False)
