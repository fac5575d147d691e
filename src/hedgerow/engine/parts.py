"""What a run is made of: refused in a sentence where it is something else, and printed as the code that makes it.

>>> as_code(object())
'object()'
"""

from __future__ import annotations

import operator
import re
from typing import Any

from hedgerow.costs import CostModel, no_costs
from hedgerow.engine.history.replay_market import ReplayMarket
from hedgerow.engine.loop.programme import Programme
from hedgerow.errors import InputError
from hedgerow.hedgers import BookHedger, DeltaHedger
from hedgerow.instruments import Book, Instrument, MarketState, Position
from hedgerow.policies import EveryPeriods, Policy
from hedgerow.scenarios import Scenario

_PLACE = re.compile(r"<(?:[\w<>]+\.)*(\w+) object at 0x[0-9a-fA-F]+>")


def as_code(part: object) -> str:
    """Return how something prints, a class of one's own without ``__repr__`` by its name."""
    return _PLACE.sub(r"\1()", repr(part))


def checked(name: str, given: Any, kind: type, example: str) -> Any:
    """Return a part of the right kind.

    Parameters
    ----------
    name : str
        Of the argument.
    given : object
    kind : type
    example : str
        Code that makes one, for the sentence.

    Raises
    ------
    InputError
        For anything else, the class in place of an object of it as well.
    """
    if isinstance(given, kind):
        return given
    article = "an" if kind.__name__[0] in "AEIOU" else "a"
    what = f"the class {given.__name__}" if isinstance(given, type) else as_code(given)
    remedy = f"call it: {given.__name__}(...)" if isinstance(given, type) and issubclass(given, kind) else ""
    shown = what if len(what) <= 80 else f"{what[:77]}..."
    raise InputError(
        f"{name} must be {article} {kind.__name__}, not {shown}; {remedy or f'write {name}={example}, for example'}"
    )


def checked_parts(
    hedger: BookHedger | None, policy: Policy | None, costs: CostModel | None
) -> tuple[BookHedger, Policy, CostModel]:
    """Return hedger, policy and costs, the defaults where none is given; InputError where one is something else."""
    return (
        DeltaHedger() if hedger is None else checked("hedger", hedger, BookHedger, "DeltaHedger()"),
        EveryPeriods(1) if policy is None else checked("policy", policy, Policy, "Band(0.05)"),
        no_costs() if costs is None else checked("costs", costs, CostModel, "HalfSpread(5)"),
    )


def checked_scenario(scenario: Any) -> Scenario:
    """Return a scenario; InputError for anything else."""
    if isinstance(scenario, MarketState):
        raise InputError("scenario must say where paths come from, and a MarketState is one moment; write GBM(market)")
    if isinstance(scenario, ReplayMarket):
        raise InputError("a simulation draws its paths from a Scenario, not from a ReplayMarket; use replay(book, ...)")
    found: Scenario = checked("scenario", scenario, Scenario, "GBM(market)")
    return found


def checked_market(market: Any) -> ReplayMarket:
    """Return the market of a replay; InputError for anything else."""
    if isinstance(market, Scenario):
        raise InputError("a replay takes a ReplayMarket, a history, not a Scenario; use simulate(book, scenario=...)")
    example = 'ReplayMarket(history, {"XYZ": ReplayUnderlying("close", 0.2)})'
    found: ReplayMarket = checked("market", market, ReplayMarket, example)
    return found


def checked_book(book: Any) -> Book:
    """Return a book, or that of positions and (instrument, quantity) pairs such as a combination gives.

    Raises
    ------
    InputError
        For anything else; a programme is to be replayed.
    """
    if isinstance(book, Book):
        return book
    if isinstance(book, Programme):
        raise InputError(
            f"a {type(book).__name__} opens positions as a history goes by, and cannot be simulated; replay it: "
            "replay(programme, market)"
        )
    if isinstance(book, Position):
        return Book([book])
    if isinstance(book, Instrument):
        raise InputError(
            f"book must say how many contracts are held, not {book!r} alone; write Book([(instrument, -1)])"
        )
    if isinstance(book, tuple | list) and book:
        if len(book) == 2 and isinstance(book[0], Instrument) and not isinstance(book[1], tuple | Position):
            return Book([book])  # type: ignore[list-item]
        return Book(book)
    found: Book = checked("book", book, Book, "Book([(instrument, -1)])")
    return found


def checked_whole(name: str, count: Any) -> int:
    """Return a whole number from 1 on, also one of NumPy's; InputError for anything else."""
    try:
        found = operator.index(count)
    except TypeError:
        found = 0
    if isinstance(count, bool) or found < 1:
        raise InputError(f"{name} must be a whole number, 1 or more, not {count!r}")
    return found
