"""``hedgerow rates``: bonds hedged with futures, from files to the trade, and what it refuses."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from data import shared_data
from hedgerow.hedgers.rates import hedge_rates
from hedgerow.market.yield_curve import YieldCurve
from hedgerow.study.rates.files import read_bonds, read_futures

BONDS = (
    "name,coupon,maturity,price,face\nnote,0.02,2029-02-15,100.5,20000000\ncorporate,0.035,2032-08-15,104,15000000\n"
)
FUTURES = (
    "future,price,delivery,bond,coupon,maturity,bond_price,contract_size\n"
    "TY,124.5,2022-06-30,a,0.0125,2028-11-30,95.2,100000\n"
    "TY,124.5,2022-06-30,b,0.02875,2028-08-15,105.5,100000\n"
)
FIVE = "FV,117.9,2022-06-30,c,0.0175,2026-12-31,98.9,100000\n"
WORDS = ("rates", "bonds.csv", "--futures", "futures.csv", "--at", "2022-03-11")
AT = pd.Timestamp("2022-03-11").date()


@pytest.fixture
def files(tmp_path: Path) -> Path:
    (tmp_path / "bonds.csv").write_text(BONDS)
    (tmp_path / "futures.csv").write_text(FUTURES)
    return tmp_path


@pytest.fixture
def yields(files: Path) -> Path:
    rng = np.random.default_rng(3)
    days = pd.bdate_range("2020-06-01", "2022-06-30", name="date")
    level = 2.0 + np.cumsum(rng.normal(0, 0.03, len(days)))
    table = {
        f"{years}Y": level + 0.05 * np.log(years) + 0.02 * rng.standard_normal(len(days)) for years in (1, 2, 5, 10, 30)
    }
    pd.DataFrame(table, index=days).round(4).to_csv(files / "yields.csv")
    return files


def test_rates_flat_curve_equals_the_library(hedgerow: Any, files: Path) -> None:
    answer = hedgerow(*WORDS, "--flat", 0.02, "--json").json
    bonds, futures = read_bonds(files / "bonds.csv", AT), read_futures(files / "futures.csv", AT)
    hedge = hedge_rates(bonds, futures, YieldCurve.flat(0.02))
    assert answer["futures"][0]["contracts"] == hedge.contracts[0]
    assert answer["dv01"] == pytest.approx(hedge.dv01)
    assert answer["futures"][0]["cheapest"] == futures[0].cheapest.bond.name
    assert answer["verdict"].startswith("Sell ")
    assert abs(answer["hedged_dv01"]) < 0.01 * answer["dv01"]


def test_rates_key_rates_from_a_file_of_yields_and_later_rows_change_nothing(hedgerow: Any, yields: Path) -> None:
    (yields / "futures.csv").write_text(FUTURES + FIVE)
    words = (*WORDS, "--curve", "yields.csv", "--method", "key_rate", "--json")
    answer = hedgerow(*words).json
    table = pd.read_csv(yields / "yields.csv", index_col="date")
    table.loc["2022-03-12":] *= 3.0
    table.to_csv(yields / "yields.csv")
    assert hedgerow(*words).json == answer
    assert "2022-03-11" in answer["curve"]["source"]
    assert answer["daily_risk"]["hedged"] < 0.3 * answer["daily_risk"]["unhedged"]


def test_rates_decimal_yields_equal_percent_yields(hedgerow: Any, yields: Path) -> None:
    in_percent = hedgerow(*WORDS, "--curve", "yields.csv", "--json").json
    table = pd.read_csv(yields / "yields.csv", index_col="date") / 100.0
    table.to_csv(yields / "yields.csv")
    in_decimals = hedgerow(*WORDS, "--curve", "yields.csv", "--yields-in", "decimal", "--json").json
    for one, other in zip(in_decimals["futures"], in_percent["futures"], strict=True):
        assert one["exact_contracts"] == pytest.approx(other["exact_contracts"], rel=1e-9)
        assert one["contracts"] == other["contracts"]


def test_rates_study_file_report_and_terminal(hedgerow: Any, yields: Path) -> None:
    (yields / "study.yaml").write_text(
        "kind: rates\nat: 2022-03-11\nbonds: bonds.csv\nfutures: futures.csv\ncurve:\n  file: yields.csv\n"
    )
    answer = hedgerow("run", "study.yaml", "--out", "found")
    assert answer.code == 0, answer.err
    assert "money lost per basis point" in answer.out
    assert {path.name for path in (yields / "found").iterdir()} == {
        "report.html", "result.json", "bonds.csv", "futures.csv", "key-rates.csv"
    }  # fmt: skip
    said = hedgerow(*WORDS, "--curve", "yields.csv", "--report", "r.html")
    assert "Report:" in said.out
    assert "Rate risk by node" in (yields / "r.html").read_text()


def test_rates_small_position_says_do_nothing(hedgerow: Any, files: Path) -> None:
    (files / "bonds.csv").write_text("name,coupon,maturity,price,face\nnote,0.02,2029-02-15,100.5,10000\n")
    assert "do nothing" in hedgerow(*WORDS, "--flat", 0.02, "--json").json["verdict"]


def test_rates_odd_repo_is_warned_of(hedgerow: Any, files: Path) -> None:
    (files / "futures.csv").write_text(FUTURES.replace("124.5", "140"))
    assert "no financing rate" in hedgerow(*WORDS, "--flat", 0.02, "--json").json["warnings"][0]


@pytest.mark.parametrize(
    ("file", "text", "words", "said"),
    [
        ("bonds.csv", BONDS.replace("face", "size"), ("--flat", 0.02), "has no column 'face'"),
        ("bonds.csv", BONDS.replace("0.035", "3.5"), ("--flat", 0.02), "bonds.csv, line 3: the coupon is a decimal"),
        ("bonds.csv", BONDS.replace("2029-02-15", "2021-02-15"), ("--flat", 0.02), "line 2: a bond that matures"),
        ("bonds.csv", BONDS.replace("104", ""), ("--flat", 0.02), "line 3: price is empty"),
        ("bonds.csv", BONDS.replace("corporate", "note"), ("--flat", 0.02), "the same bond"),
        ("futures.csv", FUTURES.replace("TY,124.5,2022-06-30,b", "TY,125,2022-06-30,b"), ("--flat", 0.02), "several"),
        ("futures.csv", FUTURES + FIVE, ("--flat", 0.02), "use method key_rate"),
        ("yields.csv", "date,rate\n2022-01-03,2.0\n", ("--curve", "yields.csv"), "reads like a tenor"),
        ("yields.csv", "date,2Y\n2022-06-03,2.0\n", ("--curve", "yields.csv"), "no yields on or before"),
        ("yields.csv", "date,2Y,24M\n2022-01-03,2.0,2.0\n", ("--curve", "yields.csv"), "the same tenor"),
        ("yields.csv", "date,2Y\n2022-01-03,2.0\n", ("--curve", "yields.csv", "--node", "9Y=9"), "not found"),
        ("yields.csv", "date,2Y\n2022-01-03,2.0\n", ("--curve", "yields.csv", "--flat", 0.02), "one of the two"),
    ],
)
def test_rates_bad_input_is_one_sentence(
    hedgerow: Any, files: Path, file: str, text: str, words: tuple[Any, ...], said: str
) -> None:
    (files / file).write_text(text)
    answer = hedgerow(*WORDS, *words)
    assert (answer.code, answer.out) == (2, "")
    assert said in answer.err
    assert answer.err.count("\n") == 1


def test_rates_treasury_yields_of_a_real_day(hedgerow: Any, files: Path) -> None:
    curve = shared_data("us_treasury_par_yields_daily.csv")
    answer = hedgerow(*WORDS, "--curve", curve, "--json").json
    assert len(answer["curve"]["years"]) == 11
    spreads = {row["bond"]: row["spread"] for row in answer["bonds"]}
    assert abs(spreads["note"]) < 0.002, "a note near the Treasury curve trades near it"
    assert abs(answer["hedged_dv01"]) < 0.01 * answer["dv01"]
