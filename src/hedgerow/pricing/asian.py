"""Asian options: a call or put on the average price, arithmetic or geometric, of fixings or without a break.

The geometric average is lognormal and has a closed form. The arithmetic average has none; fixings are summed by a
backward recursion exact to rounding (:mod:`hedgerow.pricing.asian_recursion`), and the continuous average is the
limit of trapezoidal sums of 8, 16, 32 and 64 steps, whose error falls with even powers of the step: below 1e-12 of
spot up to a volatility of 60 % over a year, 1e-10 at 100 % over two.

>>> from hedgerow.pricing import asian
>>> round(asian.price("call", 2.0, 2.0, 1.0, 0.5, 0.05), 9)
0.24641569
>>> round(asian.price("call", 100.0, 100.0, 1.0, 0.2, 0.05, fixings=12), 6)
6.156041
>>> round(asian.price("call", 100.0, 100.0, 1.0, 0.2, 0.05, fixings=12, average="geometric"), 6)
5.9402

References
----------
A. G. Z. Kemna and A. C. F. Vorst, *A pricing method for options based on average asset values*, Journal of Banking and
Finance 14 (1990) 113-129; V. Linetsky, *Spectral expansions for Asian (average price) options*, Operations Research 52
(2004) 856-867 (values to ten digits).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from hedgerow.errors import InputError, did_you_mean
from hedgerow.pricing import by_jets
from hedgerow.pricing.arguments import broadcast, numbers, refuse_below, refuse_where
from hedgerow.pricing.asian_averages import MODEL
from hedgerow.pricing.record import Greeks

_AVERAGES = ("arithmetic", "geometric")


def price(
    kind: Any,
    spot: Any,
    strike: Any,
    years: Any,
    vol: Any,
    rate: Any = 0.0,
    dividend_yield: Any = 0.0,
    *,
    average: Any = "arithmetic",
    fixings: Any = None,
    first_fixing: Any = None,
    fixings_done: Any = 0,
    years_done: Any = 0.0,
    average_so_far: Any = None,
) -> Any:
    """Return the price of an option on the average, max(sign (average - strike), 0) at the last fixing.

    Parameters
    ----------
    kind : str, int or array
        ``"call"`` or ``"put"``, or +1 and -1.
    spot, strike : scalar or array
        Spot > 0 and strike >= 0, money per unit.
    years, vol : scalar or array
        Years to expiry, the last fixing, and annual lognormal volatility, >= 0.
    rate, dividend_yield : scalar or array
        Continuously compounded decimals.
    average : str or array of str
        ``"arithmetic"`` or ``"geometric"``.
    fixings : int or array of int, optional
        Fixings still to come, equally spaced, the last at expiry; None, or 0 in an array, for an
        average without a break.
    first_fixing : scalar or array, optional
        Years to the first fixing still to come, above 0 and up to ``years``; None for one step, years / fixings. Only
        for fixings. Within an hour of it the third-order Greeks lose digits.
    fixings_done : int or array of int
        Fixings that are known already. Only for fixings.
    years_done : scalar or array
        Years over which the average has run already. Only for an average without a break.
    average_so_far : scalar or array, optional
        Average over what is done, of the kind that is asked for; needed where anything is.

    Returns
    -------
    float or array
        Money per unit of underlying. Each arithmetic option is computed on its own: 0.02 s without a break, 0.1 s on
        252 fixings, and five to ten times that with all Greeks.

    Raises
    ------
    InputError
        For impossible arguments, with field and position.
    """
    contract = by_jets.contract(kind, spot, strike, years, vol, rate, dividend_yield)
    done = (fixings_done, years_done, average_so_far)
    return by_jets.price(MODEL, contract, _parameters(average, fixings, first_fixing, years, done))


def greeks(
    kind: Any,
    spot: Any,
    strike: Any,
    years: Any,
    vol: Any,
    rate: Any = 0.0,
    dividend_yield: Any = 0.0,
    *,
    average: Any = "arithmetic",
    fixings: Any = None,
    first_fixing: Any = None,
    fixings_done: Any = 0,
    years_done: Any = 0.0,
    average_so_far: Any = None,
    names: Iterable[str] | str | None = None,
) -> Greeks:
    """Return derivatives of :func:`price`, exact as the price is.

    Theta, charm and color are what the calendar does to a running contract: all fixings come nearer at the same
    pace, and an average without a break takes in the spot as it stands. So theta + (r - q) S delta
    + vol^2 S^2 gamma / 2 = r V holds.

    Parameters
    ----------
    kind, spot, strike, years, vol, rate, dividend_yield, average, fixings, first_fixing
        As in :func:`price`.
    fixings_done, years_done, average_so_far
        As in :func:`price`.
    names : iterable of str, optional
        Figures wanted; all twelve Greeks when None.
    """
    contract = by_jets.contract(kind, spot, strike, years, vol, rate, dividend_yield)
    done = (fixings_done, years_done, average_so_far)
    return by_jets.greeks(MODEL, contract, _parameters(average, fixings, first_fixing, years, done), names)


def _parameters(
    average: Any, fixings: Any, first_fixing: Any, years: Any, done: tuple[Any, Any, Any]
) -> dict[str, Any]:
    """Return the contract's terms as numbers: 0 fixings stand for an average without a break."""
    fixings_done, years_done, so_far = done
    read = numbers({"fixings_done": fixings_done, "years_done": years_done, "years": years})
    for name in ("fixings_done", "years_done"):
        refuse_below(name, read[name], allow_equal=True)
    count = numbers({"fixings": 0.0 if fixings is None else fixings})["fixings"]
    refuse_below("fixings", count, allow_equal=True)
    refuse_where(count != np.rint(count), "fixings", count, "must be a whole number", "")
    counted, run, count = broadcast(
        read["fixings_done"], read["years_done"], count, names=("fixings_done", "years_done", "fixings")
    )
    wrong = (counted != 0) & (count == 0)
    refuse_where(wrong, "fixings_done", counted, "needs fixings", "give years_done")
    refuse_where((run != 0) & (count != 0), "years_done", run, "goes without fixings", "count fixings_done")
    elapsed = counted + run
    if so_far is None and (elapsed > 0.0).any():
        raise InputError("average_so_far is needed where part of the average is done; give the average of that part")
    return {
        "is_geometric": _is_geometric(average),
        "fixings": count,
        "first_fraction": _first_fraction(first_fixing, read["years"], count),
        "done": elapsed,
        "average_so_far": _average_so_far(so_far),
    }


