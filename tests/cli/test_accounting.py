"""``hedgerow accounting``: one document, its date, its files, and what it refuses."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.usefixtures("file")
STUDY = """\
kind: accounting
framework: [ifrs9, ias39]
relationship: {identification: HR-2015-001, type: cash flow, designated: 2015-06-30}
data: {files: [p.csv], every: W-FRI}
item: {column: spot, quantity: -2000}
instrument: {column: fut, contract_size: 10, ratio: 0.5}
periods: ME
"""


@pytest.fixture
def relationship(tmp_path: Path) -> None:
    (tmp_path / "hr.yaml").write_text(STUDY)


@pytest.mark.usefixtures("relationship")
def test_verb_writes_the_document_and_run_gives_the_same(hedgerow: Any) -> None:
    answer = hedgerow("accounting", "hr.yaml", "--out", "o", "--report", "d.html", "--markdown", "d.md", "--json").json
    assert answer == hedgerow("run", "hr.yaml", "--json").json == json.loads(Path("o/result.json").read_text())
    assert Path("d.md").read_text() == Path("o/report.md").read_text()
    assert Path("d.html").read_bytes() == Path("o/report.html").read_bytes()
    for name in ("criteria-ifrs9", "journal-ias39", "ineffectiveness-ifrs9", "tests", "offsets", "relationship"):
        assert Path(f"o/{name}.csv").stat().st_size > 20


@pytest.mark.usefixtures("relationship")
def test_date_of_the_document_cuts_what_is_known(hedgerow: Any) -> None:
    early = hedgerow("accounting", "hr.yaml", "--as-of", "2015-08-31", "--json").json
    assert early["as_of"] == "2015-08-31"
    assert [row["end"] for row in early["frameworks"][0]["periods"]] == ["2015-07-31", "2015-08-31"]
    for wrong, said in (("2015-01-30", "before the designation"), ("soon", "not a date")):
        answer = hedgerow("accounting", "hr.yaml", "--as-of", wrong)
        assert (answer.code, answer.out) == (2, "")
        assert said in answer.err


@pytest.mark.usefixtures("relationship")
def test_terminal_says_criteria_and_that_it_is_no_advice(hedgerow: Any) -> None:
    answer = hedgerow("accounting", "hr.yaml", "--report", "d.html")
    assert answer.code == 0
    for words in ("not legal or accounting advice", "dollar offset", "IAS 39", "Written:", "rule"):
        assert words in answer.out
    inception = hedgerow("accounting", "hr.yaml", "--as-of", "2015-06-30")
    assert "dollar offset" not in inception.out


def test_study_of_another_kind_is_sent_to_run(hedgerow: Any) -> None:
    Path("r.yaml").write_text(
        "kind: ratio\ndata: {files: [p.csv]}\nexposure: {column: spot}\nhedges: [{column: fut}]\n"
    )
    answer = hedgerow("accounting", "r.yaml")
    assert answer.code == 2
    assert "hedgerow run" in answer.err


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("quantity: -2000", "quantity: 0", "hr.yaml, line 5"),
        ("[ifrs9, ias39]", "[ifrs9, ias93]", "ias93"),
        ("type: cash flow", "type: cash", "relationship.type"),
        ("ratio: 0.5", "ratio: 0.5, contracts: 0", "contracts must not be 0"),
    ],
)
def test_words_that_break_a_rule_are_one_sentence(hedgerow: Any, old: str, new: str, said: str) -> None:
    Path("hr.yaml").write_text(STUDY.replace(old, new))
    answer = hedgerow("accounting", "hr.yaml")
    assert (answer.code, answer.out) == (2, "")
    assert said in answer.err
    assert len(answer.err.strip().split("\n")) == 1
