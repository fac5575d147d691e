"""Read the files of a rate study: bonds held, futures with their deliverable bonds, and yield curves by date."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TypeVar

import numpy as np
import pandas as pd

from hedgerow._types import FloatArray, IntArray
from hedgerow.errors import ColumnError, DataError, InputError
from hedgerow.instruments.bond import BondFuture, BondPosition, Deliverable
from hedgerow.market.cells import read_cells, with_numbers
from hedgerow.market.dates import moment
from hedgerow.market.reading import read_table
from hedgerow.market.yield_curve import YieldCurve
from hedgerow.pricing.bond import BondTerms, conversion_factor, schedule
from hedgerow.study.rates.words import CurveWords
from hedgerow.units import from_percent

Made = TypeVar("Made")
_TENOR = re.compile(r"(?<!\d)(\d+)[_ ]?(MO|MONTH|M|YEAR|YR|Y)?S?$", re.IGNORECASE)
_BOND_COLUMNS = ("name", "coupon", "maturity", "price", "face")
_FUTURE_COLUMNS = ("future", "price", "delivery", "bond", "coupon", "maturity", "bond_price")


def read_bonds(file: str | Path, settlement: date) -> list[BondPosition]:
    """Return the bonds held.

    Raises
    ------
    FileError, DataError, InputError
        One sentence with file and line.
    """
    rows, lines = _rows(file, _BOND_COLUMNS, ("coupon", "price", "face", "frequency"), "bonds")

    def made(row: pd.Series) -> BondPosition:
        terms = BondTerms(row["coupon"], _day(row["maturity"], "maturity"), _frequency(row))
        schedule(terms, settlement)  # refuses a bond that has matured
        return BondPosition(str(row["name"]), terms, settlement, row["price"], row["face"])

    return _line_by_line(file, rows, lines, made)


def read_futures(file: str | Path, settlement: date) -> list[BondFuture]:
    """Return the futures, each with the bonds that its lines name, in the order of the file.

    A conversion factor that is not given is computed for the first day of the delivery month.
    """
    numeric = ("price", "coupon", "bond_price", "conversion_factor", "contract_size", "rounding_months", "frequency")
    rows, lines = _rows(file, _FUTURE_COLUMNS, numeric, "futures")
    bonds = _line_by_line(file, rows, lines, lambda row: _deliverable(row, settlement))
    futures = []
    for name, basket in rows.groupby("future", sort=False):
        if (basket[["price", "delivery"]] != basket[["price", "delivery"]].iloc[0]).to_numpy().any():
            raise DataError(f"{Path(file).name}: future {name} has several prices or deliveries; give each future one")
        first = basket.iloc[0]
        size = _or(first, "contract_size", 100_000.0)
        delivery = _day(first["delivery"], "delivery")
        futures.append(
            BondFuture(str(name), delivery, tuple(bonds[place] for place in basket.index), float(first["price"]), size)
        )
    return futures


def read_curve(words: CurveWords, folder: Path, at: date) -> tuple[YieldCurve, FloatArray | None, str]:
    """Return the curve at a date, the covariance of its nodes' daily changes, and a sentence that says which rows.

    The curve is that of the newest row on or before ``at``; changes are those of the newest rows up to it. Without a
    file, or with too few rows, there is no covariance.
    """
    if words.file is None:
        assert words.flat is not None  # noqa: S101  (checked by the words)
        return YieldCurve.flat(words.flat), None, f"flat at {words.flat:.3%}, continuously compounded"
    table = read_table(folder / words.file)
    years = _tenors([str(name) for name in table.columns], words.columns, words.file)
    table = table[list(years)].loc[: pd.Timestamp(at)].dropna(how="all")
    if not len(table):
        raise DataError(f"{words.file} has no yields on or before {at}; give a later date, or a longer file")
    newest = table.iloc[-1].dropna()
    table = table[newest.index].dropna().tail(words.window + 1)
    scale = from_percent(1.0) if words.yields_in == "percent" else 1.0
    nodes = [years[str(name)] for name in newest.index]
    zeros = [YieldCurve.from_par_yields(dict(zip(nodes, row * scale, strict=True))) for row in table.to_numpy()]
    moves = np.diff(np.array([curve.zero_rates for curve in zeros]), axis=0)
    covariance = np.cov(moves, rowvar=False) if len(moves) > 2 * len(nodes) else None
    said = (
        f"{Path(words.file).name} of {table.index[-1].date()}, {len(nodes)} nodes, {len(moves)} daily changes up to it"
    )
    return zeros[-1], covariance, said


def _tenors(names: list[str], given: dict[str, float], file: str) -> dict[str, float]:
    """Return the years of each column that is a yield."""
    unknown = [name for name in given if name not in names]
    if unknown:
        raise ColumnError(f"column {unknown[0]!r} not found in {file} (columns: {', '.join(names)})")
    if given:
        return dict(given)
    years = {}
    for name in names:
        found = _TENOR.search(name)
        if found:
            unit = (found[2] or "Y").upper()
            years[name] = int(found[1]) / (12.0 if unit.startswith("M") else 1.0)
    if not years:
        raise ColumnError(f"no column of {file} reads like a tenor (2Y, DGS10, BC_6MONTH); say the years of each")
    if len(set(years.values())) < len(years):
        raise ColumnError(f"two columns of {file} have the same tenor; say which columns to use, with their years")
    return dict(sorted(years.items(), key=lambda item: item[1]))


def _rows(
    file: str | Path, needed: tuple[str, ...], numeric: tuple[str, ...], what: str
) -> tuple[pd.DataFrame, IntArray]:
    cells, lines = read_cells(file, what)
    missing = [name for name in needed if name not in cells.columns]
    if missing:
        raise ColumnError(
            f"{Path(file).name} has no column {missing[0]!r}; {what} need {', '.join(needed)} "
            f"(columns: {', '.join(map(str, cells.columns))})"
        )
    rows = with_numbers(cells, lines, numeric, Path(file).name)
    for name in needed:
        empty = rows[name].isna() | (rows[name].astype(str) == "")
        if empty.any():
            raise DataError(f"{Path(file).name}, line {lines[int(np.argmax(empty))]}: {name} is empty; fill it in")
    return rows, lines


def _deliverable(row: pd.Series, settlement: date) -> Deliverable:
    terms = BondTerms(row["coupon"], _day(row["maturity"], "maturity"), _frequency(row))
    factor = _or(row, "conversion_factor", float("nan"))
    if np.isnan(factor):
        delivery = _day(row["delivery"], "delivery").replace(day=1)
        factor = conversion_factor(terms, delivery, int(_or(row, "rounding_months", 3)))
    return Deliverable(BondPosition(str(row["bond"]), terms, settlement, row["bond_price"]), factor)


def _frequency(row: pd.Series) -> int:
    return int(_or(row, "frequency", 2.0))


def _or(row: pd.Series, name: str, otherwise: float) -> float:
    """Return a cell, or what stands for one that is empty or not there."""
    value = row.get(name, otherwise)
    return otherwise if pd.isna(value) else float(value)


def _day(value: object, name: str) -> date:
    return moment(value, name).date()


def _line_by_line(
    file: str | Path, rows: pd.DataFrame, lines: IntArray, make: Callable[[pd.Series], Made]
) -> list[Made]:
    """Make a thing of each row; a refusal says which line of the file."""
    made = []
    for (_, row), line in zip(rows.iterrows(), lines, strict=True):
        try:
            made.append(make(row))
        except InputError as error:
            raise type(error)(f"{Path(file).name}, line {line}: {error}") from error
    return made
