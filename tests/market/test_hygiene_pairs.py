"""Pairs: closes at different moments, the lead-lag ratio, and breaks of the ratio."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from statsmodels.stats.diagnostic import breaks_cusumolsresid

from data import shared_data
from hedgerow.errors import DataError, InputError
from hedgerow.market.hygiene import HygieneOptions, check_prices
from hedgerow.market.hygiene.pairs import brownian_bridge_tail, score_cusum
from hedgerow.market.synchronicity import lead_lag_correlations, scholes_williams_ratio

DATES = pd.bdate_range("2004-01-01", periods=3000, name="date")


def _table(y: np.ndarray, x: np.ndarray) -> pd.DataFrame:
    return pd.DataFrame({"y": 1000 + np.cumsum(y), "x": 1000 + np.cumsum(x)}, index=DATES[: len(y)])


def _late_closes(share: float, rows: int = 3000, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """True ratio 0.8; a ``share`` of each day's common move reaches y's close a day late."""
    generator = np.random.default_rng(seed)
    early, late = generator.normal(0, np.sqrt([1 - share, share])[:, None], (2, rows + 1))
    x = early + late
    y = 0.8 * (early[1:] + late[:-1]) + generator.normal(0, 0.3, rows)
    return y, x[1:]


def test_scholes_williams_late_closes_recovers_the_ratio_that_least_squares_misses():
    y, x = _late_closes(0.4, rows=20_000)
    plain = float(np.cov(y, x)[0, 1] / np.var(x, ddof=1))
    assert plain == pytest.approx(0.8 * 0.6, abs=0.03)
    assert scholes_williams_ratio(y, x) == pytest.approx(0.8, abs=0.03)


def test_scholes_williams_equals_its_formula_term_by_term():
    y, x = _late_closes(0.3, rows=200, seed=4)
    slopes = [np.polyfit(x[:-1], y[1:], 1)[0], np.polyfit(x, y, 1)[0], np.polyfit(x[1:], y[:-1], 1)[0]]
    rho = np.corrcoef(x[1:], x[:-1])[0, 1]
    assert scholes_williams_ratio(y, x) == pytest.approx(sum(slopes) / (1 + 2 * rho), rel=1e-12)


def test_scholes_williams_scales_with_the_exposure():
    y, x = _late_closes(0.3, rows=300)
    assert scholes_williams_ratio(5 * y, x) == pytest.approx(5 * scholes_williams_ratio(y, x))
    assert scholes_williams_ratio(y, 5 * x) == pytest.approx(scholes_williams_ratio(y, x) / 5)


def test_scholes_williams_unusable_changes_are_refused():
    y, x = _late_closes(0.3, rows=50)
    with pytest.raises(DataError, match="at least 10 changes, got 5"):
        scholes_williams_ratio(y[:5], x[:5])
    with pytest.raises(DataError, match="same length, got 50 and 49"):
        scholes_williams_ratio(y, x[1:])
    with pytest.raises(DataError, match="do not move"):
        scholes_williams_ratio(y, np.ones(50))
    with pytest.raises(DataError, match=r"1 \+ 2 rho must be above zero"):
        scholes_williams_ratio(y, np.tile([1.0, -1.0], 25))
    with pytest.raises(DataError, match="without missing values"):
        scholes_williams_ratio(y, np.where(np.arange(50) == 3, np.nan, x))


def test_lead_lag_correlations_say_who_leads():
    generator = np.random.default_rng(2)
    x = generator.normal(size=2000)
    y = np.append(0.0, x[:-1]) + 0.1 * generator.normal(size=2000)
    seen = lead_lag_correlations(y, x)
    assert seen.x_leads > 0.95
    assert abs(seen.same) < 0.1
    assert lead_lag_correlations(x, y).y_leads == pytest.approx(seen.x_leads)
    assert seen.x_leads == pytest.approx(np.corrcoef(y[1:], x[:-1])[0, 1])


def test_non_synchronous_closes_are_told_with_leader_and_remedy():
    (finding,) = check_prices(_table(*_late_closes(0.4))).for_kind("non_synchronous")
    assert finding.instrument == "y, x"
    assert "a change of x correlates +0.3" in finding.sentence
    assert "sample weekly (W-FRI), or use a lead-lag (Scholes-Williams) ratio" in finding.sentence


@pytest.mark.parametrize("seed", range(5))
def test_non_synchronous_same_closes_and_stable_ratio_stay_unflagged(seed):
    report = check_prices(_table(*_late_closes(0.0, seed=seed)))
    assert report.findings == ()


def test_non_synchronous_one_wild_day_is_no_lead():
    y, x = _late_closes(0.0)
    x[1000], y[1001] = 60.0, 60.0
    assert check_prices(_table(y, x)).for_kind("non_synchronous") == ()


def test_non_synchronous_real_brent_lags_the_gulf_by_a_day():
    spot = pd.read_csv(shared_data("energy_spot_daily.csv"), index_col="date", parse_dates=True)
    report = check_prices(spot[["brent_usd_bbl", "usgc_jet_usd_gal"]].dropna())
    (finding,) = report.for_kind("non_synchronous")
    assert "a change of usgc_jet_usd_gal correlates +0.2" in finding.sentence


def test_score_cusum_equals_statsmodels_on_the_scores():
    y, x = _late_closes(0.0, rows=400)
    centred = x - x.mean()
    scores = centred * (y - y.mean() - (centred @ y) / (centred @ centred) * centred)
    statistic, _ = score_cusum(y, x)
    oracle, p_value, _ = breaks_cusumolsresid(scores, ddof=0)
    assert statistic == pytest.approx(oracle, rel=1e-10)
    assert brownian_bridge_tail(statistic) == pytest.approx(p_value, rel=1e-10)


def test_score_cusum_exact_multiple_has_no_break():
    _, x = _late_closes(0.0, rows=400)
    assert score_cusum(3.0 * x, x) == (0.0, 0)


def test_break_of_the_ratio_is_dated_and_advises_a_window():
    y, x = _late_closes(0.0)
    y[1500:] += 0.5 * x[1500:]
    (finding,) = check_prices(_table(y, x)).for_kind("break")
    assert abs(DATES.get_loc(finding.dates[0]) - 1501) < 60
    assert "use a window (rolling or exponentially weighted)" in finding.sentence
    assert "is 0.78" in finding.sentence
    assert "and 1.3" in finding.sentence


def test_break_judges_the_kind_of_change_asked_for():
    generator = np.random.default_rng(7)
    x = generator.normal(0, 0.01, 2500)
    y = 0.8 * x + generator.normal(0, 0.004, 2500) + 0.0008  # y grows sevenfold, x does not
    prices = pd.DataFrame({"y": 100 * np.exp(np.cumsum(y)), "x": 100 * np.exp(np.cumsum(x))}, index=DATES[:2500])
    (finding,) = check_prices(prices).for_kind("break")
    assert "the ratio of the price differences is" in finding.sentence
    for kind in ("percent", "log"):
        assert check_prices(prices, options=HygieneOptions(changes=kind)).for_kind("break") == ()
    with pytest.raises(InputError, match="changes must be 'diff', 'percent' or 'log', got 'returns'"):
        HygieneOptions(changes="returns")  # type: ignore[arg-type]


def test_non_synchronous_noisy_quotes_that_turn_back_are_no_late_closes():
    generator = np.random.default_rng(8)
    x, bounce = generator.normal(size=(2, 3000))
    shared = x + 2 * np.diff(bounce, prepend=0.0)
    report = check_prices(_table(shared + 0.1 * generator.normal(size=3000), shared))
    assert report.for_kind("non_synchronous") == ()


def test_break_test_keeps_its_size_under_volatility_clusters():
    flagged = 0
    for seed in range(100):
        generator = np.random.default_rng(seed)
        volatility = np.exp(0.5 * np.sin(np.arange(1500) / 60.0 + seed))
        x = volatility * generator.normal(size=1500)
        y = 0.8 * x + 0.5 * volatility * generator.normal(size=1500)
        flagged += brownian_bridge_tail(score_cusum(y, x)[0]) < 0.01
    assert flagged <= 5  # 1 % nominal: P(more than 5 of 100) is below 0.001
