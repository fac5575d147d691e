"""Words of small studies of hedged books, for tests."""

from __future__ import annotations

from typing import Any

POSITION = {
    "underlying": "XYZ",
    "type": "european",
    "kind": "call",
    "strike": 100,
    "expiry": "2027-02-19",
    "quantity": -10,
    "multiplier": 100,
}
SIMULATE: dict[str, Any] = {
    "kind": "simulate",
    "market": {"at": "2026-11-20", "underlyings": {"XYZ": {"spot": 100, "vol": 0.2, "rate": 0.03}}},
    "book": [POSITION],
    "scenario": {"gbm": {"volatility": 0.25, "drift": 0.0}},
    "hedger": {"delta": {"volatility": 0.2}},
    "policy": {"any": [{"band": {"width": 0.1}}, "every_day"]},
    "costs": [{"half_spread": {"basis_points": 1}}, {"per_share": {"commission": 0.005, "minimum": 1}}],
    "paths": 200,
    "steps": 13,
    "seed": 1,
}
PRICES = """date,spot,vol
2026-01-05,100,20
2026-01-06,102,21
2026-01-07,99,22
2026-01-08,101,20
2026-01-09,103,19
2026-01-12,98,24
2026-01-13,97,25
2026-01-14,100,22
"""
REPLAY: dict[str, Any] = {
    "kind": "replay",
    "data": {"files": ["prices.csv"]},
    "market": {"underlying": "XYZ", "spot": "spot", "volatility": "vol", "volatility_in": "percent"},
    "book": [{**POSITION, "expiry": "2026-02-20"}],
    "costs": [{"half_spread": 1}],
}
FRONTIER: dict[str, Any] = {
    **{key: value for key, value in SIMULATE.items() if key != "policy"},
    "kind": "frontier",
    "families": {"band": {"width": [0.05, 0.2]}, "every_periods": {"periods": [1, 4]}},
}
