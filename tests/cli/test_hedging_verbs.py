"""``hedgerow simulate``, ``replay`` and ``frontier``: flags and studies say the same; bad words are exit code 2."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from ruamel.yaml import YAML

from hedgerow.cli.hedging_text import narrow
from hedgerow.cli.part_words import family_words, part_words
from hedgerow.errors import InputError
from hedgerow.report import as_text, plain_table
from hedging_cases import FRONTIER, PRICES, REPLAY, SIMULATE

OPTION = ("--spot", 100, "--days", 30, "--vol", 0.2, "--quantity", -10, "--paths", 200, "--steps", 5)


def written(folder: Path, words: dict[str, Any], name: str = "study.yaml") -> Path:
    with (folder / name).open("w") as stream:
        YAML(typ="safe").dump(words, stream)
    return folder / name


def test_flags_say_what_a_study_says(hedgerow: Any, tmp_path: Path) -> None:
    found = hedgerow("simulate", *OPTION, "--policy", "band=0.1", "--half-spread", 1, "--seed", 3, "--json").json
    terms = {"strike": 100, "expiry": "2026-02-04", "quantity": -10, "multiplier": 100}
    study = {
        "kind": "simulate",
        "market": {"at": "2026-01-05", "underlyings": {"XYZ": {"spot": 100, "vol": 0.2}}},
        "book": [{"underlying": "XYZ", "kind": "call", **terms}],
        "policy": {"band": 0.1},
        "costs": {"half_spread": 1},
        "paths": 200,
        "steps": 5,
        "seed": 3,
    }
    file = written(tmp_path, study)
    assert hedgerow("run", file, "--json").json == found
    assert hedgerow("simulate", file, "--json").json == found
    assert found["hold"]["XYZ"] > 0.0


def test_terminal_has_result_attribution_and_verdict(hedgerow: Any, tmp_path: Path) -> None:
    report = tmp_path / "r.html"
    answer = hedgerow("simulate", *OPTION, "--kind", "straddle", "--report", report)
    assert answer.code == 0
    for words in ("standard deviation", "where the profit comes from", "Hold ", "Report: "):
        assert words in answer.out
    assert report.stat().st_size > 100_000


def test_several_policies_are_joined_by_any_and_costs_add_up(hedgerow: Any) -> None:
    flags = (
        "--policy",
        "band=0.1",
        "--policy",
        "every-periods:periods=2",
        "--cost",
        "per_ticket=1",
        "--half-spread",
        2,
    )
    found = hedgerow("simulate", *OPTION, *flags, "--scenario", "gbm:volatility=0.3,drift=0", "--json").json
    assert {"cost half_spread", "cost ticket"} <= set(found["summary"])


def test_replay_flags_and_study_say_the_same(hedgerow: Any, tmp_path: Path) -> None:
    (tmp_path / "prices.csv").write_text(PRICES)
    market = {**REPLAY["market"], "underlying": "underlying"}
    book = [{**REPLAY["book"][0], "underlying": "underlying"}]
    file = written(tmp_path, REPLAY | {"market": market, "book": book})
    flags = ("--spot", "spot", "--vol", "vol", "--vol-in", "percent", "--strike", 100, "--expiry", "2026-02-20")
    found = hedgerow("replay", "prices.csv", *flags, "--quantity", -10, "--half-spread", 1, "--json").json
    assert hedgerow("run", file, "--json").json == found
    assert hedgerow("replay", file, "--json").json == found
    assert found["lag"] == 1


def test_frontier_prints_its_policies_and_which_to_use(hedgerow: Any, tmp_path: Path) -> None:
    families = ("--family", "band:width=0.05,0.2", "--family", "every_periods:periods=1,5")
    answer = hedgerow("frontier", *OPTION, *families, "--half-spread", 5, "--risk-aversion", 0.01)
    assert answer.code == 0, answer.err
    assert "policies on the same paths" in answer.out
    assert "Use " in answer.out
    found = hedgerow("frontier", written(tmp_path, FRONTIER), "--json").json
    assert len(found["policies"]) == 4


def test_out_folder_has_report_result_and_tables(hedgerow: Any, tmp_path: Path) -> None:
    answer = hedgerow("run", written(tmp_path, SIMULATE), "--out", tmp_path / "out")
    assert answer.code == 0, answer.err
    names = {path.name for path in (tmp_path / "out").iterdir()}
    assert {"report.html", "result.json", "summary.csv", "attribution.csv", "path.csv", "parts.csv"} <= names


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("simulate", "--spot", 100, "--days", 30), "--vol is missing"),
        (("simulate", *OPTION, "--paths", 0), "--paths must be 1 or more, not 0"),
        (("simulate", *OPTION, "--policy", "bnad=0.1"), "did you mean 'band'"),
        (("simulate", *OPTION, "--half-spread", -1), "0 or more, not -1"),
        (("simulate", *OPTION, "--cost", "per_tiket=1"), "did you mean 'per_ticket'"),
        (("simulate", *OPTION, "--days", -3), "--days must be above 0 and at most 36,525, not -3"),
        (("simulate", *OPTION, "--days", 1e9), "at most 36,525, not 1,000,000,000"),
        (("simulate", *OPTION, "--quantity", 0), "every quantity of the book is 0"),
        (("simulate", *OPTION, "--quantity", 1e300), "of notional, more than 1e+18"),
        (("simulate", *OPTION, "--spot", 1e308), "of notional, more than 1e+18"),
        (("simulate", *OPTION, "--strike", -5), "has a strike that is not above 0: -5.0"),
        (("simulate", *OPTION, "--scenario", "heston:kapa=1"), "did you mean 'kappa'"),
        (("simulate", *OPTION, "--kind", "put-ish"), "put-ish"),
        (("simulate", "none.yaml"), "none.yaml"),
        (("simulate", "none.yaml", "--spot", 3), "--spot is for one option given by flags"),
        (("replay", "prices.csv", "--spot", "spot"), "--vol is missing"),
        (("replay", "prices.csv", "--spot", "spot", "--vol", "vol"), "--strike and --expiry are missing"),
        (("replay", "none.csv", "--spot", "s", "--vol", 0.2, "--programme", "straddle"), "none.csv"),
        (
            ("replay", "none.csv", "--spot", "s", "--vol", 0.2, "--programme", "stradle"),
            "--programme must be 'straddle'",
        ),
        (("frontier", *OPTION, "--family", "band"), "not of the form NAME:KEY=VALUE"),
        (("frontier", *OPTION, "--risk-aversion", 0), "--risk-aversion must be more than 0"),
    ],
)
def test_bad_words_are_one_sentence_and_exit_code_2(hedgerow: Any, words: tuple[Any, ...], sentence: str) -> None:
    answer = hedgerow(*words)
    assert (answer.code, answer.out) == (2, "")
    assert sentence in answer.err
    assert len(answer.err.strip().splitlines()) == 1


def test_study_of_another_kind_is_refused(hedgerow: Any, tmp_path: Path) -> None:
    answer = hedgerow("frontier", written(tmp_path, SIMULATE))
    assert answer.code == 2
    assert "is a simulate study, not a frontier study" in answer.err


def test_part_words_of_no_form_are_refused() -> None:
    assert part_words("weekdays:at=16:00", "--policy") == {"weekdays": {"at": "16:00"}}
    for text in ("=0.1", "band:width"):
        with pytest.raises(InputError, match="--policy"):
            part_words(text, "--policy")
    assert family_words(None) == {}


def test_years_fit_eighty_columns_and_still_add_up() -> None:
    names = ("gamma", "theta", "vega", "unexplained", "financing", "dividends", "delta and hedge", "costs")
    years = pd.DataFrame(-123456.0, index=pd.Index([2015, 2016], name="year"), columns=[*names, "total"])
    years["total"] = years[list(names)].sum(axis=1)
    shown = narrow(years)
    np.testing.assert_allclose(shown.drop(columns="total").sum(axis=1), shown["total"])
    text = as_text(plain_table(shown, formats=dict.fromkeys(shown.columns, ",.0f")), width=80)
    assert text.count("-123,456") == 10  # none is broken over two lines
    assert len(text.splitlines()) <= 5


def test_one_position_is_not_said_in_the_plural(hedgerow: Any, tmp_path: Path) -> None:
    hedgerow("simulate", *OPTION, "--report", tmp_path / "report.html")
    text = (tmp_path / "report.html").read_text()
    assert "1 position at" in text
    assert "1 positions" not in text


def test_exit_flags_say_what_a_study_says(hedgerow: Any) -> None:
    found = hedgerow(
        "simulate", *OPTION, "--exit", "before_expiry=20", "--option-cost", "half_spread=50", "--json"
    ).json
    assert found["exits"][0]["reason"] == "20 days to expiry"
    assert found["summary"]["cost option_half_spread"]["value"] > 0.0
    refused = hedgerow("simulate", *OPTION, "--exit", "profits=2")
    assert refused.code == 2
    assert "profit" in refused.err
