"""What holders of spot are paid or pay over a step beside price changes: dividends and the fee for borrowing."""

from __future__ import annotations

import numpy as np

from hedgerow._types import FloatArray, IntArray
from hedgerow.costs.account_rates import AccountRates
from hedgerow.engine.history.replay_paths import ReplayPaths
from hedgerow.engine.loop.book_pricing import BookMarket, paid_dividends
from hedgerow.errors import InputError


class SpotFlows:
    """Flows on one contract of spot over each step; positive to who is long, the reverse to who is short.

    ``dividends`` = S expm1(q dt), with discrete ones on their ex-dates; ``borrow`` = S (expm1((q + b) dt) - expm1(q
    dt)): whoever is long lends the underlying out, whoever is short pays for it. On a future the yield stands under
    ``future_carry``: the rate on its full price, which is not paid and so comes back.

    Parameters
    ----------
    market : BookMarket
    short_fee : ndarray, shape (n_steps,)
        Further fee on what is sold short, as a share of its value, in the line ``borrow``.
    """

    def __init__(self, market: BookMarket, short_fee: FloatArray) -> None:
        schedule, paths = market.schedule, market.paths
        rows = np.flatnonzero(schedule.columns.is_type("spot"))
        self.places: IntArray = schedule.places[rows]
        self._code = market.code[rows]
        self._multiplier = schedule.columns.multiplier[rows]
        self._spots = paths.spots
        steps = schedule.grid.steps
        self._rates = {name: np.zeros((len(steps), len(rows))) for name in ("dividends", "borrow", "future_carry")}
        self._amounts = np.zeros((len(steps), len(rows)))
        for place, code in enumerate(self._code):
            name = paths.underlyings[code]
            known = paths.start.underlying(name)
            yields = self._yield(paths, name, int(code))
            label = "future_carry" if isinstance(paths, ReplayPaths) and name in paths.futures else "dividends"
            self._rates[label][:, place] = np.expm1(yields * steps)
            self._rates["borrow"][:, place] = np.expm1((yields + known.borrow) * steps) - np.expm1(yields * steps)
            self._amounts[:, place] = _by_step(market, name)
        self._short_fee = short_fee
        further = {"dividends": self._amounts, "borrow": short_fee if len(rows) else np.zeros(0)}
        none = np.zeros(0)
        self.labels = tuple(name for name, rate in self._rates.items() if rate.any() or further.get(name, none).any())

    @staticmethod
    def _yield(paths: object, name: str, code: int) -> FloatArray:
        """Return the yield paid over each step, (n_steps,) or one number."""
        if isinstance(paths, ReplayPaths) and paths.yields is not None:
            return paths.yields[:-1, code] if name in paths.pays_yield else np.zeros(1)
        return np.asarray(paths.start.underlying(name).dividend_yield)  # type: ignore[attr-defined]

    def over(self, step: int, held: FloatArray) -> dict[str, FloatArray]:
        """Return money by label over step ``step`` for contracts held through it (n_paths, n_places); (n_paths,)."""
        units = held[:, self.places] * self._multiplier
        spot = self._spots[:, step, self._code]
        found = {name: (units * spot * self._rates[name][step]).sum(axis=1) for name in self.labels}
        if "dividends" in found:
            found["dividends"] += (units * self._amounts[step]).sum(axis=1)
        if "borrow" in found:
            found["borrow"] -= (np.maximum(-units, 0.0) * np.abs(spot)).sum(axis=1) * self._short_fee[step]
        return found


def _by_step(market: BookMarket, name: str) -> FloatArray:
    """Return the discrete dividends per unit that leave the price within each step, (n_steps,)."""
    grid = market.schedule.grid
    paid = np.zeros(grid.n_steps)
    for moment, amount in paid_dividends(market.paths, name):
        step = int(np.searchsorted(grid.times.to_numpy(), moment.to_datetime64(), side="left")) - 1
        if 0 <= step < grid.n_steps:
            paid[step] += amount
    return paid


def cash_rates(market: BookMarket, account: AccountRates) -> FloatArray:
    """Return the rate on cash over each step, (n_steps,): a given one, else the market's.

    Raises
    ------
    InputError
        Where underlyings are discounted at different rates and none is given.
    """
    schedule, paths = market.schedule, market.paths
    if account.rate is not None:
        return np.full(schedule.grid.n_steps, account.rate)
    if paths.rates is not None:
        return np.asarray(paths.rates[:-1])
    rates = sorted({paths.start.underlying(name).rate for name in schedule.names})
    if len(rates) > 1:
        raise InputError(
            f"the underlyings are discounted at {len(rates)} rates ({', '.join(f'{each:g}' for each in rates)}); give "
            "every underlying the same rate, or the rate on cash: account=AccountRates(rate=...) in the "
            "SimulateOptions of a simulation or the BookExecution of a replay"
        )
    return np.full(schedule.grid.n_steps, rates[0])


def years_to_next_expiry(market: BookMarket, underlying: int | None = None) -> FloatArray:
    """Return the years from each decision to the next expiry among the live positions, (n_steps,); 0 for none.

    Those of one underlying by its code, or of all.
    """
    schedule = market.schedule
    rows = np.arange(schedule.n_positions)
    own = rows if underlying is None else rows[schedule.columns.underlying[rows] == underlying]
    times = np.arange(schedule.grid.n_steps)[:, None]
    expires = ~np.isnat(schedule.columns.expiry[own])
    live = (times >= schedule.stands_from[own]) & (times < schedule.ends[own]) & expires
    years = np.where(live, market.years[:-1, own], np.inf).min(axis=1, initial=np.inf)
    return np.where(np.isfinite(years), years, 0.0)
