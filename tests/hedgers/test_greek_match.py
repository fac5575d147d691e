"""Hedges of several Greeks: laws, cases solved by hand, and independent optimisers."""

from __future__ import annotations

import numpy as np
import pytest

from book_views import PlainView, view_of
from hedgerow.errors import InputError
from hedgerow.hedgers import (
    DeltaGammaHedger,
    DeltaGammaVegaHedger,
    DeltaVegaHedger,
    GreekHedger,
    GreekMatchOptions,
)
from hedgerow.instruments import Book, EuropeanOption, Future, Spot

BOOK = Book([(EuropeanOption("XYZ", "call", 100.0, "2027-02-20", multiplier=100), -10.0)])
NEAR = EuropeanOption("XYZ", "call", 105.0, "2027-01-15", multiplier=100)
FAR = EuropeanOption("XYZ", "put", 95.0, "2027-11-19", multiplier=100)
SPOTS = [90.0, 100.0, 107.0, 115.0]


def seen(hedger, spots=SPOTS, book=BOOK, **more):
    return view_of(book, hedger.hedges(book), spots, **more)


def left(hedger, view, names):
    """Greeks of book and hedges together, relative to the gross."""
    holdings = hedger.target(view).holdings
    book, one = view.book_greeks(names), view.hedge_greeks(names)
    made = {name: one[name] * holdings for name in names}
    return {
        name: (book[name][:, 0] + made[name].sum(axis=1)) / (np.abs(book[name][:, 0]) + np.abs(made[name]).sum(axis=1))
        for name in names
    }


@pytest.mark.parametrize(
    ("hedger", "names"),
    [
        (DeltaGammaHedger([NEAR]), ("delta", "gamma")),
        (DeltaVegaHedger([FAR]), ("delta", "vega")),
        (DeltaGammaVegaHedger([NEAR, FAR]), ("delta", "gamma", "vega")),
        (GreekHedger([NEAR, FAR], match=("gamma", "vega")), ("gamma", "vega")),
    ],
)
def test_greek_hedgers_as_many_instruments_as_greeks_leave_nothing(hedger, names):
    view = seen(hedger)
    for figures in left(hedger, view, names).values():
        np.testing.assert_allclose(figures, 0.0, atol=1e-9)
    assert hedger.target(view).reasons == ()


def test_delta_gamma_one_option_is_the_ratio_of_gammas():
    hedger = DeltaGammaHedger([NEAR])
    view = seen(hedger)
    book, one = view.book_greeks(["delta", "gamma"]), view.hedge_greeks(["delta", "gamma"])
    options = -book["gamma"][:, 0] / one["gamma"][:, 1]
    shares = -(book["delta"][:, 0] + options * one["delta"][:, 1])
    found = hedger.target(view)
    np.testing.assert_allclose(found.holdings, np.column_stack([shares, options]), rtol=1e-9)
    np.testing.assert_array_equal(found.sensitivities["gamma"][:, 0], book["gamma"][:, 0])


def test_delta_gamma_book_of_the_hedge_option_is_bought_back():
    hedger = DeltaGammaHedger([NEAR])
    book = Book([(NEAR, -7.0)])
    np.testing.assert_allclose(hedger.target(seen(hedger, book=book)).holdings, [[0.0, 7.0]] * 4, atol=1e-9)


def test_delta_gamma_vega_book_or_contracts_of_another_size_scale_the_hedge():
    hedger = DeltaGammaVegaHedger([NEAR, FAR])
    one = hedger.target(seen(hedger)).holdings
    tenfold = Book([(each.instrument, 10.0 * each.quantity) for each in BOOK.positions])
    np.testing.assert_allclose(hedger.target(seen(hedger, book=tenfold)).holdings, 10.0 * one, rtol=1e-8)
    small = DeltaGammaVegaHedger([EuropeanOption("XYZ", "call", 105.0, "2027-01-15"), FAR])
    np.testing.assert_allclose(small.target(seen(small)).holdings, one * [1.0, 100.0, 1.0], rtol=1e-8)


