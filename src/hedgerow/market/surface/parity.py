"""Forward and discount factor of each expiry from put-call parity, C - P = D (F - K).

>>> import numpy as np, pandas as pd
>>> from hedgerow.market.surface import OptionChain, parity_forwards
>>> strikes = np.repeat([96.0, 98.0, 100.0, 102.0, 104.0], 2)
>>> synthetic = 0.99 * (101.0 - strikes)
>>> mid = np.where(np.arange(10) % 2 == 0, 5.0 + synthetic, 5.0)
>>> quotes = pd.DataFrame({"date": "2011-01-03", "expiry": "2011-07-04", "strike": strikes, "kind": ["call", "put"] * 5,
...                        "bid": mid - 0.1, "ask": mid + 0.1})
>>> found = parity_forwards(OptionChain.from_frame(quotes, style="european", spot=100.0))
>>> found.table[["forward", "discount"]].round(9).values.tolist()
[[101.0, 0.99]]
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
import pandas as pd

from hedgerow._types import FloatArray
from hedgerow.errors import DataError, InputError
from hedgerow.market.surface.chain import OptionChain
from hedgerow.market.surface.robust_line import Line, least_squares_line, robust_line

Discount = float | Mapping[Any, float] | Callable[[float], float] | None
"""A continuously compounded rate, discount factors by expiry, or a function of years to a discount factor."""

METHODS = ("median", "least_squares", "robust")


@dataclass(frozen=True)
class ParityOptions:
    """How parity is fitted.

    Attributes
    ----------
    method : {"median", "least_squares", "robust"}, optional
        ``median``: forward = median over strikes of K + (C - P)/D, with the discount factor given. ``least_squares``
        and ``robust`` find both (or the forward alone where a discount factor is given). None: ``median`` where a
        discount factor is given and ``robust`` where not.
    strike_window : float
        Strikes farther than this share from the spot are not used.
    discount_window : float, optional
        Where the discount factor is fitted: the window of strikes it is fitted on. The slope of C - P needs a long
        lever, so that 0.3 serves it better than the narrow window serves the forward; None takes ``strike_window``.
    listed_width : float
        A strike is listed as off when its residual exceeds this many half-spreads of C - P.
    fewest_pairs : int
        An expiry with fewer strikes quoted on both sides is refused.
    """

    method: Literal["median", "least_squares", "robust"] | None = None
    strike_window: float = 0.05
    discount_window: float | None = None
    listed_width: float = 1.0
    fewest_pairs: int = 3

    def __post_init__(self) -> None:
        """Refuse what has no meaning."""
        if self.method is not None and self.method not in METHODS:
            raise InputError(f"parity method must be one of {', '.join(METHODS)}, not {self.method!r}")
        for name in ("strike_window", "listed_width", "fewest_pairs"):
            if not getattr(self, name) > 0:
                raise InputError(f"parity option {name} must be above 0, got {getattr(self, name)!r}")


@dataclass(frozen=True)
class ParityForwards:
    """Forwards and discount factors of one date.

    Attributes
    ----------
    table : DataFrame
        One row per expiry: expiry, years, forward, discount, rate (-ln D / years), forward_error and discount_error
        (standard errors; of the median, 1.25 times that of the mean), half_spread (median over strikes, of C - P over
        D: what one strike pins the forward to), pairs, used, off, method.
    residuals : DataFrame
        One row per strike: expiry, strike, synthetic (C - P at mids), residual = C - P - D (F - K), half_spread (half
        of both spreads), used, off.
    refused : tuple of str
        One sentence per expiry without a forward.
    """

    table: pd.DataFrame = field(repr=False)
    residuals: pd.DataFrame = field(repr=False)
    refused: tuple[str, ...] = ()

    @property
    def off(self) -> pd.DataFrame:
        """Strikes whose residual exceeds the stated width."""
        return self.residuals[self.residuals["off"]]

    def of(self, expiry: Any) -> tuple[float, float]:
        """Return forward and discount factor of an expiry.

        Raises
        ------
        InputError
            Where parity gave none.
        """
        rows = self.table[self.table["expiry"] == pd.Timestamp(expiry)]
        if rows.empty:
            raise InputError(f"parity gave no forward for expiry {pd.Timestamp(expiry):%Y-%m-%d}")
        return float(rows["forward"].iloc[0]), float(rows["discount"].iloc[0])


def parity_forwards(
    chain: OptionChain,
    discount: Discount = None,
    options: ParityOptions = ParityOptions(),
) -> ParityForwards:
    """Return forward and discount factor per expiry from European options quoted on both sides.

    Parameters
    ----------
    chain : OptionChain
        Cleaned quotes of one date; the spot centres the window of strikes (the strike at which call and put cost the
        same stands in where there is none).
    discount : float, mapping or callable, optional
        A continuously compounded rate, discount factors by expiry, or years -> discount factor.
    options : ParityOptions
        Method and widths.

    Returns
    -------
    ParityForwards
        Forward and discount factor per expiry, the residual of each strike, and the expiries without a forward.

    Raises
    ------
    InputError
        For American options, or where the style is not stated.
    DataError
        Where no expiry has enough strikes quoted on both sides.
    """
    _require_european(chain)
    method = options.method or ("robust" if discount is None else "median")
    if method == "median" and discount is None:
        raise InputError("the median forward needs discount factors; give a rate or a curve, or method='robust'")
    rows, residuals, refused = [], [], []
    pairs = strike_pairs(chain, options.strike_window)
    lever = strike_pairs(chain, options.discount_window) if options.discount_window else pairs
    for expiry in chain.expiries:
        here = pairs[pairs["expiry"] == expiry]
        if len(here) < options.fewest_pairs:
            refused.append(
                f"expiry {expiry:%Y-%m-%d} has {len(here)} strikes quoted on both sides within "
                f"{100 * options.strike_window:g} % of spot, fewer than {options.fewest_pairs}: no forward"
            )
            continue
        factor = _factor(discount, expiry, here["years"].iloc[0])
        row, detail = _fit(here, lever[lever["expiry"] == expiry], factor, method, options)
        rows.append(row)
        residuals.append(detail)
    if not rows:
        raise DataError("parity gives no forward: " + "; ".join(refused))
    return ParityForwards(pd.DataFrame(rows), pd.concat(residuals, ignore_index=True), tuple(refused))


def strike_pairs(chain: OptionChain, window: float) -> pd.DataFrame:
    """Return strikes with both call and put quoted, near the spot: expiry, years, strike, synthetic, half_spread.

    Also the four prices: call_bid, call_ask, put_bid, put_ask.
    """
    at = chain.at
    if not chain.has_prices:
        raise InputError("parity needs bid and ask; this chain holds volatilities")
    quotes = chain.to_frame()
    quotes = quotes[(quotes["bid"] > 0.0) & (quotes["ask"] >= quotes["bid"]) & (quotes["years"] > 0.0)]
    sides = [quotes[quotes["kind"] == kind][["expiry", "years", "strike", "bid", "ask"]] for kind in ("call", "put")]
    calls, puts = (side.drop_duplicates(["expiry", "strike"]) for side in sides)
    pairs = calls.merge(puts.drop(columns="years"), on=["expiry", "strike"], suffixes=("_call", "_put"))
    names = {"bid_call": "call_bid", "ask_call": "call_ask", "bid_put": "put_bid", "ask_put": "put_ask"}
    pairs = pairs.rename(columns=names)
    pairs["synthetic"] = 0.5 * (pairs["call_bid"] + pairs["call_ask"] - pairs["put_bid"] - pairs["put_ask"])
    spreads = pairs["call_ask"] - pairs["call_bid"] + pairs["put_ask"] - pairs["put_bid"]
    # Where bid equals ask a width of nothing would weigh without limit.
    pairs["half_spread"] = np.maximum(0.5 * spreads, 1e-6 * pairs["strike"])
    centre = chain.spot or _even_strike(pairs, at)
    near = np.abs(pairs["strike"].to_numpy() / centre - 1.0) <= window * (1.0 + 1e-9)
    return pairs[near].reset_index(drop=True)


def _even_strike(pairs: pd.DataFrame, at: pd.Timestamp) -> float:
    if pairs.empty:
        raise DataError(f"no strike has both call and put quoted on {at:%Y-%m-%d}: parity gives no forward")
    first = pairs[pairs["expiry"] == pairs["expiry"].min()]
    return float(first["strike"].iloc[int(np.argmin(np.abs(first["synthetic"].to_numpy())))])


def _require_european(chain: OptionChain) -> None:
    if chain.style == "european":
        return
    if chain.style is None:
        raise InputError(
            "parity holds for European options only and the chain does not say its style; give style='european', or "
            "take forward_bounds for American ones"
        )
    count = int((chain.quotes["style"] == "american").sum())
    raise InputError(
        f"put-call parity holds for European options only: {count} of {len(chain)} quotes are American; de-Americanise "
        "the chain first, or take forward_bounds"
    )


def _factor(discount: Discount, expiry: pd.Timestamp, years: float) -> float | None:
    if discount is None:
        return None
    if callable(discount):
        factor = float(discount(years))
    elif isinstance(discount, Mapping | pd.Series):
        known = {pd.Timestamp(key): float(value) for key, value in dict(discount).items()}
        if expiry not in known:
            raise InputError(f"discount has no factor for expiry {expiry:%Y-%m-%d}; give one for each expiry")
        factor = known[expiry]
    else:
        factor = float(np.exp(-float(discount) * years))
    if not (np.isfinite(factor) and factor > 0.0):
        raise InputError(f"discount factor must be above 0: {factor!r} for expiry {expiry:%Y-%m-%d}")
    return factor


def discount_factors(discount: Discount, expiries: pd.DatetimeIndex, years: FloatArray) -> FloatArray:
    """Return discount factors of expiries from a rate, a mapping or a curve.

    Raises
    ------
    InputError
        Where none is given, or one is missing or not above zero.
    """
    found = [_factor(discount, expiry, float(time)) for expiry, time in zip(expiries, years, strict=True)]
    if discount is None:
        raise InputError("discount factors are needed; give a rate, factors by expiry or a function of years")
    return np.array(found, dtype=np.float64)


def _fit(
    pairs: pd.DataFrame, lever: pd.DataFrame, factor: float | None, method: str, options: ParityOptions
) -> tuple[dict[str, Any], pd.DataFrame]:
    strike, synthetic = pairs["strike"].to_numpy(), pairs["synthetic"].to_numpy()
    widths, discount_error = pairs["half_spread"].to_numpy(), 0.0
    used = np.ones(len(pairs), dtype=bool)
    forward = error = np.nan
    if factor is None:
        line = _line(lever, method)
        factor, discount_error = -line.slope, float(np.sqrt(line.covariance[1, 1]))
        if options.discount_window is None:
            forward, error, used = -line.intercept / line.slope, _forward_error(line), line.used
    if np.isnan(forward):
        forward, error, used = _forward_alone(strike + synthetic / factor, widths / factor, method)
    residual = synthetic - factor * (forward - strike)
    off = np.abs(residual) > options.listed_width * widths
    years = float(pairs["years"].iloc[0])
    row = {
        "expiry": pairs["expiry"].iloc[0],
        "years": years,
        "forward": forward,
        "discount": factor,
        "rate": -float(np.log(factor)) / years,
        "forward_error": error,
        "discount_error": discount_error,
        "half_spread": float(np.median(widths)) / factor,
        "pairs": len(pairs),
        "used": int(used.sum()),
        "off": int(off.sum()),
        "method": method,
    }
    detail = pairs[["expiry", "strike", "synthetic", "half_spread"]].assign(residual=residual, used=used, off=off)
    return row, detail


def _line(pairs: pd.DataFrame, method: str) -> Line:
    fit = robust_line if method == "robust" else least_squares_line
    line = fit(*(pairs[name].to_numpy() for name in ("strike", "synthetic", "half_spread")))
    if not line.slope < 0.0:
        raise DataError(
            f"call minus put does not fall with the strike for expiry {pairs['expiry'].iloc[0]:%Y-%m-%d} (slope "
            f"{line.slope:g}): parity gives no discount factor; clean the quotes or give a discount curve"
        )
    return line


def _forward_error(line: Line) -> float:
    gradient = np.array([-1.0 / line.slope, line.intercept / line.slope**2])
    return float(np.sqrt(gradient @ line.covariance @ gradient))


def _forward_alone(forwards: FloatArray, widths: FloatArray, method: str) -> tuple[float, float, Any]:
    """Return the forward, its standard error and the strikes used, from one forward per strike."""
    count, everything = len(forwards), np.ones(len(forwards), dtype=bool)
    middle = float(np.median(forwards))
    scale = 1.4826 * float(np.median(np.abs(forwards - middle)))
    if method == "median":
        return middle, 1.2533 * scale / np.sqrt(count), everything
    used = everything
    if method == "robust":
        used = np.abs(forwards - middle) <= np.maximum(np.minimum(widths, 3.0 * np.median(widths)), 3.0 * scale)
    weights = used / widths**2
    mean = float(weights @ forwards / weights.sum())
    variance = float(weights @ (forwards - mean) ** 2 / weights.sum()) / max(int(used.sum()) - 1, 1)
    return mean, float(np.sqrt(variance)), used
