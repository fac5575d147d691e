"""``hedgerow explain``: what a book made between two markets, predicted by Greeks and explained by revaluation."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer

from hedgerow.cli.hedging_output import is_study, loaded, show
from hedgerow.cli.options import OutputFlags, flag, takes
from hedgerow.errors import InputError

MARKETS, MADE = "Markets", "Explanation"


@dataclass(frozen=True)
class DayFlags:
    """A study file, or a book, the two markets, and what was traded between them."""

    book: Annotated[
        str, typer.Argument(help="CSV of positions; or a YAML study, which says everything itself.", show_default=False)
    ]
    before: Annotated[
        str | None, flag("--before", "MARKET.yaml", "The market before: at, underlyings, currency, fx.", MARKETS)
    ] = None
    after: Annotated[str | None, flag("--after", "MARKET.yaml", "The market after.", MARKETS)] = None
    history: Annotated[
        str | None,
        flag("--history", "FILE.csv", "Markets by day: date, underlying, spot, vol, ...; tests the Greeks.", MARKETS),
    ] = None
    date: Annotated[
        str | None, flag("--date", "DATE", "Day of the history that is explained; else its last.", MARKETS)
    ] = None
    trades: Annotated[
        str | None, flag("--trades", "TRADES.csv", "Trades in between: a book's columns, price, fee.", MADE)
    ] = None
    order: Annotated[
        str | None, flag("--order", "LIST", "Moves made first: spot,volatility level,...; others follow.", MADE)
    ] = None
    flow: Annotated[
        list[str] | None, flag("--flow", "NAME=MONEY", "Money of no position: financing=-120; repeat.", MADE)
    ] = None
    model: Annotated[str | None, flag("--model", "NAME", "Pricing model; black_scholes if left out.", MADE)] = None
    parameter: Annotated[
        list[str] | None, flag("--parameter", "NAME=VALUE", "A parameter of the model; repeat.", MADE)
    ] = None


@takes(DayFlags, OutputFlags)
def explain(day: DayFlags, output: OutputFlags) -> None:
    """Explain what a book made between two markets: by Greeks, and move by move, with what is left."""
    if is_study(day.book):
        _refuse_beside_study(day)
        show(loaded(day.book, "explain"), Path(day.book).parent, output)
        return
    from hedgerow.cli.words import validated
    from hedgerow.study.explain.words import ExplainStudy

    show(validated(ExplainStudy, explain_words(day)), Path(), output)


def explain_words(day: DayFlags) -> dict[str, Any]:
    """Return what the flags say, in the words of a study.

    Raises
    ------
    InputError
        Where a market is missing, or a flag cannot be read.
    """
    from hedgerow.cli.price import parameter_words

    if day.history is None:
        for name in ("before", "after"):
            if getattr(day, name) is None:
                raise InputError(f"--{name} is missing; give --before and --after, or --history")
    words = {
        "book": day.book,
        "before": day.before,
        "after": day.after,
        "date": day.date,
        "trades": day.trades or (),
        "order": [part for part in (day.order or "").split(",") if part.strip()],
        "flows": _flows(day.flow),
        "history": day.history or (),
        "parameters": parameter_words(day.parameter),
    }
    return words if day.model is None else words | {"model": day.model.strip().lower().replace("-", "_")}


def _flows(texts: list[str] | None) -> dict[str, float]:
    from hedgerow.cli.words import pairs

    found = {}
    for name, value in pairs(texts, "--flow", "NAME=MONEY").items():
        try:
            found[name.strip()] = float(value)
        except ValueError:
            raise InputError(f"--flow takes a name and money, such as financing=-120; not {name}={value}") from None
    return found


def _refuse_beside_study(day: DayFlags) -> None:
    from dataclasses import fields

    for each in fields(day):
        if each.name != "book" and getattr(day, each.name) is not None:
            raise InputError(f"--{each.name} belongs to a book; the study {day.book} says it itself, leave one out")
