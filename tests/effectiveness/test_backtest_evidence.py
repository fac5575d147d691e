"""Evidence and thresholds: what is refused, and gains by year."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from hedgerow.effectiveness import BacktestEvidence, RedFlagThresholds, gain_by_year
from hedgerow.errors import DataError, InputError


def test_gains_by_year_add_up_to_the_whole() -> None:
    gains = pd.Series(np.random.default_rng(0).normal(size=800), pd.bdate_range("2018-06-01", periods=800))
    found = gain_by_year(gains)
    assert list(found) == ["2018", "2019", "2020", "2021"]
    assert sum(found.values()) == pytest.approx(gains.sum())
    assert found["2019"] == pytest.approx(gains.loc["2019"].sum())


def test_gains_without_dates_or_with_gaps_are_refused() -> None:
    with pytest.raises(DataError, match="indexed by date"):
        gain_by_year(pd.Series([1.0]))
    with pytest.raises(DataError, match="finite"):
        gain_by_year(pd.Series([np.nan], pd.to_datetime(["2020-01-01"])))


def test_thresholds_and_evidence_print_as_the_code_that_makes_them() -> None:
    for configured in (RedFlagThresholds(sharpe=2.0), BacktestEvidence(sharpe=1.0, gain_by_year={"2020": 1.0})):
        assert eval(repr(configured)) == configured  # noqa: S307


@pytest.mark.parametrize(("name", "value"), [("win_rate", 80.0), ("sharpe", -1.0), ("overfitting", np.nan)])
def test_thresholds_out_of_range_are_refused(name: str, value: float) -> None:
    with pytest.raises(InputError, match=name):
        RedFlagThresholds(**{name: value})  # type: ignore[arg-type]


@pytest.mark.parametrize(("name", "value"), [("win_rate", 55.0), ("deflated_sharpe", -0.1), ("free_parameters", -1)])
def test_evidence_out_of_range_is_refused(name: str, value: float) -> None:
    with pytest.raises(InputError, match=name):
        BacktestEvidence(**{name: value})  # type: ignore[arg-type]