def test_delta_gamma_vega_long_and_short_books_are_hedged_with_opposite_signs():
    hedger = DeltaGammaVegaHedger([NEAR, FAR], bounds=[(-5.0, 5.0), (-4.0, 4.0)])
    short = hedger.target(seen(hedger)).holdings
    long = Book([(each.instrument, -each.quantity) for each in BOOK.positions])
    np.testing.assert_allclose(hedger.target(seen(hedger, book=long)).holdings, -short, atol=1e-9)


def test_delta_gamma_two_equal_options_share_the_hedge():
    alone, twice = DeltaGammaHedger([NEAR]), DeltaGammaHedger([NEAR, NEAR])
    single = alone.target(seen(alone)).holdings[:, 1]
    both = twice.target(seen(twice))
    np.testing.assert_allclose(both.holdings[:, 1:], np.column_stack([single, single]) / 2.0, rtol=1e-8)
    assert both.reasons == ()


def problem_of(hedger, view):
    """The same problem out of the definition: rows in money, for optimisers of others."""
    names = hedger.matched
    book, one = view.book_greeks(names), view.hedge_greeks(names)
    move = 0.01 * view.spots[:, 0]
    money = {"delta": move, "gamma": 0.5 * move**2, "vega": np.full_like(move, 0.01)}
    matrix = np.stack([one[name] * money[name][:, None] for name in names], axis=1)
    return matrix, -np.stack([book[name][:, 0] * money[name] for name in names], axis=1)


def test_delta_gamma_vega_bounds_equal_scipy_and_meet_the_optimality_conditions():
    from scipy.optimize import lsq_linear

    hedger = DeltaGammaVegaHedger([NEAR, FAR], bounds=[(-3.0, 6.0), (None, 4.0)])
    view = seen(hedger)
    found = hedger.target(view)
    matrix, goal = problem_of(hedger, view)
    low, high = np.array([-np.inf, -3.0, -np.inf]), np.array([np.inf, 6.0, 4.0])
    for path, holdings in enumerate(found.holdings):
        scale = np.linalg.norm(matrix[path], axis=0)
        best = lsq_linear(matrix[path] / scale, goal[path], (low * scale, high * scale), method="bvls", tol=1e-14)
        np.testing.assert_allclose(holdings, best.x / scale, rtol=1e-7, atol=1e-9)
        pull = (matrix[path] / scale).T @ (goal[path] - matrix[path] @ holdings) / np.abs(goal[path]).max()
        assert np.all(np.abs(pull[(holdings > low) & (holdings < high)]) < 1e-9)
        assert np.all(pull[holdings >= high] >= -1e-9)
        assert np.all(pull[holdings <= low] <= 1e-9)


def test_delta_gamma_vega_bound_that_binds_is_named_with_what_is_left():
    hedger = DeltaGammaVegaHedger([NEAR, FAR], bounds=[(0.0, 2.0), (None, None)])
    view = seen(hedger)
    found = hedger.target(view)
    reasons = found.reasons
    assert [reason.split()[0] for reason in reasons] == ["gamma", "vega"]
    gamma, one = view.book_greeks(["gamma"])["gamma"], view.hedge_greeks(["gamma"])["gamma"]
    remaining = gamma[:, 0] + (one * found.holdings).sum(axis=1)
    worst = remaining[np.argmax(np.abs(remaining))]
    assert f"gamma of 'XYZ' is not met on 4 of 4 paths, at worst {worst:.6g} is left" in reasons[0]
    assert reasons[0].endswith("XYZ european call 105.0 2027-01-15 is held to at most 2 contracts")


def test_delta_gamma_vega_two_options_of_one_expiry_say_that_they_cannot_be_told_apart():
    same = EuropeanOption("XYZ", "put", 105.0, "2027-01-15", multiplier=100)
    hedger = DeltaGammaVegaHedger([NEAR, same])
    assert any("cannot move it apart" in reason for reason in hedger.target(seen(hedger)).reasons)


