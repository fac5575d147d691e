"""``hedgerow surface``: a chain of option quotes made into smiles without arbitrage."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any

import typer

from hedgerow.cli.console import console, print_json
from hedgerow.cli.options import flag, takes
from hedgerow.cli.price import PriceOutputFlags, decimals
from hedgerow.errors import InputError

READING, MARKET, FIT, ASKED = "Chain", "Rates and forwards", "Fit", "Asked of the surface"


@dataclass(frozen=True)
class ChainFlags:
    """Which quotes, and what the file does not say of them."""

    chain: Annotated[
        str,
        typer.Argument(help="CSV: expiry, strike, kind, bid, ask (or vol) and, if many, date.", show_default=False),
    ]
    at: Annotated[str | None, flag("--at", "DATE", "Date of the quotes; else the file's last.", READING)] = None
    style: Annotated[str | None, flag("--style", "STYLE", "european or american; else the file's.", READING)] = None
    spot: Annotated[float | None, flag("--spot", "PRICE", "Price of the underlying; else the file's.", READING)] = None
    column: Annotated[
        list[str] | None, flag("--column", "NAME=COL", "A column not recognised: expiry=exp; repeat.", READING)
    ] = None


@dataclass(frozen=True)
class MarketFlags:
    """What is known beside the quotes."""

    rate: Annotated[
        float | None, flag("--rate", "X", "Continuously compounded rate, decimal; else by parity.", MARKET)
    ] = None
    rate_by_expiry: Annotated[
        list[str] | None, flag("--rate-by-expiry", "DATE=X", "Rate of one expiry; repeat.", MARKET)
    ] = None
    forward: Annotated[
        list[str] | None, flag("--forward", "DATE=PRICE", "Forward of an expiry, in place of parity; repeat.", MARKET)
    ] = None
    dividend_yield: Annotated[
        float | None, flag("--dividend-yield", "X", "Yield under American options; else found.", MARKET)
    ] = None
    discount_window: Annotated[
        float, flag("--discount-window", "X", "Share of spot within which strikes fit discount factors.", MARKET)
    ] = 0.3


@dataclass(frozen=True)
class FitFlags:
    """What is fitted."""

    model: Annotated[str, flag("--model", "NAME", "svi: a slice per expiry; ssvi: one surface.", FIT)] = "svi"
    no_calendar: Annotated[bool, flag("--no-calendar", None, "Let slices cross: each expiry fitted alone.", FIT)] = (
        False
    )


@dataclass(frozen=True)
class AskedFlags:
    """What the surface is asked."""

    held: Annotated[str | None, flag("--held", "FILE.csv", "Options to mark: expiry, strike, kind.", ASKED)] = None
    shifted: Annotated[float | None, flag("--shifted", "SPOT", "Move the spot there.", ASKED)] = None
    rule: Annotated[str | None, flag("--rule", "RULE", "sticky_strike or sticky_delta, with --shifted.", ASKED)] = None
    strikes: Annotated[str | None, flag("--strikes", "LIST", "Strikes whose volatilities to print.", ASKED)] = None
    years: Annotated[str | None, flag("--years", "LIST", "Times of these; else the expiries'.", ASKED)] = None


@takes(ChainFlags, MarketFlags, FitFlags, AskedFlags, PriceOutputFlags)
def surface(chain: ChainFlags, market: MarketFlags, fit: FitFlags, asked: AskedFlags, output: PriceOutputFlags) -> None:
    """Fit a volatility surface to a chain: quotes cleaned, forwards, smiles without arbitrage, marks."""
    from hedgerow.cli.results import Places, write_results
    from hedgerow.cli.surface_text import print_surface
    from hedgerow.cli.words import validated
    from hedgerow.study.surface.run import run_surface_study
    from hedgerow.study.surface.words import SurfaceStudy

    places = Places(output.out, output.report)
    outcome = run_surface_study(validated(SurfaceStudy, surface_words(chain, market, fit, asked)))
    written = write_results(outcome, places)
    if output.json:
        print_json(outcome.to_dict())
        return
    print_surface(outcome, console())
    for path in written:
        console().print(f"Written: {path}", soft_wrap=True, markup=False)


def surface_words(chain: ChainFlags, market: MarketFlags, fit: FitFlags, asked: AskedFlags) -> dict[str, Any]:
    """Return what the flags say, in the words of a study.

    Raises
    ------
    InputError
        Where a flag cannot be read, or needs another one.
    """
    from hedgerow.cli.words import pairs

    if asked.rule is not None and asked.shifted is None:
        raise InputError("--rule says how a move is read; give --shifted SPOT too")
    rule = {} if asked.rule is None else {"rule": asked.rule.strip().lower().replace("-", "_")}
    lists = {name: getattr(asked, name) for name in ("strikes", "years")}
    return {
        "chain": {
            "file": chain.chain,
            "at": chain.at,
            "style": None if chain.style is None else chain.style.strip().lower(),
            "spot": chain.spot,
            "columns": pairs(chain.column, "--column", "NAME=COL"),
        },
        "rate": market.rate,
        "rates": dated(market.rate_by_expiry, "--rate-by-expiry"),
        "forwards": dated(market.forward, "--forward"),
        "dividend_yield": market.dividend_yield,
        "discount_window": market.discount_window,
        "model": fit.model.strip().lower(),
        "calendar": not fit.no_calendar,
        "held": asked.held,
        "shifted": None if asked.shifted is None else {"spot": asked.shifted, **rule},
        **{name: decimals(text, f"--{name}") if text else [] for name, text in lists.items()},
    }


def dated(texts: list[str] | None, flag_name: str) -> dict[str, float]:
    """Return ``DATE=NUMBER`` texts as a mapping.

    Raises
    ------
    InputError
        Where a text is not of that form.
    """
    from hedgerow.cli.words import pairs

    found = {}
    for name, value in pairs(texts, flag_name, "DATE=NUMBER").items():
        try:
            found[name] = float(value)
        except ValueError:
            raise InputError(
                f"{flag_name} takes a date and a number, such as 2011-03-18=0.003; not {value!r}"
            ) from None
    return found
