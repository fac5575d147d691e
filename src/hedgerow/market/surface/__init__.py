"""Option chains made into surfaces: cleaning, forwards, smiles without arbitrage, moves, marks, and delta quotes."""

from __future__ import annotations

from hedgerow.market.surface.american_bounds import forward_bounds
from hedgerow.market.surface.arbitrage import ArbitrageReport, check_surface
from hedgerow.market.surface.chain import ChainTimes, OptionChain
from hedgerow.market.surface.cleaning import REASONS, CleanedChain, CleaningOptions, clean
from hedgerow.market.surface.delta_pillars import DeltaPillars, pillar_smile, pillar_strikes
from hedgerow.market.surface.delta_quotes import (
    DeltaConvention,
    FxQuotes,
    FxSmile,
    at_the_money_strike,
    fx_smile,
    strike_of_delta,
)
from hedgerow.market.surface.european_twin import EuropeanTwin, de_americanise
from hedgerow.market.surface.fitting import FitOptions, FittedSurface, fit_chain, fit_error
from hedgerow.market.surface.marking import CODES as MARK_CODES, MarkingOptions, mark
from hedgerow.market.surface.parity import ParityForwards, ParityOptions, parity_forwards
from hedgerow.market.surface.smile_quotes import smile_quotes
from hedgerow.market.surface.smiles import PointSmile, Smile, SVISmile
from hedgerow.market.surface.surface_svi import SurfaceFit, fit_surface
from hedgerow.market.surface.svi_fit import SliceFit, fit_slice, fit_slices
from hedgerow.market.surface.volatility_surface import VolatilitySurface

__all__ = [
    "ArbitrageReport",
    "ChainTimes",
    "CleanedChain",
    "CleaningOptions",
    "DeltaConvention",
    "DeltaPillars",
    "EuropeanTwin",
    "FitOptions",
    "FittedSurface",
    "FxQuotes",
    "FxSmile",
    "MARK_CODES",
    "MarkingOptions",
    "OptionChain",
    "ParityForwards",
    "ParityOptions",
    "PointSmile",
    "REASONS",
    "SVISmile",
    "SliceFit",
    "Smile",
    "SurfaceFit",
    "VolatilitySurface",
    "at_the_money_strike",
    "check_surface",
    "clean",
    "de_americanise",
    "fit_chain",
    "fit_error",
    "fit_slice",
    "fit_slices",
    "fit_surface",
    "forward_bounds",
    "fx_smile",
    "mark",
    "parity_forwards",
    "pillar_smile",
    "pillar_strikes",
    "smile_quotes",
    "strike_of_delta",
]