@pytest.mark.parametrize("bounds", [None, [(-3.0, 6.0), (-2.0, 4.0)]])
def test_delta_gamma_vega_costs_equal_cvxpy(bounds):
    cvxpy = pytest.importorskip("cvxpy")
    options = GreekMatchOptions(costs=(8.0, 30.0), risk_aversion=0.05)
    hedger = DeltaGammaVegaHedger([NEAR, FAR], bounds=bounds, options=options)
    held = np.tile([300.0, 1.0, 2.0], (2, 1))
    view = seen(hedger, SPOTS[1:3], held=held)
    matrix, goal = problem_of(hedger, view)

    def objective(path, contracts, norm, absolute):
        traded = absolute(contracts[1:] - held[path, 1:])
        return 0.025 * norm(matrix[path] @ contracts - goal[path]) + traded @ np.array(options.costs)

    for path, holdings in enumerate(hedger.target(view).holdings):
        contracts = cvxpy.Variable(3)
        limits = [] if bounds is None else [contracts[1:] >= [-3.0, -2.0], contracts[1:] <= [6.0, 4.0]]
        best = cvxpy.Problem(cvxpy.Minimize(objective(path, contracts, cvxpy.sum_squares, cvxpy.abs)), limits)
        best.solve(solver="CLARABEL")
        mine = objective(path, holdings, lambda miss: miss @ miss, np.abs)
        assert mine == pytest.approx(best.value, rel=1e-6)


def test_delta_gamma_costs_beyond_any_saving_trade_no_option():
    hedger = DeltaGammaHedger([NEAR], options=GreekMatchOptions(costs=(1e9,)))
    held = np.tile([0.0, 1.5], (4, 1))
    found = hedger.target(seen(hedger, held=held))
    np.testing.assert_array_equal(found.holdings[:, 1], 1.5)
    np.testing.assert_allclose(left(hedger, seen(hedger, held=held), ["delta"])["delta"], 0.0, atol=1e-5)
    assert "costs more than it saves" in found.reasons[-1]


def whole_objective(matrix, goal, holdings):
    return ((np.einsum("pij,pj->pi", matrix, holdings) - goal) ** 2).sum(axis=1)


def test_delta_gamma_vega_whole_lots_are_the_best_of_all_near_and_no_worse_than_rounding():
    instruments = [Spot("XYZ"), NEAR, FAR]
    hedger = DeltaGammaVegaHedger(instruments, lots=[100.0, 1.0, 1.0])
    view = seen(hedger, SPOTS[1:3])
    matrix, goal = problem_of(hedger, view)
    fractional = DeltaGammaVegaHedger(instruments).target(view).holdings
    found = hedger.target(view).holdings
    lots = np.array([100.0, 1.0, 1.0])
    np.testing.assert_array_equal(found % lots, 0.0)
    best = whole_objective(matrix, goal, found)
    assert np.all(best <= whole_objective(matrix, goal, np.round(fractional / lots) * lots) + 1e-9)
    around = np.stack(np.meshgrid(*[np.arange(-3, 4)] * 3), axis=-1).reshape(-1, 3)
    for shift in around:
        others = (np.round(fractional / lots) + shift) * lots
        assert np.all(best <= whole_objective(matrix, goal, others) * (1.0 + 1e-9))


def test_delta_gamma_whole_options_and_shares_in_fractions_leave_no_delta():
    hedger = DeltaGammaHedger([NEAR], lots=[1.0], bounds=[(0.0, 12.0)])
    view = seen(hedger)
    found = hedger.target(view)
    np.testing.assert_array_equal(found.holdings[:, 1] % 1.0, 0.0)
    np.testing.assert_allclose(left(hedger, view, ["delta"])["delta"], 0.0, atol=1e-12)
    assert np.all(found.holdings[:, 1] <= 12.0)
    assert any("whole lots" in reason for reason in found.reasons)


