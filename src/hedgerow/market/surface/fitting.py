"""From the quotes of one date to a surface: clean, find the forwards, take volatilities, fit, and check.

>>> import numpy as np, pandas as pd
>>> from hedgerow.market.surface import OptionChain, fit_chain
>>> from hedgerow.pricing import black_scholes
>>> strikes = np.repeat(np.arange(80.0, 125.0, 5.0), 2)
>>> kinds = np.array(["call", "put"] * 9)
>>> vols = 0.2 - 0.1 * np.log(strikes / 100.0)
>>> mid = black_scholes.price(kinds, 100.0, strikes, 0.5, vols)
>>> quotes = pd.DataFrame({"date": "2011-01-03 16:00", "expiry": "2011-07-05 04:00", "strike": strikes, "kind": kinds,
...                        "bid": mid - 0.02, "ask": mid + 0.02})
>>> fitted = fit_chain(OptionChain.from_frame(quotes, style="european", spot=100.0))
>>> bool(abs(fitted.surface.volatility(100.0, 0.5) - 0.2) < 5e-4), fitted.arbitrage.free
(True, True)
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
import pandas as pd

from hedgerow.errors import DataError, InputError
from hedgerow.market.surface.arbitrage import ArbitrageReport, check_surface
from hedgerow.market.surface.chain import OptionChain
from hedgerow.market.surface.cleaning import CleanedChain, CleaningOptions, clean
from hedgerow.market.surface.parity import Discount, ParityForwards, ParityOptions, parity_forwards
from hedgerow.market.surface.smile_quotes import smile_quotes
from hedgerow.market.surface.smiles import SVISmile
from hedgerow.market.surface.surface_svi import fit_surface
from hedgerow.market.surface.svi_fit import REACH, SliceFit, fit_slices
from hedgerow.market.surface.volatility_surface import VolatilitySurface


@dataclass(frozen=True)
class FitOptions:
    """How a chain becomes a surface.

    Attributes
    ----------
    model : {"svi", "ssvi"}
        A slice per expiry, none crossing the one before; or surface SVI, with three numbers for all expiries.
    cleaning : CleaningOptions
        Which quotes leave.
    parity : ParityOptions
        How forwards are found.
    reach : float
        Standard deviations from the forward beyond which quotes are not fitted.
    calendar : bool
        Whether SVI slices must not cross the one before. Where spreads are a tick wide (single shares) this costs fit;
        without it each slice stands alone, and the check tells where they cross.
    """

    model: Literal["svi", "ssvi"] = "svi"
    cleaning: CleaningOptions = field(default_factory=CleaningOptions)
    parity: ParityOptions = field(default_factory=ParityOptions)
    reach: float = REACH
    calendar: bool = True

    def __post_init__(self) -> None:
        """Refuse what has no meaning."""
        if self.model not in ("svi", "ssvi"):
            raise InputError(f"surface model must be 'svi' or 'ssvi', not {self.model!r}")
        if not self.reach > 0.0:
            raise InputError(f"reach must be above 0 standard deviations, got {self.reach!r}")


@dataclass(frozen=True)
class FittedSurface:
    """A surface with everything it was made from.

    Attributes
    ----------
    surface : VolatilitySurface
        Volatility, forwards and discount factors.
    slices : dict of Timestamp to SliceFit
        Parameters and misses of each expiry.
    cleaned : CleanedChain
        Quotes kept and dropped.
    forwards : DataFrame
        expiry, forward, discount and what parity says of them.
    quotes : DataFrame
        Volatilities that were offered to the fit.
    arbitrage : ArbitrageReport
        The check of the surface.
    parity : ParityForwards, optional
        Residuals by strike; None where forwards were given.
    """

    surface: VolatilitySurface
    slices: dict[pd.Timestamp, SliceFit]
    cleaned: CleanedChain = field(repr=False)
    forwards: pd.DataFrame = field(repr=False)
    quotes: pd.DataFrame = field(repr=False)
    arbitrage: ArbitrageReport = field(repr=False)
    parity: ParityForwards | None = field(default=None, repr=False)

    @property
    def errors(self) -> pd.DataFrame:
        """Fit error per expiry: quotes, beyond, mean_miss (half-spreads), inside (share), rms_error (volatility)."""
        names = ("quotes", "beyond", "mean_miss", "inside", "rms_error")
        rows = [
            {"expiry": expiry, "years": years, **{name: getattr(fit, name) for name in names}}
            for (expiry, fit), years in zip(self.slices.items(), self.surface.years, strict=True)
        ]
        return pd.DataFrame(rows)


def fit_chain(
    chain: OptionChain,
    options: FitOptions = FitOptions(),
    *,
    discount: Discount = None,
    forwards: pd.DataFrame | None = None,
) -> FittedSurface:
    """Return the surface of one date's European chain.

    Parameters
    ----------
    chain : OptionChain
        Quotes of one date as they come; the style must be European where forwards are to be found by parity.
    options : FitOptions
        Model, cleaning, parity and reach.
    discount : float, mapping or callable, optional
        A continuously compounded rate, discount factors by expiry, or years -> discount factor, for parity.
    forwards : DataFrame, optional
        ``expiry``, ``forward``, ``discount``, where they are known; needed for a chain of volatilities.

    Returns
    -------
    FittedSurface
        The surface, and the quotes, forwards, slices and check that belong to it.

    Raises
    ------
    InputError
        For American chains, and chains of several dates.
    DataError
        Where nothing can be fitted.
    """
    first = clean(chain, options.cleaning)
    if not len(first.chain):
        lost = ", ".join(f"{reason} {count}" for reason, count in first.counts.items() if count)
        raise DataError(f"no quote of the chain is left to fit: {lost or 'it has none'}; look at the source or --at")
    parity = None
    if forwards is None:
        parity = parity_forwards(first.chain, discount, options.parity)
        forwards = parity.table
    cleaned = clean(chain, options.cleaning, forwards) if chain.has_prices else first
    quotes = smile_quotes(cleaned.chain, forwards)
    slices = _fits(quotes, options)
    known = quotes.groupby("expiry")[["years", "forward", "discount"]].first().loc[list(slices)]
    years, forward, factor = (known[name].to_numpy(dtype=np.float64) for name in ("years", "forward", "discount"))
    smiles = tuple(SVISmile(fit.parameters) for fit in slices.values())
    surface = VolatilitySurface(_spot(cleaned.chain, forwards), years, forward, factor, smiles, tuple(slices))
    return FittedSurface(surface, slices, cleaned, forwards, quotes, check_surface(surface), parity)


def _fits(quotes: pd.DataFrame, options: FitOptions) -> dict[pd.Timestamp, SliceFit]:
    if options.model == "ssvi":
        return fit_surface(quotes, reach=options.reach).slices
    return fit_slices(quotes, calendar=options.calendar, reach=options.reach)


def _spot(chain: OptionChain, forwards: pd.DataFrame) -> float:
    """Return the spot, or the nearest forward where the chain has none."""
    return chain.spot or float(forwards["forward"].iloc[0])


def fit_error(surface: VolatilitySurface, quotes: pd.DataFrame) -> pd.DataFrame:
    """Return how any surface meets quotes, per expiry: quotes, mean_miss in half-spreads, inside, rms_error.

    Parameters
    ----------
    surface : VolatilitySurface
        Fitted to these quotes or to others (yesterday's, say, or moved).
    quotes : DataFrame
        Rows of :func:`smile_quotes`; rows without a mid volatility are skipped.
    """
    known = quotes[quotes["mid_vol"].notna()]
    if known.empty:
        raise DataError("no quote has a volatility: there is nothing to hold the surface against")
    fitted = np.asarray(surface.volatility(known["strike"].to_numpy(), known["years"].to_numpy()))
    miss = (fitted - known["mid_vol"]).abs()
    detail = known[["expiry"]].assign(
        quotes=1, mean_miss=miss / known["half_width"], inside=(miss <= known["half_width"]) * 1.0, rms_error=miss**2
    )
    rules: dict[str, Any] = {"quotes": "sum", "mean_miss": "mean", "inside": "mean", "rms_error": "mean"}
    table = detail.groupby("expiry").agg(rules).reset_index()
    return table.assign(rms_error=np.sqrt(table["rms_error"]))
