"""``hedgerow overlay``: what a volatility rule holds on every date of the user's own series, and today."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer

from hedgerow.cli.console import console, print_json
from hedgerow.cli.hedging_output import is_study, loaded, refuse_beside_study, show_written
from hedgerow.cli.options import SeriesFlags, flag, takes
from hedgerow.cli.price import PriceOutputFlags
from hedgerow.errors import InputError

COLUMNS, RULE, HEDGE = "Columns", "Rule", "Hedge, for a budget"


@dataclass(frozen=True)
class OverlayColumnFlags:
    """Which files and columns."""

    files: Annotated[
        list[str], typer.Argument(help="YAML study, or CSV or Parquet files joined on the date.", show_default=False)
    ]
    vix: Annotated[str | None, flag("--vix", "COL", "Column of the volatility index, in points.", COLUMNS)] = None
    price: Annotated[str | None, flag("--price", "COL", "Column of the portfolio's or index's price.", COLUMNS)] = None
    rule: Annotated[
        str | None,
        flag(
            "--rule",
            "NAME",
            "static, vix_linear, realised_volatility, steps, term_structure, correlation, drawdown, put_count, "
            "sigmoid, crash_intensity, filtered_crash_intensity or fitted_crash_intensity.",
            RULE,
        ),
    ] = None
    signal: Annotated[
        list[str] | None, flag("--signal", "NAME=COL", "A further signal and its column; repeat.", COLUMNS)
    ] = None
    delay: Annotated[
        list[str] | None, flag("--delay", "NAME=ROWS", "Rows by which a signal is known late; repeat.", COLUMNS)
    ] = None
    available_at: Annotated[
        list[str] | None,
        flag("--available-at", "NAME=WHEN", "When a signal is known: a column, 16:15, or 5 days 10:30.", COLUMNS),
    ] = None
    decided_at: Annotated[
        str, flag("--decided-at", "TIME", "Time of the decision, zone behind it where moments have one.", COLUMNS)
    ] = "16:00"
    calendar: Annotated[
        str | None, flag("--calendar", "NAME", "Keep this exchange's days alone, such as NYSE.", COLUMNS)
    ] = None


@dataclass(frozen=True)
class OverlayRuleFlags:
    """How the rule is set and shaped."""

    set: Annotated[
        list[str] | None,
        flag("--set", "KEY=VALUE", "A key of the rule, such as low=12 or thresholds=15,25; repeat.", RULE),
    ] = None
    shape: Annotated[
        list[str] | None,
        flag("--shape", "KEY=VALUE", "smooth, persist, floor, cap, threshold (3,15%,weekly), budget; repeat.", RULE),
    ] = None
    lag: Annotated[int, flag("--lag", "N", "Signal dates from decision to fill, each at the close.", RULE)] = 1


@dataclass(frozen=True)
class OverlayHedgeFlags:
    """What multiplier 1 buys, where a budget needs prices."""

    instrument: Annotated[
        str | None, flag("--instrument", "NAME", "What is bought; else a one-month variance swap.", HEDGE)
    ] = None
    instrument_set: Annotated[
        list[str] | None, flag("--instrument-set", "KEY=VALUE", "A key of the instrument, such as months=3.", HEDGE)
    ] = None
    vega_notional: Annotated[
        float | None, flag("--vega-notional", "MONEY", "Per point at multiplier 1; else 0.01 % of portfolio.", HEDGE)
    ] = None
    portfolio: Annotated[float, flag("--portfolio", "MONEY", "Portfolio's value at the first date.", HEDGE)] = (
        10_000_000.0
    )
    rate: Annotated[float | None, flag("--rate", "X", "Simple interest a year, decimal.", HEDGE)] = None


@takes(OverlayColumnFlags, OverlayRuleFlags, SeriesFlags, OverlayHedgeFlags, PriceOutputFlags)
def overlay(
    columns: OverlayColumnFlags,
    rule: OverlayRuleFlags,
    reading: SeriesFlags,
    hedge: OverlayHedgeFlags,
    output: PriceOutputFlags,
) -> None:
    """Size a hedge by a volatility rule: what it holds on every date, and what to do today."""
    from hedgerow.cli.results import Places, files_of, write_results
    from hedgerow.cli.words import validated
    from hedgerow.study.one_overlay.run import overlay_outcome
    from hedgerow.study.one_overlay.words import OverlayWords

    if is_study(columns.files[0]):
        for flags, kept in ((columns, "files"), (rule, ""), (reading, ""), (hedge, "")):
            refuse_beside_study(flags, kept, what="one overlay")
        if len(columns.files) > 1:
            raise InputError(f"a study names its own files; leave out {columns.files[1]}")
        study = loaded(columns.files[0], "overlay")
        show_written(study, Path(columns.files[0]).parent, output, inputs=files_of(study, columns.files[0]))
        return
    places = Places(output.out, output.report)
    outcome = overlay_outcome(validated(OverlayWords, overlay_words(columns, rule, reading, hedge)))
    written = write_results(outcome, places, [Path(name) for name in columns.files])
    if output.json:
        print_json(outcome.to_dict())
        return
    from hedgerow.cli.overlay_text import print_overlay

    print_overlay(outcome, console())
    for path in written:
        console().print(f"Written: {path}", soft_wrap=True, markup=False)


def overlay_words(
    columns: OverlayColumnFlags, rule: OverlayRuleFlags, reading: SeriesFlags, hedge: OverlayHedgeFlags
) -> dict[str, Any]:
    """Return what the flags say, in the words of an overlay.

    Raises
    ------
    InputError
        For a text that is not of its form, or a name that is given twice.
    """
    for name in ("vix", "price", "rule"):
        if getattr(columns, name) is None:
            raise InputError(f"--{name} is missing; an overlay needs --vix and --price, its columns, and --rule")
    return {
        "data": {"files": columns.files, **vars(reading)},
        "vix": columns.vix,
        "price": columns.price,
        "signals": by_name(columns.signal, "--signal", "NAME=COL"),
        "delays": {name: _rows(name, text) for name, text in by_name(columns.delay, "--delay", "NAME=ROWS").items()},
        "available_at": by_name(columns.available_at, "--available-at", "NAME=WHEN"),
        "decided_at": columns.decided_at,
        "rule": str(columns.rule).strip().replace("-", "_"),
        "parameters": by_name(rule.set, "--set", "KEY=VALUE"),
        "shape": by_name(rule.shape, "--shape", "KEY=VALUE"),
        "lag": rule.lag,
        "calendar": columns.calendar,
        "hedge": {
            "parameters": by_name(hedge.instrument_set, "--instrument-set", "KEY=VALUE"),
            **{name: getattr(hedge, name) for name in ("instrument", "vega_notional", "portfolio", "rate")},
        },
    }


def _rows(name: str, text: str) -> int:
    try:
        return int(text)
    except ValueError:
        raise InputError(f"--delay {name} must be a whole number of rows, not {text!r}") from None


def by_name(values: Sequence[str] | None, flag_name: str, form: str) -> dict[str, str]:
    """Return ``NAME=VALUE`` texts as a mapping, split at the first equals sign.

    Raises
    ------
    InputError
        For a text of another form, or a name that is given twice.
    """
    found: dict[str, str] = {}
    for text in values or ():
        name, mark, value = (part.strip() for part in text.partition("="))
        if not (name and mark and value):
            raise InputError(f"{flag_name} {text!r} is not of the form {form}")
        if name in found:
            raise InputError(f"{flag_name} gives {name!r} twice ({found[name]} and {value}); give it once")
        found[name] = value
    return found
