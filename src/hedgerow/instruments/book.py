"""Positions, and a book of them that is valued as columns: one pass per model, however many positions."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import MISSING, dataclass, fields, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from hedgerow.errors import InputError, did_you_mean
from hedgerow.instruments.base import Instrument, require_number
from hedgerow.instruments.book_greeks import BookGreeks, exchange_rates
from hedgerow.instruments.book_table import columns_of
from hedgerow.instruments.columns import INSTRUMENTS, Columns
from hedgerow.instruments.inputs import is_margined, resolve
from hedgerow.instruments.market_state import MarketState
from hedgerow.instruments.model import LOGNORMAL, Model
from hedgerow.instruments.pricers import figures
from hedgerow.instruments.scenarios import ScenarioMatrix, scenario_matrix
from hedgerow.pricing.record import FIELD_NAMES, checked_names


@dataclass(frozen=True)
class Position:
    """So many contracts of one instrument.

    Attributes
    ----------
    instrument : Instrument
    quantity : float
        Contracts; negative where sold.
    vol : float, optional
        The position's own volatility mark, in place of the underlying's.

    Examples
    --------
    >>> from hedgerow.instruments import Spot
    >>> Position(Spot("SPX"), -18).quantity
    -18
    """

    instrument: Instrument
    quantity: float
    vol: float | None = None

    def __post_init__(self) -> None:
        """Refuse what is no instrument, quantity or volatility."""
        if not isinstance(self.instrument, Instrument):
            raise InputError(f"instrument must be one of hedgerow.instruments, not {self.instrument!r}")
        require_number("quantity", self.quantity)
        if self.vol is not None:
            require_number("vol", self.vol)
            if self.vol < 0.0:
                raise InputError(f"vol must not be negative: {self.vol!r}; give the annual volatility as a decimal")


class Book:
    """Positions valued together.

    Parameters
    ----------
    positions : iterable of Position or (Instrument, quantity)
        The legs of named combinations can be given as they are.

    Attributes
    ----------
    columns : Columns
        The positions as arrays.

    Examples
    --------
    >>> from hedgerow.instruments import MarketState, Underlying, straddle
    >>> book = Book(straddle("SPX", 4000.0, "2027-01-15", quantity=10))
    >>> market = MarketState("2026-11-20", {"SPX": Underlying(4000.0, 0.2, rate=0.03)})
    >>> round(book.value(market), 2)
    2498.14
    >>> book.greeks(market, ["delta", "gamma"]).totals().round(3).to_dict()
    {'value': 2498.139, 'delta': 0.78, 'gamma': 0.025}
    """

    def __init__(self, positions: Iterable[Position | tuple[Instrument, float]]) -> None:
        held = [_held(each) for each in positions]
        rows = [each.instrument.row() | {"quantity": each.quantity, "vol": each.vol} for each in held]
        if not rows:
            raise InputError("a book needs at least one position; received none")
        names = dict.fromkeys(name for row in rows for name in row)
        # as they are: pandas would take longer to guess a type for each column than the cells take to read
        table = pd.DataFrame({name: [row.get(name) for row in rows] for name in names}, dtype=object)
        self.columns = columns_of(table)

    @classmethod
    def _of(cls, columns: Columns) -> Book:
        book = cls.__new__(cls)
        book.columns = columns
        return book

    @classmethod
    def from_frame(cls, frame: pd.DataFrame) -> Book:
        """Return the book of a table, a row per position.

        Parameters
        ----------
        frame : DataFrame, (n, ...)
            Columns ``underlying``, ``instrument`` (or ``type``: spot, future, forward, european, american, digital,
            barrier, asian, variance_swap, vix_future, vix_option), ``quantity``; ``kind``, ``strike``, ``expiry``
            where the instrument needs them; ``multiplier`` (1 unless given), ``currency`` (USD), ``vol`` (own mark),
            ``calendar``, ``settlement_time``, and the further terms of an instrument by their field names. Cells may
            be empty where a default stands.

        Returns
        -------
        Book

        Raises
        ------
        ColumnError, DataError, InputError
            One sentence with column, position and value.
        """
        if isinstance(frame, pd.DataFrame) and not len(frame):
            raise InputError("a book needs at least one position; the table has no rows")
        return cls._of(columns_of(frame))

    @classmethod
    def from_csv(cls, file: str | Path) -> Book:
        """Return the book of a CSV file with the columns of :meth:`from_frame`.

        Parameters
        ----------
        file : path
            Comma, semicolon or tab between cells, its first line names the columns.

        Returns
        -------
        Book

        Raises
        ------
        FileError, ColumnError, DataError, InputError
            One sentence with file, line, column and value.
        """
        from hedgerow.instruments.book_file import read_book_file

        return cls._of(columns_of(*read_book_file(file)))

    def __len__(self) -> int:
        return len(self.columns)

    def __repr__(self) -> str:
        return f"<Book of {len(self)} positions in {', '.join(self.columns.names)}>"

    def of(self, underlying: str) -> Book:
        """Return the positions in one underlying as a book of their own.

        Parameters
        ----------
        underlying : str

        Returns
        -------
        Book

        Raises
        ------
        InputError
            Where none is held, with the nearest names.
        """
        if underlying not in self.columns.names:
            hint = did_you_mean(str(underlying), self.columns.names)
            raise InputError(f"the book holds nothing in {underlying!r}{hint}")
        code = self.columns.names.index(underlying)
        held = self.columns.take(np.flatnonzero(self.columns.underlying == code))
        return Book._of(replace(held, names=(underlying,), underlying=np.zeros(len(held), dtype=np.int64)))

    @property
    def positions(self) -> tuple[Position, ...]:
        """The positions as objects; expiries are the moments of settlement."""
        return tuple(_position(self.columns, row) for row in range(len(self)))

    def value(self, market: MarketState, *, model: Model | str = LOGNORMAL) -> float:
        """Return what the book is worth, in its one currency or in the market's.

        Parameters
        ----------
        market : MarketState
        model : Model or str
            For European options.

        Returns
        -------
        float
            Money; futures count 0.

        Raises
        ------
        InputError
            For an unknown underlying, an expiry in the past, a missing volatility, currencies without a rate.
        """
        values = self.values(market, model=model).to_numpy()
        rates = exchange_rates(self.columns, market)
        return float(values.sum() if rates is None else values @ rates)

    def values(self, market: MarketState, *, model: Model | str = LOGNORMAL) -> pd.Series:
        """Return what each position is worth, in its own currency; futures are worth 0.

        Parameters
        ----------
        market : MarketState
        model : Model or str

        Returns
        -------
        Series, (n,)
        """
        price = figures(self.columns, resolve(self.columns, market), ("price",), Model.of(model))[0]["price"]
        worth = np.where(is_margined(self.columns), 0.0, price * self.columns.weight)
        return pd.Series(worth, index=pd.RangeIndex(len(self), name="position"), name="value")

    def greeks(
        self, market: MarketState, names: Iterable[str] | str | None = None, *, model: Model | str = LOGNORMAL
    ) -> BookGreeks:
        """Return the Greeks of the book.

        Parameters
        ----------
        market : MarketState
        names : iterable of str, optional
            Some of the twelve Greeks; all unless said. The price always comes with them.
        model : Model or str
            For European options: a name of ``hedgerow.pricing``, with parameters as a :class:`Model`.

        Returns
        -------
        BookGreeks

        Raises
        ------
        InputError
            As for :meth:`value`, and for an unknown Greek.
        """
        asked = tuple(name for name in FIELD_NAMES if name == "price" or name in checked_names(names))
        inputs = resolve(self.columns, market)
        found, limit = figures(self.columns, inputs, asked, Model.of(model))
        return BookGreeks(self.columns, market, inputs.spot, found, limit)

    def scenarios(
        self,
        market: MarketState,
        spot_moves: Any = (0.0,),
        vol_moves: Any = (0.0,),
        days: Any = 0.0,
        *,
        model: Model | str = LOGNORMAL,
    ) -> ScenarioMatrix:
        """Return the profit against now when spots, volatilities and time move.

        Parameters
        ----------
        market : MarketState
        spot_moves : array_like, (n_spot,)
            Relative: -0.05 is 5 % down.
        vol_moves : array_like, (n_vol,)
            Absolute: 0.01 is one volatility point up.
        days : float or array_like, (n_days,)
            Calendar days later.
        model : Model or str

        Returns
        -------
        ScenarioMatrix

        Raises
        ------
        InputError
            For moves beyond what a spot or a volatility can do.
        """
        return scenario_matrix(self.columns, market, (spot_moves, vol_moves, days), Model.of(model))


def _held(each: Any) -> Position:
    """Return a position as it is, or from a pair of instrument and quantity."""
    if isinstance(each, Position):
        return each
    if not isinstance(each, tuple) or len(each) != 2:
        raise InputError(f"a book is made of Position or (instrument, quantity), not {each!r}")
    return Position(*each)


def _position(columns: Columns, row: int) -> Position:
    """Return one position as an object."""
    kind = INSTRUMENTS[columns.types[row]]
    known: dict[str, Any] = {
        "underlying": columns.names[columns.underlying[row]],
        "multiplier": float(columns.multiplier[row]),
        "currency": columns.currencies[columns.currency[row]],
        "kind": "call" if columns.sign[row] > 0.0 else "put",
        "strike": float(columns.strike[row]),
        "expiry": pd.Timestamp(columns.expiry[row]),
    } | {name: values[row] for name, values in columns.extras.items()}
    known["average_so_far"] = None if np.isnan(known["average_so_far"]) else float(known["average_so_far"])
    known["start"] = None if np.isnat(known["start"]) else pd.Timestamp(known["start"])
    for name in ("pays", "barrier_kind", "average"):
        known[name] = str(known[name])
    terms = {each.name: known[each.name] for each in fields(kind) if each.name in known}
    for each in fields(kind):
        if each.name not in terms and each.default is MISSING:
            raise InputError(f"{columns.described(row)} has no {each.name}")
    mark = float(columns.mark[row])
    return Position(kind(**terms), float(columns.quantity[row]), None if np.isnan(mark) else mark)
