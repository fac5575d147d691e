"""The split of a linear hedge's profit: it adds up, and each part is what its name says."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, strategies as st

from hedgerow.attribution import HedgeSplit, HedgeSteps, split_hedge
from hedgerow.attribution.linear import PARTS
from hedgerow.errors import DataError


def _random(seed: int, n: int = 40, k: int = 2, scale: float = 1.0) -> tuple[dict[str, np.ndarray], float]:
    noise = np.random.default_rng(seed)
    target = scale * noise.normal(0, 50, (n, k))
    given = {
        "quantity": scale * noise.normal(0, 100, n),
        "exposure_change": noise.normal(0, 3, n),
        "hedge_change": noise.normal(0, 3, (n, k)),
        "target": target,
        "actual": np.round(target),
        "gap": noise.normal(0, 1, (n, k)) * (noise.random((n, k)) < 0.1),
        "cost": noise.random(n),
        "financing": noise.normal(0, 1, n),
        "spot_weight": noise.uniform(0.1, 5, k),
    }
    gross = 100.0 * (np.abs(given["quantity"]).max() + np.abs(target).max())
    return given, gross


def _direct_total(given: dict[str, np.ndarray]) -> np.ndarray:
    held = given["hedge_change"] - given["gap"]
    total = given["quantity"] * given["exposure_change"] - given["cost"] + given["financing"]
    for instrument in range(held.shape[1]):
        total = total - given["actual"][:, instrument] * held[:, instrument]
    return total


@given(st.integers(0, 10_000), st.integers(1, 4), st.sampled_from([1e-6, 1.0, 1e9]))
def test_split_any_steps_add_up_to_the_ledger(seed: int, instruments: int, scale: float) -> None:
    values, gross = _random(seed, k=instruments, scale=scale)
    split = split_hedge(HedgeSteps(**values, total=_direct_total(values)))
    assert split.adds_up(gross)
    np.testing.assert_allclose(
        split.steps[list(PARTS)].sum(axis=1) + split.steps["remainder"], split.steps["total"], atol=1e-12 * gross
    )


def test_split_ledger_that_disagrees_shows_the_remainder() -> None:
    values, gross = _random(1)
    total = _direct_total(values)
    total[3] += 5.0
    split = split_hedge(HedgeSteps(**values, total=total))
    assert split.steps["remainder"].iloc[3] == pytest.approx(5.0)
    assert not split.adds_up(gross)


def test_split_reversed_exposure_reverses_all_but_costs() -> None:
    values, _ = _random(2)
    turned = {name: -values[name] if name in ("quantity", "target", "actual") else values[name] for name in values}
    long, short = (split_hedge(HedgeSteps(**given)).totals for given in (values, turned))
    for part in ("exposure", "spot", "basis", "roll", "rounding"):
        assert short[part] == -long[part]
    assert short["cost"] == long["cost"] < 0


def test_split_no_contract_switch_has_no_roll() -> None:
    values, _ = _random(3)
    values["gap"] = np.zeros_like(values["gap"])
    assert (split_hedge(HedgeSteps(**values)).steps["roll"] == 0).all()


def test_split_gap_is_no_profit() -> None:
    # spot still, the quoted series jumps by 4 as the contract changes: nothing is earned
    totals = split_hedge(HedgeSteps(10.0, [0.0], [4.0], target=10.0, gap=[4.0])).totals
    assert totals["basis"] == -40.0
    assert totals["roll"] == 40.0
    assert totals["total"] == 0.0


def test_split_hedge_that_is_the_exposure_has_no_basis() -> None:
    change = np.array([1.0, -2.0, 0.5])
    totals = split_hedge(HedgeSteps(7.0, change, change, target=7.0)).totals
    assert totals["spot"] == -totals["exposure"]
    assert totals[["basis", "roll", "rounding", "total", "remainder"]].tolist() == [0.0] * 5


def test_split_spot_weight_of_a_scaled_hedge_takes_the_basis_away() -> None:
    change = np.array([1.0, -2.0, 0.5])
    steps = HedgeSteps(7.0, change, 4 * change, target=7.0 / 4, spot_weight=4.0)
    assert split_hedge(steps).totals["basis"] == 0.0


def test_split_spot_weight_moves_parts_and_not_the_total() -> None:
    values, _ = _random(4)
    first = split_hedge(HedgeSteps(**values))
    values["spot_weight"] = np.ones(2)
    second = split_hedge(HedgeSteps(**values))
    assert first.totals["spot"] != second.totals["spot"]
    assert first.totals["total"] == second.totals["total"]


def test_split_whole_contracts_leave_rounding_only_where_they_differ() -> None:
    steps = HedgeSteps(10.0, [1.0, 1.0], [0.9, 0.9], target=[9.0, 9.4], actual=[9.0, 9.0])
    np.testing.assert_allclose(split_hedge(steps).steps["rounding"], [0.0, 0.36], atol=1e-12)


def test_split_instruments_sum_to_the_steps() -> None:
    values, gross = _random(5)
    split = split_hedge(HedgeSteps(**values))
    for part in ("spot", "basis", "roll", "rounding"):
        assert split.instruments[part].sum() == pytest.approx(split.totals[part], abs=1e-12 * gross)


def test_split_future_altered_leaves_past_unchanged() -> None:
    values, _ = _random(6)
    altered = {name: value.copy() for name, value in values.items()}
    for name in ("exposure_change", "hedge_change", "target", "actual", "gap", "cost"):
        altered[name][20:] += 3.0
    before, after = (split_hedge(HedgeSteps(**given)).steps.iloc[:20] for given in (values, altered))
    pd.testing.assert_frame_equal(before, after, check_exact=True)


def test_split_frames_keep_dates_and_names() -> None:
    dates = pd.date_range("2024-01-01", periods=2, name="date")
    changes = pd.DataFrame({"crude": [1.0, 2.0], "heating oil": [0.5, 0.1]}, index=dates)
    split = split_hedge(HedgeSteps(1.0, pd.Series([1.0, 2.0], index=dates), changes, target=[[0.5, 0.5]] * 2))
    assert split.steps.index.equals(dates)
    assert split.instruments.index.tolist() == ["crude", "heating oil"]


def test_split_result_is_frozen() -> None:
    split = split_hedge(HedgeSteps(1.0, [1.0], [1.0], target=1.0))
    assert isinstance(split, HedgeSplit)
    with pytest.raises(AttributeError):
        split.steps = None  # type: ignore[misc]


@pytest.mark.parametrize(
    ("bad", "words"),
    [
        ({"exposure_change": [1.0, np.nan]}, "exposure_change must be finite, step 1"),
        ({"exposure_change": [[1.0], [2.0]]}, "1 axis"),
        ({"hedge_change": [1.0]}, "hedge_change must have shape"),
        ({"target": [1.0, 2.0, 3.0]}, "target must have shape"),
        ({"cost": [1.0]}, "cost must be a number or have one entry per step"),
        ({"quantity": np.inf}, "quantity must be finite"),
        ({"spot_weight": [1.0, 2.0]}, "spot_weight"),
    ],
)
def test_split_values_that_do_not_fit_are_refused(bad: dict[str, object], words: str) -> None:
    good = {"quantity": 1.0, "exposure_change": [1.0, 2.0], "hedge_change": [1.0, 2.0], "target": 1.0}
    with pytest.raises(DataError, match=words):
        split_hedge(HedgeSteps(**{**good, **bad}))


def test_split_of_a_named_series_keeps_its_name() -> None:
    split = split_hedge(HedgeSteps(10.0, [1.0, -2.0], pd.Series([0.9, -1.9], name="crude"), target=9.0))
    assert list(split.instruments.index) == ["crude"]
    assert split.instruments.loc["crude", "total"] == pytest.approx(9.0)
