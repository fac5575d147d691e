"""What a volatility study reads and leaves out: samples, excluded dates, gaps, days with several rows, curves."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from hedgerow.errors import ColumnError, DataError, InputError
from hedgerow.market.volatility import realised_volatility
from hedgerow.study import VolatilityOutcome, VolatilityStudy, run_volatility_study


def study(**words: Any) -> VolatilityStudy:
    return VolatilityStudy.model_validate(words)


def closes(folder: Path, index: pd.DatetimeIndex) -> pd.Series:
    moves = np.random.default_rng(2).normal(0.0, 0.01, len(index)).cumsum()
    series = pd.Series(100.0 * np.exp(moves), index.rename("date"), name="close")
    series.to_csv(folder / "p.csv")
    return series


def found(folder: Path, data: dict[str, Any] | None = None, **words: Any) -> VolatilityOutcome:
    source = {"files": ["p.csv"], **(data or {})}
    return run_volatility_study(study(data=source, columns={"close": "close"}, **words), folder)


def test_sample_of_the_vix_has_a_rank(tmp_path: Path) -> None:
    words = {"data": {"sample": "vix"}, "columns": {"implied": "VIX", "implied_in": "percent"}}
    outcome = run_volatility_study(study(**words), tmp_path)
    assert outcome.rank is not None
    assert 0.0 <= outcome.rank.standing.rank <= 1.0
    assert outcome.verdict.startswith("Implied volatility ")
    assert outcome.write_html(tmp_path / "r.html").stat().st_size > 10_000


def test_excluded_dates_and_blank_prices_leave_with_a_count(tmp_path: Path) -> None:
    series = closes(tmp_path, pd.bdate_range("2020-01-01", periods=80))
    series.iloc[5] = np.nan
    pd.DataFrame({"close": series, "other": 1.0}).to_csv(tmp_path / "p.csv")
    (tmp_path / "out.csv").write_text(f"date\n{series.index[10].date()}\n")
    outcome = found(tmp_path, {"exclude": "out.csv"})
    assert outcome.realised is not None
    assert "1 row was left out because out.csv excludes the date" in outcome.warnings
    kept = series.drop(series.index[[5, 10]])
    assert outcome.realised.rolling["close_to_close"].iloc[-1] == pytest.approx(realised_volatility(kept).iloc[-1])


def test_several_rows_a_day_become_the_last_one_with_a_warning(tmp_path: Path) -> None:
    series = closes(tmp_path, pd.date_range("2020-01-01", periods=120, freq="12h"))
    outcome = found(tmp_path)
    assert outcome.realised is not None
    assert len(outcome.realised.rolling) == 60
    assert any("several a day" in sentence for sentence in outcome.warnings)
    weekly = found(tmp_path, {"every": "3D"}, window=5, periods_per_year=122.0)
    assert weekly.verdict.startswith("Realised volatility over the last 5 rows")
    assert series.iloc[-1] > 0


def test_flat_bars_are_counted_in_a_warning(tmp_path: Path) -> None:
    series = closes(tmp_path, pd.bdate_range("2020-01-01", periods=60))
    pd.DataFrame({"close": series, "high": series, "low": series}).to_csv(tmp_path / "p.csv")
    words = {"data": {"files": ["p.csv"]}, "columns": {"close": "close", "high": "high", "low": "low"}}
    with pytest.raises(DataError, match="does not move"):
        run_volatility_study(study(**words, estimators=["parkinson"]), tmp_path)
    wide = pd.DataFrame({"close": series, "high": series * 1.01, "low": series})
    wide.iloc[7] = series.iloc[7]
    wide.to_csv(tmp_path / "p.csv")
    outcome = run_volatility_study(study(**words), tmp_path)
    assert "1 bar has no range" in outcome.warnings[-1]


def test_roll_dates_and_dates_without_values_are_refused(tmp_path: Path) -> None:
    closes(tmp_path, pd.bdate_range("2020-01-01", periods=60))
    with pytest.raises(InputError, match="roll_dates are for hedges"):
        found(tmp_path, {"roll_dates": "r.csv"})
    with pytest.raises(DataError):
        found(tmp_path, {"start": "2030-01-01"})


def test_rows_too_few_for_cone_and_premium_leave_a_sentence(tmp_path: Path) -> None:
    series = closes(tmp_path, pd.bdate_range("2020-01-01", periods=12))
    pd.DataFrame({"close": series, "iv": 0.2}).to_csv(tmp_path / "p.csv")
    words = {"data": {"files": ["p.csv"]}, "columns": {"close": "close", "implied": "iv"}, "window": 5}
    outcome = run_volatility_study(study(**words), tmp_path)
    assert (outcome.cone, outcome.rank, outcome.premium) == (None, None, None)
    assert [sentence.split(":")[0] for sentence in outcome.warnings] == ["no cone", "no rank", "no premium"]
    with pytest.raises(DataError):
        run_volatility_study(study(**words, parts=["premium"]), tmp_path)
    few = study(
        **words | {"columns": {"close": "close"}, "data": {"files": ["p.csv"], "end": "2020-01-07"}}, parts=["cone"]
    )
    with pytest.raises(DataError, match="no cone: 5 rows are too few for its shortest horizon, 10; give more rows"):
        run_volatility_study(few, tmp_path)


@pytest.mark.parametrize(
    ("text", "words", "error", "sentence"),
    [
        (
            "date,M1,M2,M3,exp1,exp2\n2024-01-02,1,2,3,2024-01-17,2024-02-14",
            {},
            InputError,
            "3 columns of prices and 2",
        ),
        ("date,M1,exp1\n2024-01-02,1,", {}, DataError, "line 2 of c.csv: 'exp1' is empty"),
        ("date,M1,exp1\n2024-01-02,1,2024-01-17", {"prices": ["M9"]}, ColumnError, "no column 'M9'"),
        ("date,M1,exp1\n2024-01-02,1,2024-01-17", {"date": "day"}, ColumnError, "no column 'day'"),
        ("date,M1,exp1\n2024-01-02,,2024-01-17", {}, DataError, "has no date in the span"),
        ("date,M1,exp1\n2024-01-02,1,2024-01-17", {}, InputError, "at least three contracts"),
    ],
)
def test_curve_that_cannot_be_is_one_sentence(
    tmp_path: Path, text: str, words: dict[str, Any], error: type[Exception], sentence: str
) -> None:
    (tmp_path / "c.csv").write_text(text + "\n")
    with pytest.raises(error, match=sentence):
        run_volatility_study(study(curve={"file": "c.csv", **words}), tmp_path)
