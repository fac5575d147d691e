"""The account behind a hedge: equity, what it must keep, and the calls that follow."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from hedgerow.study.hedging.words import AccountWords


@dataclass(frozen=True, eq=False)
class AccountPath:
    """Equity and margin through time.

    Attributes
    ----------
    table : DataFrame, by time
        Money: ``equity`` (capital and profit), ``available`` (equity less what long options are worth, since they
        are no collateral), ``required`` (initial margin where the position grew, maintenance else), ``call``
        (shortfall, 0 where there is none).
    """

    table: pd.DataFrame

    @property
    def opening_shortfall(self) -> float:
        """Money that was missing to open the position at all."""
        return float(self.table["call"].iloc[0])

    @property
    def calls(self) -> int:
        """Times at which the account was short."""
        return int((self.table["call"] > 0.0).sum())

    @property
    def worst_call(self) -> float:
        """Largest shortfall, money."""
        return float(self.table["call"].max())

    @property
    def first_call(self) -> pd.Timestamp | None:
        """When the account was short for the first time."""
        short = self.table.index[(self.table["call"] > 0.0).to_numpy()]
        return short[0] if len(short) else None


def account_path(words: AccountWords, path: pd.DataFrame) -> AccountPath:
    """Return equity, margin and calls of one path.

    Parameters
    ----------
    words : AccountWords
    path : DataFrame, by time
        ``spot``, ``holding`` after trading, ``value`` of the book, ``pnl`` so far.

    Returns
    -------
    AccountPath
        A position that grows needs the initial margin; one that does not, maintenance. Owed options need as much as
        their value beside it.
    """
    equity = words.capital + path["pnl"]
    size = (path["holding"] * path["spot"]).abs()
    before = path["holding"].abs().shift(fill_value=0.0)
    grew = (path["holding"].abs() > before * (1.0 + 1e-9)).to_numpy()
    share = np.where(grew, words.initial, words.maintenance)
    available = equity - path["value"].clip(lower=0.0)
    required = size * share
    table = pd.DataFrame({"equity": equity, "available": available, "required": required})
    return AccountPath(table.assign(call=(required - available).clip(lower=0.0)))
