"""``hedgerow vol implied``: the volatility in the price of one option, or of each option in a file."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer

from hedgerow._files import write_whole
from hedgerow.cli.console import console, csv_text, print_json, require_place
from hedgerow.cli.options import OUTPUT, flag, takes
from hedgerow.errors import InputError

OPTION, MODEL = "Option", "Model"
MOST_ROWS = 40


@dataclass(frozen=True)
class ImpliedFlags:
    """One option and its price, or a file of them."""

    file: Annotated[
        str | None,
        typer.Argument(help="CSV: price (or bid, ask), kind, spot, strike, years.", show_default=False),
    ] = None
    price: Annotated[float | None, flag("--price", "PRICE", "Price of the option.", OPTION)] = None
    kind: Annotated[str, flag("--kind", "KIND", "call or put.", OPTION)] = "call"
    spot: Annotated[
        float | None, flag("--spot", "PRICE", "Price of the underlying; the forward for black76.", OPTION)
    ] = None
    strike: Annotated[float | None, flag("--strike", "PRICE", "Strike.", OPTION)] = None
    years: Annotated[float | None, flag("--years", "T", "Time to expiry: calendar days / 365.", OPTION)] = None
    rate: Annotated[float, flag("--rate", "X", "Continuously compounded rate, decimal.", OPTION)] = 0.0
    dividend_yield: Annotated[float, flag("--dividend-yield", "X", "Continuous yield, or foreign rate.", OPTION)] = 0.0
    model: Annotated[str, flag("--model", "NAME", "black_scholes, black76 or bachelier.", MODEL)] = "black_scholes"
    path: Annotated[str | None, flag("--path", "FILE.csv", "Write the rows with their volatility.", OUTPUT)] = None
    json: Annotated[bool, flag("--json", None, "Print one JSON object and nothing else.", OUTPUT)] = False


@takes(ImpliedFlags)
def implied(flags: ImpliedFlags) -> None:
    """Find the volatility at which a model gives an option's price, or say why there is none."""
    from hedgerow.study.implied import implied_of_file, implied_of_option

    require_place(flags.path, "--path")
    if flags.file is None:
        outcome = implied_of_option(flags.model, _option(flags))
    else:
        given = [name for name in ("price", "spot", "strike", "years") if getattr(flags, name) is not None]
        if given:
            raise InputError(f"--{given[0]} is for one option; the options of {flags.file} stand in the file")
        shared = {"rate": flags.rate, "dividend_yield": flags.dividend_yield}
        outcome = implied_of_file(flags.model, flags.file, shared)
    if flags.path:
        write_whole(Path(flags.path), csv_text(outcome.table))
    if flags.json:
        print_json(outcome.to_dict())
        return
    from hedgerow.report import plain_table, visible

    out = console()
    if not outcome.single:
        title = f"{len(outcome.table):,} options by {outcome.model}; volatility in {outcome.unit}"
        out.print(plain_table(outcome.table.head(MOST_ROWS), title=title, formats={"volatility": ".6g"}))
        if len(outcome.table) > MOST_ROWS:
            out.print(f"... and {len(outcome.table) - MOST_ROWS:,} more: see --json or --path", markup=False)
    out.print(visible(outcome.verdict), markup=False, style="bold")
    if flags.path:
        out.print(f"Rows: {Path(flags.path).resolve()}", soft_wrap=True, markup=False)


def _option(flags: ImpliedFlags) -> dict[str, Any]:
    for name in ("price", "spot", "strike", "years"):
        if getattr(flags, name) is None:
            raise InputError(f"--{name} is missing; give price, spot, strike and years, or a file")
    names = ("price", "kind", "spot", "strike", "years", "rate", "dividend_yield")
    return {name: getattr(flags, name) for name in names}
