"""A back-adjusted hedge: changes from its own column, spreads paid on the price it trades at."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from pydantic import ValidationError

from hedgerow.study import CompareOutcome, CompareStudy, run_compare_study

SHIFT = 40.0


def prices() -> pd.DataFrame:
    rng = np.random.default_rng(0)
    future = 100.0 + rng.normal(size=200).cumsum() * 0.5
    spot = future + rng.normal(size=200) * 0.3
    table = {"spot": spot, "future": future, "adjusted": future + SHIFT}
    return pd.DataFrame(table, pd.bdate_range("2020-01-01", periods=200, name="date"))


def outcome(folder: Path, hedge: dict[str, Any], **words: Any) -> CompareOutcome:
    prices().to_csv(folder / "prices.csv")
    given = {
        "kind": "compare",
        "data": {"files": ["prices.csv"]},
        "exposure": {"column": "spot", "quantity": 500.0},
        "hedges": [{"half_spread_bps": 5.0, **hedge}],
        "methods": ["ols", "rolling"],
        **words,
    }
    return run_compare_study(CompareStudy.model_validate(given), folder)


@pytest.mark.parametrize(
    "words",
    [
        {},
        {"data": {"files": ["prices.csv"], "every": "W-FRI"}, "window": 10},
        {"level": "spot"},
        {"trading": {"tailing": "textbook", "rate": 0.05}},
    ],
    ids=["daily", "weekly", "level", "textbook"],
)
def test_adjusted_hedge_with_its_traded_price_costs_what_the_plain_series_does(
    tmp_path: Path, words: dict[str, Any]
) -> None:
    plain = outcome(tmp_path, {"column": "future", "contract_size": 10.0}, **words)
    adjusted = outcome(tmp_path, {"column": "adjusted", "price": "future", "contract_size": 10.0}, **words)
    assert plain.comparison is not None
    assert adjusted.comparison is not None
    np.testing.assert_allclose(adjusted.comparison.table, plain.comparison.table, rtol=1e-9, atol=1e-12)
    for one, other in zip(adjusted.race.methods, plain.race.methods, strict=True):
        assert one.sizings is not None
        assert other.sizings is not None
        assert one.sizings[0].exact == pytest.approx(other.sizings[0].exact, rel=1e-9)


def test_adjusted_hedge_without_its_traded_price_pays_on_the_shifted_level(tmp_path: Path) -> None:
    right = outcome(tmp_path, {"column": "adjusted", "price": "future"}).comparison
    wrong = outcome(tmp_path, {"column": "adjusted"}).comparison
    assert right is not None
    assert wrong is not None
    assert (wrong.table["cost"] > 1.2 * right.table["cost"]).all()


def test_traded_price_in_another_unit_is_brought_to_the_exposure_s(tmp_path: Path) -> None:
    own = outcome(tmp_path, {"column": "adjusted", "price": "future", "price_unit_factor": 0.01}).comparison
    plain = outcome(tmp_path, {"column": "future", "price_unit_factor": 0.01}).comparison
    assert own is not None
    assert plain is not None
    np.testing.assert_allclose(own.table["cost"], plain.table["cost"], rtol=1e-9)


def test_level_of_its_own_makes_the_traded_price_one_unit_of_value(tmp_path: Path) -> None:
    levels = {"spot": "spot", "adjusted": "future"}
    race = outcome(tmp_path, {"column": "adjusted", "price": "future"}, level=levels).comparison
    assert race is not None
    np.testing.assert_allclose(race.market.hedge_prices, 1.0, rtol=1e-12)


def test_percent_changes_of_a_back_adjusted_hedge_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ValidationError, match="take changes: diff"):
        outcome(tmp_path, {"column": "adjusted", "price": "future"}, changes="percent")
