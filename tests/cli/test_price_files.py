"""``hedgerow price`` on files: lists of options with their own market, and books of positions in one market."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from hedgerow.instruments import Book, EuropeanOption, Future, MarketState, Position, Underlying
from hedgerow.pricing import black_scholes, displaced

LIST = "kind,spot,strike,years,vol,rate,quantity,name\ncall,100,100,1,0.2,0.03,10,a\nput,100,95,0.5,0.25,0.03,-5,b\n"
BOOK = (
    "underlying,instrument,kind,strike,expiry,quantity,multiplier,vol\n"
    "SPX,european,call,4000,2027-01-15,10,100,\n"
    "SPX,european,put,3800,2027-01-15,-20,100,0.24\n"
    "SPX,future,,,2027-03-19,-3,50,\n"
)
MARKET = "underlying,spot,vol,rate,dividend_yield\nSPX,4010,0.2,0.04,0.015\n"
AT = ("--at", "2026-11-20", "--market", "market.csv")


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name, text in (("list.csv", LIST), ("book.csv", BOOK), ("market.csv", MARKET)):
        (tmp_path / name).write_text(text)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def state() -> MarketState:
    return MarketState("2026-11-20", {"SPX": Underlying(4010.0, 0.2, rate=0.04, dividend_yield=0.015)})


def book() -> Book:
    return Book(
        [
            Position(EuropeanOption("SPX", "call", 4000.0, "2027-01-15", multiplier=100), 10),
            Position(EuropeanOption("SPX", "put", 3800.0, "2027-01-15", multiplier=100), -20, vol=0.24),
            Position(Future("SPX", "2027-03-19", multiplier=50), -3),
        ]
    )


@pytest.mark.usefixtures("files")
def test_list_prices_each_row_and_sums_by_quantity(hedgerow: Any) -> None:
    found = hedgerow("price", "list.csv", "--json").json
    prices = black_scholes.price(["call", "put"], 100.0, [100.0, 95.0], [1.0, 0.5], [0.2, 0.25], 0.03)
    assert [row["price"] for row in found["options"]] == list(prices)
    assert found["totals"]["price"] == pytest.approx(10 * prices[0] - 5 * prices[1], rel=1e-15)
    assert found["options"][1]["name"] == "b"
    assert "2 options" in found["verdict"]


@pytest.mark.usefixtures("files")
def test_list_takes_parameters_of_a_model_for_all_or_by_column(hedgerow: Any, files: Path) -> None:
    shared = hedgerow("price", "list.csv", "--model", "displaced", "--parameter", "displacement=20", "--json").json
    rows = pd.read_csv("list.csv").assign(displacement=20.0)
    rows.to_csv(files / "own.csv", index=False)
    own = hedgerow("price", "own.csv", "--model", "displaced", "--json").json
    expected = displaced.price("call", 100.0, 100.0, 1.0, 0.2, 0.03, displacement=20.0)
    assert shared["options"][0]["price"] == own["options"][0]["price"] == pytest.approx(expected, rel=1e-14)


@pytest.mark.usefixtures("files")
def test_book_equals_the_objects_it_stands_for(hedgerow: Any) -> None:
    found = hedgerow("price", "book.csv", *AT, "--days", "0,14", "--json").json
    expected = book().greeks(state())
    money = expected.in_money("total").iloc[0]
    for name, value in money.items():
        assert found["in_money"][name] == pytest.approx(value, rel=1e-12), name
    cells = book().scenarios(state(), [-0.2], [0.1], [14.0]).profit[0, 0, 0]
    worst = [c for c in found["scenarios"] if (c["spot_move"], c["vol_move"], c["days"]) == (-0.2, 0.1, 14.0)]
    assert worst[0]["profit"] == pytest.approx(cells, rel=1e-12)
    assert found["worst"]["profit"] == min(cell["profit"] for cell in found["scenarios"])


def test_book_writes_report_and_tables(hedgerow: Any, files: Path) -> None:
    answer = hedgerow("price", "book.csv", *AT, "--out", "out")
    assert answer.code == 0
    assert "by underlying, in money" in answer.out
    report = (files / "out" / "report.html").read_text()
    assert "Dollar gamma of SPX by expiry and strike" in report
    assert "Spot and volatility move at once" in report
    positions = pd.read_csv(files / "out" / "positions.csv")
    np.testing.assert_allclose(positions["delta"], book().greeks(state()).per_position["delta"], rtol=1e-12)


def test_study_of_a_book_says_the_same_as_the_command(hedgerow: Any, files: Path) -> None:
    (files / "book.yaml").write_text(
        "kind: price\nbook:\n  file: book.csv\n  at: 2026-11-20\n"
        "  market: {SPX: {spot: 4010, vol: 0.2, rate: 0.04, dividend_yield: 0.015}}\n"
    )
    assert hedgerow("run", "book.yaml", "--json").json == hedgerow("price", "book.csv", *AT, "--json").json


def test_report_of_a_list_has_its_options(hedgerow: Any, files: Path) -> None:
    assert hedgerow("price", "list.csv", "--report", "list.html").code == 0
    assert "2 options by black_scholes" in (files / "list.html").read_text()


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("book.csv",), "a book of positions needs the date at which it is valued"),
        (("book.csv", "--at", "2026-11-20"), "a book of positions needs the market of its underlyings"),
        (("book.csv", *AT[:1], "2028-01-03", *AT[2:]), "line 2 of book.csv (SPX european call 4000) expired"),
        (("list.csv", "--spot", 3), "--spot is for one option; the options of list.csv stand in the file"),
        (("list.csv", "--spot-moves", "a"), "--spot-moves takes numbers with commas between"),
        (("no.csv",), "there is no file no.csv; did you mean"),
        (("--spot", 1, "--strike", 1, "--years", 1, "--vol", 1, "--at", "2026-01-01"), "--at is for a book"),
    ],
)
@pytest.mark.usefixtures("files")
def test_bad_word_is_one_sentence(hedgerow: Any, words: tuple[Any, ...], sentence: str) -> None:
    answer = hedgerow("price", *words)
    assert (answer.code, answer.out) == (2, "")
    assert answer.err.startswith(f"hedgerow: {sentence}"), answer.err


@pytest.mark.parametrize(
    ("file", "text", "sentence"),
    [
        ("list.csv", LIST.replace("0.25", "-0.25"), "vol must not be negative: -0.25 at position 1 (1 of 2 are)"),
        ("list.csv", LIST.replace("0.25", ""), "vol must be a finite number: nan at position 1"),
        ("list.csv", LIST.replace("0.25", "x"), "line 3 of list.csv"),
        ("list.csv", LIST.replace("strike", "strke"), "a book's table has no column"),
        ("list.csv", LIST.replace("years", "yeers"), "a list of options needs a column 'years'; did you mean 'yeers'?"),
        ("market.csv", MARKET.replace("vol", "vola"), "market.csv has a column 'vola'; did you mean 'vol'?"),
        ("market.csv", MARKET + "SPX,1,1,1,1\n", "market.csv has the underlying 'SPX' twice"),
        ("market.csv", MARKET.replace("SPX", "NDX"), "the market has no underlying 'SPX'"),
    ],
)
def test_bad_cell_is_one_sentence(hedgerow: Any, files: Path, file: str, text: str, sentence: str) -> None:
    (files / file).write_text(text)
    words = ("price", "list.csv") if file == "list.csv" else ("price", "book.csv", *AT)
    answer = hedgerow(*words)
    assert (answer.code, answer.out) == (2, "")
    assert answer.err.startswith(f"hedgerow: {sentence}"), answer.err


def test_infinite_figures_are_null_in_json(hedgerow: Any, files: Path) -> None:
    (files / "list.csv").write_text("kind,spot,strike,years,vol\ncall,100,100,0,0.2\n")
    found = hedgerow("price", "list.csv", "--json").json
    assert found["options"][0]["gamma"] is None
    assert "limits" in found["warnings"][0]
    assert json.dumps(found, allow_nan=False)


@pytest.mark.usefixtures("files")
def test_stress_prints_named_scenarios_and_the_size_a_portfolio_can_carry(hedgerow: Any) -> None:
    asked = ("price", "book.csv", *AT, "--correlations", "0,1", "--portfolio", "1000000")
    found = hedgerow(*asked, "--json").json["stress"]
    names = [row["scenario"] for row in found["named"]]
    assert {"crash of 1987", "volatility crush", "fall with correlation to 1"} <= set(names)
    lost = -min(min(row["profit"] for row in found["named"]), min(row["profit"] for row in found["cells"]))
    assert found["worst_loss"] == pytest.approx(lost)
    assert found["size"]["multiple"] == pytest.approx(0.02 * 1e6 / lost)
    assert "named scenarios" in hedgerow(*asked).out


def test_stress_of_one_option_is_refused(hedgerow: Any) -> None:
    refused = hedgerow("price", "--spot", "100", "--strike", "100", "--years", "1", "--vol", "0.2", "--portfolio", "1")
    assert refused.code == 2
    assert "--portfolio is for a book" in refused.err
