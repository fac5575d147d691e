"""Statistics of batches: moments that merge exactly, and a sketch whose error is stated."""

from __future__ import annotations

import numpy as np
import pytest

from hedgerow.engine.outcomes import Batches, Gathered, check_accounts, gather
from hedgerow.engine.statistics import ACCURACY, Moments, Sketch, tail_figures
from hedgerow.errors import AccountsError

SAMPLE = np.random.default_rng(5).standard_t(5, 20_000) * 30.0 - 4.0


def test_moments_merged_equal_those_of_the_whole() -> None:
    parts = [Moments.of(part) for part in np.array_split(SAMPLE, 7)]
    merged = parts[0]
    for part in parts[1:]:
        merged = merged.merged(part)
    whole = Moments.of(SAMPLE)
    for name in ("count", "mean", "second", "third", "fourth", "low", "high"):
        assert getattr(merged, name) == pytest.approx(getattr(whole, name), rel=1e-10, abs=1e-6)


def test_moments_deviation_is_numpys() -> None:
    assert Moments.of(SAMPLE).standard_deviation == pytest.approx(SAMPLE.std(ddof=1), rel=1e-12)


def test_error_of_deviation_is_that_of_many_samples() -> None:
    draws = np.random.default_rng(1).standard_normal((4000, 400))
    deviations = draws.std(axis=1, ddof=1)
    stated = np.mean([Moments.of(draw).error_of_deviation for draw in draws[:200]])
    assert stated == pytest.approx(deviations.std(), rel=0.05)


def test_error_of_tail_figures_is_that_of_many_samples() -> None:
    draws = np.random.default_rng(2).standard_normal((800, 2000))
    figures = [tail_figures(draw) for draw in draws]
    for name in ("value at risk", "cvar"):
        values, errors = np.array([figure[name] for figure in figures]).T
        assert errors.mean() == pytest.approx(values.std(), rel=0.1)


def test_single_path_has_no_error() -> None:
    moments = Moments.of(np.array([3.0]))
    assert np.isnan(moments.error_of_mean)
    assert np.isnan(tail_figures(np.array([3.0]))["cvar"][1])


@pytest.mark.parametrize("share", [0.001, 0.05, 0.5, 0.9, 0.999])
def test_sketch_quantile_lies_within_its_stated_error(share: float) -> None:
    exact = np.quantile(SAMPLE, share, method="lower")
    assert Sketch.of(SAMPLE).quantile(share) == pytest.approx(exact, rel=2.0 * ACCURACY)


def test_sketch_mean_of_the_worst_lies_within_its_stated_error() -> None:
    worst = np.sort(SAMPLE)[: len(SAMPLE) // 20].mean()
    assert Sketch.of(SAMPLE).mean_below(0.05) == pytest.approx(worst, rel=ACCURACY)


def test_sketch_merged_in_any_order_counts_the_same() -> None:
    one, two, three = (Sketch.of(part) for part in np.array_split(SAMPLE, 3))
    left, right = one.merged(two).merged(three), three.merged(one).merged(two)
    np.testing.assert_array_equal(left.bins, right.bins)
    np.testing.assert_array_equal(left.counts, right.counts)
    assert left.counts.sum() == len(SAMPLE)


def test_sketch_grows_with_the_range_and_not_with_the_paths() -> None:
    assert len(Sketch.of(np.tile(SAMPLE, 20)).bins) == len(Sketch.of(SAMPLE).bins)


def test_gathered_statistics_only_agree_with_kept_paths() -> None:
    outcomes = [{"pnl": part} for part in np.array_split(SAMPLE, 4)]
    kept = gather([Gathered.of(each, keeps_paths=True) for each in outcomes])
    lean = gather([Gathered.of(each, keeps_paths=False) for each in outcomes])
    assert lean.pnl is None
    for name, (value, error) in kept.tail().items():
        assert lean.tail()[name][0] == pytest.approx(value, rel=3.0 * ACCURACY)
        assert lean.tail()[name][1] == pytest.approx(error, rel=0.35)


def test_accounts_that_do_not_close_are_refused() -> None:
    one = np.ones(3)
    outcomes = {"pnl": one, "book": one, "hedge": 0 * one, "financing": 0 * one, "carry": 0 * one, "costs": 0 * one}
    check_accounts(outcomes, 100.0)
    with pytest.raises(AccountsError, match="do not close"):
        check_accounts(outcomes | {"hedge": np.array([0.0, 1e-6, 0.0])}, 100.0)


def test_mirrored_pairs_count_as_one() -> None:
    normal = np.random.default_rng(3).standard_normal(1000)
    mirrored = np.stack([normal, -normal], axis=1).ravel()
    gathered = Gathered.of({"pnl": mirrored + 0.1 * mirrored**2}, keeps_paths=True, mirrored=True)
    pairs = 0.1 * normal**2
    assert gathered.error_of_mean("pnl") == pytest.approx(pairs.std(ddof=1) / np.sqrt(1000), rel=1e-9)
    plain = Gathered.of({"pnl": mirrored + 0.1 * mirrored**2}, keeps_paths=True)
    assert plain.error_of_mean("pnl") > 3.0 * gathered.error_of_mean("pnl")


def test_mirrored_error_of_deviation_is_that_of_many_samples() -> None:
    draws = np.random.default_rng(4).standard_normal((600, 200))
    paths = np.stack([draws, -draws], axis=2).reshape(600, 400)
    stated = [Gathered.of({"pnl": each}, keeps_paths=True, mirrored=True).error_of_deviation() for each in paths[:100]]
    assert np.mean(stated) == pytest.approx(paths.std(axis=1, ddof=1).std(), rel=0.1)


@pytest.mark.parametrize("keeps_paths", [True, False])
def test_batches_in_any_order_of_arrival_give_the_same_to_the_last_bit(keeps_paths: bool) -> None:
    parts = [Gathered.of({"pnl": part}, keeps_paths=keeps_paths) for part in np.array_split(SAMPLE, 5)]
    found = []
    for order in (range(5), (3, 1, 4, 0, 2)):
        batches = Batches(keeps_paths=keeps_paths)
        for number in order:
            batches.add(number, parts[number])
        assert batches.count == 5
        found.append(batches.whole())
    one, other = found
    assert one.moments == other.moments == gather(parts).moments
    assert one.tail() == other.tail()
    if keeps_paths:
        np.testing.assert_array_equal(other.pnl, SAMPLE)