def _is_geometric(average: Any) -> Any:
    texts = np.asarray(average).astype(str)
    for text in np.unique(texts):
        if text not in _AVERAGES:
            hint = did_you_mean(str(text), _AVERAGES)
            raise InputError(f"average must be 'arithmetic' or 'geometric', not {str(text)!r}{hint}")
    return np.asarray(texts == "geometric", dtype=np.float64)


def _average_so_far(so_far: Any) -> Any:
    read = numbers({"average_so_far": 1.0 if so_far is None else so_far})["average_so_far"]
    refuse_below("average_so_far", read, allow_equal=False)
    return read


def _first_fraction(first_fixing: Any, years: Any, count: Any) -> Any:
    """Return years to the first fixing over years to the last."""
    if first_fixing is None:
        return 1.0 / np.maximum(count, 1.0)
    first = numbers({"first_fixing": first_fixing})["first_fixing"]
    refuse_where(count == 0, "first_fixing", first, "is for fixings", "leave it out or give the number of fixings")
    wrong = (first <= 0.0) & (years > 0.0)
    refuse_where(wrong, "first_fixing", first, "must be above 0", "count the fixing of this moment as done")
    refuse_where(first > years, "first_fixing", first, "must not come after expiry", "")
    single = (count == 1) & (first != years)
    refuse_where(single, "first_fixing", first, "of a single fixing must be the expiry", "")
    return np.where(years > 0.0, first / np.where(years > 0.0, years, 1.0), 1.0 / np.maximum(count, 1.0))
