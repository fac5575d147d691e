"""``hedgerow price``: price and Greeks of one option, a list of options or a book, by any model."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated, Any

import typer

from hedgerow.cli.console import console, print_json
from hedgerow.cli.options import OUTPUT, flag, takes
from hedgerow.errors import InputError

OPTION, MODEL, BOOK = "Option", "Model", "Book"


@dataclass(frozen=True)
class OptionFlags:
    """One option and its market."""

    kind: Annotated[str, flag("--kind", "KIND", "call or put.", OPTION)] = "call"
    spot: Annotated[
        float | None, flag("--spot", "PRICE", "Price of the underlying; the forward for black76.", OPTION)
    ] = None
    strike: Annotated[float | None, flag("--strike", "PRICE", "Strike.", OPTION)] = None
    years: Annotated[float | None, flag("--years", "T", "Time to expiry: calendar days / 365.", OPTION)] = None
    vol: Annotated[float | None, flag("--vol", "X", "Annual volatility, decimal: 0.2 is 20 %.", OPTION)] = None
    rate: Annotated[float, flag("--rate", "X", "Continuously compounded rate, decimal.", OPTION)] = 0.0
    dividend_yield: Annotated[float, flag("--dividend-yield", "X", "Continuous yield, or foreign rate.", OPTION)] = 0.0


@dataclass(frozen=True)
class BookFlags:
    """A file of options or positions, and the market that values positions."""

    book: Annotated[
        str | None,
        typer.Argument(help="CSV of options or of positions, in place of the flags of one option.", show_default=False),
    ] = None
    at: Annotated[str | None, flag("--at", "DATE", "When a book of positions is valued.", BOOK)] = None
    market: Annotated[
        str | None,
        flag("--market", "FILE.csv", "Its market: underlying, spot, vol, rate, dividend_yield, borrow.", BOOK),
    ] = None
    spot_moves: Annotated[str | None, flag("--spot-moves", "LIST", "Relative moves of spot: -0.1,0,0.1.", BOOK)] = None
    vol_moves: Annotated[str | None, flag("--vol-moves", "LIST", "Moves of volatility: -0.02,0,0.02.", BOOK)] = None
    days: Annotated[str | None, flag("--days", "LIST", "Calendar days ahead in scenarios: 0,7.", BOOK)] = None
    correlations: Annotated[
        str | None, flag("--correlations", "LIST", "Stress with correlations and named scenarios: 0,0.5,1.", BOOK)
    ] = None
    portfolio: Annotated[
        float | None, flag("--portfolio", "MONEY", "Say how much of the book it can carry; with a stress.", BOOK)
    ] = None


@dataclass(frozen=True)
class ModelFlags:
    """Which model, and what it takes beyond an option."""

    model: Annotated[str, flag("--model", "NAME", "Pricing model: a name of hedgerow.pricing.", MODEL)] = (
        "black_scholes"
    )
    parameter: Annotated[
        list[str] | None, flag("--parameter", "NAME=VALUE", "A parameter of the model; repeat.", MODEL)
    ] = None


@dataclass(frozen=True)
class PriceOutputFlags:
    """What is printed and written."""

    json: Annotated[bool, flag("--json", None, "Print one JSON object and nothing else: raw figures.", OUTPUT)] = False
    report: Annotated[str | None, flag("--report", "FILE.html", "Write a self-contained report.", OUTPUT)] = None
    out: Annotated[str | None, flag("--out", "DIR", "Folder for report, result and tables as CSV.", OUTPUT)] = None


@takes(BookFlags, OptionFlags, ModelFlags, PriceOutputFlags)
def price(book: BookFlags, option: OptionFlags, model: ModelFlags, output: PriceOutputFlags) -> None:
    """Price an option, a list of options or a book, with every Greek and its unit."""
    from hedgerow.cli.results import Places, write_results
    from hedgerow.cli.words import validated
    from hedgerow.study.price.run import run_price_study
    from hedgerow.study.price.words import PriceStudy

    places = Places(output.out, output.report)
    study = validated(PriceStudy, price_words(book, option, model))
    outcome = run_price_study(study)
    written = write_results(outcome, places)
    if output.json:
        print_json(outcome.to_dict())
        return
    from hedgerow.cli.option_text import print_price_outcome

    print_price_outcome(outcome, console())
    for path in written:
        console().print(f"Written: {path}", soft_wrap=True, markup=False)


def price_words(book: BookFlags, option: OptionFlags, model: ModelFlags) -> dict[str, Any]:
    """Return what the flags say, in the words of a study.

    Raises
    ------
    InputError
        Where a flag that every option needs is missing.
    """
    name = model.model.strip().lower().replace("-", "_")
    words: dict[str, Any] = {"model": name, "parameters": parameter_words(model.parameter)}
    if book.book is None:
        return words | {"option": _option_words(book, option)}
    given = [f"--{name}" for name in ("spot", "strike", "years", "vol") if getattr(option, name) is not None]
    if given:
        raise InputError(f"{given[0]} is for one option; the options of {book.book} stand in the file")
    moves = {"spot": book.spot_moves, "vol": book.vol_moves, "days": book.days}
    scenarios = {
        key: decimals(text, f"--{key}-moves" if key != "days" else "--days") for key, text in moves.items() if text
    }
    market = None if book.market is None else str(Path(book.market).resolve())
    words |= {"book": {"file": book.book, "at": book.at, "market_file": market}, "scenarios": scenarios}
    return words | {"stress": _stress_words(book)}


def _stress_words(book: BookFlags) -> dict[str, Any] | None:
    if book.correlations is None and book.portfolio is None:
        return None
    given = {} if book.correlations is None else {"correlation": decimals(book.correlations, "--correlations")}
    return given | {"portfolio": book.portfolio}


def _option_words(book: BookFlags, option: OptionFlags) -> dict[str, Any]:
    for name in ("spot", "strike", "years"):
        if getattr(option, name) is None:
            raise InputError(f"--{name} is missing; an option needs --spot, --strike, --years and --vol")
    for flag_name, value in (
        ("--at", book.at),
        ("--market", book.market),
        ("--days", book.days),
        ("--correlations", book.correlations),
        ("--portfolio", book.portfolio),
    ):
        if value is not None:
            raise InputError(f"{flag_name} is for a book; name its file first")
    return asdict(option) | {"kind": option.kind.strip().lower()}


def decimals(text: str, flag_name: str) -> list[float]:
    """Return a comma-separated list of numbers.

    Raises
    ------
    InputError
        Where a part is no number.
    """
    try:
        return [float(part) for part in text.split(",")]
    except ValueError:
        raise InputError(f"{flag_name} takes numbers with commas between, such as -0.1,0,0.1; not {text!r}") from None


def parameter_words(texts: list[str] | None) -> dict[str, Any]:
    """Return ``NAME=VALUE`` texts as a mapping; numbers as numbers, several with commas as a list, the rest as text.

    Raises
    ------
    InputError
        Where a text is not of that form.
    """
    from hedgerow.cli.words import pairs

    given = pairs(texts, "--parameter", "NAME=VALUE")
    return {name.strip().replace("-", "_"): _value(text.strip()) for name, text in given.items()}


def _value(text: str) -> Any:
    parts = [part.strip() for part in text.split(",")]
    try:
        numbers = [float(part) for part in parts]
    except ValueError:
        return text
    return numbers[0] if len(numbers) == 1 else numbers
