"""Greeks of a book: per unit, per position, by expiry, strike and underlying, in money."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from hedgerow._types import BoolArray, FloatArray
from hedgerow.errors import InputError
from hedgerow.instruments.columns import TYPE_NAMES, Columns
from hedgerow.instruments.inputs import is_margined
from hedgerow.instruments.market_state import MarketState
from hedgerow.units import CALENDAR_DAYS_PER_YEAR, TRADING_DAYS_PER_YEAR

UNITS = {
    "price": "money per unit",
    "value": "money",
    "delta": "money per 1 of spot",
    "gamma": "delta per 1 of spot",
    "vega": "money per 1.00 of volatility",
    "theta": "money per year of calendar time",
    "rho": "money per 1.00 of rate",
    "dividend_rho": "money per 1.00 of yield",
    "vanna": "delta per 1.00 of volatility",
    "volga": "vega per 1.00 of volatility",
    "charm": "delta per year of calendar time",
    "speed": "gamma per 1 of spot",
    "color": "gamma per year of calendar time",
    "zomma": "gamma per 1.00 of volatility",
}

MONEY_FIGURES: dict[str, tuple[str, int, float]] = {
    "dollar_delta": ("delta", 1, 1.0),
    "dollar_gamma_per_percent": ("gamma", 2, 1e-2),
    "vega_per_point": ("vega", 0, 1e-2),
    "theta_per_calendar_day": ("theta", 0, 1.0 / CALENDAR_DAYS_PER_YEAR),
    "theta_per_trading_day": ("theta", 0, 1.0 / TRADING_DAYS_PER_YEAR),
    "rho_per_basis_point": ("rho", 0, 1e-4),
    "dividend_rho_per_basis_point": ("dividend_rho", 0, 1e-4),
    "dollar_vanna_per_point": ("vanna", 1, 1e-2),
    "volga_per_point_squared": ("volga", 0, 1e-4),
    "dollar_charm_per_calendar_day": ("charm", 1, 1.0 / CALENDAR_DAYS_PER_YEAR),
    "dollar_speed_per_percent_squared": ("speed", 3, 1e-4),
    "dollar_color_per_percent_and_calendar_day": ("color", 2, 1e-2 / CALENDAR_DAYS_PER_YEAR),
    "dollar_zomma_per_percent_and_point": ("zomma", 2, 1e-4),
}
"""Figure in money: the Greek it is made of, the power of the spot and the factor it is multiplied by."""

_GROUPINGS = {
    "underlying": ("underlying",),
    "expiry": ("underlying", "expiry"),
    "expiry_and_strike": ("underlying", "expiry", "strike"),
}


@dataclass(frozen=True)
class BookGreeks:
    """What :meth:`Book.greeks` returns: raw derivatives per unit of each position, and every sum of them.

    Attributes
    ----------
    columns : Columns
        The positions.
    market : MarketState
        Where they were valued.
    spot : float array, (n,)
        The price that deltas are against: the spot, or the future's own price for volatility indices.
    per_unit_figures : mapping of str to float array, (n,)
        Price and raw Greeks of one unit.
    limit : bool array, (n,)
        Where an option has no time or no volatility left, so that its figures are limits, infinite at the kink.

    Examples
    --------
    >>> from hedgerow.instruments import Book, MarketState, Underlying, straddle
    >>> market = MarketState("2026-11-20", {"SPX": Underlying(4000.0, 0.2)})
    >>> greeks = Book(straddle("SPX", 4000.0, "2027-01-15", quantity=10)).greeks(market)
    >>> greeks.in_money("total")["vega_per_point"].round(2).to_list()
    [124.91]
    """

    columns: Columns
    market: MarketState
    spot: FloatArray
    per_unit_figures: Mapping[str, FloatArray]
    limit: BoolArray

    @property
    def per_unit(self) -> pd.DataFrame:
        """Price and raw Greeks of one unit, a row per position with its terms."""
        return self._table(self.per_unit_figures, UNITS, self._labels())

    @property
    def per_position(self) -> pd.DataFrame:
        """Value and raw Greeks times quantity and multiplier, a row per position, in its own currency."""
        return self._table(self._position_figures(), UNITS, self._labels())

    def totals(self) -> pd.Series:
        """Return the sums over the whole book, in its one currency or converted by the market's rates.

        Across underlyings the sum of deltas is the change when each spot moves by 1; :meth:`in_money` compares better.

        Returns
        -------
        Series
            Value and raw Greeks by name.

        Raises
        ------
        InputError
            Where currencies would be added without a rate, or infinite figures of opposite signs.
        """
        return self._summed(self._position_figures(), UNITS, ()).iloc[0]

    def by_underlying(self) -> pd.DataFrame:
        """Return the sums by underlying; of a volatility index, over the futures' own deltas.

        Returns
        -------
        DataFrame, (n_underlyings, ...)
            Value and raw Greeks.
        """
        return self._summed(self._position_figures(), UNITS, _GROUPINGS["underlying"])

    def by_expiry(self) -> pd.DataFrame:
        """Return the sums by underlying and expiry day; spot stands under no day (NaT).

        Returns
        -------
        DataFrame, (n_groups, ...)
            Value and raw Greeks, indexed by underlying and expiry.
        """
        return self._summed(self._position_figures(), UNITS, _GROUPINGS["expiry"])

    def by_expiry_and_strike(self) -> pd.DataFrame:
        """Return the sums by underlying, expiry day and strike; what has none stands under NaT or NaN.

        Returns
        -------
        DataFrame, (n_groups, ...)
            Value and raw Greeks, indexed by underlying, expiry and strike.
        """
        return self._summed(self._position_figures(), UNITS, _GROUPINGS["expiry_and_strike"])

    def in_money(self, by: str | None = None) -> pd.DataFrame:
        """Return the Greeks in money, in the units that their names say.

        ``dollar_delta`` is delta S, ``dollar_gamma_per_percent`` the change of dollar delta per 1 % of spot through
        gamma (gamma S^2 / 100), ``vega_per_point`` per 0.01 of volatility, ``theta_per_calendar_day`` theta / 365,
        ``theta_per_trading_day`` theta / 252, ``rho_per_basis_point`` per 0.0001 of rate; all times quantity and
        multiplier.

        Parameters
        ----------
        by : {None, "underlying", "expiry", "expiry_and_strike", "total"}
            None for a row per position, in its own currency.

        Returns
        -------
        DataFrame
            With ``value`` first; ``attrs["units"]`` says each column's unit.

        Raises
        ------
        InputError
            For another ``by``, or where different currencies would be added without a rate.
        """
        found = self._position_figures()
        money = {"value": found["value"]}
        for name, (greek, power, factor) in MONEY_FIGURES.items():
            if greek in found:
                money[name] = found[greek] * (factor * self.spot**power)
        units = dict.fromkeys(money, "money")
        if by is None:
            return self._table(money, units, self._labels())
        if by == "total":
            return self._summed(money, units, ())
        if by not in _GROUPINGS:
            raise InputError(f"by must be one of {', '.join(_GROUPINGS)} or total, not {by!r}")
        return self._summed(money, units, _GROUPINGS[by])

    def _position_figures(self) -> dict[str, FloatArray]:
        """Return value and Greeks of each position; a quantity of 0 makes every figure 0, infinite ones too."""
        weight = self.columns.weight
        held = weight != 0.0
        found: dict[str, FloatArray] = {}
        for name, values in self.per_unit_figures.items():
            product = np.multiply(values, weight, out=np.zeros(len(weight)), where=held)
            found["value" if name == "price" else name] = product
        found["value"] = np.where(is_margined(self.columns), 0.0, found["value"])
        return found

    def _labels(self) -> dict[str, Any]:
        columns = self.columns
        return {
            "underlying": _words(columns.names, columns.underlying),
            "instrument": _words(TYPE_NAMES, columns.types),
            "kind": _words(("put", "", "call"), (columns.sign + 1.0).astype(np.int64)),
            "strike": columns.strike,
            "expiry": columns.expiry,
            "quantity": columns.quantity,
            "multiplier": columns.multiplier,
            "currency": _words(columns.currencies, columns.currency),
            "spot": self.spot,
            "limit": self.limit,
        }

    @staticmethod
    def _table(found: Mapping[str, FloatArray], units: Mapping[str, str], labels: dict[str, Any]) -> pd.DataFrame:
        table = pd.DataFrame(labels | dict(found))
        table.index.name = "position"
        table.attrs["units"] = {name: units[name] for name in found}
        return table

    def _summed(self, found: Mapping[str, FloatArray], units: Mapping[str, str], names: Sequence[str]) -> pd.DataFrame:
        """Return sums by group, in one currency each."""
        rates = exchange_rates(self.columns, self.market)
        figures = pd.DataFrame(found if rates is None else {name: each * rates for name, each in found.items()})
        keys: dict[str, Any] = {
            "underlying": _words(self.columns.names, self.columns.underlying),
            "expiry": self.columns.expiry.astype("M8[D]").astype("M8[s]"),
            "strike": self.columns.strike,
        }
        with np.errstate(invalid="ignore"):  # a sum of +inf and -inf is refused below
            if names:
                by = [pd.Series(keys[name], name=name) for name in names]
                sums = figures.groupby(by, dropna=False, observed=True, sort=True).sum()
            else:
                whole = figures.to_numpy().sum(axis=0)
                sums = pd.DataFrame(whole[None, :], columns=figures.columns, index=["total"])
        _refuse_opposed_infinities(sums)
        sums.attrs["units"] = {name: units[name] for name in found}
        sums.attrs["currency"] = self.market.currency if rates is not None else self.columns.held_currencies[0]
        return sums


def exchange_rates(columns: Columns, market: MarketState) -> FloatArray | None:
    """Return the rate that turns each position's money into the market's currency; None where one currency is held.

    Raises
    ------
    InputError
        Where several currencies are held and the market lacks a rate.
    """
    held = columns.held_currencies
    if len(held) < 2:
        return None
    rates = [market.rate_of_exchange(name) if name in held else 1.0 for name in columns.currencies]
    return np.array(rates)[columns.currency]


def _words(names: Sequence[str], codes: Any) -> Any:
    return pd.Categorical.from_codes(codes, categories=pd.Index(list(names)))


def _refuse_opposed_infinities(sums: pd.DataFrame) -> None:
    """Refuse a sum of +inf and -inf: options at their kink, long and short, have no net figure."""
    undefined = sums.isna().to_numpy()
    if undefined.any():
        row, column = np.argwhere(undefined)[0]
        raise InputError(
            f"{sums.columns[column]} of {sums.index[row]} adds infinite figures of opposite signs, of options that "
            "expire now exactly at their strike (limit is True); value a moment earlier, or leave them out"
        )
