"""Replay of a book, or of a programme that trades one, on what really happened.

>>> import pandas as pd
>>> from hedgerow.engine import ReplayUnderlying, RollingBook
>>> from hedgerow.hedgers import DeltaHedger
>>> from hedgerow.market import History
>>> days = pd.bdate_range("2024-01-02", "2024-02-20")
>>> history = History(pd.DataFrame({"close": [100.0 + day % 7 for day in range(len(days))]}, index=days))
>>> market = ReplayMarket(history, {"X": ReplayUnderlying("close", 0.2)})
>>> run = replay_book(RollingBook.straddle("X", -1.0), market, hedger=DeltaHedger())
>>> run.positions["settled"].dropna().dt.date.unique().astype(str).tolist()
['2024-01-19', '2024-02-16']
"""

from __future__ import annotations

from hedgerow.costs import CostModel
from hedgerow.engine.history.replay_market import ReplayMarket
from hedgerow.engine.loop.book_loop import run_book
from hedgerow.engine.loop.book_run import BookExecution, BookRun
from hedgerow.engine.loop.programme import Programme
from hedgerow.hedgers.book_hedger import BookHedger
from hedgerow.instruments import Book
from hedgerow.policies import Policy


def replay_book(
    book: Book | Programme,
    market: ReplayMarket,
    *,
    hedger: BookHedger,
    policy: Policy | None = None,
    costs: CostModel | None = None,
    options: BookExecution | None = None,
) -> BookRun:
    """Replay a book, or a programme such as :class:`~hedgerow.engine.RollingBook`, on a history.

    Parameters
    ----------
    book : Book or Programme
    market : ReplayMarket
    hedger : BookHedger
    policy : Policy, optional
        When to trade; every step unless said.
    costs : CostModel, optional
        Of hedge trades; nothing unless said.
    options : BookExecution, optional
        With a lag of 1 unless given: what is decided at a close trades at the next.

    Returns
    -------
    BookRun
        One path; ``synthetic`` says what in its prices was not observed.

    Raises
    ------
    InputError, DataError
        As :func:`~hedgerow.engine.run_book` and :meth:`~hedgerow.engine.ReplayMarket.paths`.
    """
    return run_book(market.paths(), book, hedger, policy, costs, options or BookExecution(lag=1))
