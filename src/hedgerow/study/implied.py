"""The volatility in the price of one option, or of every option in a file, with a reason where there is none."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from hedgerow.errors import ColumnError, InputError, did_you_mean

if TYPE_CHECKING:
    import pandas as pd

MODELS = ("black_scholes", "black76", "bachelier")
"""Models that invert a price."""
NEEDED = ("kind", "spot", "strike", "years")
SHARED = ("rate", "dividend_yield")


@dataclass(frozen=True, eq=False)
class ImpliedOutcome:
    """Implied volatilities.

    Attributes
    ----------
    model : str
    table : DataFrame (n_options, ...)
        What was given, then volatility (NaN exactly where code is not ``converged``) and code; where the file has bid
        and ask, ``price`` is their mean and bid_volatility and ask_volatility stand beside.
    single : bool
        One option by flags rather than a file.
    """

    model: str
    table: pd.DataFrame
    single: bool

    @property
    def unit(self) -> str:
        """What a volatility of 1 means."""
        return "price units per root year" if self.model == "bachelier" else "decimals per year"

    @property
    def verdict(self) -> str:
        """One plain sentence."""
        if self.single:
            row = self.table.iloc[0]
            option = f"{row['price']:g} for the {row['kind']} struck at {row['strike']:g}"
            if row["code"] != "converged":
                return f"No volatility gives {option} by {self.model}: {str(row['code']).replace('_', ' ')}."
            quoted = "" if self.model == "bachelier" else f" ({row['volatility']:.2%} a year)"
            return f"The implied volatility of {option} is {row['volatility']:.10g}{quoted} by {self.model}."
        counts = self.table["code"].value_counts()
        good = int(counts.get("converged", 0))
        rest = ", ".join(
            f"{count} {str(code).replace('_', ' ')}" for code, count in counts.items() if code != "converged"
        )
        middle = f"; median {self.table['volatility'].median():.6g}" if good else ""
        left = f"; without one: {rest}" if rest else ""
        return f"{good:,} of {len(self.table):,} options have an implied volatility by {self.model}{middle}{left}."

    def to_dict(self) -> dict[str, Any]:
        """Return the result as plain values for JSON; a volatility that does not exist is None beside its code."""
        from hedgerow.study.volatility.json import plain

        rows = [{str(name): plain(cell) for name, cell in row.items()} for row in self.table.to_dict("records")]
        if self.single:
            return {"model": self.model, **rows[0], "verdict": self.verdict}
        counts = {str(code): int(count) for code, count in self.table["code"].value_counts().items()}
        return {"model": self.model, "options": rows, "codes": counts, "verdict": self.verdict}


def implied_of_option(model: str, option: dict[str, Any]) -> ImpliedOutcome:
    """Return the volatility in the price of one option.

    Parameters
    ----------
    model : str
        One of :data:`MODELS`.
    option : dict
        price, kind, spot, strike, years, rate, dividend_yield.

    Raises
    ------
    InputError
        Where an argument breaks the model's rules, or a number is not finite.
    """
    import pandas as pd

    for name, value in option.items():
        if name != "kind" and not np.isfinite(value):
            raise InputError(f"--{name.replace('_', '-')} must be a finite number, not {value}")
    table = pd.DataFrame([option | {"kind": option["kind"].strip().lower()}])
    return ImpliedOutcome(_model(model), _solved(model, table), single=True)


def implied_of_file(model: str, file: str | Path, shared: dict[str, float]) -> ImpliedOutcome:
    """Return the volatility in the price of every option of a file.

    Parameters
    ----------
    model : str
        One of :data:`MODELS`.
    file : path
        Columns price, or bid and ask; kind, spot, strike, years; rate and dividend_yield where they differ by row.
    shared : dict
        rate and dividend_yield of all rows whose file has no such column.

    Raises
    ------
    HedgerowError
        One sentence where a column is missing or a cell cannot be read.
    """
    from hedgerow.study.price.option_file import read_rows

    _model(model)
    table = read_rows(file, needed=("price", "bid", "ask", *NEEDED[1:], *SHARED))
    known = [str(name) for name in table.columns]
    quoted = "price" not in known
    for name in (*(("bid", "ask") if quoted else ()), *NEEDED):
        if name not in known:
            what = "price, or bid and ask," if name in ("bid", "ask") else repr(name)
            raise ColumnError(
                f"{Path(file).name} needs a column {what}{did_you_mean(name, known)} (columns: {', '.join(known)})"
            )
    if quoted:
        crossed = (table["bid"] > table["ask"]).to_numpy()
        if crossed.any():
            raise InputError(
                f"bid is above ask in {int(crossed.sum())} rows, first in row {int(np.argmax(crossed)) + 1} of "
                f"{Path(file).name}; correct or leave out the quote"
            )
        table = table.assign(price=0.5 * (table["bid"] + table["ask"]))
    for name, value in shared.items():
        if name in known and value:
            raise InputError(f"{name} is given for all options and in a column of its own; keep one")
        if name not in known and not (model == "black76" and name == "dividend_yield" and not value):
            table[name] = value
    solved = _solved(model, table)
    if quoted:
        for side in ("bid", "ask"):
            solved[f"{side}_volatility"] = _inverted(model, table, side)[0]
    return ImpliedOutcome(model, solved, single=False)


def _model(model: str) -> str:
    name = model.strip().lower().replace("-", "_")
    if name not in MODELS:
        raise InputError(f"model {model!r} does not invert prices{did_you_mean(name, MODELS)} ({', '.join(MODELS)})")
    return name


def _solved(model: str, table: pd.DataFrame) -> pd.DataFrame:
    volatility, reasons = _inverted(model, table, "price")
    return table.assign(volatility=volatility, code=reasons)


def _inverted(model: str, table: pd.DataFrame, price: str) -> tuple[Any, Any]:
    """Return volatilities (n,) and the names of their codes (n,)."""
    name = _model(model)
    carry = ["rate"] if name == "black76" else list(SHARED)
    if name == "black76" and "dividend_yield" in table and np.any(table["dividend_yield"].to_numpy() != 0.0):
        raise InputError("black76 prices on the forward, which holds the dividend yield; leave dividend_yield out")
    columns = [table[column].to_numpy() for column in (price, *NEEDED, *carry)]
    found = import_module(f"hedgerow.pricing.{name}").implied_volatility(*columns)
    return np.atleast_1d(found.volatility), np.atleast_1d(found.reasons())