def test_delta_gamma_whole_lots_with_costs_are_no_worse_than_their_neighbours():
    hedger = DeltaGammaHedger([NEAR], lots=1.0, options=GreekMatchOptions(costs=(40.0,), risk_aversion=0.02))
    view = seen(hedger, SPOTS[1:2])
    matrix, goal = problem_of(hedger, view)
    found = hedger.target(view).holdings

    def value(holdings):
        return 0.01 * whole_objective(matrix, goal, holdings) + 40.0 * np.abs(holdings[:, 1])

    shifts = np.stack(np.meshgrid(np.arange(-60, 61), np.arange(-3, 4)), axis=-1).reshape(-1, 2)
    assert all(value(found)[0] <= value(found + shift)[0] * (1.0 + 1e-7) for shift in shifts)


def test_delta_future_alone_divides_by_its_own_delta():
    future = Future("XYZ", "2027-03-19", multiplier=50)
    hedger = GreekHedger([future])
    assert hedger.hedges(BOOK) == (future,)
    view = seen(hedger, rate=0.05)
    expected = -view.book_greeks(["delta"])["delta"] / (50.0 * np.exp(0.05 * 119.0 / 365.0))
    np.testing.assert_allclose(hedger.target(view).holdings, expected, rtol=1e-9)


def test_delta_gamma_two_underlyings_hedges_each_with_its_own():
    other = EuropeanOption("ABC", "put", 50.0, "2027-02-20", multiplier=100)
    book = Book([*[(each.instrument, each.quantity) for each in BOOK.positions], (other, 4.0)])
    second = EuropeanOption("ABC", "call", 50.0, "2027-05-21", multiplier=100)
    hedger = DeltaGammaHedger([NEAR, second])
    at = np.array([[[100.0, 52.0]]])
    view = PlainView(book, hedger.hedges(book), at, np.full_like(at, 0.2), ("XYZ", "ABC"))
    found = hedger.target(view).holdings[0]
    alone = DeltaGammaHedger([NEAR])
    np.testing.assert_allclose(found[[0, 2]], alone.target(seen(alone, [100.0])).holdings[0], rtol=1e-8)
    assert found[3] < 0.0


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda: DeltaGammaHedger([]), "list of one or more"),
        (lambda: DeltaGammaHedger(["call"]), "must be of hedgerow.instruments, not 'call'"),
        (lambda: DeltaGammaHedger([NEAR], bounds=[(3.0, 1.0)]), "bounds cross"),
        (lambda: DeltaGammaHedger([NEAR], bounds=[3.0]), "must be a pair"),
        (lambda: DeltaGammaHedger([NEAR], bounds=[(0.0, 1.0)] * 2), r"an entry per instrument \(1\), not 2"),
        (lambda: DeltaGammaHedger([NEAR], lots=0.0), "lots must be above 0"),
        (lambda: DeltaGammaHedger([NEAR], lots=[1.0, -1.0]), "one per instrument"),
        (lambda: GreekHedger([NEAR], match=("speed",)), "match must be one of delta"),
        (lambda: GreekMatchOptions(costs=(-1.0,)), "costs must be 0 or more"),
        (lambda: GreekMatchOptions(weights=(("delta", 0.0),)), "weight of delta must be above 0"),
        (lambda: DeltaGammaHedger([Spot("XYZ")]).hedges(BOOK), "no option on it is among the instruments"),
        (lambda: GreekHedger([Spot("XZY")]).hedges(BOOK), "did you mean 'XYZ'"),
    ],
)
def test_greek_hedgers_bad_arguments_are_refused(make, says):
    with pytest.raises(InputError, match=says):
        make()


def test_delta_gamma_expired_hedge_option_is_refused_by_name():
    hedger = DeltaGammaHedger([EuropeanOption("XYZ", "call", 105.0, "2026-11-20", multiplier=100)])
    with pytest.raises(InputError, match=r"XYZ european call 105.0 2026-11-20 expired at 2026-11-20 16:00:00"):
        hedger.target(seen(hedger))


def test_delta_gamma_prints_as_the_code_that_makes_it():
    assert repr(DeltaGammaHedger([Spot("X")], lots=1.0)) == (
        "DeltaGammaHedger(instruments=(Spot(underlying='X', multiplier=1.0, currency='USD'),), lots=1.0)"
    )
