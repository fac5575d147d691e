"""``hedgerow replay``: what hedging a book would have made on prices as they were."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer

from hedgerow.cli.hedging_flags import HEDGE, OPTION, ExitFlags, HedgeFlags, exit_words, hedge_words
from hedgerow.cli.hedging_output import is_study, loaded, refuse_beside_study, show
from hedgerow.cli.options import READING, OutputFlags, SeriesFlags, flag, takes
from hedgerow.errors import InputError

NAME = "underlying"


@dataclass(frozen=True)
class HistoryFlags:
    """A study file, or files of prices and which columns are the market."""

    files: Annotated[
        list[str], typer.Argument(help="YAML study, or CSV or Parquet files joined on the date.", show_default=False)
    ]
    spot: Annotated[str | None, flag("--spot", "COL", "Column of the underlying's price.", READING)] = None
    vol: Annotated[str | None, flag("--vol", "COL|X", "Column of implied volatility, or a number.", READING)] = None
    vol_in: Annotated[str, flag("--vol-in", "UNIT", "decimal or percent.", READING)] = "decimal"
    rate: Annotated[str, flag("--rate", "COL|X", "Column of the rate, or a number.", READING)] = "0"
    rate_in: Annotated[str, flag("--rate-in", "UNIT", "decimal or percent.", READING)] = "decimal"
    dividend_yield: Annotated[float | None, flag("--dividend-yield", "X", "Continuous yield, decimal.", READING)] = None


@dataclass(frozen=True)
class HeldFlags:
    """One option held to its expiry, or one opened again and again at the money."""

    strike: Annotated[float | None, flag("--strike", "PRICE", "Strike of one option.", OPTION)] = None
    expiry: Annotated[str | None, flag("--expiry", "DATE", "Its expiry.", OPTION)] = None
    option_kind: Annotated[str, flag("--kind", "KIND", "call, put or straddle.", OPTION)] = "call"
    programme: Annotated[
        str | None, flag("--programme", "NAME", "straddle, strangle, call or put, anew every month.", OPTION)
    ] = None
    months: Annotated[int, flag("--months", "N", "Monthly expiries ahead, of a programme.", OPTION)] = 1
    quantity: Annotated[float, flag("--quantity", "N", "Contracts, negative = sold.", OPTION)] = -1.0
    multiplier: Annotated[float, flag("--multiplier", "N", "Units of the underlying per contract.", OPTION)] = 100.0
    lag: Annotated[int, flag("--lag", "N", "Steps between decision and trade.", HEDGE)] = 1


@takes(HistoryFlags, HeldFlags, ExitFlags, HedgeFlags, SeriesFlags, OutputFlags)
def replay(
    history: HistoryFlags,
    held: HeldFlags,
    exits: ExitFlags,
    hedge: HedgeFlags,
    series: SeriesFlags,
    output: OutputFlags,
) -> None:
    """Hedge an option, a book or a rolling programme on historical prices."""
    if is_study(history.files[0]):
        for flags, kept in ((history, "files"), (held, ""), (exits, ""), (hedge, ""), (series, "")):
            refuse_beside_study(flags, kept)
        show(loaded(history.files[0], "replay"), Path(history.files[0]).parent, output)
        return
    from hedgerow.cli.words import validated
    from hedgerow.study.replay.words import ReplayStudy

    words = replay_words(history, held, series) | hedge_words(hedge) | exit_words(exits)
    show(validated(ReplayStudy, words), Path(), output)


def replay_words(history: HistoryFlags, held: HeldFlags, series: SeriesFlags) -> dict[str, Any]:
    """Return what the flags say, in the words of a study.

    Raises
    ------
    InputError
        Where a flag is missing, or an option and a programme are both given.
    """
    for name in ("spot", "vol"):
        if getattr(history, name) is None:
            raise InputError(f"--{name} is missing; a replay needs --spot COL and --vol COL, or name a study file")
    reading = ("date", "date_format", "decimal", "separator", "start", "end", "every", "exclude")
    return {
        "data": {"files": history.files, **{name: getattr(series, name) for name in reading}},
        "market": {
            "underlying": NAME,
            "spot": history.spot,
            "volatility": _column_or_number(str(history.vol)),
            "volatility_in": history.vol_in,
            "rate": _column_or_number(history.rate),
            "rate_in": history.rate_in,
            "dividend_yield": history.dividend_yield,
        },
        "lag": held.lag,
        **_held(held),
    }


def _held(held: HeldFlags) -> dict[str, Any]:
    size = {"quantity": held.quantity, "multiplier": held.multiplier}
    if held.programme is not None:
        if held.strike is not None or held.expiry is not None:
            raise InputError("--strike and --expiry are for one option, --programme opens its own; leave one out")
        return {"programme": {"combination": held.programme, "months": held.months, **size}}
    if held.strike is None or held.expiry is None:
        raise InputError("--strike and --expiry are missing; give them for one option, or --programme straddle")
    terms = {"underlying": NAME, "strike": held.strike, "expiry": held.expiry, **size}
    kind = held.option_kind.strip().lower()
    return {"book": [{"straddle": terms} if kind == "straddle" else {"type": "european", "kind": kind, **terms}]}


def _column_or_number(text: str) -> str | float:
    try:
        return float(text)
    except ValueError:
        return text
