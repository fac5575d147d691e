"""The lower-of test, the reserve and ineffectiveness: exact decimals, laws, and the figures of published guidance."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings, strategies as st

from hedgerow.accounting import FRAMEWORKS, ValueChanges, ineffectiveness_table, lower_of, measure_hedge
from hedgerow.accounting.ineffectiveness import _require_bound, _require_roll_forward
from hedgerow.errors import AccountsError, DataError, InputError

ENDS = tuple(dt.date(2024, month, 28) for month in (3, 6, 9, 12))
amounts = st.decimals(min_value=-(10**9), max_value=10**9, places=2)
histories = st.lists(st.tuples(amounts, amounts), min_size=1, max_size=4)


def decimals(*texts: object) -> list[Decimal]:
    return [Decimal(str(text)) for text in texts]


def three_periods() -> ValueChanges:
    return ValueChanges.from_cumulative(ENDS[:3], (10, 8, -3), (-9, -10, 2))


@pytest.mark.parametrize("name", ["ifrs9", "ias39"])
def test_lower_of_gives_the_agreed_reserve_and_result_exactly(name: str) -> None:
    rows = measure_hedge(three_periods(), name)
    assert [row.closing for row in rows] == decimals(9, 8, -2)
    assert [row.profit_or_loss for row in rows] == decimals(1, -1, -1)


def test_asc815_keeps_the_whole_change_in_the_reserve_and_nothing_in_profit_or_loss() -> None:
    rows = measure_hedge(three_periods(), "asc815")
    assert [row.closing for row in rows] == decimals(10, 8, -3)
    assert [row.profit_or_loss for row in rows] == decimals(0, 0, 0)


def test_nothing_offset_leaves_no_reserve() -> None:
    row = measure_hedge(ValueChanges(ENDS[:1], (5,), (2,)), "ifrs9")[0]
    assert (row.closing, row.profit_or_loss) == (Decimal(0), Decimal(5))


@settings(max_examples=40, deadline=None)
@given(histories)
@pytest.mark.parametrize("name", list(FRAMEWORKS))
def test_reserve_rolls_forward_and_keeps_its_bound_for_any_history(
    name: str, history: list[tuple[Decimal, Decimal]]
) -> None:
    changes = ValueChanges(ENDS[: len(history)], *zip(*history, strict=True))
    opening = total = Decimal(0)
    for row in measure_hedge(changes, name):
        assert row.opening == opening
        assert row.opening + row.effective + row.reclassified == row.closing
        assert row.effective + row.profit_or_loss == row.instrument
        total += row.profit_or_loss
        assert row.closing + total == row.cumulative_instrument
        if FRAMEWORKS[name].lower_of:
            assert abs(row.closing) <= min(abs(row.cumulative_instrument), abs(row.cumulative_item))
            assert row.closing * row.cumulative_instrument >= 0
        opening = row.closing


@settings(max_examples=40, deadline=None)
@given(amounts, amounts)
def test_lower_of_has_the_sign_of_the_instrument_and_turns_with_both_signs(gain: Decimal, loss: Decimal) -> None:
    reserve = lower_of(gain, loss)
    assert reserve == -lower_of(-gain, -loss)
    assert reserve * gain >= 0
    assert (reserve == 0) == (gain * loss >= 0)


def test_decimals_written_as_floats_stay_what_was_written() -> None:
    row = measure_hedge(ValueChanges(ENDS[:1], (0.3,), (-0.1,)), "ifrs9")[0]
    assert (str(row.closing), str(row.profit_or_loss)) == ("0.1", "0.2")


def test_reclassified_amounts_leave_the_reserve_and_not_the_test() -> None:
    rows = measure_hedge(three_periods(), "ifrs9", reclassified={ENDS[1]: Decimal(3)})
    assert [row.closing for row in rows] == decimals(9, 5, -5)
    assert [row.reclassified for row in rows] == decimals(0, -3, 0)
    assert [row.profit_or_loss for row in rows] == decimals(1, -1, -1)


def test_hedge_that_failed_once_stays_out_of_hedge_accounting() -> None:
    rows = measure_hedge(three_periods(), "ias39", qualifies=[True, False, True])
    assert [row.hedged for row in rows] == [True, False, False]
    assert [row.closing for row in rows] == decimals(9, 9, 9)
    assert [row.profit_or_loss for row in rows] == decimals(1, -2, -11)


def test_excluded_components_stay_out_of_the_test_until_hedge_accounting_ends() -> None:
    changes = replace(three_periods(), excluded=(Decimal(1), Decimal(1), Decimal(1)))
    rows = measure_hedge(changes, "ifrs9", qualifies=[True, True, False])
    assert [row.cumulative_instrument for row in rows] == decimals(9, 6, -6)
    assert [row.excluded for row in rows] == decimals(1, 1, 0)
    assert [row.closing for row in rows] == decimals(9, 6, 6)
    assert [row.profit_or_loss for row in rows] == decimals(0, 0, -11)


@pytest.mark.parametrize("name", list(FRAMEWORKS))
def test_fair_value_hedge_shows_both_sides_in_profit_or_loss(name: str) -> None:
    rows = measure_hedge(three_periods(), name, "fair value", qualifies=[True, True, False])
    assert [row.profit_or_loss for row in rows] == decimals(1, -3, -11)
    assert all(row.closing == 0 for row in rows)
    with pytest.raises(InputError, match="no reserve"):
        measure_hedge(three_periods(), name, "fair value", reclassified={ENDS[0]: Decimal(1)})


def test_net_investment_hedge_is_measured_as_a_cash_flow_hedge() -> None:
    assert measure_hedge(three_periods(), "ifrs9", "net investment") == measure_hedge(three_periods(), "ifrs9")


@pytest.mark.parametrize(
    ("words", "error", "said"),
    [
        ({"hedge_type": "cash"}, InputError, "cash flow, fair value, net investment"),
        ({"qualifies": [True]}, DataError, "1 entries for 3 periods"),
        ({"reclassified": {dt.date(2024, 1, 1): Decimal(1)}}, InputError, "2024-01-01"),
    ],
)
def test_measurement_refuses_what_means_nothing(words: dict[str, object], error: type[Exception], said: str) -> None:
    with pytest.raises(error, match=said):
        measure_hedge(three_periods(), "ifrs9", **words)  # type: ignore[arg-type]


def test_unknown_framework_is_refused_with_the_close_one() -> None:
    with pytest.raises(InputError, match="did you mean 'ifrs9'"):
        measure_hedge(three_periods(), "ifrs")


def test_accounts_that_broke_their_law_would_be_refused() -> None:
    row = measure_hedge(three_periods(), "ifrs9")[0]
    with pytest.raises(AccountsError, match="roll forward"):
        _require_roll_forward([replace(row, closing=Decimal(8))])
    for wrong in (Decimal(10), Decimal(-1)):
        with pytest.raises(AccountsError, match="lower-of"):
            _require_bound(row, wrong, FRAMEWORKS["ifrs9"])
    _require_bound(row, Decimal(10), FRAMEWORKS["asc815"])


def test_table_keeps_amounts_exact() -> None:
    table = ineffectiveness_table(measure_hedge(three_periods(), "ifrs9"))
    assert table["closing"].tolist() == decimals(9, 8, -2)
    assert table.index.tolist() == [end.isoformat() for end in ENDS[:3]]
