"""Laws first: parts add up, mirrors, order of the remainder; then the source's residual table."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from attribution_cases import Case, one_path_ledger, random_case
from hedgerow.attribution import AccountLines, Marks, Moves, explain_ledger, explain_steps, taylor_terms
from hedgerow.errors import AccountsError, DataError, InputError
from hedgerow.pricing import black76, black_scholes

FOUR = ("delta", "gamma", "theta", "vega")


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 10**6), n_instruments=st.integers(1, 4), n_paths=st.integers(1, 3))
def test_parts_of_any_holdings_and_marks_add_up_to_the_change_of_wealth(
    seed: int, n_instruments: int, n_paths: int
) -> None:
    drawn = np.random.default_rng(seed)
    shape = (n_paths, 5, n_instruments)
    greeks = {name: drawn.normal(size=shape) for name in (*FOUR, "vanna", "rho")}
    underlying = drawn.integers(0, 2, n_instruments)
    marks = Marks(
        greeks,
        100.0 + drawn.normal(size=shape),
        drawn.uniform(0.1, 0.4, shape),
        np.arange(5) / 252,
        drawn.random(n_instruments) < 0.4,
        ("A", "B"),
        underlying,
        rates=drawn.normal(size=5),
        yields=drawn.normal(size=(5, n_instruments)),
    )
    held, changes = drawn.normal(size=shape), drawn.normal(size=shape)
    lines = AccountLines(
        drawn.normal(size=shape[:2]), {"carry": drawn.normal(size=shape[:2])}, {"ticket": np.ones(shape[:2])}
    )
    explained = explain_steps(held, changes, marks, lines)
    gains = (held[:, :-1] * changes[:, 1:]).sum(axis=(1, 2))
    account = gains + lines.financing.sum(axis=1) + lines.flows["carry"].sum(axis=1) - 5.0
    np.testing.assert_allclose(explained.total().drop(columns="total").sum(axis=1), account, atol=1e-10)
    np.testing.assert_allclose(explained.by_instrument()["total"].sum(), gains.mean(), atol=1e-10)
    np.testing.assert_allclose(explained.by_underlying()["total"].sum(), gains.mean(), atol=1e-10)
    assert explained.breach() < 1e-12


def test_parts_of_a_short_book_are_those_of_the_long_one_reversed_and_its_costs_the_same() -> None:
    short = random_case(1, 1, 60)
    long = replace(short, quantity=1.0)
    sold, bought = (explain_ledger(one_path_ledger(each, cost_rate=1e-4), each.marks()) for each in (short, long))
    for name in sold.parts:
        sign = 1.0 if name.startswith("cost") else -1.0
        if name != "financing":
            np.testing.assert_array_equal(sold.parts[name], sign * bought.parts[name])
    assert sold.parts["cost half_spread"].sum() < 0.0


def test_short_options_lose_on_gamma_and_earn_theta_and_long_ones_the_reverse() -> None:
    case = random_case(2, 4, 60)
    for quantity in (-1.0, 1.0):
        held = replace(case, quantity=quantity)
        total = explain_steps(held.holdings(), held.price_changes(), held.marks()).total()
        assert (np.sign(total["gamma"]) == np.sign(quantity)).all()
        assert (np.sign(total["theta"]) == -np.sign(quantity)).all()


def test_ledger_with_interest_and_costs_is_explained_line_by_line() -> None:
    case = random_case(3, 1, 60)
    borrow = np.full((1, 61), -0.01)
    ledger = one_path_ledger(case, rate=0.05, cost_rate=1e-4, flows={"carry": borrow})
    explained = explain_ledger(ledger, case.marks(FOUR))
    frame = explained.by_part()
    assert list(frame) == [*FOUR, "unexplained", "hedge", "financing", "carry", "cost half_spread", "total"]
    np.testing.assert_array_equal(frame["carry"], borrow[0])
    np.testing.assert_allclose(frame["total"].sum(), ledger.wealth[0, -1], atol=1e-12)
    np.testing.assert_allclose(frame.iloc[0]["total"], -0.01 - ledger.total_costs[0, 0], atol=1e-12)
    np.testing.assert_allclose(frame["financing"], ledger.financing[0])
    assert frame.index.equals(ledger.terms.times)
    assert explained.by_instrument().index.tolist() == ["call", "SPX"]
    assert explained.breach() < 1e-12


def test_parts_that_miss_the_account_are_refused_and_not_spread() -> None:
    case = random_case(4, 1, 10)
    ledger = one_path_ledger(case)
    wrong = replace(ledger, costs={"ticket": np.full((1, 11), 0.01)})
    with pytest.raises(AccountsError, match="miss the change of wealth"):
        explain_ledger(wrong, case.marks())


@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_remainder_of_a_spot_move_is_of_third_order(sign: float) -> None:
    greeks = black_scholes.greeks("call", 100.0, 105.0, 0.25, 0.2, 0.03, 0.0)
    start = black_scholes.price("call", 100.0, 105.0, 0.25, 0.2, 0.03, 0.0)

    def residual(move: float, names: tuple[str, ...]) -> float:
        change = black_scholes.price("call", 100.0 + move, 105.0, 0.25, 0.2, 0.03, 0.0) - start
        terms = taylor_terms({name: getattr(greeks, name) for name in names}, Moves(move, 0.0, 0.0))
        return abs(change - sum(terms.values()))

    for names, ratio in ((("delta", "gamma"), 8.0), (("delta", "gamma", "speed"), 16.0)):
        found = residual(sign * 0.4, names) / residual(sign * 0.2, names)
        assert found == pytest.approx(ratio, rel=0.05)


@pytest.mark.parametrize(
    ("spot", "vol", "years", "four", "six"),
    [
        (0.2, 0.001, 1 / (252 * 6.5), 0.9, None),
        (1.0, 0.0, 1 / 365, 2.3, None),
        (2.0, 0.01, 1 / 365, 4.3, None),
        (5.0, 0.03, 1 / 365, 14.8, 14.4),
        (10.0, 0.10, 1 / 365, 43.9, 43.0),
    ],
)
def test_residual_of_a_30_day_straddle_is_that_of_the_table(
    spot: float, vol: float, years: float, four: float, six: float | None
) -> None:
    """Per cent of the profit, the table of the explain journey: spot and strike 100, 20 %, rate 3 %, an up move.

    The hour of the first row is 0.2 points and 0.1 volatility points in 1 / (252 x 6.5) years; the last row was
    rounded to 44 there.
    """
    changes, terms = 0.0, dict.fromkeys((*FOUR, "vanna", "volga"), 0.0)
    for kind in ("call", "put"):
        greeks = black_scholes.greeks(kind, 100.0, 100.0, 30 / 365, 0.2, 0.03, 0.0)
        before = black_scholes.price(kind, 100.0, 100.0, 30 / 365, 0.2, 0.03, 0.0)
        changes += black_scholes.price(kind, 100.0 + spot, 100.0, 30 / 365 - years, 0.2 + vol, 0.03, 0.0) - before
        for name, money in taylor_terms(
            {each: getattr(greeks, each) for each in terms}, Moves(spot, vol, years)
        ).items():
            terms[name] += money
    share = 100.0 * abs(changes - sum(terms[name] for name in FOUR)) / abs(changes)
    assert share == pytest.approx(four, abs=0.1)
    if six is not None:
        assert 100.0 * abs(changes - sum(terms.values())) / abs(changes) == pytest.approx(six, abs=0.1)


def test_option_on_a_future_has_theta_and_rho_at_fixed_forward() -> None:
    """Black-76: with the future unmoved, a rate move gives rho dr and a day gives theta dt; nothing else."""
    years, rates = np.array([0.0, 1e-4]), np.array([0.03, 0.0301])
    future = np.full((1, 2, 1), 80.0)
    greeks = black76.greeks("put", 80.0, 85.0, 0.5, 0.3, 0.03)
    marks = Marks(
        {name: np.full((1, 2, 1), getattr(greeks, name)) for name in (*FOUR, "charm", "rho")},
        future,
        np.full((1, 2, 1), 0.3),
        years,
        np.array([False]),
        ("CL",),
        rates=rates,
    )
    prices = [black76.price("put", 80.0, 85.0, 0.5 - t, 0.3, r) for t, r in zip(years, rates, strict=True)]
    explained = explain_steps(np.full((1, 2, 1), 10.0), np.diff(prices, prepend=prices[0])[:, None], marks)
    row = explained.by_part().iloc[-1]
    np.testing.assert_allclose(row["rho"], -0.5 * 10.0 * prices[0] * 1e-4, rtol=1e-12)  # F held: dV/dr = -T V
    assert row["delta"] == 0.0
    assert abs(row["unexplained"]) < 1e-3 * abs(row["total"])


def test_roll_to_another_contract_moves_no_volatility() -> None:
    """The place of an instrument passes to a strike of a higher volatility: within the contract held nothing moved."""
    shape = (1, 3, 1)
    vols = np.array([0.2, 0.2, 0.35]).reshape(shape)
    greeks = {"delta": np.zeros(shape), "vega": np.ones(shape)}
    marks = Marks(greeks, np.full(shape, 100.0), vols, np.arange(3) / 365, np.array([False]), ("SPX",))
    held, unmoved = np.ones(shape), np.zeros((3, 1))
    rolled = replace(marks, changes={"vols": np.zeros(shape)})
    assert explain_steps(held, unmoved, rolled).total()[["vega", "unexplained"]].abs().to_numpy().max() == 0.0
    assert explain_steps(held, unmoved, marks).total()["vega"].item() == pytest.approx(0.15)


def test_summary_of_paths_has_means_that_add_up_and_standard_errors() -> None:
    case = random_case(5, 64, 20)
    explained = explain_steps(case.holdings(), case.price_changes(), case.marks(FOUR))
    summary = explained.summary()
    assert summary["mean"].drop("total").sum() == pytest.approx(summary.loc["total", "mean"], abs=1e-12)
    np.testing.assert_allclose(summary["standard_error"], summary["standard_deviation"] / 8.0)
    one = explain_steps(
        case.holdings()[:1], case.price_changes()[:1], replace(case, spots=case.spots[:1], vols=case.vols[:1]).marks()
    )
    assert one.summary()["standard_error"].isna().all()


def test_cumulative_parts_end_at_the_totals() -> None:
    case = random_case(6, 2, 10)
    explained = explain_steps(case.holdings(), case.price_changes(), case.marks())
    np.testing.assert_allclose(explained.by_part(1, cumulative=True).iloc[-1], explained.total().iloc[1], atol=1e-12)
    np.testing.assert_allclose(explained.actual - explained.predicted, explained.parts["unexplained"], atol=1e-12)
    with pytest.raises(InputError, match="path must be a number from 0 to 1"):
        explained.by_part(2)


def test_greek_that_is_infinite_where_held_is_refused_and_passed_over_where_not() -> None:
    case = random_case(7, 1, 4)
    marks = case.marks(FOUR)
    gamma = marks.greeks["gamma"].copy()
    gamma[0, 2, 0] = np.inf
    broken = replace(marks, greeks={**marks.greeks, "gamma": gamma})
    with pytest.raises(DataError, match="gamma of instrument 0 is not finite at time 2 of path 0"):
        explain_steps(case.holdings(), case.price_changes(), broken)
    empty = case.holdings() * np.array([0.0, 1.0])
    assert explain_steps(empty, case.price_changes(), broken).total()["gamma"].item() == 0.0


@pytest.mark.parametrize(
    ("holdings", "changes", "words"),
    [
        ((1, 5, 1), (5, 2), "holdings must have shape"),
        ((1, 5, 2), (4, 2), "price_changes"),
        ((3, 5, 2), (5, 2), "2 paths|3 paths"),
    ],
)
def test_arrays_that_do_not_fit_are_refused(holdings: tuple[int, ...], changes: tuple[int, ...], words: str) -> None:
    marks = random_case(8, 2, 4).marks()
    with pytest.raises(DataError, match=words):
        explain_steps(np.ones(holdings), np.ones(changes), marks)


def test_flow_with_the_name_of_a_greek_is_refused() -> None:
    case = random_case(8, 1, 4)
    lines = AccountLines(flows={"delta": np.zeros((1, 5))})
    with pytest.raises(InputError, match="flows has the label 'delta'"):
        explain_steps(case.holdings(), case.price_changes(), case.marks(), lines)


def test_flow_of_another_shape_is_refused() -> None:
    case = random_case(8, 1, 4)
    with pytest.raises(DataError, match="carry must have shape"):
        explain_steps(case.holdings(), case.price_changes(), case.marks(), AccountLines(flows={"carry": np.zeros(5)}))


def test_later_marks_do_not_change_earlier_parts() -> None:
    case = random_case(9, 1, 10)
    later = case.spots.copy()
    later[:, 6:] *= 1.1
    changed = Case(later, case.vols, case.years, case.expiry)
    first, second = (explain_steps(each.holdings(), each.price_changes(), each.marks()) for each in (case, changed))
    for name in first.parts:
        np.testing.assert_array_equal(first.parts[name][:, :6], second.parts[name][:, :6])


def test_hedges_with_gamma_are_split_by_greek_and_straight_ones_are_not() -> None:
    drawn = np.random.default_rng(4)
    shape = (2, 6, 3)
    greeks = {name: drawn.normal(size=shape) for name in FOUR}
    for name in FOUR[1:]:
        greeks[name][..., 2] = 0.0
    marks = Marks(
        greeks, 100.0 + drawn.normal(size=shape), drawn.uniform(0.1, 0.4, shape), np.arange(6) / 252,
        np.array([False, True, True]), ("A",), np.zeros(3, dtype=np.int64),
    )  # fmt: skip
    held, changes = drawn.normal(size=shape), drawn.normal(size=shape)
    explained = explain_steps(held, changes, marks)
    np.testing.assert_allclose(sum(explained.hedge_parts.values()), explained.parts["hedge"], atol=1e-12)
    moves = np.diff(marks.spots, axis=1)
    gamma = 0.5 * (held[:, :-1] * greeks["gamma"][:, :-1] * moves**2)[..., 1]
    np.testing.assert_allclose(explained.hedge_parts["gamma"][:, 1:], gamma, atol=1e-12)
    straight = replace(marks, hedges=np.array([False, False, True]))
    assert dict(explain_steps(held, changes, straight).hedge_parts) == {}
