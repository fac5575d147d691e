"""Slips of one who uses ``hedgerow overlay`` for the first time: refused in a sentence, or done with a sentence."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

ROWS = 60
LINEAR = ("overlay", "m.csv", "--vix", "vix", "--price", "close", "--rule", "vix_linear")


@pytest.fixture(autouse=True)
def market(tmp_path: Path) -> pd.DataFrame:
    days = pd.bdate_range("2024-01-01", periods=ROWS, name="date")
    vix = 20.0 + 6.0 * np.sin(np.arange(ROWS) / 5.0)
    table = pd.DataFrame({"vix": vix, "close": 100.0 + np.arange(ROWS), "decimals": vix / 100.0}, days).round(4)
    table.to_csv(tmp_path / "m.csv")
    return table


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--price", "vix"), "vix and price are both the column 'vix'"),
        (("--delay", "vix=60"), "the delay of 'vix' is 60 rows, and there are 60"),
        (("--delay", "vx=1"), "(signals: vix, price)"),
        (("--shape", "threshold=drawdown"), "did you mean 'drawdown:5%'"),
        (("--set", "low=20%"), "not '20%'; write it with a decimal point and without a per cent sign"),
        (("--instrument-set", "tenor=3"), "'tenor'"),
        (("--instrument-set", "months=abc"), "months of variance swaps must be one of"),
        (("--vega-notional", "0"), "vega_notional must be money per volatility point and not 0"),
        (("--shape", "budget=5"), "the budget 5 is 500% of the portfolio a year"),
        (("--rate", "5"), "--rate must be below 1"),
        (("--instrument", "vix_futures"), "in a study file market: futures"),
        (("--set", "percentile=20", "--rule", "steps", "--set", "thresholds=50,190"), "from 0 to 100; 190 is none"),
        (("--set", "percentile=20", "--rule", "drawdown"), "as a price, of which a percentile is none"),
        (("--rule", "steps", "--set", "thresholds=15;25"), "'15;25', or several with commas between"),
    ],
)
def test_slip_is_refused_in_one_sentence(hedgerow: Any, words: tuple[str, ...], said: str) -> None:
    answer = hedgerow(*LINEAR, *words)
    assert (answer.code, answer.out) == (2, ""), answer.out
    assert answer.err.count("\n") == 1
    assert said in answer.err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--vix", "decimals"), "if it is in decimals multiply it by 100"),
        (("--vix", "close"), "is it a price?"),
        (("--rule", "crash_intensity", "--set", "high_above=0.2"), "the rule says 3.4 on every date"),
        (("--lag", "60"), "with a lag of 60 dates nothing is filled within the 60 of the data"),
    ],
)
def test_doubtful_result_comes_with_a_sentence(
    hedgerow: Any, market: pd.DataFrame, words: tuple[str, ...], said: str
) -> None:
    if "close" in words:
        words = ("--vix", "close", "--price", "vix")
    found = hedgerow(*LINEAR, *words, "--json").json
    assert any(said in note for note in found["summary"]["notes"]), found["summary"]["notes"]
    assert len(found["multiplier"]) == len(market)


def test_sound_overlay_raises_no_doubt(hedgerow: Any) -> None:
    assert hedgerow(*LINEAR, "--json").json["summary"]["notes"] == []
    assert hedgerow(*LINEAR, "--rule", "static", "--json").json["summary"]["notes"] == []


def test_what_is_said_of_the_hedge_asks_for_its_account(hedgerow: Any) -> None:
    summary = hedgerow(*LINEAR, "--instrument-set", "months=3", "--json").json["summary"]
    assert summary["hedge"] == "variance swaps 3 months"


def test_heading_stands_on_a_line_of_its_own(hedgerow: Any, market: pd.DataFrame, tmp_path: Path) -> None:
    market.head(1).to_csv(tmp_path / "m.csv")
    assert "(VIX - 10) / 15, at least 0; 1 row 2024-01-01 to 2024-01-01" in hedgerow(*LINEAR).out.split("\n")


TAIL = """kind: tail
data: {files: [m.csv]}
market: {price: close, vix: vix}
hedges:
  - {name: puts, hedge: index_puts}
  - {name: swaps, hedge: variance_swaps}
"""


@pytest.mark.parametrize(
    ("written", "instead", "said"),
    [
        ("name: swaps", "name: puts", "'the study': two hedges are called 'puts'; give each a name of its own"),
        ("price: close", "price: vix", "'market': price and vix are both the column 'vix'"),
        ("vix: vix}", "vix: vix, rate: 2}", "rate is 2 on 2024-01-01, which is 200% a year; write it as a decimal"),
        ("kind: tail", "shocks: [-0.2]\nkind: tail", "'shocks[0]': must be keys with their values, but is -0.2"),
        ("kind: tail", "judging: {draws: 5}\nkind: tail", "'judging': draws must be 0, or at least 100"),
        (TAIL[TAIL.index("  - ") :], "  []\n", "'hedges': must have at least 1 entry, but is []"),
    ],
)
def test_slip_in_a_study_is_refused_without_words_of_the_validator(
    hedgerow: Any, tmp_path: Path, written: str, instead: str, said: str
) -> None:
    (tmp_path / "s.yaml").write_text(TAIL.replace(written, instead))
    answer = hedgerow("tail", "s.yaml")
    assert (answer.code, answer.out) == (2, "")
    assert said in answer.err
    assert "{'" not in answer.err
    assert answer.err.count("\n") == 1
