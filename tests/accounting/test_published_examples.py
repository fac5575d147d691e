"""Examples of published guidance, reproduced to the last digit; figures are theirs, words are ours."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import numpy as np
import pytest

from hedgerow.accounting import (
    AccountingThresholds,
    Accounts,
    ValueChanges,
    dollar_offset,
    journal_lines,
    measure_hedge,
    regress_item,
)

PERIODS = tuple(dt.date(2000, month, 28) for month in (1, 2, 3, 4, 5))


@pytest.mark.parametrize("name", ["ifrs9", "ias39"])
def test_effectiveness_on_the_entire_change_of_a_derivative(name: str) -> None:
    """FASB Statement 133 (1998), Appendix B, Example 6 (paragraphs 140-143): the lesser of two cumulative amounts.

    US GAAP has dropped this measurement (ASU 2017-12); IFRS 9 6.5.11 and IAS 39 96 still ask the same of a reserve.
    """
    derivative, transaction = (100, 94, -162, -101, 30), (-96, -101, 160, 103, -32)
    changes = ValueChanges(PERIODS, derivative, transaction)
    rows = measure_hedge(changes, name)
    assert [int(row.cumulative_instrument) for row in rows] == [100, 194, 32, -69, -39]
    assert [int(row.cumulative_item) for row in rows] == [-96, -197, -37, 66, 34]
    assert [int(row.closing) for row in rows] == [96, 194, 32, -66, -34]
    assert [int(row.effective) for row in rows] == [96, 98, -162, -98, 32]
    assert [int(row.profit_or_loss) for row in rows] == [4, -4, 0, -3, -2]


def test_forecast_sale_of_a_commodity() -> None:
    """FASB Statement 133 (1998), Appendix B, Example 4 (ASC 815-30-55): a sale expected to bring 1,100,000."""
    end = PERIODS[0]
    changes = ValueChanges((end,), (25_000,), (-25_000,))
    rows = measure_hedge(changes, "asc815", reclassified={end: Decimal(25_000)})
    booked = [(line.account, line.debit - line.credit) for line in journal_lines(rows)]
    names = Accounts()
    assert booked == [
        (names.instrument, 25_000),
        (names.reserve, -25_000),
        (names.reserve, 25_000),
        (names.reclassified, -25_000),
    ]
    assert rows[0].closing == 0
    assert 1_100_000 + changes.item[0] - rows[0].reclassified == 1_100_000  # revenue 1,075,000 and the gain


def test_fair_value_hedge_of_an_inventory() -> None:
    """FASB Statement 133 (1998), Appendix B, Example 1 (ASC 815-25-55): cost 1,000,000, fair value 1,100,000."""
    changes = ValueChanges(PERIODS[:1], (25_000,), (-25_000,))
    rows = measure_hedge(changes, "asc815", "fair value")
    names = Accounts()
    booked = [(line.account, line.debit - line.credit) for line in journal_lines(rows, "fair value")]
    assert booked == [
        (names.instrument, 25_000),
        (names.ineffectiveness, -25_000),
        (names.hedged_item, -25_000),
        (names.ineffectiveness, 25_000),
    ]
    carrying = 1_000_000 + sum(amount for account, amount in booked if account == names.hedged_item)
    assert (carrying, 1_075_000 - carrying) == (975_000, 100_000)


def test_offset_by_either_side_of_a_division() -> None:
    """IAS 39 AG105(b): a loss of 120 against a gain of 100 is 120 per cent, or 83 per cent the other way round."""
    ends, limits = PERIODS[:1], AccountingThresholds()
    loss = dollar_offset(ValueChanges(ends, (-120,), (100,)), limits)
    other = dollar_offset(ValueChanges(ends, (100,), (-120,)), limits)
    assert float(loss["offset"].iloc[0]) == 1.2
    assert round(float(other["offset"].iloc[0]), 2) == 0.83
    assert loss["inside"].tolist() == other["inside"].tolist() == [True]


def test_regression_on_a_textbook_table() -> None:
    """Hull, Options, Futures, and Other Derivatives, table 3.2: jet fuel and heating oil futures, 15 months."""
    fuel = [29, 20, -44, 8, 26, -19, -10, -7, 43, 11, -36, -18, 9, -32, 23]
    futures = [21, 35, -46, 1, 44, -29, -26, -29, 48, -6, -36, -11, 19, -27, 29]
    found = regress_item(np.array(fuel) / 1000.0, -np.array(futures) / 1000.0)
    assert round(-found.slope, 2) == 0.78
    assert round(found.r_squared, 2) == 0.86
    assert round(float(np.sqrt(found.r_squared)), 3) == 0.928
