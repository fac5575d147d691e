"""The flags that simulate, replay and frontier share: one option, who hedges it, when, and at what cost."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any

import typer

from hedgerow.cli.options import flag
from hedgerow.cli.part_words import joined, part_words
from hedgerow.errors import InputError

OPTION, HEDGE, PATHS = "Option", "Hedge", "Paths"
NAME = "XYZ"
"""What the underlying of the flags is called."""
START = "2026-01-05"
"""Any Monday: with flags only the days to expiry matter."""
MOST_DAYS = 36_525
"""A hundred years."""


@dataclass(frozen=True)
class SoldOptionFlags:
    """A study file, or one option and its market."""

    study: Annotated[
        str | None, typer.Argument(help="YAML study, in place of the flags of one option.", show_default=False)
    ] = None
    spot: Annotated[float | None, flag("--spot", "PRICE", "Price of the underlying.", OPTION)] = None
    strike: Annotated[float | None, flag("--strike", "PRICE", "Strike; the spot if left out.", OPTION)] = None
    days: Annotated[float | None, flag("--days", "N", "Calendar days to expiry.", OPTION)] = None
    vol: Annotated[float | None, flag("--vol", "X", "Implied volatility, decimal: 0.2 is 20 %.", OPTION)] = None
    option_kind: Annotated[str, flag("--kind", "KIND", "call, put or straddle.", OPTION)] = "call"
    quantity: Annotated[float, flag("--quantity", "N", "Contracts, negative = sold.", OPTION)] = -1.0
    multiplier: Annotated[float, flag("--multiplier", "N", "Units of the underlying per contract.", OPTION)] = 100.0
    rate: Annotated[float, flag("--rate", "X", "Continuously compounded rate, decimal.", OPTION)] = 0.0
    dividend_yield: Annotated[float, flag("--dividend-yield", "X", "Continuous yield, decimal.", OPTION)] = 0.0


@dataclass(frozen=True)
class HedgeFlags:
    """Who hedges, when, and at what cost."""

    hedger: Annotated[str, flag("--hedger", "NAME", "NAME or NAME:KEY=VALUE,...: delta:volatility=0.2.", HEDGE)] = (
        "delta"
    )
    policy: Annotated[
        list[str] | None,
        flag("--policy", "NAME", "every_periods=1, band=0.1, whalley_wilmott=0.001, ...; repeat: any.", HEDGE),
    ] = None
    half_spread: Annotated[float | None, flag("--half-spread", "BPS", "Half the spread, basis points.", HEDGE)] = None
    cost: Annotated[
        list[str] | None, flag("--cost", "NAME", "per_ticket=1, us_equity_retail, ...; repeat: they add up.", HEDGE)
    ] = None


@dataclass(frozen=True)
class ExitFlags:
    """When options are closed before they expire, and what trading them costs."""

    exit: Annotated[
        list[str] | None,
        flag("--exit", "NAME", "before_expiry=7, profit=2, tracking_error=0.05, scale_down; repeat: any.", OPTION),
    ] = None
    option_cost: Annotated[
        list[str] | None, flag("--option-cost", "NAME", "Of trading options: half_spread=50, ...; repeat.", OPTION)
    ] = None


@dataclass(frozen=True)
class DrawFlags:
    """Where paths come from, and how many."""

    scenario: Annotated[
        str, flag("--scenario", "NAME", "NAME or NAME:KEY=VALUE,...: gbm:volatility=0.25,drift=0.", PATHS)
    ] = "gbm"
    paths: Annotated[int, flag("--paths", "N", "Paths drawn.", PATHS)] = 10_000
    steps: Annotated[int | None, flag("--steps", "N", "Even steps; the closes of weekdays if left out.", PATHS)] = None
    lag: Annotated[int, flag("--lag", "N", "Steps between decision and trade: 0 or 1.", PATHS)] = 0
    seed: Annotated[int, flag("--seed", "N", "Decides every random number.", PATHS)] = 0
    workers: Annotated[int | None, flag("--workers", "N", "Threads; all cores if left out.", PATHS)] = None


def hedge_words(flags: HedgeFlags, default: str = "every_periods") -> dict[str, Any]:
    """Return hedger, policy and costs as a study says them."""
    spread = [] if flags.half_spread is None else [{"half_spread": {"basis_points": flags.half_spread}}]
    return {
        "hedger": part_words(flags.hedger, "--hedger"),
        "policy": joined(flags.policy, "--policy", default),
        "costs": [*spread, *(part_words(text, "--cost") for text in flags.cost or ())],
    }


def exit_words(flags: ExitFlags) -> dict[str, Any]:
    """Return exits and costs of options as a study says them."""
    return {
        "exits": [part_words(text, "--exit") for text in flags.exit or ()],
        "option_costs": [part_words(text, "--option-cost") for text in flags.option_cost or ()],
    }


def drawn_words(option: SoldOptionFlags, draw: DrawFlags) -> dict[str, Any]:
    """Return market, book and paths as a study says them.

    Raises
    ------
    InputError
        Where a flag is missing that one option needs.
    """
    import pandas as pd

    needed = {"--spot": option.spot, "--days": option.days, "--vol": option.vol}
    for name, value in needed.items():
        if value is None:
            raise InputError(f"{name} is missing; one option needs --spot, --days and --vol, or name a study file")
    if not 0.0 < float(option.days or 0.0) <= MOST_DAYS:
        raise InputError(f"--days must be above 0 and at most {MOST_DAYS:,}, not {option.days:,.15g}")
    expiry = pd.Timestamp(f"{START} 16:00") + pd.Timedelta(days=float(option.days or 0.0))
    terms = {
        "underlying": NAME,
        "strike": option.spot if option.strike is None else option.strike,
        "expiry": str(expiry.date()) if expiry.time() == pd.Timestamp("16:00").time() else str(expiry),
        "quantity": option.quantity,
        "multiplier": option.multiplier,
    }
    kind = option.option_kind.strip().lower()
    position = {"straddle": terms} if kind == "straddle" else {"type": "european", "kind": kind, **terms}
    market = {name: getattr(option, name) for name in ("spot", "vol", "rate", "dividend_yield")}
    return {
        "market": {"at": START, "underlyings": {NAME: market}},
        "book": [position],
        "scenario": part_words(draw.scenario, "--scenario"),
        **{name: getattr(draw, name) for name in ("paths", "steps", "lag", "seed", "workers")},
    }
