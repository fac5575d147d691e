"""What a book loses when spots, volatilities, time and correlations move: a grid, its worst cell, and named scenarios.

In a book of several underlyings one of them is the driver, whose relative move is that of the cell. At a correlation c
every other underlying i moves with it by its beta at that correlation, in logarithms so that no price passes 0::

    1 + move_i = (1 + move) ** beta_i        beta_i = c x volatility_i / volatility_driver

At c = 1 all move by as many standard deviations as the driver; at c = 0 they stay; below 0 they move against it. What
does not come from the driver is not in the cell. Volatilities move alike.

>>> from hedgerow.instruments import Book, MarketState, Underlying, straddle
>>> market = MarketState("2026-11-20", {"IDX": Underlying(4000.0, 0.20), "ONE": Underlying(100.0, 0.30)})
>>> legs = (*straddle("IDX", 4000.0, "2027-01-15", -1.0), *straddle("ONE", 100.0, "2027-01-15", 30.0))
>>> stress = book_stress(Book(legs), market, [-0.1, 0.0, 0.1], [0.0, 0.05], correlations=[0.0, 1.0])
>>> stress.worst.correlation, stress.worst.spot_move, round(stress.worst.profit, 2)
(0.0, 0.1, -185.66)
>>> stress.named.loc["volatility crush"].round(2).to_dict()
{'spot_move': 0.0, 'correlation': 1.0, 'days': 0.0, 'profit': -12.42}
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from hedgerow._types import FloatArray
from hedgerow.errors import InputError, did_you_mean
from hedgerow.instruments.book import Book
from hedgerow.instruments.book_greeks import exchange_rates
from hedgerow.instruments.columns import Columns
from hedgerow.instruments.inputs import Inputs, later, resolve
from hedgerow.instruments.market_state import MarketState
from hedgerow.instruments.model import LOGNORMAL, Model
from hedgerow.instruments.named_stress import NAMED_SCENARIOS, BookScenario
from hedgerow.instruments.pricers import figures
from hedgerow.instruments.scenarios import axis_of, surface_of_profit


@dataclass(frozen=True)
class StressCell:
    """One cell of a book's stress.

    Attributes
    ----------
    correlation : float
        Of the other underlyings with the driver.
    spot_move : float
        Of the driver, relative.
    vol_move : float
        Absolute: 0.01 is one volatility point up.
    days : float
        Calendar days later.
    profit : float
        Money against now.
    """

    correlation: float
    spot_move: float
    vol_move: float
    days: float
    profit: float


@dataclass(frozen=True, eq=False)
class BookStress:
    """Profit of a book against now, by correlation, time, spot and volatility, and in named scenarios.

    Attributes
    ----------
    driver : str
        Underlying whose move is that of the cell.
    correlations, days, spot_moves, vol_moves : float arrays
    profit : float array, (n_correlations, n_days, n_spot, n_vol)
        Money of ``currency``.
    scenarios : tuple of BookScenario
    scenario_profit : float array, (n_scenarios,)
    currency : str
    """

    driver: str
    correlations: FloatArray
    days: FloatArray
    spot_moves: FloatArray
    vol_moves: FloatArray
    profit: FloatArray
    scenarios: tuple[BookScenario, ...]
    scenario_profit: FloatArray
    currency: str

    @property
    def worst(self) -> StressCell:
        """The cell of the grid with the greatest loss."""
        place = np.unravel_index(int(np.argmin(self.profit)), self.profit.shape)
        axes = (self.correlations, self.days, self.spot_moves, self.vol_moves)
        correlation, days, spot, vol = (float(each[at]) for each, at in zip(axes, place, strict=True))
        return StressCell(correlation, spot, vol, days, float(self.profit[place]))

    @property
    def worst_loss(self) -> float:
        """The greatest loss of the grid and of the named scenarios, money; 0 where nothing loses."""
        return max(0.0, -float(np.append(self.scenario_profit, self.worst.profit).min()))

    @property
    def worst_name(self) -> str:
        """Where that loss is: the name of a scenario, or the cell in words."""
        named = self.scenario_profit
        if len(named) and float(named.min()) < self.worst.profit:
            return self.scenarios[int(np.argmin(named))].name
        cell = self.worst
        several = f", correlation {cell.correlation:g}" if len(self.correlations) > 1 else ""
        when = f", {cell.days:g} days on" if cell.days else ""
        return f"spot {cell.spot_move:+.1%}, volatility {100.0 * cell.vol_move:+.3g} points{several}{when}"

    @property
    def named(self) -> pd.DataFrame:
        """A row per named scenario: ``spot_move``, ``correlation``, ``days`` and ``profit``."""
        rows = [(each.spot_move, each.correlation, each.days) for each in self.scenarios]
        table = pd.DataFrame(rows, columns=["spot_move", "correlation", "days"], dtype=float)
        table.index = pd.Index([each.name for each in self.scenarios], name="scenario")
        return table.assign(profit=self.scenario_profit)

    def long_table(self) -> pd.DataFrame:
        """Return a row per cell of the grid: correlation, days, spot_move, vol_move, profit."""
        names = ["correlation", "days", "spot_move", "vol_move"]
        keys = [self.correlations, self.days, self.spot_moves, self.vol_moves]
        index = pd.MultiIndex.from_product(keys, names=names)
        return pd.Series(self.profit.ravel(), index=index, name="profit").reset_index()

    def by_correlation(self) -> pd.DataFrame:
        """Return the worst cell at each correlation: ``spot_move``, ``vol_move``, ``days``, ``profit``."""
        table = self.long_table()
        worst = table.loc[table.groupby("correlation")["profit"].idxmin()]
        return worst.set_index("correlation")[["spot_move", "vol_move", "days", "profit"]]


def book_stress(
    book: Book,
    market: MarketState,
    spot_moves: Any = (-0.20, -0.10, -0.05, 0.0, 0.05, 0.10, 0.20),
    vol_moves: Any = (-0.02, 0.0, 0.05, 0.10, 0.20),
    days: Any = 0.0,
    *,
    correlations: Any = (0.0, 0.5, 1.0),
    options: StressOptions | None = None,
) -> BookStress:
    """Return the profit of a book in every cell of a grid and in named scenarios.

    Parameters
    ----------
    book : Book
    market : MarketState
    spot_moves : array_like, (n_spot,)
        Relative moves of the driver, above -1.
    vol_moves : array_like, (n_vol,)
        Absolute moves of every volatility.
    days : float or array_like, (n_days,)
        Calendar days later.
    correlations : array_like, (n_correlations,)
        Of the other underlyings with the driver, -1 to 1; a book of one underlying has one row of them.
    options : StressOptions, optional

    Returns
    -------
    BookStress

    Raises
    ------
    InputError
        For moves that nothing can make, a driver that the book has not, and volatilities that are not known.
    """
    options = options or StressOptions()
    columns, model = book.columns, Model.of(options.model)
    names, spots, vols, later_days, ties = columns.names, *_axes(spot_moves, vol_moves, days, correlations)
    driver = _driver(options.driver, names)
    if len(names) == 1:
        ties = np.ones(1)
    ratios = _ratios(options.volatilities, market, (driver, names))
    inputs = resolve(columns, market)
    lowest = np.where(inputs.years > 0.0, inputs.vol + vols.min(), 0.0)
    columns.refuse(lowest < -1e-12, "would have a negative volatility", "take smaller falls of volatility", lowest)
    rates = exchange_rates(columns, market)
    weight = columns.weight if rates is None else columns.weight * rates
    profit = np.zeros((len(ties), len(later_days), len(spots), len(vols)))
    named = np.zeros(len(options.scenarios))
    for rows in columns.groups.values():
        lot, now, held = columns.take(rows), inputs.take(rows), weight[rows]
        start = (figures(lot, now, ("price",), model)[0]["price"], held)
        for number, day in enumerate(later_days):
            aged = later(now, lot, market, float(day))
            for place, tie in enumerate(ties):
                moves = _spread(spots, float(tie), ratios)[:, lot.underlying]
                profit[place, number] += surface_of_profit(lot, aged, (moves, vols), start, model)
        for number, scenario in enumerate(options.scenarios):
            aged = later(now, lot, market, scenario.days)
            move = _spread(np.array([scenario.spot_move]), scenario.correlation, ratios)[0, lot.underlying]
            named[number] += _profit(lot, aged.moved(move, scenario.vol_moves(aged.vol)), start, model)
    currency = columns.held_currencies[0] if rates is None else market.currency
    return BookStress(driver, ties, later_days, spots, vols, profit, options.scenarios, named, currency)


@dataclass(frozen=True)
class StressOptions:
    """What is less often said of a book's stress.

    Parameters
    ----------
    driver : str, optional
        Underlying that moves by the cell; the first of the book unless said.
    volatilities : mapping of str to float, optional
        Of how far underlyings move, annual; the market's numbers unless said.
    scenarios : tuple of BookScenario
        Named ones beside the grid; your own among them.
    model : Model or str
        Prices European options.
    """

    driver: str | None = None
    volatilities: Mapping[str, float] | None = None
    scenarios: tuple[BookScenario, ...] = NAMED_SCENARIOS
    model: Model | str = LOGNORMAL


def _axes(spot_moves: Any, vol_moves: Any, days: Any, correlations: Any) -> Sequence[FloatArray]:
    given = {"spot_moves": spot_moves, "vol_moves": vol_moves, "days": days, "correlations": correlations}
    found = [axis_of(name, values) for name, values in given.items()]
    spots, _, later_days, ties = found
    if (spots <= -1.0).any():
        raise InputError(f"spot_moves must be above -1 (-100 %), not {spots.min():g}; -0.1 is 10 % down")
    if (later_days < 0.0).any():
        raise InputError(f"days must not be negative, not {later_days.min():g}")
    if (np.abs(ties) > 1.0).any():
        raise InputError(f"correlations must be from -1 to 1, not {ties[np.argmax(np.abs(ties))]:g}")
    return found


def _driver(given: str | None, names: tuple[str, ...]) -> str:
    if given is None:
        return names[0]
    if given not in names:
        raise InputError(
            f"the driver {given!r} is no underlying of the book{did_you_mean(given, names) or ';'} it has "
            f"{', '.join(names)}"
        )
    return given


def _ratios(given: Mapping[str, float] | None, market: MarketState, who: tuple[str, tuple[str, ...]]) -> FloatArray:
    """Return volatility over the driver's of each underlying, NaN for the driver, which moves by the cell itself."""
    driver, names = who
    if len(names) == 1:
        return np.array([np.nan])
    vols = [_volatility(given, market, name) for name in names]
    ratios = np.array(vols) / vols[names.index(driver)]
    ratios[names.index(driver)] = np.nan
    return ratios


def _volatility(given: Mapping[str, float] | None, market: MarketState, name: str) -> float:
    found = market.underlying(name).vol if given is None or name not in given else given[name]
    if not isinstance(found, int | float | np.number) or not 0.0 < float(found) < np.inf:
        raise InputError(
            f"how far {name!r} moves beside the others needs its volatility as a number above 0, not {found!r}; give "
            f"StressOptions(volatilities={{{name!r}: 0.2}})"
        )
    return float(found)


def _spread(spots: FloatArray, correlation: float, ratios: FloatArray) -> FloatArray:
    """Return the relative move of every underlying, (n_spot, n_underlyings)."""
    betas = np.where(np.isnan(ratios), 1.0, correlation * ratios)
    return np.asarray(np.expm1(np.log1p(spots)[:, None] * betas))


def _profit(lot: Columns, then: Inputs, start: tuple[FloatArray, FloatArray], model: Model) -> float:
    """Return the profit of positions of one type from their price before, times what is held."""
    price_before, held = start
    return float(((figures(lot, then, ("price",), model)[0]["price"] - price_before) * held).sum())
