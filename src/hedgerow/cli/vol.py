"""``hedgerow vol``: realised volatility, its cone, where implied volatility stands, an index and a curve of it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from hedgerow._files import write_whole
from hedgerow.cli.console import console, csv_text, print_json, require_place
from hedgerow.cli.options import OUTPUT, READING, SeriesFlags, flag, takes
from hedgerow.cli.price import PriceOutputFlags
from hedgerow.cli.vol_implied import implied
from hedgerow.errors import InputError, did_you_mean

if TYPE_CHECKING:
    from hedgerow.study.volatility.run import VolatilityOutcome

app = typer.Typer(help="Volatility: implied, realised, its cone, its rank, an index, a curve.", no_args_is_help=True)
app.command("implied")(implied)
BARS, MEASURE = "Columns", "Measure"


@dataclass(frozen=True)
class FileFlags:
    """Which files."""

    files: Annotated[list[str], typer.Argument(help="CSV or Parquet files, joined on the date.", show_default=False)]


@dataclass(frozen=True)
class RangeFlags:
    """Columns beside the close, and how volatility is measured from them."""

    open: Annotated[str | None, flag("--open", "COL", "Column of the open.", BARS)] = None
    high: Annotated[str | None, flag("--high", "COL", "Column of the high.", BARS)] = None
    low: Annotated[str | None, flag("--low", "COL", "Column of the low.", BARS)] = None
    estimator: Annotated[
        str, flag("--estimator", "NAMES", "Estimators, the leading one first, or all the columns allow.", MEASURE)
    ] = "all"
    periods_per_year: Annotated[float, flag("--periods-per-year", "N", "Rows in a year.", MEASURE)] = 252.0


@dataclass(frozen=True)
class CloseFlags:
    """The column without which nothing is realised."""

    close: Annotated[str, flag("--close", "COL", "Column of the close, or FILESTEM:COL.", BARS)]


@dataclass(frozen=True)
class WindowFlags:
    """Rolling windows."""

    window: Annotated[int, flag("--window", "N", "Rows of the rolling window.", MEASURE)] = 21
    path: Annotated[str | None, flag("--path", "FILE.csv", "Write rolling volatility by date.", OUTPUT)] = None


@dataclass(frozen=True)
class ConeFlags:
    """The cone."""

    horizons: Annotated[
        str | None, flag("--horizons", "NUMBERS", "Window lengths: 10,21,63; else the usual that fit.", MEASURE)
    ] = None
    overlap: Annotated[str, flag("--overlap", "RULE", "none or hodges_tompkins.", MEASURE)] = "none"
    implied: Annotated[str | None, flag("--implied", "COL", "Column of implied volatility.", BARS)] = None
    implied_in: Annotated[str, flag("--in", "UNIT", "How it is written: decimal or percent.", BARS)] = "decimal"


@dataclass(frozen=True)
class RankFlags:
    """Rank, percentile and premium."""

    implied: Annotated[str, flag("--implied", "COL", "Column of implied volatility.", BARS)]
    implied_in: Annotated[str, flag("--in", "UNIT", "How it is written: decimal or percent.", BARS)] = "decimal"
    close: Annotated[str | None, flag("--close", "COL", "Column of the close; adds the premium.", BARS)] = None
    window: Annotated[int, flag("--window", "N", "Observations that today is compared with.", MEASURE)] = 252
    before_today: Annotated[
        bool, flag("--before-today", None, "Compare with those before today, not with today among them.", MEASURE)
    ] = False
    horizon: Annotated[int, flag("--horizon", "N", "Rows of realised volatility in the premium.", MEASURE)] = 21


@dataclass(frozen=True)
class IndexFlags:
    """A chain, its moment and its rates."""

    file: Annotated[
        str,
        typer.Argument(help="CSV: expiry, strike, kind, bid, ask and, if many, date.", show_default=False),
    ]
    at: Annotated[str, flag("--at", "DATE", "When quotes were made: a date (then 15:15), or date and time.", None)]
    rate: Annotated[float | None, flag("--rate", "X", "Continuously compounded rate, decimal.", MEASURE)] = None
    rate_file: Annotated[
        str | None, flag("--rate-file", "FILE", "Yields in per cent by date; columns such as DGS1MO.", MEASURE)
    ] = None
    expiries: Annotated[str | None, flag("--expiries", "NEAR,NEXT", "Two expiries; else by the rule.", MEASURE)] = None
    days: Annotated[float, flag("--days", "N", "Horizon in calendar days.", MEASURE)] = 30.0
    settles: Annotated[str, flag("--settles", "HH:MM", "When options settle on their expiry.", MEASURE)] = "08:30"


@dataclass(frozen=True)
class CurveFlags:
    """A file of futures."""

    file: Annotated[str, typer.Argument(help="CSV: prices M1, M2, ...; expiries exp1, exp2, ...", show_default=False)]
    prices: Annotated[str | None, flag("--prices", "COLS", "Columns of prices, nearest first.", BARS)] = None
    expiries: Annotated[str | None, flag("--expiries", "COLS", "Columns of expiry dates, alike.", BARS)] = None
    days: Annotated[float, flag("--days", "N", "Constant maturity in calendar days.", MEASURE)] = 30.0
    date: Annotated[str | None, flag("--date", "COL", "The date column.", READING)] = None
    date_format: Annotated[str | None, flag("--date-format", "FORMAT", "How dates read: %d/%m/%Y.", READING)] = None
    start: Annotated[str | None, flag("--start", "DATE", "First date used.", READING)] = None
    end: Annotated[str | None, flag("--end", "DATE", "Last date used.", READING)] = None


@app.command("realised")
@takes(FileFlags, CloseFlags, RangeFlags, WindowFlags, SeriesFlags, PriceOutputFlags)
def realised(
    files: FileFlags,
    close: CloseFlags,
    ranges: RangeFlags,
    window: WindowFlags,
    reading: SeriesFlags,
    output: PriceOutputFlags,
) -> None:
    """Measure realised volatility by every estimator: whole sample with interval, and latest window."""
    require_place(window.path, "--path")
    words = series_words(files, reading, ranges, {"close": close.close})
    outcome = found(words | {"parts": ["realised"], "window": window.window}, output)
    if window.path and outcome.realised is not None:
        write_whole(Path(window.path), csv_text(outcome.realised.rolling))
    shown(outcome, output)
    if window.path and not output.json:
        console().print(f"Rolling volatility: {Path(window.path).resolve()}", soft_wrap=True, markup=False)


@app.command("cone")
@takes(FileFlags, CloseFlags, RangeFlags, ConeFlags, SeriesFlags, PriceOutputFlags)
def cone(
    files: FileFlags,
    close: CloseFlags,
    ranges: RangeFlags,
    cone: ConeFlags,
    reading: SeriesFlags,
    output: PriceOutputFlags,
) -> None:
    """Show how low and how high realised volatility has been over each horizon, and where it is now."""
    from hedgerow.cli.words import whole_numbers

    columns = {"close": close.close, "implied": cone.implied, "implied_in": unit_of(cone.implied_in)}
    words = series_words(files, reading, ranges, columns)
    horizons = whole_numbers(cone.horizons, "--horizons")
    words |= {"parts": ["cone"], "cone": {"horizons": horizons, "overlap": cone.overlap}}
    shown(found(words, output), output)


@app.command("rank")
@takes(FileFlags, RankFlags, RangeFlags, SeriesFlags, PriceOutputFlags)
def rank(files: FileFlags, rank: RankFlags, ranges: RangeFlags, reading: SeriesFlags, output: PriceOutputFlags) -> None:
    """Rank implied volatility among its own past; with --close, show the variance risk premium too."""
    columns = {"close": rank.close, "implied": rank.implied, "implied_in": unit_of(rank.implied_in)}
    words = series_words(files, reading, ranges, columns)
    parts = ["rank"] if rank.close is None else ["rank", "premium"]
    words |= {
        "parts": parts,
        "rank": {"window": rank.window, "count_today": not rank.before_today},
        "premium": {"horizon": rank.horizon},
    }
    shown(found(words, output), output)


@app.command("index")
@takes(IndexFlags, PriceOutputFlags)
def index(chain: IndexFlags, output: PriceOutputFlags) -> None:
    """Compute the model-free volatility index of a chain as Cboe does, and list what it left out."""
    if (chain.rate is None) == (chain.rate_file is None):
        raise InputError("give either --rate or --rate-file, one of the two: the index discounts its quotes")
    words = {name: getattr(chain, name) for name in ("file", "at", "rate", "rate_file", "days", "settles")}
    shown(found({"parts": ["index"], "index": words | {"expiries": listed(chain.expiries)}}, output), output)


@app.command("curve")
@takes(CurveFlags, PriceOutputFlags)
def curve(curve: CurveFlags, output: PriceOutputFlags) -> None:
    """Show a futures term structure: constant maturity, slope, roll yield, share of dates in contango."""
    words = {name: getattr(curve, name) for name in ("file", "days", "date", "date_format", "start", "end")}
    words |= {"prices": listed(curve.prices), "expiries": listed(curve.expiries)}
    shown(found({"parts": ["curve"], "curve": words}, output), output)


def series_words(
    files: FileFlags, reading: SeriesFlags, ranges: RangeFlags, columns: dict[str, str | None]
) -> dict[str, Any]:
    """Return what the flags of a verb on price files say, in the words of a study."""
    given = {name: getattr(ranges, name) for name in ("open", "high", "low")}
    return {
        "data": {"files": files.files, **vars(reading)},
        "columns": {**given, **columns},
        "estimators": estimator_names(ranges.estimator),
        "periods_per_year": ranges.periods_per_year,
    }


def estimator_names(text: str) -> list[str]:
    """Return the estimators of a comma-separated list; none for ``all``.

    Raises
    ------
    InputError
        For an unknown name.
    """
    from typing import get_args

    from hedgerow.study.volatility.words import EstimatorName

    names = [] if text.strip() == "all" else [name.strip().replace("-", "_") for name in text.split(",")]
    known = get_args(EstimatorName)
    for name in names:
        if name not in known:
            hint = did_you_mean(name, known)
            raise InputError(f"estimator {name!r} is not known{hint} (estimators: {', '.join(known)}, or all)")
    return names


def unit_of(text: str) -> str:
    """Return how implied volatility is written.

    Raises
    ------
    InputError
        For anything but decimal and percent.
    """
    if text not in ("decimal", "percent"):
        raise InputError(f"--in must be decimal or percent, not {text!r}")
    return text


def listed(text: str | None) -> list[str]:
    """Return the parts of a comma-separated text."""
    return [part.strip() for part in (text or "").split(",") if part.strip()]


def found(words: dict[str, Any], output: PriceOutputFlags) -> VolatilityOutcome:
    """Run the study that the words describe, once its report has a place."""
    from hedgerow.cli.results import Places
    from hedgerow.cli.words import validated
    from hedgerow.study.volatility.run import run_volatility_study
    from hedgerow.study.volatility.words import VolatilityStudy

    Places(output.out, output.report)  # refuses before the work what could not be written
    return run_volatility_study(validated(VolatilityStudy, words))


def shown(outcome: VolatilityOutcome, output: PriceOutputFlags) -> None:
    """Write what was asked for, then print the outcome."""
    from hedgerow.cli.results import Places, write_results

    written = write_results(outcome, Places(output.out, output.report))
    if output.json:
        print_json(outcome.to_dict())
        return
    from hedgerow.cli.vol_text import print_volatility

    print_volatility(outcome, console())
    for path in written:
        console().print(f"Written: {path}", soft_wrap=True, markup=False)
