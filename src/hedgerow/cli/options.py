"""The flags of the commands on linear hedges, in named groups, written once and shared by the verbs.

Each group is a frozen dataclass whose annotated fields are the flags; :func:`takes` gives a verb the flags of several
groups as its own parameters and hands it the filled groups.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import MISSING, dataclass, fields
from functools import wraps
from typing import Annotated, Any, get_type_hints

import typer

READING, POSITION, ESTIMATION, JUDGING, OUTPUT = "Reading", "Position and costs", "Estimation", "Judging", "Output"


def flag(name: str, metavar: str | None, text: str, panel: str | None) -> Any:
    """Return the typer option of one flag in its group of the help."""
    return typer.Option(name, metavar=metavar, help=text, rich_help_panel=panel)


@dataclass(frozen=True)
class ColumnFlags:
    """Which columns: the exposure and its hedges."""

    files: Annotated[list[str], typer.Argument(help="CSV or Parquet files, joined on the date.", show_default=False)]
    exposure: Annotated[str, flag("--exposure", "COL", "Column of the exposure's price, or FILESTEM:COL.", None)]
    hedge: Annotated[list[str], flag("--hedge", "COL", "Column of a hedge's price; repeat for several.", None)]


@dataclass(frozen=True)
class SeriesFlags:
    """How files of series read, and which rows count."""

    date: Annotated[str | None, flag("--date", "COL", "The date column.", READING)] = None
    date_format: Annotated[str | None, flag("--date-format", "FORMAT", "How dates read: %d/%m/%Y.", READING)] = None
    decimal: Annotated[str, flag("--decimal", "MARK", "Decimal mark.", READING)] = "."
    separator: Annotated[str | None, flag("--separator", "MARK", "Column separator; else found.", READING)] = None
    start: Annotated[str | None, flag("--start", "DATE", "First date used.", READING)] = None
    end: Annotated[str | None, flag("--end", "DATE", "Last date used.", READING)] = None
    every: Annotated[str, flag("--every", "PERIOD", "Last joint row of each period: 1D, W-FRI, ME.", READING)] = "1D"
    exclude: Annotated[str | None, flag("--exclude", "FILE", "File of dates to leave out.", READING)] = None


@dataclass(frozen=True)
class ReadingFlags(SeriesFlags):
    """How files of an exposure and its hedges read, and which rows count."""

    sampling: Annotated[str, flag("--sampling", "RULE", "joint, or apart: each column's own last price.", READING)] = (
        "joint"
    )
    roll_dates: Annotated[
        str | None, flag("--roll-dates", "FILE", "File of dates on which a hedge changes contract.", READING)
    ] = None
    currency: Annotated[list[str] | None, flag("--currency", "COL=CCY", "Currency of a column; repeat.", READING)] = (
        None
    )
    fx: Annotated[
        str | None, flag("--fx", "COL", "Rate converting hedges: exposure currency per unit of theirs.", READING)
    ] = None


@dataclass(frozen=True)
class PositionFlags:
    """What is at risk, what one contract is, and what trading costs."""

    quantity: Annotated[float | None, flag("--quantity", "N", "Units of exposure, positive = long.", POSITION)] = None
    contract_size: Annotated[
        list[float] | None, flag("--contract-size", "N", "Units in one contract, hedge's own; repeat.", POSITION)
    ] = None
    price_unit_factor: Annotated[
        list[float] | None,
        flag("--price-unit-factor", "X", "Multiplies the hedge's price into the exposure's unit; repeat.", POSITION),
    ] = None
    held: Annotated[
        list[float] | None, flag("--held", "N", "Contracts held today, negative = short; repeat.", POSITION)
    ] = None
    half_spread_bps: Annotated[
        list[float] | None, flag("--half-spread-bps", "BPS", "Half the spread, basis points; repeat.", POSITION)
    ] = None
    commission: Annotated[
        list[float] | None, flag("--commission", "MONEY", "Money per contract; repeat.", POSITION)
    ] = None
    ticket: Annotated[float, flag("--ticket", "MONEY", "Money per order.", POSITION)] = 0.0
    rounding: Annotated[str, flag("--rounding", "RULE", "nearest, down, up or none.", POSITION)] = "nearest"
    tailing: Annotated[str, flag("--tailing", "RULE", "none, discount or textbook.", POSITION)] = "none"
    discount_factor: Annotated[
        float, flag("--discount-factor", "X", "Value today of 1 at delivery, for --tailing discount.", POSITION)
    ] = 1.0


@dataclass(frozen=True)
class ChangeFlags:
    """Which changes the ratio relates."""

    changes: Annotated[str, flag("--changes", "KIND", "diff, percent or log.", ESTIMATION)] = "diff"
    horizon: Annotated[int, flag("--horizon", "N", "Non-overlapping N-period changes.", ESTIMATION)] = 1
    level: Annotated[
        list[str] | None,
        flag(
            "--level", "COL", "Divide changes by this level at their start; COL=LEVELCOL for one; repeat.", ESTIMATION
        ),
    ] = None


@dataclass(frozen=True)
class MethodFlags:
    """Which methods, and their parameters."""

    method: Annotated[str, flag("--method", "NAMES", "Methods, comma-separated, or all.", ESTIMATION)] = (
        "naive,ols,rolling,ewma"
    )
    window: Annotated[int, flag("--window", "N", "Rows of the rolling window.", ESTIMATION)] = 60
    ratio: Annotated[
        list[float] | None, flag("--ratio", "H", "Ratio of the method fixed; repeat, one per hedge.", ESTIMATION)
    ] = None


@dataclass(frozen=True)
class JudgingFlags:
    """How the past is cut from the future, and how results are judged."""

    train: Annotated[str, flag("--train", "DATE|FRACTION", "Rows that only train.", JUDGING)] = "0.5"
    refit: Annotated[
        str, flag("--refit", "N|PERIOD", "Rows between two fits, or weekly, monthly, quarterly.", JUDGING)
    ] = "1"
    between: Annotated[str, flag("--between", "RULE", "Ratio between fits: hold or update.", JUDGING)] = "hold"
    crisis: Annotated[bool, flag("--crisis-refit", None, "Fit every 5 rows while volatility is high.", JUDGING)] = False
    events: Annotated[
        str | None,
        flag("--events", "FILE", "Dated events that multiply ratios: date,name,factor,before,after.", JUDGING),
    ] = None
    lag: Annotated[int, flag("--lag", "N", "Rows between decision and trade.", JUDGING)] = 0
    tolerance: Annotated[
        float | None, flag("--tolerance", "X", "Trade only when the ratio is further away than this.", JUDGING)
    ] = None
    whole_contracts: Annotated[bool, flag("--whole-contracts", None, "Judge with whole contracts.", JUDGING)] = False
    rate: Annotated[float, flag("--rate", "X", "Interest on cash a year, decimal.", JUDGING)] = 0.0
    seed: Annotated[int, flag("--seed", "N", "Seed of the bootstrap intervals.", JUDGING)] = 0


@dataclass(frozen=True)
class OutputFlags:
    """What is printed and written."""

    json: Annotated[bool, flag("--json", None, "Print one JSON object and nothing else.", OUTPUT)] = False
    report: Annotated[str | None, flag("--report", "FILE.html", "Write a self-contained report.", OUTPUT)] = None
    quiet: Annotated[bool, flag("--quiet", None, "No progress bar.", OUTPUT)] = False


@dataclass(frozen=True)
class PathFlags:
    """What else a race of methods shows, and where its ratios go."""

    lags: Annotated[
        str | None, flag("--lags", "NUMBERS", "Also judge each method traded late: 0,1,2,5 rows.", JUDGING)
    ] = None

    path: Annotated[
        str | None, flag("--path", "FILE.csv", "Write each method's out-of-sample ratio per date.", OUTPUT)
    ] = None


def takes(*groups: type[Any]) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Give a verb the flags of several groups; it is called with one filled group each, in that order."""

    def decorate(verb: Callable[..., None]) -> Callable[..., None]:
        parameters = [parameter for group in groups for parameter in _parameters(group)]

        @wraps(verb)
        def command(**given: Any) -> None:
            verb(*(group(**{field.name: given[field.name] for field in fields(group)}) for group in groups))

        command.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
        command.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
        return command

    return decorate


def _parameters(group: type[Any]) -> list[inspect.Parameter]:
    hints = get_type_hints(group, include_extras=True)
    kind = inspect.Parameter.KEYWORD_ONLY
    return [
        inspect.Parameter(
            field.name,
            kind,
            default=inspect.Parameter.empty if field.default is MISSING else field.default,
            annotation=hints[field.name],
        )
        for field in fields(group)
    ]
