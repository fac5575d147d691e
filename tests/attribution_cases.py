"""Books of one option and its underlying on paths, with marks and a ledger, for tests of attribution."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from hedgerow.attribution import Marks
from hedgerow.attribution.marks import GREEKS
from hedgerow.ledger import Carry, Ledger, Terms, record
from hedgerow.pricing import black_scholes


@dataclass(frozen=True)
class Case:
    """One option of 100 strike on paths; ``quantity`` of them, hedged by its delta unless said otherwise."""

    spots: np.ndarray
    vols: np.ndarray
    years: np.ndarray
    expiry: float
    quantity: float = -1.0
    rate: float = 0.0

    @property
    def figures(self) -> dict[str, np.ndarray]:
        """Price and Greeks by path and time."""
        left = np.maximum(self.expiry - self.years, 0.0)
        record = black_scholes.greeks("call", self.spots, 100.0, left, self.vols, self.rate, 0.0)
        price = black_scholes.price("call", self.spots, 100.0, left, self.vols, self.rate, 0.0)
        return {"price": price} | {name: getattr(record, name) for name in GREEKS}

    def marks(self, names: tuple[str, ...] = GREEKS) -> Marks:
        """Return marks of the option and of its hedge, in this order."""
        figures = self.figures
        hedge = {name: np.ones_like(self.spots) * (name == "delta") for name in names}
        return Marks(
            greeks={name: np.stack([figures[name], hedge[name]], axis=-1) for name in names},
            spots=np.stack([self.spots, self.spots], axis=-1),
            vols=np.stack([self.vols, self.vols], axis=-1),
            years=self.years,
            hedges=np.array([False, True]),
            underlyings=("SPX",),
            rates=np.array(self.rate),
        )

    def price_changes(self) -> np.ndarray:
        """Return price changes, (n_paths, n_times, 2)."""
        prices = np.stack([self.figures["price"], self.spots], axis=-1)
        return np.diff(prices, axis=1, prepend=prices[:, :1])

    def holdings(self) -> np.ndarray:
        """Return the option held throughout and minus its delta of the underlying, (n_paths, n_times, 2)."""
        return np.stack([np.full(self.spots.shape, self.quantity), -self.quantity * self.figures["delta"]], axis=-1)


def random_case(seed: int, n_paths: int, n_steps: int, *, realised: float = 0.2, moving_vol: bool = True) -> Case:
    """Return paths of geometric Brownian motion over a quarter, the option expiring in a year."""
    drawn = np.random.default_rng(seed)
    years = np.linspace(0.0, 0.25, n_steps + 1)
    step = 0.25 / n_steps
    normal = drawn.standard_normal((n_paths, n_steps))
    moves = np.cumsum(-0.5 * realised**2 * step + realised * np.sqrt(step) * normal, axis=1)
    spots = 100.0 * np.exp(np.concatenate([np.zeros((n_paths, 1)), moves], axis=1))
    wobble = 0.02 * np.cumsum(drawn.standard_normal(spots.shape), axis=1) / np.sqrt(n_steps)
    vols = np.full(spots.shape, 0.2) + (np.clip(wobble, -0.1, 0.1) if moving_vol else 0.0)
    return Case(spots, vols, years, 1.0)


def one_path_ledger(
    case: Case, *, rate: float = 0.0, cost_rate: float = 0.0, flows: dict[str, np.ndarray] | None = None
) -> Ledger:
    """Return the accounts of the first path of a case, costs in proportion to the underlying traded."""
    prices = np.stack([case.figures["price"], case.spots], axis=-1)[0]
    holdings = case.holdings()[:1]
    traded = np.abs(np.diff(holdings[:, :, 1], axis=1, prepend=0.0))
    times = pd.Timestamp("2026-01-05 16:00") + pd.to_timedelta(case.years * 365, unit="D")
    terms = Terms(
        pd.DatetimeIndex(times),
        ("call", "SPX"),
        ("0",),
        prices,
        np.diff(prices, axis=0, prepend=prices[:1]),
        (Carry.VALUE, Carry.VALUE),
    )
    paid = {"half_spread": cost_rate * traded * prices[:, 1]}
    return record(terms, holdings, np.zeros(2), paid, rate=rate, flows=flows)
