"""What American quotes say about the forward: bounds, since parity is an inequality for them.

With C, P American and discount factor D, whatever the dividends::

    K - P/D <= F <= K + C/D                             an American option is worth its European twin or more
    F <= K + (C - P + K (1 - D)) / D                    rates >= 0: the put's early exercise is worth K (1 - D) at most
    F >= K + (C - P - V) / D                            the call's is worth V at most, the value of all dividends

>>> import pandas as pd
>>> from hedgerow.market.surface import OptionChain, forward_bounds
>>> quotes = pd.DataFrame({"date": "2011-01-03", "expiry": "2011-07-04", "strike": [95.0, 95.0, 105.0, 105.0],
...                        "kind": ["call", "put"] * 2, "bid": [8.1, 3.0, 3.2, 8.0], "ask": [8.3, 3.1, 3.3, 8.2]})
>>> bounds = forward_bounds(OptionChain.from_frame(quotes, style="american"), 0.01, dividends=0.0)
>>> bounds[["lower", "upper"]].round(3).values.tolist()
[[100.025, 100.801]]
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from hedgerow.errors import InputError
from hedgerow.market.surface.chain import OptionChain
from hedgerow.market.surface.parity import Discount, discount_factors, strike_pairs


def forward_bounds(chain: OptionChain, discount: Discount, *, dividends: float | None = None) -> pd.DataFrame:
    """Return the tightest bounds on each expiry's forward that American quotes allow, buying at ask and selling at bid.

    Parameters
    ----------
    chain : OptionChain
        Cleaned American quotes of one date (European ones satisfy the same bounds).
    discount : float, mapping or callable
        A continuously compounded rate, discount factors by expiry, or years -> discount factor. The second bound is
        used where the factor is at most 1.
    dividends : float, optional
        An upper limit of today's value of the dividends until expiry, per unit; None leaves the third bound out.

    Returns
    -------
    DataFrame
        expiry, years, discount, lower, upper, crossed: True where the quotes contradict the premises.

    Raises
    ------
    InputError
        Where dividends are negative, or no discount is given.
    """
    if dividends is not None and not dividends >= 0.0:
        raise InputError(f"dividends must not be negative: {dividends!r}; give the value of those until expiry")
    quotes = strike_pairs(chain, window=np.inf)
    ends = quotes.groupby("expiry")["years"].first()
    factors = discount_factors(discount, pd.DatetimeIndex(ends.index), ends.to_numpy())
    factor = quotes["expiry"].map(dict(zip(ends.index, factors, strict=True))).to_numpy()
    strike = quotes["strike"].to_numpy()
    call_bid, call_ask, put_bid, put_ask = (quotes[f"{kind}_{side}"].to_numpy() for kind, side in _SIDES)
    interest = np.where(factor <= 1.0, strike * (1.0 - factor), np.inf)
    upper = strike + np.minimum(call_ask, call_ask - put_bid + interest) / factor
    lower = strike - put_ask / factor
    if dividends is not None:
        lower = np.maximum(lower, strike + (call_bid - put_ask - dividends) / factor)
    table = quotes[["expiry"]].assign(lower=lower, upper=upper).groupby("expiry").agg({"lower": "max", "upper": "min"})
    table.insert(0, "years", ends)
    table.insert(1, "discount", factors)
    return table.assign(crossed=table["lower"] > table["upper"]).reset_index()


_SIDES = (("call", "bid"), ("call", "ask"), ("put", "bid"), ("put", "ask"))
