"""What is known and when: prices, their changes, and the files they are read from."""

from __future__ import annotations

from hedgerow.market.calendars import missing_sessions, trading_days
from hedgerow.market.changes import CHANGE_KINDS, Changes, require_moving
from hedgerow.market.continuous import ContinuousFutures, continuous_from_contracts, continuous_from_positions
from hedgerow.market.currency import convert, currency_of, require_one_currency
from hedgerow.market.events import Event, EventCalendar
from hedgerow.market.history import History, Joint
from hedgerow.market.hygiene import Finding, HygieneOptions, HygieneReport, check_history, check_prices
from hedgerow.market.listings import read_listing
from hedgerow.market.reading import Reading, ReadingOptions, read_prices, read_table
from hedgerow.market.rolls import RollByDate, RollByOpenInterest, RollByVolume, contracts_from_positions
from hedgerow.market.samples import SAMPLES, load_sample
from hedgerow.market.synchronicity import lead_lag_correlations, scholes_williams_ratio
from hedgerow.market.yield_curve import YieldCurve

__all__ = [
    "YieldCurve",
    "CHANGE_KINDS",
    "Changes",
    "ContinuousFutures",
    "Event",
    "EventCalendar",
    "Finding",
    "History",
    "HygieneOptions",
    "HygieneReport",
    "Joint",
    "Reading",
    "ReadingOptions",
    "RollByDate",
    "RollByOpenInterest",
    "RollByVolume",
    "SAMPLES",
    "check_history",
    "check_prices",
    "continuous_from_contracts",
    "continuous_from_positions",
    "contracts_from_positions",
    "convert",
    "currency_of",
    "lead_lag_correlations",
    "load_sample",
    "missing_sessions",
    "read_listing",
    "read_prices",
    "read_table",
    "require_moving",
    "require_one_currency",
    "scholes_williams_ratio",
    "trading_days",
]
