"""Intervals of performance: every drawn figure is that of the record resampled, and draws are shared."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from hedgerow.effectiveness import BootstrapOptions, PerformanceOptions, draw_performance, performance
from hedgerow.effectiveness.drawdowns import Kind
from hedgerow.effectiveness.resampling import stationary_rows
from hedgerow.errors import ColumnError, DataError

RECORDS = pd.DataFrame(
    np.random.default_rng(8).standard_t(5, (250, 2)) * 0.01 + 0.0005,
    pd.bdate_range("2020-01-01", periods=250),
    ["a", "b"],
)
FEW = BootstrapOptions(draws=100, seed=3, block_length=10.0)


@pytest.mark.parametrize("kind", ["returns", "money"])
def test_every_drawn_figure_is_that_of_the_resampled_record(kind: Kind) -> None:
    options = PerformanceOptions(kind=kind, rate=0.02, target=0.01, level=0.9)
    drawn = draw_performance(RECORDS, options, FEW)
    for draw, rows in enumerate(stationary_rows(250, 10.0, 3, seed=3)):
        for column, name in enumerate(RECORDS):
            direct = performance(RECORDS[name].to_numpy()[rows], options=options)
            for figure, values in drawn.figures.items():
                assert values[draw, column] == pytest.approx(getattr(direct, figure), rel=1e-9, abs=1e-12)
    assert ("annual_compound_return" in drawn.figures) is (kind == "returns")


def test_same_seed_gives_the_same_and_another_one_other_intervals() -> None:
    one, again = (draw_performance(RECORDS, bootstrap=FEW).intervals() for _ in range(2))
    pd.testing.assert_frame_equal(one.low, again.low)
    other = draw_performance(RECORDS, bootstrap=BootstrapOptions(draws=100, seed=4, block_length=10.0)).intervals()
    assert (one.low != other.low).to_numpy().any()


def test_intervals_hold_the_figure_and_differences_of_a_record_from_itself_are_nothing() -> None:
    drawn = draw_performance(RECORDS, bootstrap=FEW)
    ends, apart = drawn.intervals(), drawn.differences("a")
    for name in RECORDS:
        sharpe = performance(RECORDS[name]).sharpe
        assert ends.low.loc[name, "sharpe"] < sharpe < ends.high.loc[name, "sharpe"]
    assert (apart.low.loc["a"] == 0.0).all()
    assert (apart.high.loc["a"] == 0.0).all()


def test_shared_draws_tell_half_a_holding_from_the_whole_and_not_their_sharpe_ratios() -> None:
    records = pd.DataFrame({"whole": RECORDS["a"], "half": 0.5 * RECORDS["a"]})
    apart = draw_performance(records, bootstrap=FEW).differences("whole")
    for figure in ("volatility", "max_drawdown", "cvar"):
        assert apart.high.loc["half", figure] < 0.0
    assert apart.high.loc["half", "sharpe"] == pytest.approx(0.0, abs=1e-9)


def test_block_length_is_chosen_from_the_records_when_left_out() -> None:
    assert draw_performance(RECORDS, bootstrap=BootstrapOptions(draws=100)).block_length >= 1.0


def test_few_rows_give_no_interval() -> None:
    found = draw_performance(RECORDS.iloc[:19], bootstrap=FEW).intervals()
    assert found.low.isna().all(axis=None)
    assert np.isnan(found.block_length)


def test_a_record_that_loses_everything_is_drawn_without_a_warning() -> None:
    ruined = RECORDS[["a"]].copy()
    ruined.iloc[100] = -1.0
    ends = draw_performance(ruined, bootstrap=FEW).intervals()
    assert ends.high.loc["a", "max_drawdown"] == 1.0
    assert ends.low.loc["a", "annual_compound_return"] == pytest.approx(-1.0)


def test_gaps_and_unknown_references_are_named() -> None:
    with pytest.raises(DataError, match="column 'b'"):
        draw_performance(RECORDS.assign(b=np.nan))
    with pytest.raises(ColumnError, match="got 'c'"):
        draw_performance(RECORDS, bootstrap=FEW).differences("c")
