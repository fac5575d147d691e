"""``hedgerow vol implied``: back to the volatility that a price was made with, and a reason where there is none."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from hedgerow.pricing import bachelier, black76, black_scholes

OPTION = ("--kind", "put", "--spot", 95, "--strike", 100, "--years", 0.5, "--rate", 0.03)


def test_volatility_is_the_one_the_price_was_made_with(hedgerow: Any) -> None:
    price = black_scholes.price("put", 95.0, 100.0, 0.5, 0.25, 0.03, 0.01)
    found = hedgerow("vol", "implied", "--price", price, *OPTION, "--dividend-yield", 0.01, "--json").json
    assert found["volatility"] == pytest.approx(0.25, rel=1e-12)
    assert (found["code"], found["model"]) == ("converged", "black_scholes")


@pytest.mark.parametrize(("model", "vol"), [(black76, 0.25), (bachelier, 20.0)])
def test_other_models_invert_their_own_prices(hedgerow: Any, model: Any, vol: float) -> None:
    name = model.__name__.rsplit(".", 1)[-1]
    price = model.price("put", 95.0, 100.0, 0.5, vol, 0.03)
    found = hedgerow("vol", "implied", "--price", price, *OPTION, "--model", name, "--json").json
    assert found["volatility"] == pytest.approx(vol, rel=1e-10)


def test_price_without_a_volatility_is_null_with_its_reason(hedgerow: Any) -> None:
    words = ("vol", "implied", "--price", 0.001, *OPTION)
    found = hedgerow(*words, "--json").json
    assert (found["volatility"], found["code"]) == (None, "below_intrinsic")
    assert "below intrinsic" in " ".join(hedgerow(*words).out.split())


def options(folder: Path) -> Path:
    vols = [0.1, 0.2, 0.3]
    prices = [black_scholes.price("call", 100.0, 105.0, 1.0, vol, 0.02) for vol in vols]
    table = pd.DataFrame({"kind": "call", "spot": 100, "strike": 105, "years": [1.0, 1.0, 1.0], "rate": 0.02})
    table = table.assign(bid=[price - 0.01 for price in prices], ask=[price + 0.01 for price in prices])
    table.loc[3] = ["call", 100, 105, 1.0, 0.02, 101.0, 102.0]
    table.to_csv(folder / "options.csv", index=False)
    return folder / "options.csv"


def test_file_with_bid_and_ask_is_inverted_at_the_middle_with_both_sides_beside(hedgerow: Any, tmp_path: Path) -> None:
    answer = hedgerow("vol", "implied", options(tmp_path), "--path", "rows.csv", "--json").json
    rows = answer["options"]
    assert [row["code"] for row in rows] == ["converged"] * 3 + ["above_bound"]
    for row, vol in zip(rows, (0.1, 0.2, 0.3), strict=False):
        assert row["volatility"] == pytest.approx(vol, abs=1e-9)
        assert row["bid_volatility"] < row["volatility"] < row["ask_volatility"]
    assert rows[3]["volatility"] is None
    assert answer["codes"] == {"converged": 3, "above_bound": 1}
    assert list(pd.read_csv(tmp_path / "rows.csv")["code"]) == [row["code"] for row in rows]


def test_terminal_counts_the_options_without_a_volatility(hedgerow: Any, tmp_path: Path) -> None:
    out = hedgerow("vol", "implied", options(tmp_path)).out
    assert "3 of 4 options have an implied volatility" in out
    assert "1 above bound" in " ".join(out.split())


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--price", 5, "--spot", 100, "--strike", 100), "--years is missing"),
        (("--price", "nan", *OPTION), "--price must be a finite number, not nan"),
        (("--price", 5, *OPTION, "--model", "heston"), "model 'heston' does not invert prices"),
        (("--price", 5, *OPTION, "--model", "black76", "--dividend-yield", 0.1), "black76 prices on the forward"),
        (("options.csv", "--spot", 100), "--spot is for one option"),
        (("options.csv", "--rate", 0.01), "rate is given for all options and in a column of its own"),
    ],
)
def test_bad_word_is_one_sentence(hedgerow: Any, tmp_path: Path, words: tuple[Any, ...], sentence: str) -> None:
    options(tmp_path)
    answer = hedgerow("vol", "implied", *words)
    assert (answer.code, answer.out, answer.err.count("\n")) == (2, "", 1)
    assert answer.err.startswith(f"hedgerow: {sentence}")


def test_crossed_quote_is_refused_with_its_row(hedgerow: Any, tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text("kind,spot,strike,years,bid,ask\ncall,100,100,1,8,9\ncall,100,100,1,9,8\n")
    assert "bid is above ask in 1 rows, first in row 2" in hedgerow("vol", "implied", "x.csv").err


def test_file_without_a_price_names_what_is_missing(hedgerow: Any, tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text("kind,spot,strike,years\ncall,100,100,1\n")
    assert "needs a column price, or bid and ask" in hedgerow("vol", "implied", "x.csv").err


def test_long_list_is_cut_in_the_terminal_and_whole_in_the_file(hedgerow: Any, tmp_path: Path) -> None:
    table = pd.read_csv(options(tmp_path))
    pd.concat([table] * 12, ignore_index=True).to_csv(tmp_path / "many.csv", index=False)
    out = hedgerow("vol", "implied", "many.csv", "--path", "rows.csv").out
    assert "and 8 more" in out
    assert "Rows: " in out
    assert len(pd.read_csv(tmp_path / "rows.csv")) == 48
