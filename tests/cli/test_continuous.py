"""``hedgerow data continuous``: rolls by date, by volume and of positions, against sums done by hand."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest


@pytest.fixture
def contracts(tmp_path: Path) -> pd.DataFrame:
    days = pd.bdate_range("2020-01-01", periods=30, name="date")
    rng = np.random.default_rng(0)
    spot = 50 + rng.normal(size=30).cumsum()
    table = pd.DataFrame({"G20": spot + 1, "H20": spot + 2, "=J20": spot + 3}, index=days).round(4)
    table.to_csv(tmp_path / "c.csv")
    lines = [f"{name},{days[at]:%Y-%m-%d}" for name, at in (("H20", 20), ("G20", 10), ("=J20", 29))]
    (tmp_path / "last.csv").write_text("contract,last_trade\n" + "\n".join(lines) + "\n")
    return table


def read(name: str) -> pd.DataFrame:
    return pd.read_csv(name, index_col="date", parse_dates=True)


def test_roll_by_date_holds_one_contract_at_a_time(hedgerow: Any, contracts: pd.DataFrame) -> None:
    contracts.iloc[:25].to_csv("c.csv")
    words = ("--last-trade", "last.csv", "--roll", "date:2", "--adjustment", "difference", "--out", "o.csv")
    result = hedgerow("data", "continuous", "c.csv", *words, "--json").json
    assert [(roll["from"], roll["to"]) for roll in result["rolls"]] == [("G20", "H20"), ("H20", "=J20")]
    assert [roll["date"] for roll in result["rolls"]] == [f"{contracts.index[at]:%Y-%m-%d}" for at in (8, 18)]
    table = read("o.csv")
    assert list(table.columns) == ["price", "adjusted", "contract", "held_change"]
    assert table["contract"].iloc[-1] == "'=J20"
    np.testing.assert_allclose(table["held_change"].iloc[1:], contracts["G20"].diff().iloc[1:25], atol=1e-9)
    np.testing.assert_allclose(table["adjusted"].diff().iloc[1:], table["held_change"].iloc[1:], atol=1e-9)
    assert "2 rolls" in hedgerow("data", "continuous", "c.csv", *words).out


def test_roll_by_volume_follows_the_busier_contract(hedgerow: Any, contracts: pd.DataFrame) -> None:
    volume = pd.DataFrame({"G20": 10, "H20": 5, "=J20": 1}, index=contracts.index)
    volume.iloc[6:, 1] = 20
    volume.to_csv("v.csv")
    contracts.iloc[:15].to_csv("c.csv")
    words = ("data", "continuous", "c.csv", "--last-trade", "last.csv", "--json")
    result = hedgerow(*words, "--roll", "volume", "--activity", "v.csv").json
    assert [roll["date"] for roll in result["rolls"]] == [f"{contracts.index[6]:%Y-%m-%d}"]
    assert hedgerow(*words, "--roll", "open-interest", "--activity", "v.csv").json == result


def test_positions_roll_on_the_dates_listed(hedgerow: Any, contracts: pd.DataFrame) -> None:
    Path("rolls.csv").write_text(f"date\n{contracts.index[7]:%Y-%m-%d}\n")
    words = ("data", "continuous", "c.csv", "--contract", "G20", "--contract", "H20", "--roll-dates", "rolls.csv")
    hedgerow(*words, "--out", "o.csv", "--json")
    assert read("o.csv")["held_change"].iloc[7] == pytest.approx(contracts["G20"].iloc[7] - contracts["H20"].iloc[6])


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), ["--last-trade", "--roll-dates"]),
        (("--last-trade", "gone.csv"), ["gone.csv"]),
        (("--last-trade", "c.csv"), ["'last_trade'"]),
        (("--last-trade", "last.csv", "--roll", "often"), ["'often'", "date:N"]),
        (("--last-trade", "last.csv", "--roll", "volume"), ["--activity"]),
        (("--last-trade", "last.csv", "--adjustment", "some"), ["adjustment"]),
        (("--last-trade", "last.csv", "--roll", "date:2"), ["no next contract"]),
        (("--last-trade", "last.csv", "--out", "nowhere/o.csv"), ["nowhere"]),
        (("--roll-dates", "last.csv"), ["date"]),
    ],
)
@pytest.mark.usefixtures("contracts")
def test_continuous_refuses_in_one_sentence(hedgerow: Any, words: tuple[str, ...], said: list[str]) -> None:
    answer = hedgerow("data", "continuous", "c.csv", *words)
    assert (answer.code, answer.out) == (2, "")
    assert len(answer.err.strip().split("\n")) == 1
    for word in said:
        assert word in answer.err
