"""What can be held: instruments, named combinations, and books of positions with their values, Greeks and scenarios."""

from __future__ import annotations

from hedgerow.instruments.base import Instrument
from hedgerow.instruments.bond import BondFuture, BondPosition, Deliverable, key_rate_dv01
from hedgerow.instruments.book import Book, Position
from hedgerow.instruments.book_greeks import BookGreeks
from hedgerow.instruments.combinations import (
    ContractTerms,
    butterfly,
    calendar_spread,
    call_spread,
    collar,
    payoff,
    protective_put,
    put_spread,
    straddle,
    strangle,
    vertical,
)
from hedgerow.instruments.future import Forward, Future
from hedgerow.instruments.market_state import MarketState, Underlying
from hedgerow.instruments.model import Model
from hedgerow.instruments.named_stress import NAMED_SCENARIOS, BookScenario
from hedgerow.instruments.option import (
    AmericanOption,
    AsianOption,
    BarrierOption,
    DigitalOption,
    EuropeanOption,
)
from hedgerow.instruments.related_trades import (
    ConvertibleTerms,
    convertible_book,
    dispersion_book,
    implied_correlation,
)
from hedgerow.instruments.scenarios import Cell, ScenarioMatrix
from hedgerow.instruments.spot import Spot
from hedgerow.instruments.stress_grid import BookStress, StressCell, StressOptions, book_stress
from hedgerow.instruments.variance_swap import VarianceSwap
from hedgerow.instruments.vega_buckets import EventVarianceRemoval, remove_event_variance, vega_by_bucket
from hedgerow.instruments.vix import VixFuture, VixOption

__all__ = [
    "NAMED_SCENARIOS",
    "ConvertibleTerms",
    "EventVarianceRemoval",
    "convertible_book",
    "dispersion_book",
    "implied_correlation",
    "vega_by_bucket",
    "remove_event_variance",
    "BondFuture",
    "BondPosition",
    "Deliverable",
    "key_rate_dv01",
    "AmericanOption",
    "AsianOption",
    "BarrierOption",
    "Book",
    "BookGreeks",
    "BookScenario",
    "BookStress",
    "Cell",
    "ContractTerms",
    "DigitalOption",
    "EuropeanOption",
    "Forward",
    "Future",
    "Instrument",
    "MarketState",
    "Model",
    "Position",
    "ScenarioMatrix",
    "Spot",
    "StressCell",
    "StressOptions",
    "Underlying",
    "VarianceSwap",
    "VixFuture",
    "VixOption",
    "book_stress",
    "butterfly",
    "calendar_spread",
    "call_spread",
    "collar",
    "payoff",
    "protective_put",
    "put_spread",
    "straddle",
    "strangle",
    "vertical",
]
