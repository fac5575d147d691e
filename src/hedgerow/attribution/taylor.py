"""Profit by Greek: what the Greeks at the start of every step explain, and what they do not.

Over a step with the Greeks at its *start*, holding H, moves dS of the underlying, dv of the position's own strike, dt,
dr and dq::

    delta     H delta dS              vanna         H vanna dS dv       speed   1/6 H speed dS^3
    gamma     1/2 H gamma dS^2        volga         1/2 H volga dv^2    color   1/2 H color dS^2 dt
    theta     H theta dt              charm         H charm dS dt       zomma   1/2 H zomma dS^2 dv
    vega      H vega dv               rho           H rho dr
                                      dividend_rho  H dividend_rho dq

What remains of H x price change is ``unexplained``: shown, never spread. Hedges, financing, flows and costs have lines
of their own. The signs of short books come out of H and are typed in nowhere.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np

from hedgerow._types import ArrayLike, FloatArray
from hedgerow.attribution.explained import Explained
from hedgerow.attribution.marks import GREEKS, Marks
from hedgerow.errors import AccountsError, DataError, InputError
from hedgerow.ledger import Ledger

TOLERANCE = 1e-9
"""Largest gap between the parts and the change of wealth, as a share of gross notional, that rounding may explain."""


@dataclass(frozen=True)
class Moves:
    """Moves over steps; arrays that broadcast together.

    Attributes
    ----------
    spot : array
        dS, price of the underlying.
    vol : array
        dv, own-strike volatility, 0.01 is one point.
    years : array
        dt, calendar time over 365 days, positive.
    rate, dividend_yield : array
        dr and dq, per year.
    """

    spot: ArrayLike
    vol: ArrayLike
    years: ArrayLike
    rate: ArrayLike = 0.0
    dividend_yield: ArrayLike = 0.0


_TERMS: dict[str, Callable[[Moves], ArrayLike]] = {
    "delta": lambda move: move.spot,
    "gamma": lambda move: 0.5 * move.spot**2,
    "theta": lambda move: move.years,
    "vega": lambda move: move.vol,
    "vanna": lambda move: move.spot * move.vol,
    "volga": lambda move: 0.5 * move.vol**2,
    "charm": lambda move: move.spot * move.years,
    "rho": lambda move: move.rate,
    "dividend_rho": lambda move: move.dividend_yield,
    "speed": lambda move: move.spot**3 / 6.0,
    "color": lambda move: 0.5 * move.spot**2 * move.years,
    "zomma": lambda move: 0.5 * move.spot**2 * move.vol,
}
"""What each Greek is multiplied by."""


def taylor_terms(greeks: Mapping[str, FloatArray], moves: Moves) -> dict[str, FloatArray]:
    """Return what each Greek explains of one unit's price change, in the order of ``GREEKS``.

    Parameters
    ----------
    greeks : mapping of str to ndarray
        Raw derivatives at the start of the step, by the names of ``GREEKS``.
    moves : Moves

    Returns
    -------
    dict of str to ndarray
        Money per unit, of the broadcast shape.

    Examples
    --------
    >>> taylor_terms({"delta": 0.5, "gamma": 0.1, "theta": -7.3}, Moves(spot=2.0, vol=0.0, years=1 / 365))
    {'delta': 1.0, 'gamma': 0.2, 'theta': -0.02}
    """
    return {name: greeks[name] * _TERMS[name](moves) for name in GREEKS if name in greeks}


@dataclass(frozen=True, eq=False)
class AccountLines:
    """What an account gained and paid beside the price changes of what it held, and what it adds up to.

    Attributes
    ----------
    financing : ndarray, shape (n_paths, n_times), optional
        Interest over the step ending at each time; positive when received.
    flows : mapping of str to ndarray, shape (n_paths, n_times)
        Money received (+) or paid (-) by label: ``carry`` for dividends less borrow, ``cash flow`` for money put in.
    costs : mapping of str to ndarray, shape (n_paths, n_times)
        Positive money by label; each becomes a negative part ``cost <label>``.
    wealth_changes : ndarray, shape (n_paths, n_times), optional
        Change of wealth over the step ending at each time as the account has it; the parts are held against it.
    gross_notional : float, optional
        Money that the tolerance of 1e-9 is a share of; the largest sum of ``|holding x spot|`` unless given.
    """

    financing: FloatArray | None = None
    flows: Mapping[str, FloatArray] = field(default_factory=dict)
    costs: Mapping[str, FloatArray] = field(default_factory=dict)
    wealth_changes: FloatArray | None = None
    gross_notional: float | None = None


def explain_steps(
    holdings: FloatArray, price_changes: FloatArray, marks: Marks, lines: AccountLines | None = None
) -> Explained:
    """Return where a change of wealth came from, by Greek, step by step.

    Parameters
    ----------
    holdings : ndarray, shape (n_paths, n_times, n_instruments)
        Units held after trading at each time; the step ending at t earns on what was held after t - 1.
    price_changes : ndarray, shape (n_times, n_instruments) or (n_paths or 1, n_times, n_instruments)
        Full change of the price of one unit, times its multiplier, over the step ending at each time; row 0 unread.
    marks : Marks
        Greeks at the start of every step and the moves.
    lines : AccountLines, optional
        Financing, flows, costs, and the change of wealth to hold the parts against.

    Returns
    -------
    Explained
        Parts in money that add up to the change of wealth; entry 0 is what the first trades cost.

    Raises
    ------
    InputError, DataError
        A flow with the name of another part, shapes that do not agree, a figure that is not finite where something is
        held.
    AccountsError
        Where the parts miss the change of wealth by more than 1e-9 of gross notional.

    Examples
    --------
    Short one option of gamma 0.1 and theta -7.3 per year while the spot moves by 2 in a day:

    >>> figures = {"delta": 0.5, "gamma": 0.1, "theta": -7.3}
    >>> greeks = {name: np.full((1, 2, 1), figure) for name, figure in figures.items()}
    >>> spots = np.array([[[100.0], [102.0]]])
    >>> marks = Marks(greeks, spots, 0.2 + 0.0 * spots, np.array([0.0, 1 / 365]), np.array([False]), ("SPX",))
    >>> explained = explain_steps(np.full((1, 2, 1), -1.0), np.array([[0.0], [1.19]]), marks)
    >>> explained.by_part().iloc[-1].round(2).to_dict()
    {'delta': -1.0, 'gamma': -0.2, 'theta': 0.02, 'unexplained': -0.01, 'total': -1.19}
    """
    lines = lines or AccountLines()
    _check_shapes(holdings, price_changes, marks)
    shape = holdings.shape[:2]
    by_instrument: dict[str, FloatArray] = {}
    parts: dict[str, FloatArray] = {}
    hedged: dict[str, FloatArray] = {}
    curved = _curved_hedges(marks)
    for number in range(holdings.shape[2]):
        for name, money in _instrument_parts(number, holdings, price_changes, marks):
            whole = parts.setdefault(name, np.zeros(shape))
            whole[:, 1:] += money
            by_instrument.setdefault(name, np.zeros((shape[0], holdings.shape[2])))[:, number] = money.sum(axis=1)
        if marks.hedges[number] and curved:
            for name, money in _greek_parts(number, holdings, price_changes, marks):
                hedged.setdefault(name, np.zeros(shape))[:, 1:] += money
    ordered = {name: parts[name] for name in (*GREEKS, "unexplained", "hedge") if name in parts}
    ordered |= _line_parts(lines, shape)
    changes = _wealth_changes(ordered, lines)
    gross = _gross_notional(holdings, marks) if lines.gross_notional is None else lines.gross_notional
    _check_sum(ordered, changes, gross)
    by_greek = {name: hedged[name] for name in (*GREEKS, "unexplained") if name in hedged}
    return Explained(ordered, by_instrument, changes, gross, marks.underlyings, marks.underlying, hedge_parts=by_greek)


def explain_ledger(ledger: Ledger, marks: Marks) -> Explained:
    """Return where the wealth of a ledger came from, by Greek, step by step.

    Parameters
    ----------
    ledger : Ledger
        Of a simulation, a replay or a live book.
    marks : Marks
        Of the ledger's instruments and times.

    Returns
    -------
    Explained
        With the names of the ledger's times, paths and instruments.

    Raises
    ------
    DataError, AccountsError
        As :func:`explain_steps`.
    """
    lines = AccountLines(ledger.financing, ledger.flows, ledger.costs, ledger.wealth_changes, ledger.gross_notional)
    explained = explain_steps(ledger.holdings, ledger.terms.price_changes, marks, lines)
    return explained.named(ledger.terms.times, ledger.terms.paths, ledger.terms.instruments)


def _instrument_parts(
    number: int, holdings: FloatArray, price_changes: FloatArray, marks: Marks
) -> Iterator[tuple[str, FloatArray]]:
    """Yield the parts of one instrument, each (n_paths, n_steps), so that only a few arrays live at once."""
    if not marks.hedges[number]:
        yield from _greek_parts(number, holdings, price_changes, marks)
        return
    gain = holdings[:, :-1, number] * price_changes[..., 1:, number]
    if not np.isfinite(gain).all():
        raise DataError(f"the price change of instrument {number} is not finite on some step; mark every price")
    yield "hedge", gain


def _curved_hedges(marks: Marks) -> bool:
    """Return whether any hedge has more than a delta."""
    hedges = np.asarray(marks.hedges, dtype=np.bool_)
    return any(bool(each[..., hedges].any()) for name, each in marks.greeks.items() if name != "delta")


def _greek_parts(
    number: int, holdings: FloatArray, price_changes: FloatArray, marks: Marks
) -> Iterator[tuple[str, FloatArray]]:
    """Yield the gain of one instrument by Greek, and what they leave unexplained."""
    held = holdings[:, :-1, number]
    gain = held * price_changes[..., 1:, number]
    if not np.isfinite(gain).all():
        raise DataError(f"the price change of instrument {number} is not finite on some step; mark every price")
    greeks = {name: figures[:, :-1, number] for name, figures in marks.greeks.items()}
    rest = gain
    exposures = {name: _held(name, greek, held, number) for name, greek in greeks.items()}
    for name, money in taylor_terms(exposures, _moves(marks, number)).items():
        rest = rest - money
        yield name, money
    yield "unexplained", rest


def _held(name: str, greek: FloatArray, held: FloatArray, number: int) -> FloatArray:
    """Return holding x Greek, 0 where nothing is held; refuse what is not finite elsewhere."""
    product = np.multiply(held, greek, out=np.zeros(np.broadcast_shapes(held.shape, greek.shape)), where=held != 0.0)
    wrong = np.argwhere(~np.isfinite(product))
    if len(wrong):
        path, step = wrong[0].tolist()
        raise DataError(
            f"{name} of instrument {number} is not finite at time {step} of path {path}, where it is held: an option "
            "at its kink has no Greeks; mark the moment before expiry, or 0 once it has expired"
        )
    return product


def _moves(marks: Marks, number: int) -> Moves:
    """Return the moves that one instrument saw, each (n_paths or 1, n_steps)."""
    return Moves(
        spot=marks.change("spots", number),
        vol=marks.change("vols", number),
        years=np.diff(marks.years),
        rate=marks.change("rates", number),
        dividend_yield=marks.change("yields", number),
    )


def _line_parts(lines: AccountLines, shape: tuple[int, ...]) -> dict[str, FloatArray]:
    """Return financing, flows and costs as parts that add up."""
    for label in lines.flows:
        if label in (*GREEKS, "unexplained", "hedge", "financing", "total"):
            raise InputError(f"flows has the label {label!r}, which is a part of its own; give the flow another name")
    named = {} if lines.financing is None else {"financing": lines.financing}
    named |= lines.flows
    named |= {f"cost {label}": 0.0 - money for label, money in lines.costs.items()}
    for name, money in named.items():
        if money.shape != shape:
            raise DataError(f"{name} must have shape {shape}: paths by times, not {money.shape}")
    return named


def _wealth_changes(parts: Mapping[str, FloatArray], lines: AccountLines) -> FloatArray:
    """Return the change of wealth of the account, or the sum of the parts where none was given."""
    if lines.wealth_changes is not None:
        return lines.wealth_changes
    first, *others = parts.values()
    return sum(others, first)


def _gross_notional(holdings: FloatArray, marks: Marks) -> float:
    gross = np.zeros(holdings.shape[:2])
    for number in range(holdings.shape[2]):
        gross += np.abs(holdings[:, :, number] * marks.spots[:, :, number])
    return float(gross.max()) or 1.0


def _check_shapes(holdings: FloatArray, price_changes: FloatArray, marks: Marks) -> None:
    cube = (marks.n_times, marks.n_instruments)
    if holdings.ndim != 3 or holdings.shape[1:] != cube:
        raise DataError(f"holdings must have shape (n_paths, {cube[0]}, {cube[1]}) as the marks, not {holdings.shape}")
    if price_changes.shape not in (cube, (1, *cube), holdings.shape):
        raise DataError(f"price_changes must have shape {cube} or {holdings.shape}, not {price_changes.shape}")
    if len(marks.spots) not in (1, len(holdings)):
        raise DataError(f"marks must be of {len(holdings)} paths or of 1, not of {len(marks.spots)}")


def _check_sum(parts: Mapping[str, FloatArray], changes: FloatArray, gross: float) -> None:
    """Refuse parts that do not add up to the change of wealth."""
    total = sum(parts.values(), np.zeros_like(changes))
    breach = float(np.abs(total - changes).max()) / gross
    if not breach <= TOLERANCE:
        raise AccountsError(
            f"the parts miss the change of wealth by {breach:.3g} of gross notional, more than {TOLERANCE:g}: the "
            "price changes, flows or costs are not those of the account"
        )
