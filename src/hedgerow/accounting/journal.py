"""Journal lines of a hedging relationship: what is booked per period, debits equal to credits to the last digit."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

import pandas as pd

from hedgerow.accounting.amounts import ZERO
from hedgerow.accounting.frameworks import Framework, HedgeType, framework_named
from hedgerow.accounting.ineffectiveness import PeriodResult
from hedgerow.errors import AccountsError


@dataclass(frozen=True)
class Accounts:
    """Names of the accounts that lines are booked to.

    Parameters
    ----------
    instrument : str
        Where the instrument stands; for futures the variation margin received and paid.
    reserve : str
        Reserve in other comprehensive income.
    ineffectiveness : str
        Profit or loss from ineffectiveness, or from an instrument whose hedge accounting has ended.
    cost_of_hedging : str
        Where excluded components go: a reserve of its own or profit or loss.
    hedged_item : str
        Carrying amount of the item, adjusted in a fair-value hedge.
    reclassified : str
        What reclassified amounts go to: the hedged item's line of profit or loss, or the cost of what was bought.
    """

    instrument: str = "Hedging instrument (fair value or variation margin)"
    reserve: str = "OCI: cash flow hedge reserve"
    ineffectiveness: str = "P&L: hedge ineffectiveness"
    cost_of_hedging: str = "P&L: excluded components"
    hedged_item: str = "Hedged item (carrying amount)"
    reclassified: str = "Hedged item: its P&L line or initial cost"


@dataclass(frozen=True)
class JournalLine:
    """One line: a debit or a credit.

    Attributes
    ----------
    end : date
    account, text : str
    debit, credit : Decimal
        One of them is 0; neither is negative.
    """

    end: dt.date
    account: str
    debit: Decimal
    credit: Decimal
    text: str


def default_accounts(framework: str | Framework, hedge_type: HedgeType) -> Accounts:
    """Return account names that fit a framework and a type of hedge.

    Parameters
    ----------
    framework : str or Framework
    hedge_type : str

    Returns
    -------
    Accounts

    Examples
    --------
    >>> default_accounts("ifrs9", "net investment").reserve
    'OCI: foreign currency translation reserve'
    """
    reserve = "OCI: foreign currency translation reserve" if hedge_type == "net investment" else Accounts.reserve
    excluded = framework_named(framework).excluded
    cost = "OCI: cost of hedging reserve" if excluded == "cost of hedging" else Accounts.cost_of_hedging
    return Accounts(reserve=reserve, cost_of_hedging=cost)


def journal_lines(
    rows: Sequence[PeriodResult], hedge_type: HedgeType = "cash flow", accounts: Accounts | None = None
) -> tuple[JournalLine, ...]:
    """Return the journal lines of measured periods; amounts of 0 have no line.

    Parameters
    ----------
    rows : sequence of PeriodResult
        From :func:`hedgerow.accounting.measure_hedge`.
    hedge_type : str
    accounts : Accounts, optional

    Returns
    -------
    tuple of JournalLine

    Raises
    ------
    AccountsError
        Where the lines of a period do not balance: a defect.

    Examples
    --------
    >>> from hedgerow.accounting import ValueChanges, measure_hedge
    >>> rows = measure_hedge(ValueChanges((dt.date(2026, 3, 31),), (10,), (-9,)), "ifrs9")
    >>> [(line.account[:4], str(line.debit), str(line.credit)) for line in journal_lines(rows)]
    [('Hedg', '10', '0'), ('OCI:', '0', '9'), ('P&L:', '0', '1')]
    """
    names = accounts or Accounts()
    lines: list[JournalLine] = []
    for row in rows:
        found = [
            JournalLine(row.end, account, max(amount, ZERO), max(-amount, ZERO), text)
            for account, amount, text in _booked(row, hedge_type, names)
            if amount
        ]
        require_balanced(found)
        lines += found
    return tuple(lines)


def require_balanced(lines: Sequence[JournalLine]) -> None:
    """Refuse lines whose debits and credits differ, exactly.

    Parameters
    ----------
    lines : sequence of JournalLine

    Raises
    ------
    AccountsError
    """
    debit, credit = sum((line.debit for line in lines), ZERO), sum((line.credit for line in lines), ZERO)
    if debit != credit:
        raise AccountsError(f"journal lines do not balance: debits {debit}, credits {credit}")


def journal_table(lines: Sequence[JournalLine]) -> pd.DataFrame:
    """Return journal lines as a table by period end; amounts stay exact decimals.

    Parameters
    ----------
    lines : sequence of JournalLine

    Returns
    -------
    pandas.DataFrame, (n_lines, 4)
        ``account``, ``debit``, ``credit``, ``text``.
    """
    index = pd.Index([line.end.isoformat() for line in lines], name="period end")
    names = ("account", "debit", "credit", "text")
    return pd.DataFrame({name: [getattr(line, name) for line in lines] for name in names}, index=index)


def _booked(row: PeriodResult, hedge_type: HedgeType, names: Accounts) -> list[tuple[str, Decimal, str]]:
    """Return account, amount (debits positive) and text of everything a period books."""
    lines = [
        (names.instrument, row.instrument, "change in fair value of the instrument"),
        (names.cost_of_hedging, -row.excluded, "excluded components"),
    ]
    if hedge_type == "fair value" and row.hedged:
        gain = row.instrument - row.excluded
        return [
            *lines,
            (names.ineffectiveness, -gain, "gain or loss on the instrument"),
            (names.hedged_item, row.item, "change in fair value of the item for the hedged risk"),
            (names.ineffectiveness, -row.item, "gain or loss on the item"),
        ]
    reason = "ineffectiveness" if row.hedged else "hedge accounting has ended"
    return [
        *lines,
        (names.reserve, -row.effective, "effective portion"),
        (names.ineffectiveness, -row.profit_or_loss, reason),
        (names.reserve, -row.reclassified, "reclassified from the reserve"),
        (names.reclassified, row.reclassified, "reclassified from the reserve"),
    ]
