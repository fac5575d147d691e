"""Criteria, conclusions, frameworks as profiles, journals and the file of the relationship."""

from __future__ import annotations

import datetime as dt
from dataclasses import fields, replace
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from hedgerow.accounting import (
    CONTENTS,
    FRAMEWORKS,
    AccountingThresholds,
    Accounts,
    Evidence,
    HedgeRelationship,
    JournalLine,
    ValueChanges,
    assess,
    conclusion,
    content_hash,
    criteria_table,
    default_accounts,
    framework_named,
    journal_lines,
    journal_table,
    measure_hedge,
    regress_item,
    require_balanced,
    retrospective_method,
    retrospective_pass,
)
from hedgerow.errors import AccountsError, InputError

END = dt.date(2024, 3, 31)
amounts = st.decimals(min_value=-(10**6), max_value=10**6, places=2)


def evidence(noise: float = 0.2, **words: object) -> Evidence:
    generator = np.random.default_rng(2)
    hedge = generator.normal(size=40)
    fit = regress_item(-hedge + noise * generator.normal(size=40), hedge)
    given: dict[str, object] = {"offset": 0.7, "cumulative_offset": 1.0, "credit_risk": "rated A", "ratio_fits": True}
    return Evidence(fit, **(given | words))  # type: ignore[arg-type]


def outcomes(name: str, facts: Evidence) -> dict[str, tuple[str, str]]:
    return {row.name: (row.outcome, row.status) for row in assess(FRAMEWORKS[name], facts)}


def test_ifrs9_asks_a_relationship_and_a_ratio_and_only_shows_the_corridor() -> None:
    found = outcomes("ifrs9", evidence())
    assert found["economic relationship"] == ("met", "rule")
    assert found["hedge ratio"] == ("met", "rule")
    assert found["credit risk"] == ("to be judged", "rule")
    for name in ("slope", "R²", "period offset", "cumulative offset", "variance reduction"):
        assert found[name] == ("information", "information")


def test_ifrs9_relationship_is_not_met_by_a_p_value_alone_nor_refuted_by_a_weak_one() -> None:
    unexplained = evidence(missing=("economic_relationship",))
    assert outcomes("ifrs9", unexplained)["economic relationship"] == ("to be judged", "rule")
    weak = replace(evidence(), prospective=replace(evidence().prospective, p_value=0.06))  # type: ignore[type-var]
    assert outcomes("ifrs9", weak)["economic relationship"] == ("to be judged", "rule")


def test_ifrs9_asks_no_figure_to_stay_inside_a_line() -> None:
    asked = {row.name: row.requirement for row in assess(FRAMEWORKS["ifrs9"], evidence())}
    for name in ("slope", "R²", "significance of slope (t)", "observations", "period offset", "cumulative offset"):
        assert asked[name].startswith("no line in IFRS 9")
    assert not any("no line" in row.requirement for row in assess(FRAMEWORKS["ias39"], evidence()))


def test_ias39_has_a_bright_line_and_asc815_a_practice() -> None:
    assert outcomes("ias39", evidence())["cumulative offset"] == ("met", "rule")
    failed = outcomes("ias39", evidence(cumulative_offset=0.79))
    assert failed["cumulative offset"] == ("not met", "rule")
    assert outcomes("asc815", evidence())["cumulative offset"] == ("information", "information")
    period = outcomes("asc815", evidence(method="period offset"))
    assert period["period offset"] == ("not met", "practice")
    assert period["slope"] == ("met", "practice")


def test_weak_hedge_and_what_nobody_stated_are_not_met() -> None:
    found = outcomes("asc815", evidence(2.0, missing=("policy", "day_one_value"), credit_risk=" ", ratio_fits=False))
    assert found["documentation"] == found["credit risk"] == ("not met", "rule")
    assert found["R²"] == ("not met", "practice")
    assert found["hedge ratio"] == ("not met", "practice")
    assert outcomes("asc815", evidence(ended=END))["every period so far"] == ("not met", "rule")


def test_what_cannot_be_assessed_says_so() -> None:
    nothing = Evidence(None)
    found = outcomes("asc815", nothing)
    assert found["slope"] == ("not assessable", "practice")
    assert found["hedge ratio"] == ("to be judged", "practice")
    assert outcomes("ias39", nothing)["cumulative offset"] == ("not assessable", "rule")
    assert outcomes("ifrs9", nothing)["economic relationship"] == ("not assessable", "rule")
    same_way = replace(evidence(), prospective=replace(evidence().prospective, slope=0.9))  # type: ignore[type-var]
    assert outcomes("ifrs9", same_way)["economic relationship"] == ("not met", "rule")


