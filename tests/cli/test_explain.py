"""``hedgerow explain``: flags and studies say the same; what cannot be explained is one sentence and exit code 2."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from explain_cases import DAY, history_text, market_text, write_files

MARKETS = ("explain", "book.csv", "--before", "before.yaml", "--after", "after.yaml")


@pytest.fixture(autouse=True)
def files(tmp_path: Path) -> None:
    write_files(tmp_path)


def test_flags_say_what_a_study_says(hedgerow: Any, tmp_path: Path) -> None:
    trade = {"underlying": "SPX", "type": "spot", "quantity": -200, "price": 3935, "fee": 60}
    study = DAY | {"trades": [trade], "order": ["spot"], "flows": {"financing": -12.5}}
    with (tmp_path / "study.yaml").open("w") as stream:
        YAML(typ="safe").dump(study, stream)
    flags = ("--trades", "trades.csv", "--order", "spot", "--flow", "financing=-12.5", "--json")
    found = hedgerow(*MARKETS, *flags).json
    assert hedgerow("explain", "study.yaml", "--json").json == found
    assert hedgerow("run", "study.yaml", "--json").json == found
    assert found["order"][:2] == ["spot", "carry"]
    for which in ("predict", "explain"):
        parts = dict(found[which])
        assert parts.pop("total") == pytest.approx(sum(parts.values()))
        assert found[which]["total"] == pytest.approx(found["pnl"])


def test_terminal_shows_both_explanations_and_the_verdict(hedgerow: Any, tmp_path: Path) -> None:
    answer = hedgerow(*MARKETS, "--report", "r.html")
    assert (answer.code, answer.err) == (0, "")
    for words in ("predicted", "revalued", "order of moves: carry, spot", "break-even", "by position", "The book lost",
                  "take the revaluation", "Report: "):  # fmt: skip
        assert words in answer.out
    assert (tmp_path / "r.html").stat().st_size > 100_000


def test_day_of_a_history_needs_no_market_files(hedgerow: Any, tmp_path: Path) -> None:
    (tmp_path / "h.csv").write_text(history_text(11))
    found = hedgerow("explain", "book.csv", "--history", "h.csv", "--date", "2026-10-05", "--json").json
    assert found["after"].startswith("2026-10-05")
    assert found["history"]["test"]["n_days"] == 10
    answer = hedgerow("explain", "book.csv", "--history", "h.csv")
    assert "Spearman" in answer.out


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--order", "spto"), "unknown move 'spto'; did you mean 'spot'"),
        (("--after", "late.yaml"), "line 2 of book.csv (SPX european call 4000) expires"),
        (("--after", "other.yaml"), "has no underlying 'SPX'"),
        (("--after", "negative.yaml"), "negative.yaml, line 2"),
        (("--after", "absent.yaml"), "no such study file"),
        (("--trades", "absent.csv"), "absent.csv"),
        (("--flow", "financing=much"), "--flow takes a name and money"),
        (("--model", "hestn"), "did you mean 'heston'"),
        (("--date", "2026-11-19"), "date names a day of the history"),
    ],
)
def test_bad_input_is_one_sentence_and_exit_code_2(
    hedgerow: Any, tmp_path: Path, words: tuple[str, ...], sentence: str
) -> None:
    (tmp_path / "late.yaml").write_text(market_text("2026-12-21", 3900.0, 0.2))
    (tmp_path / "other.yaml").write_text(market_text("2026-11-19", 390.0, 0.2, name="SPY"))
    (tmp_path / "negative.yaml").write_text(market_text("2026-11-19", 3900.0, -0.2))
    answer = hedgerow(*MARKETS, *words, "--report", "r.html")
    assert (answer.code, answer.out) == (2, "")
    assert sentence in answer.err
    assert answer.err.startswith("hedgerow: ")
    assert answer.err.count("\n") == 1
    assert not (tmp_path / "r.html").exists()


def test_market_that_is_not_given_and_flags_beside_a_study_are_refused(hedgerow: Any, tmp_path: Path) -> None:
    answer = hedgerow("explain", "book.csv", "--before", "before.yaml")
    assert (answer.code, "--after is missing" in answer.err) == (2, True)
    (tmp_path / "study.yaml").write_text("kind: price\noption: {spot: 1, strike: 1, years: 1, vol: 0.2}\n")
    assert "is a price study" in hedgerow("explain", "study.yaml").err
    assert "--order belongs to a book" in hedgerow("explain", "study.yaml", "--order", "spot").err
