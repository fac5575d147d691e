"""Dollar offset, thresholds, amounts, scenarios, critical terms and the hypothetical derivative."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from math import exp, isnan

import pytest

from hedgerow.accounting import (
    AccountingThresholds,
    HypotheticalForward,
    MoveScenario,
    Terms,
    ValueChanges,
    critical_terms,
    dollar_offset,
    money,
    offset_failures,
    offset_ratio,
    require_within_life,
    scenario_offsets,
)
from hedgerow.errors import DataError, InputError

ENDS = tuple(dt.date(2024, month, 28) for month in (3, 6, 9))


def test_offset_of_a_period_and_of_all_so_far() -> None:
    table = dollar_offset(ValueChanges(ENDS, (-100, -60, 50), (100, 40, -100)))
    assert table["offset"].tolist() == [1.0, 1.5, 0.5]
    assert table["cumulative_offset"].tolist() == pytest.approx([1.0, 160 / 140, 110 / 40])
    assert table["inside"].tolist() == [True, False, False]
    assert table["cumulative_inside"].tolist() == [True, True, False]
    assert offset_failures(table) == [ENDS[1].isoformat(), ENDS[2].isoformat()]
    assert offset_failures(table, cumulative=True) == [ENDS[2].isoformat()]


def test_corridor_includes_its_ends() -> None:
    table = dollar_offset(ValueChanges(ENDS, (-80, -125, -79), (100, 100, 100)))
    assert table["inside"].tolist() == [True, True, False]


def test_small_numbers_are_flagged_and_not_judged() -> None:
    limits = AccountingThresholds(small_change=10)
    table = dollar_offset(ValueChanges(ENDS, (-1, -30, -5), (9, 10, 0)), limits)
    assert table["note"].tolist() == ["small numbers", "judged", "item did not move"]
    assert table["inside"].tolist() == [None, False, None]
    assert isnan(table["offset"].iloc[2])
    assert offset_failures(table) == [ENDS[1].isoformat()]
    assert "10" in limits.small_numbers_rule
    assert "every offset" in AccountingThresholds().small_numbers_rule


def test_excluded_components_are_no_part_of_the_offset() -> None:
    table = dollar_offset(ValueChanges(ENDS[:1], (-120,), (100,), (-20,)))
    assert table["offset"].tolist() == [1.0]


def test_offset_is_free_of_the_unit_and_turns_with_neither_sign() -> None:
    gain, loss = Decimal(-7), Decimal(6)
    assert offset_ratio(gain * 1000, loss * 1000) == offset_ratio(gain, loss) == offset_ratio(-gain, -loss)


@pytest.mark.parametrize(
    "words",
    [
        {"corridor_low": 1.3},
        {"slope_low": 0.0},
        {"corridor_high": float("inf")},
        {"r_squared": 1.1},
        {"significance": 0.0},
        {"fewest": 2},
        {"small_change": -1.0},
        {"small_change": float("inf")},
    ],
)
def test_thresholds_refuse_lines_that_mean_nothing(words: dict[str, float]) -> None:
    with pytest.raises(InputError):
        AccountingThresholds(**words)  # type: ignore[arg-type]


def test_money_counts_as_written_and_rounds_halves_to_even() -> None:
    assert money(0.1) + money(0.2) == Decimal("0.3")
    assert (money("0.125", 2), money("0.135", 2)) == (Decimal("0.12"), Decimal("0.14"))
    assert str(money(-0.001, 2)) == "0.00"
    for wrong in ("much", float("nan"), float("inf")):
        with pytest.raises(DataError):
            money(wrong)


def test_changes_refuse_sides_that_do_not_match_and_dates_that_do_not_rise() -> None:
    with pytest.raises(DataError, match="2 changes for 3 periods"):
        ValueChanges(ENDS, (1, 2), (1, 2, 3))
    with pytest.raises(DataError, match="rise"):
        ValueChanges((ENDS[1], ENDS[0]), (1, 2), (1, 2))


def test_nothing_is_tested_before_designation_nor_booked_after_the_end() -> None:
    assert require_within_life(ENDS, dt.date(2024, 1, 1), ENDS[-1]) == ENDS
    with pytest.raises(InputError, match="before designation"):
        require_within_life(ENDS, ENDS[0])
    with pytest.raises(InputError, match="after dedesignation"):
        require_within_life(ENDS, dt.date(2024, 1, 1), ENDS[1])


def test_scenarios_show_what_is_left() -> None:
    table = scenario_offsets([MoveScenario("up", 100, -90), MoveScenario("still", 0, 5)])
    assert table["net"].tolist() == [Decimal(10), Decimal(5)]
    assert table["inside"].tolist() == [True, False]
    assert isnan(table["offset"].iloc[1])
    with pytest.raises(InputError, match="different names"):
        scenario_offsets([MoveScenario("up", 1, 1), MoveScenario("up", 2, 2)])


@pytest.mark.parametrize(
    ("settles", "match"),
    [((2024, 6, 30), True), ((2024, 7, 31), True), ((2024, 8, 1), False), ((2024, 5, 31), True)],
)
def test_dates_match_within_31_days_or_a_calendar_month(settles: tuple[int, int, int], match: bool) -> None:
    item = Terms(5, "USD", "ULSD", "New York Harbor", dt.date(2024, 6, 30))
    other = Terms(5.0, "usd", " ulsd", "new york harbor", dt.date(*settles), 0.0)
    table = critical_terms(item, other)
    assert table.loc["date", "match"] == match
    assert table["match"].drop("date").all()


def test_value_at_inception_has_to_be_zero() -> None:
    side = Terms(5, "USD", "ULSD", "New York Harbor", dt.date(2024, 6, 30))
    other = Terms(5, "USD", "ULSD", "New York Harbor", dt.date(2024, 6, 30), 12)
    assert not critical_terms(side, other).loc["value at inception", "match"]


def test_hypothetical_forward_is_worth_nothing_at_inception_and_is_discounted_from_its_date() -> None:
    settles = dt.date(2025, 1, 1)
    forward = HypotheticalForward(1000, "2.00", settles, rate=0.05)
    dates = [dt.date(2024, 1, 2), settles, dt.date(2025, 6, 1)]
    values = forward.item_values(dates, ["2.00", "2.50", "2.50"])
    assert values == (Decimal("0.00"), Decimal("500.00"), Decimal("500.00"))
    year = forward.item_values([dt.date(2024, 1, 2)], ["2.50"])[0]
    assert float(year) == pytest.approx(500.0 * exp(-0.05 * 365 / 365), abs=0.005)
    with pytest.raises(DataError, match="2 dates and 1 prices"):
        forward.item_values(dates[:2], [1])
    with pytest.raises(InputError, match="must not be 0"):
        HypotheticalForward(0, 1, settles)
