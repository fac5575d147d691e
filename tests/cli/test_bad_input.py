"""Bad input: one sentence on standard error, exit code 2, nothing on standard output, no file left behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

BASIC = ("ratio", "p.csv", "--exposure", "spot", "--hedge", "fut")
pytestmark = pytest.mark.usefixtures("file")


def refused(answer: Any, *words: str) -> None:
    assert answer.code == 2, (answer.out, answer.err)
    assert answer.out == ""
    lines = answer.err.strip().split("\n")
    assert len(lines) == 1, answer.err
    assert lines[0].startswith("hedgerow: ")
    for word in words:
        assert word in lines[0], lines[0]
    assert "Input should" not in lines[0]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--frobnicate",), ["no option --frobnicate"]),
        (("--horizon", "two"), ["--horizon must be a whole number"]),
        (("--horizon", "0"), ["--horizon must be 1 or more, not 0"]),
        (("--refit", "0"), ["--refit must be 1 or more"]),
        (("--window", "1"), ["--window must be 3 or more"]),
        (("--window", "10000", "--method", "rolling"), ["10000 rows", "239"]),
        (("--train", "2"), ["between 0 and 1"]),
        (("--train", "0"), ["between 0 and 1"]),
        (("--train", "nan"), ["--train"]),
        (("--train", "soon"), ["'soon'", "neither a date nor a fraction"]),
        (("--train", "1990-01-01"), ["outside the data", "2015-01-02"]),
        (("--every", "fortnight"), ["'fortnight'", "W-FRI"]),
        (("--sampling", "each"), ["--sampling must be 'joint' or 'apart'"]),
        (("--changes", "pct"), ["--changes must be 'diff', 'percent' or 'log', not 'pct'"]),
        (("--rounding", "floor"), ["--rounding must be"]),
        (("--tailing", "often"), ["--tailing must be"]),
        (("--between", "keep"), ["--between must be"]),
        (("--lag", "-1"), ["--lag must be 0 or more"]),
        (("--method", "olz"), ["'olz'", "did you mean", "'ols'"]),
        (("--method", ""), ["no method is named"]),
        (("--method", "ols,ols"), ["named twice"]),
        (("--method", "fixed"), ["--ratio"]),
        (("--method", "fixed", "--ratio", "1", "--ratio", "2"), ["2 ratios for 1 hedge"]),
        (("--ratio", "1"), ["--method"]),
        (("--commission", "2"), ["--contract-size"]),
        (("--whole-contracts",), ["--contract-size"]),
        (("--contract-size", "0"), ["--contract-size must be more than 0"]),
        (("--contract-size", "inf"), ["--contract-size must be a finite number"]),
        (("--contract-size", "1", "--contract-size", "2"), ["given 2 times for 1 hedge"]),
        (("--quantity", "0"), ["--quantity"]),
        (("--half-spread-bps", "-1"), ["--half-spread-bps must be 0 or more"]),
        (("--price-unit-factor", "0"), ["--price-unit-factor must be more than 0"]),
        (("--discount-factor", "0"), ["--discount-factor"]),
        (("--tolerance", "-1"), ["--tolerance"]),
        (("--ticket", "-1"), ["--ticket"]),
        (("--rate", "nan"), ["--rate"]),
        (("--seed", "-1"), ["--seed"]),
        (("--decimal", "x"), ["decimal", "'x'"]),
        (("--separator", "ab"), ["separator", "'ab'"]),
        (("--start", "2030-01-01"), ["no rows from 2030-01-01", "--start"]),
        (("--start", "soon"), ["start 'soon'"]),
        (("--start", "2016-01-01", "--end", "2015-01-01"), ["start 2016-01-01 is after end 2015-01-01;"]),
        (("--level", "gass"), ["'gass'", "did you mean 'gas'"]),
        (("--level", "foo=gas"), ["'foo'"]),
        (("--level", "gas", "--changes", "percent"), ["--level"]),
        (("--currency", "spot"), ["--currency", "COL=VALUE"]),
        (("--currency", "foo=USD"), ["'foo'"]),
        (("--fx", "nosuch"), ["'nosuch'"]),
        (("--date", "day"), ["'day'", "columns: date, spot, fut, gas"]),
        (("--date-format", "%d.%m.%Y"), ["'2015-01-01'", "line 2"]),
        (("--roll-dates", "nosuch.csv"), ["nosuch.csv"]),
        (("--roll-dates", "p.csv"), ["every change", "crosses two contracts"]),
        (("--exclude", "p.csv"), ["no row"]),
        (("--report", "nowhere/x.html"), ["nowhere"]),
        (("--path", "nowhere/x.csv"), ["nowhere"]),
        (("--report", "."), ["no file name"]),
        (("--hedge", "fut"), ["'fut' is named 2 times"]),
        (("--hedge", "spot"), ["'spot' is named 2 times"]),
        (("--hedge", "fuut"), ["'fuut'", "did you mean 'fut'"]),
    ],
    ids=lambda value: " ".join(value)[:40] if isinstance(value, tuple) else "",
)
def test_flag_that_breaks_a_rule_is_one_sentence(hedgerow: Any, words: tuple[str, ...], said: list[str]) -> None:
    before = set(Path.cwd().iterdir())
    refused(hedgerow(*BASIC, *words), *said)
    assert set(Path.cwd().iterdir()) == before


def test_missing_parts_of_a_command_are_named(hedgerow: Any) -> None:
    refused(hedgerow("ratio", "p.csv", "--exposure", "spot"), "--hedge")
    refused(hedgerow("ratio", "p.csv", "--hedge", "fut"), "--exposure")
    refused(hedgerow("ratio", "--exposure", "spot", "--hedge", "fut"), "files")
    refused(hedgerow("frobnicate"), "'frobnicate'")
    refused(hedgerow("ratio", "pp.csv", "--exposure", "spot", "--hedge", "fut"), "did you mean 'p.csv'")
    refused(hedgerow("ratio", ".", "--exposure", "spot", "--hedge", "fut"), "is a folder", "p.csv")
    refused(hedgerow("ratio", "p.csv", "p.csv", "--exposure", "spot", "--hedge", "fut"), "named twice")


def changed(table: pd.DataFrame, column: str, value: object) -> pd.DataFrame:
    return table.assign(**{column: value})


def with_cell(table: pd.DataFrame, value: float) -> pd.DataFrame:
    other = table.copy()
    other.iloc[20, 1] = value
    return other


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda p: p.iloc[::-1], ["newest first"]),
        (lambda p: pd.concat([p.iloc[50:], p.iloc[:50]]), ["not sorted", "line"]),
        (lambda p: p.iloc[[0, 1, 1, *range(2, 200)]], ["exact repeat", "lines 3 and 4"]),
        (lambda p: pd.concat([p.iloc[:2], p.iloc[[1]] + 1, p.iloc[2:]]), ["other prices", "lines 3 and 4"]),
        (lambda p: changed(p, "spot", np.nan), ["'spot'", "no price at all"]),
        (lambda p: changed(p, "fut", 5.0), ["'fut'", "does not move"]),
        (lambda p: changed(p, "spot", 5.0), ["does not move"]),
        (lambda p: p.iloc[:3], ["rows are needed"]),
        (lambda p: p.iloc[:1], ["rows"]),
        (lambda p: with_cell(p, np.inf), ["inf", "fut"]),
    ],
)  # fmt: skip
def test_data_that_cannot_be_used_are_one_sentence(
    hedgerow: Any, prices: pd.DataFrame, spoil: Callable[[pd.DataFrame], pd.DataFrame], said: list[str]
) -> None:
    spoil(prices).to_csv("p.csv")
    refused(hedgerow(*BASIC), *said)


def test_constant_exposure_is_called_the_exposure(hedgerow: Any, prices: pd.DataFrame) -> None:
    changed(prices, "spot", 5.0).to_csv("p.csv")
    refused(hedgerow(*BASIC), "exposure 'spot' does not move")


def test_collinear_hedges_are_named(hedgerow: Any, prices: pd.DataFrame) -> None:
    changed(prices, "gas", 2 * prices["fut"] + 3).to_csv("p.csv")
    refused(hedgerow(*BASIC, "--hedge", "gas"), "fut", "gas", "collinear")


def test_files_without_a_common_date_give_their_spans(hedgerow: Any, prices: pd.DataFrame) -> None:
    prices.loc[:"2015-04-30", ["spot"]].to_csv("s.csv")
    prices.loc["2015-05-01":, ["fut"]].to_csv("f.csv")
    refused(hedgerow("ratio", "s.csv", "f.csv", "--exposure", "spot", "--hedge", "fut"), "no date in common", "s.csv")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (b"", ["is empty"]),
        (b"\n\n", ["blank"]),
        (b"date,spot,fut\n", ["no rows"]),
        (bytes(range(256)) * 8, ["not a text file"]),
        (b"PK\x03\x04aaaa", ["Excel"]),
        (b"date,spot,fut\n2020-01-01,1,2\nsoon,1,2\n", ["line 3", "'soon'"]),
        (b"date,spot,fut\n01/02/2020,1,2\n02/02/2020,1,3\n03/02/2020,1,3\n", ["two ways", "--date-format"]),
        (b"date,spot,fut\n2020-01-01T00:00:00Z,1,2\n2020-01-02T00:00:00+01:00,1,2\n", ["time zones"]),
        (b"date,spot,fut\n2020-01-01,1\n2020-01-02,1,2\n", ["line 2", "cells"]),
        (b"date,spot,fut\n2020-01-01,1,x\n2020-01-02,1,2\n", ["'x'", "fut"]),
    ],
)
def test_text_that_is_no_table_of_prices_is_one_sentence(hedgerow: Any, text: bytes, said: list[str]) -> None:
    Path("p.csv").write_bytes(text)
    refused(hedgerow(*BASIC), *said)


@pytest.mark.parametrize(
    "name", ["a\nb.csv", "été 🌾.csv", "<script>.csv", "=cmd().csv", "x" * 300 + ".csv", "a[b].csv"]
)
def test_odd_file_names_are_read_or_refused_in_one_sentence(hedgerow: Any, prices: pd.DataFrame, name: str) -> None:
    words = ("ratio", name, "--exposure", "spot", "--hedge", "fut", "--method", "ols")
    refused(hedgerow(*words))
    if len(name) < 200:
        prices.to_csv(name)
        assert hedgerow(*words, "--json").json["data"]["rows"] == 240
        assert hedgerow(*words).code == 0


def test_formulas_in_names_stay_text_in_csv_and_html(hedgerow: Any, prices: pd.DataFrame) -> None:
    formula, script = "=cmd()", "<script>alert(1)</script>"
    prices.set_axis(["spot", formula, script], axis=1).to_csv("p.csv")
    words = ("--path", "r.csv", "--report", "r.html", "--method", "ols", "--json")
    answer = hedgerow("ratio", "p.csv", "--exposure", script, "--hedge", formula, "--hedge", "spot", *words)
    assert answer.json["data"]["hedges"] == [formula, "spot"]
    assert script not in Path("r.html").read_text("utf-8")
    assert pd.read_csv("r.csv").dtypes.iloc[1].kind == "f"


def test_csv_text_guards_texts_and_leaves_numbers() -> None:
    from hedgerow.cli.console import csv_text

    table = pd.DataFrame({"=a": [-1.5, 2.0], "note": ["@x", "fine"]}, index=pd.Index(["+k", "l"], name="-n"))
    assert csv_text(table) == "'-n,'=a,note\n'+k,-1.5,'@x\nl,2.0,fine\n"


def test_interrupt_says_so_and_leaves_nothing(hedgerow: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("hedgerow.study.run_ratio_study", stop)
    answer = hedgerow(*BASIC, "--report", "r.html")
    assert answer.code == 130
    assert answer.out == ""
    assert answer.err.strip() == "hedgerow: stopped before the end; nothing was left half-written"
    assert not Path("r.html").exists()


@pytest.mark.compiled
def test_closed_pipe_is_no_error(file: Path) -> None:
    program = "from hedgerow.cli.main import main; main()"
    words = ["ratio", str(file), "--exposure", "spot", "--hedge", "fut", "--method", "ols", "--json"]
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(
        [sys.executable, "-c", program, *words], stdout=writing, stderr=subprocess.PIPE, text=True, check=False
    )
    os.close(writing)
    assert "Traceback" not in done.stderr
    assert done.returncode in (0, 1, 120, -signal.SIGPIPE)
