"""Compile the stages of common simulations ahead of their first use."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any


def compile_stages() -> None:
    """Simulate a few paths of common books, policies, costs and scenarios, which fills Numba's cache.

    Done again it loads what is there. Where no cache can be written it has no lasting effect.
    """
    from hedgerow.costs import us_equity_retail
    from hedgerow.engine.simulate_options import SimulateOptions
    from hedgerow.engine.simulation import simulate
    from hedgerow.scenarios import GBM

    market = _market()
    for book, scenario, policy, lag in _cases(market):
        simulate(
            book, scenario=scenario, policy=policy, costs=us_equity_retail(), n_paths=1, n_steps=2,
            options=SimulateOptions(lag=lag, unwind=lag > 0),
        )  # fmt: skip
    plain = SimulateOptions(attribution=False, drawdown=False, variance=False, control_variate=True)
    for book in _books():
        simulate(book, scenario=GBM(market), n_paths=1, n_steps=2, options=plain)


def _market() -> Any:
    from hedgerow.instruments import MarketState, Underlying

    return MarketState("2026-11-20", {"XYZ": Underlying(100.0, 0.2, rate=0.03, dividend_yield=0.01)})


def _books() -> tuple[Any, ...]:
    """Return one option, and a book of several."""
    from hedgerow.instruments import Book, EuropeanOption

    call, put = (EuropeanOption("XYZ", kind, 100.0, "2027-02-19", multiplier=100.0) for kind in ("call", "put"))
    return Book([(call, -1)]), Book([(call, -1), (put, -1)])


def _cases(market: Any) -> Iterator[tuple[Any, Any, Any, int]]:
    """Yield books with a scenario, a policy and a lag: each policy once, each scenario once, each book."""
    from hedgerow.policies import Band, DaysToExpiry, EveryPeriods, PriceMove, WhalleyWilmott, Zakamouline
    from hedgerow.scenarios import GBM, Heston, Merton

    one, several = _books()
    gbm = GBM(market)
    for policy in (
        EveryPeriods(1),
        EveryPeriods(5),
        Band(0.05),
        WhalleyWilmott(1.0),
        Zakamouline(1.0),
        PriceMove(0.01),
    ):
        yield one, gbm, policy, 0
    yield several, gbm, Band(0.05) | DaysToExpiry(), 1
    yield one, Heston(market, kappa=2.0, theta=0.04, xi=0.5, rho=-0.7, v0=0.04), EveryPeriods(1), 0
    yield one, Merton(market, jump_intensity=0.5, jump_mean=-0.1, jump_vol=0.15), EveryPeriods(1), 0
