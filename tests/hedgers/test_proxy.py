"""Proxy hedges: units from a ratio of returns, betas of the past held until correlation moves, stress."""

from __future__ import annotations

import numpy as np
import pytest

from book_views import PlainView
from hedgerow.errors import InputError
from hedgerow.hedgers import ProxyHedger, proxy_units, stressed_residual
from hedgerow.hedgers.proxy import rolling_betas
from hedgerow.instruments import Book, EuropeanOption, Spot

BOOK = Book([(EuropeanOption("XYZ", "call", 50.0, "2027-02-20", multiplier=100), 1.0)])


def past(returns, names=("XYZ", "SPY"), book=BOOK, start=(50.0, 450.0)):
    """A view after returns (n_times, n_underlyings), on one path."""
    growth = np.cumprod(np.concatenate([np.ones((1, len(names))), 1.0 + np.asarray(returns)]), axis=0)
    spots = (np.asarray(start) * growth)[None]
    return PlainView(book, (Spot("SPY"),), spots, np.full_like(spots, 0.4), names)


def drawn(correlation, n, seed=0):
    normals = np.random.default_rng(seed).standard_normal((n, 2))
    mixed = correlation * normals[:, 1] + np.sqrt(1.0 - correlation**2) * normals[:, 0]
    return 0.01 * np.column_stack([2.0 * mixed, normals[:, 1]])


def test_proxy_units_the_index_fund_example_needs_8_6_shares():
    # delta 0.50 on 100 shares at 50, volatility 40 % against 18 %, correlation 0.70, the fund at 450
    assert proxy_units(50.0, 0.70 * 0.40 / 0.18, 50.0, 450.0) == pytest.approx(-8.64, abs=0.005)


def test_proxy_units_money_moves_are_opposite():
    units = proxy_units(50.0, 1.4, 50.0, 450.0)
    assert units * 450.0 * 0.01 == pytest.approx(-50.0 * 50.0 * 1.4 * 0.01)


def test_proxy_hedger_returns_that_follow_the_proxy_find_beta_and_hedge_it_all():
    market = 0.01 * np.random.default_rng(1).standard_normal(40)
    view = past(np.column_stack([1.4 * market, market]))
    betas, correlations = ProxyHedger("SPY").betas(view)
    np.testing.assert_allclose(betas, [[1.4, 1.0]], rtol=1e-9)
    np.testing.assert_allclose(correlations, 1.0, rtol=1e-9)
    found = ProxyHedger("SPY").target(view)
    delta = view.book_greeks(["delta"])["delta"][0, 0]
    expected = -delta * 1.4 * view.spots[0, 0] / view.spots[0, 1]
    np.testing.assert_allclose(found.holdings, [[expected]], rtol=1e-9)
    assert found.reasons == ()
    assert ProxyHedger("SPY").hedges(BOOK) == (Spot("SPY"),)


def test_rolling_betas_equal_numpy_window_by_window():
    returns = drawn(0.6, 60)
    spots = past(returns).spots_so_far
    slopes, correlations = rolling_betas(spots, 1, 30)
    assert slopes.shape == (1, 31, 2)
    for last in (0, 12, 30):
        x, y = returns[last : last + 30, 1], returns[last : last + 30, 0]
        assert slopes[0, last, 0] == pytest.approx(np.cov(x, y)[0, 1] / x.var(ddof=1), rel=1e-9)
        assert correlations[0, last, 0] == pytest.approx(np.corrcoef(x, y)[0, 1], rel=1e-9)


def test_proxy_hedger_correlation_within_the_trigger_holds_the_last_beta():
    returns = np.concatenate([drawn(0.9, 60), drawn(0.1, 60, seed=2)])
    hedger, every = ProxyHedger("SPY", trigger=0.10), ProxyHedger("SPY", trigger=0.0)
    taken, previous = [], None
    for n in range(30, 121):
        view = past(returns[:n])
        (beta, _), at = hedger.betas(view)[0][0], hedger.betas(view)[1][0, 0]
        correlation = every.betas(view)[1][0, 0]
        assert abs(correlation - at) <= 0.10 + 1e-9
        if previous is not None and abs(correlation - previous[1]) <= 0.10:
            assert (beta, at) == pytest.approx(previous, rel=1e-12)
        previous = (beta, at)
        taken.append(at)
    assert 3 <= len(set(np.round(taken, 12))) < 40


def test_proxy_hedger_altered_future_changes_nothing_decided_before():
    returns = drawn(0.7, 90)
    altered = returns.copy()
    altered[60:] *= -3.0
    for n in (20, 45, 60):
        np.testing.assert_array_equal(
            ProxyHedger("SPY").target(past(returns[:n])).holdings, ProxyHedger("SPY").target(past(altered[:n])).holdings
        )
    assert ProxyHedger("SPY").target(past(returns)).holdings != ProxyHedger("SPY").target(past(altered)).holdings


def test_proxy_hedger_window_not_full_holds_the_initial_beta_and_says_so():
    found = ProxyHedger("SPY", initial_beta=1.2).target(past(drawn(0.7, 12)))
    assert found.holdings[0, 0] < 0.0
    assert found.reasons == ("beta on SPY needs 30 returns and 12 are known; the initial beta 1.2 is held",)
    assert ProxyHedger("SPY").target(past(drawn(0.7, 12))).holdings == 0.0


def test_proxy_hedger_book_in_the_proxy_too_is_hedged_one_for_one():
    book = Book([(Spot("SPY"), 7.0)])
    found = ProxyHedger("SPY", initial_beta=2.0).target(past(drawn(0.7, 5), book=book)).holdings
    np.testing.assert_allclose(found, [[-7.0]])


def test_proxy_hedger_price_that_stood_still_has_no_beta():
    returns = drawn(0.7, 35)
    returns[:, 1] = 0.0
    assert ProxyHedger("SPY", initial_beta=1.0).target(past(returns)).holdings == 0.0


def test_stressed_residual_equals_the_variance_of_drawn_returns():
    rng = np.random.default_rng(5)
    market, own = rng.standard_normal((2, 400_000))
    stressed = 0.5 * market + np.sqrt(0.75) * own
    assert np.var(stressed - 0.7 * market) == pytest.approx(stressed_residual(0.7), abs=5e-3)


def test_stressed_residual_correlation_that_holds_leaves_one_minus_its_square():
    assert stressed_residual(0.7, 0.7) == pytest.approx(0.51)
    assert stressed_residual(0.7, 0.35) == pytest.approx(1.0)


def test_proxy_hedger_proxy_without_a_path_is_refused():
    with pytest.raises(InputError, match="the proxy 'SPX' has no path beside the book's; did you mean 'SPY'"):
        ProxyHedger("SPX").target(past(drawn(0.7, 5)))


@pytest.mark.parametrize(
    "arguments",
    [
        {"proxy": ""},
        {"proxy": "SPY", "window": 1},
        {"proxy": "SPY", "trigger": -0.1},
        {"proxy": "SPY", "initial_beta": float("nan")},
        {"proxy": "SPY", "lots": 0.0},
    ],
)
def test_proxy_hedger_bad_arguments_are_refused(arguments):
    with pytest.raises(InputError, match="must"):
        ProxyHedger(**arguments)
    with pytest.raises(InputError, match="between -1 and 1"):
        stressed_residual(1.2)