@pytest.mark.parametrize(
    ("name", "words", "expected"),
    [
        ("ifrs9", {}, None),
        ("ifrs9", {"method": "regression"}, None),
        ("asc815", {}, True),
        ("asc815", {"thresholds": AccountingThresholds(r_squared=0.999)}, False),
        ("asc815", {"method": "period offset"}, False),
        ("ias39", {}, True),
        ("ias39", {"cumulative_offset": None}, None),
        ("ias39", {"method": "regression"}, True),
    ],
)
def test_retrospective_test_follows_the_documented_method(
    name: str, words: dict[str, object], expected: bool | None
) -> None:
    assert retrospective_pass(FRAMEWORKS[name], evidence(**words)) is expected


def test_retrospective_regression_without_rows_decides_nothing() -> None:
    assert retrospective_pass(FRAMEWORKS["asc815"], Evidence(None)) is None
    assert retrospective_method(FRAMEWORKS["ias39"], None) == "cumulative offset"


@pytest.mark.parametrize("name", list(FRAMEWORKS))
def test_conclusion_is_never_a_bare_pass(name: str) -> None:
    criteria = assess(FRAMEWORKS[name], evidence(variance_reduction=0.9))
    said = conclusion(FRAMEWORKS[name], criteria, END)
    assert "criteria that figures decide are met" in said
    assert "to judge: credit risk (rule)" in said
    assert "not assessable" in conclusion(FRAMEWORKS[name], assess(FRAMEWORKS[name], Evidence(None)), END)
    table = criteria_table(criteria)
    assert table.loc["variance reduction", "found"] == "90.0%"
    assert set(table["rule or practice"]) <= {"rule", "practice", "information"}


def test_framework_of_ones_own_passes_through_and_is_checked() -> None:
    house = replace(FRAMEWORKS["ifrs9"], name="house", retrospective="period offset", corridor="practice")
    assert framework_named(house) is house
    assert house.reference("no such topic") == ""
    for words in ({"corridor": "law"}, {"retrospective": "hope"}, {"excluded": "nowhere"}):
        with pytest.raises(InputError):
            replace(house, **words)  # type: ignore[arg-type]


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(amounts, amounts, amounts), min_size=1, max_size=3), st.booleans())
@pytest.mark.parametrize("kind", ["cash flow", "fair value"])
def test_journal_balances_for_any_history(
    kind: str, history: list[tuple[Decimal, Decimal, Decimal]], qualifies: bool
) -> None:
    ends = tuple(dt.date(2024, month, 28) for month in range(1, len(history) + 1))
    changes = ValueChanges(ends, *zip(*history, strict=True))
    rows = measure_hedge(changes, "ifrs9", kind, qualifies=[qualifies] * len(ends))  # type: ignore[arg-type]
    lines = journal_lines(rows, kind)  # type: ignore[arg-type]
    for end, row in zip(ends, rows, strict=True):
        mine = [line for line in lines if line.end == end]
        require_balanced(mine)
        booked = sum((line.debit - line.credit for line in mine if line.account == Accounts.instrument), Decimal(0))
        assert booked == row.instrument
    assert all(line.debit >= 0 and line.credit >= 0 and (line.debit == 0 or line.credit == 0) for line in lines)
    assert all(not isinstance(cell, float) for cell in journal_table(lines)["debit"])


def test_lines_that_do_not_balance_are_refused() -> None:
    with pytest.raises(AccountsError, match="do not balance"):
        require_balanced([JournalLine(END, "a", Decimal(1), Decimal(0), "")])


def test_accounts_follow_framework_and_type() -> None:
    assert default_accounts("ifrs9", "cash flow").cost_of_hedging.startswith("OCI")
    assert default_accounts("ias39", "cash flow").cost_of_hedging.startswith("P&L")
    assert "translation" in default_accounts("asc815", "net investment").reserve


def relationship(**words: object) -> HedgeRelationship:
    given: dict[str, object] = {"identification": "HR-1", "hedge_type": "cash flow", "designated": END}
    return HedgeRelationship(**(given | words))  # type: ignore[arg-type]


def test_file_has_fifteen_contents_and_names_what_is_missing() -> None:
    file = relationship(policy="manual")
    table = file.contents({"method": "regression"})
    assert [text for text in table.index if text][-1] == "15. Inception test"
    assert len(CONTENTS) == 15
    assert table.set_index("field").loc["method", "text"] == "regression"
    assert table.set_index("field").loc["strategy", "text"] == "NOT STATED"
    assert "policy" not in file.missing
    assert "method" not in file.missing
    listed = {name for _, names in CONTENTS for name in names}
    assert listed == {each.name for each in fields(file)} - {"designated", "dedesignated"}


def test_hash_of_a_file_changes_with_any_content_and_not_with_order() -> None:
    assert relationship().content_hash == relationship().content_hash
    assert relationship().content_hash != relationship(version=2).content_hash
    assert content_hash({"a": 1, "b": 2}) == content_hash({"b": 2, "a": 1}) != content_hash({"a": 2, "b": 1})


@pytest.mark.parametrize(
    "words", [{"identification": " "}, {"hedge_type": "cash"}, {"version": 0}, {"dedesignated": END}]
)
def test_file_refuses_what_means_nothing(words: dict[str, object]) -> None:
    with pytest.raises(InputError):
        relationship(**words)
