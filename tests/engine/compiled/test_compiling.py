"""Common simulations are compiled ahead of use."""

from __future__ import annotations

from hedgerow.costs import us_equity_retail
from hedgerow.engine import simulate
from hedgerow.engine.compiled.compiling import compile_stages
from hedgerow.instruments import Book, EuropeanOption, MarketState, Underlying
from hedgerow.kernels import stage_code
from hedgerow.policies import Band
from hedgerow.scenarios import GBM


def test_common_simulation_finds_all_its_stages_compiled() -> None:
    compile_stages()
    known = set(stage_code._LOADED)
    market = MarketState("2026-11-20", {"ABC": Underlying(50.0, 0.3, rate=0.02)})
    book = Book([(EuropeanOption("ABC", "put", 45.0, "2027-03-19"), -3)])
    result = simulate(
        book, scenario=GBM(market, drift=0.05), policy=Band(0.1), costs=us_equity_retail(), n_paths=2, n_steps=3
    )
    assert result.how in ("compiled", "arrays")
    assert set(stage_code._LOADED) == known
