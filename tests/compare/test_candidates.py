"""Candidates: each alone, net of its own costs, ranked by what it removes out of sample."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from compare.races import QUICK
from hedgerow.compare import Candidate, CandidateRanking, WalkForward, rank_candidates
from hedgerow.engine import LinearMarket
from hedgerow.errors import InputError
from hedgerow.ratios import OLS, RollingOLS

N = 400
TIMES = pd.date_range("2018-01-01", periods=N + 1)


def markets(noises: dict[str, float], size: float | None = 10.0) -> dict[str, LinearMarket]:
    rng = np.random.default_rng(0)
    y = rng.normal(size=N)
    found = {}
    for name, noise in noises.items():
        x = (y + noise * rng.normal(size=N))[:, None]
        prices = 100.0 + np.vstack([np.zeros(1), np.cumsum(x, axis=0)])
        per_unit = None if size is None else np.full((N + 1, 1), 1.0 / size)
        found[name] = LinearMarket(TIMES, y, x, prices, "spot", (name,), 1_000.0, per_unit)
    return found


def rank(candidates: list[Candidate], **options: object) -> CandidateRanking:
    return rank_candidates(candidates, bootstrap=QUICK, **options)  # type: ignore[arg-type]


def test_ranking_closest_instrument_comes_first() -> None:
    found = markets({"poor": 2.0, "good": 0.3, "fair": 0.8})
    ranking = rank([Candidate(name, market) for name, market in found.items()])
    assert list(ranking.table.index) == ["good", "fair", "poor"]
    assert ranking.verdict.startswith("good is the best hedge: it removes")
    assert "overlap" not in ranking.verdict
    assert set(ranking.comparisons) == set(found)


def test_ranking_figures_equal_their_definitions() -> None:
    market = markets({"good": 0.3})["good"]
    ranking = rank([Candidate("good", market, half_spread_bps=5.0, commission=2.0, daily_volume=500.0)])
    row = ranking.table.loc["good"]
    x, y = market.hedge_changes[:, 0], market.exposure_changes
    slope = np.cov(x, y)[0, 1] / np.var(x, ddof=1)
    assert row["correlation"] == pytest.approx(np.corrcoef(x, y)[0, 1])
    assert row["hedge_ratio"] == pytest.approx(slope)
    assert row["contracts"] == pytest.approx(-slope * 1_000.0 / 10.0)
    assert row["granularity"] == pytest.approx(0.5 / abs(row["contracts"]))
    assert row["volume_share"] == pytest.approx(abs(row["contracts"]) / 500.0)
    race = ranking.comparisons["good"]
    h = race.held_ratios[0, :, 0]
    traded = np.abs(np.diff(h, prepend=0.0))
    charged = traded * (5e-4 * market.hedge_prices[race.first_row : -1, 0] + 2.0 / 10.0)
    assert row["cost"] == pytest.approx(charged.sum())


def test_ranking_costs_can_turn_the_order() -> None:
    found = markets({"near": 0.30, "alike": 0.32})
    cheap = rank([Candidate(name, market) for name, market in found.items()])
    options = {"estimator": RollingOLS(window=10)}
    dear = rank([Candidate("near", found["near"], 900.0), Candidate("alike", found["alike"])], **options)
    assert (cheap.table.index[0], dear.table.index[0]) == ("near", "alike")


def test_ranking_without_contract_size_leaves_contracts_unknown() -> None:
    market = markets({"good": 0.3}, size=None)["good"]
    row = rank([Candidate("good", market, daily_volume=10.0)]).table.loc["good"]
    assert row[["contracts", "granularity", "volume_share"]].isna().all()


def test_ranking_zero_ratio_has_no_granularity() -> None:
    market = markets({"good": 0.3})["good"]
    still = LinearMarket(
        TIMES, np.where(np.arange(N) % 2 == 0, 1.0, -1.0), market.hedge_changes, market.hedge_prices, "spot", ("good",)
    )
    row = rank([Candidate("good", still)]).table.loc["good"]
    assert np.isnan(row["contracts"])
    assert np.isnan(row["granularity"])


def test_ranking_verdict_says_when_intervals_overlap_and_volume_is_thin() -> None:
    found = markets({"a": 0.50, "b": 0.505})
    ranking = rank([Candidate(name, market, daily_volume=200.0) for name, market in found.items()])
    assert "(their intervals overlap)" in ranking.verdict
    assert "of a day's volume, which is hard to trade at once" in ranking.verdict


def test_ranking_walk_forward_and_estimator_are_used() -> None:
    market = markets({"good": 0.3})["good"]
    split = WalkForward(train=0.25, refit=5)
    race = rank([Candidate("good", market)], walk_forward=split, estimator=OLS(window=50)).comparisons["good"]
    assert (race.first_row, race.refit) == (100, 5)


def test_ranking_nothing_or_other_dates_refused() -> None:
    with pytest.raises(InputError, match="at least one candidate"):
        rank([])
    found = markets({"a": 0.5, "b": 0.5})
    with pytest.raises(InputError, match="'a' and 'b' cover different dates"):
        rank([Candidate("a", found["a"]), Candidate("b", found["b"].after(3))])
