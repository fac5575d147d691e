"""Many paths: the same whoever works, in memory that is stated, and never a look at what comes later."""

from __future__ import annotations

import pickle
import tracemalloc
from dataclasses import dataclass, replace
from threading import get_ident
from typing import Any, ClassVar

import numpy as np
import pytest

from engine_cases import BOOKS, COST_CASES, PAYING, PLAIN, POLICY_CASES, both_forms, run, scenario_cases
from hedgerow.costs import HalfSpread
from hedgerow.costs.base import RuleCost
from hedgerow.engine import BookExecution, run_book
from hedgerow.engine.outcomes import check_accounts
from hedgerow.errors import AccountsError
from hedgerow.hedgers import DeltaHedger
from hedgerow.kernels.elementary import maximum
from hedgerow.kernels.rules import rule
from hedgerow.market.time_grid import TimeGrid
from hedgerow.policies import Band, Moment, Policy
from hedgerow.scenarios import GBM, MarketPaths

CALL = BOOKS["one call"]


# Who works does not matter


@pytest.mark.compiled
@pytest.mark.parametrize("policy", ["band", "whalley_wilmott"])
def test_one_and_two_threads_are_equal_to_the_last_bit(policy: str) -> None:
    parts: dict[str, Any] = {"policy": POLICY_CASES[policy], "costs": HalfSpread(1.0), "n_paths": 70_000, "n_steps": 5}
    one, two = (run(CALL, GBM(PAYING), threads=threads, **parts) for threads in (1, 2))
    np.testing.assert_array_equal(one.pnl, two.pnl)
    assert one.summary().equals(two.summary())
    assert one.attribution().equals(two.attribution())


@pytest.mark.compiled
def test_statistics_of_one_and_two_threads_are_equal_to_the_last_bit() -> None:
    parts: dict[str, Any] = {"n_paths": 140_000, "n_steps": 3, "keep": "statistics"}
    one, two = (run(CALL, GBM(PLAIN), threads=threads, **parts) for threads in (1, 2))
    assert one.summary().equals(two.summary())


@pytest.mark.compiled
def test_table_of_a_book_is_the_same_for_one_and_two_threads() -> None:
    bare = {"attribution": False, "drawdown": False, "variance": False}
    one, two = (run(BOOKS["six options"], GBM(PLAIN), threads=threads, n_paths=5000, **bare) for threads in (1, 2))
    np.testing.assert_array_equal(one.pnl, two.pnl)


@pytest.mark.compiled
def test_batches_do_not_move_a_path() -> None:
    few, many = (run(CALL, GBM(PLAIN), n_paths=n, n_steps=3).pnl for n in (66_000, 65_537))
    np.testing.assert_array_equal(few[:65_537], many)


@pytest.mark.compiled
@pytest.mark.parametrize("threads", [1, 2])
def test_progress_is_told_to_the_callers_thread_and_ends_at_one(threads: int) -> None:
    told: list[tuple[float, int]] = []
    run(
        CALL,
        GBM(PLAIN),
        n_paths=200_000,
        n_steps=2,
        threads=threads,
        progress=lambda share: told.append((share, get_ident())),
    )
    shares = [share for share, _ in told]
    assert {thread for _, thread in told} == {get_ident()}
    assert shares == sorted(shares)
    assert shares[-1] == 1.0
    assert shares.count(1.0) == 1


# Memory


def peak_of(n_paths: int, **options: Any) -> int:
    """Return the most bytes that NumPy held during a run."""
    run(CALL, GBM(PLAIN), n_paths=10, n_steps=3, **options)
    tracemalloc.start()
    try:
        run(CALL, GBM(PLAIN), n_paths=n_paths, n_steps=3, **options)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.compiled
def test_memory_of_statistics_does_not_grow_with_the_paths() -> None:
    small, large = (peak_of(n, keep="statistics") for n in (3 * 65_536, 12 * 65_536))
    assert large < 1.1 * small


@pytest.mark.compiled
def test_memory_of_kept_paths_grows_by_less_than_64_bytes_a_path() -> None:
    few, many = 2 * 65_536, 10 * 65_536
    assert peak_of(many) - peak_of(few) < 64 * (many - few)


# The law of the accounts


def test_accounts_that_do_not_close_are_refused() -> None:
    rows = {name: np.zeros(3) for name in ("book", "hedge", "financing", "carry", "costs", "pnl")}
    check_accounts(rows, 1.0)
    for spoiled in (1e-6, np.nan, np.inf):
        with np.errstate(all="ignore"), pytest.raises(AccountsError, match="accounts do not close"):
            check_accounts(rows | {"pnl": np.array([0.0, spoiled, 0.0])}, 1.0)


@pytest.mark.parametrize("cost", ["slippage", "per_ticket", "square_root_impact"])
def test_costs_by_label_add_up_to_the_costs(cost: str) -> None:
    table = run(BOOKS["straddle"], GBM(PAYING), costs=COST_CASES[cost], policy=Band(0.03)).summary()["value"]
    labels = [name for name in table.index if name.startswith("cost ")]
    assert table[labels].sum() == pytest.approx(table["costs"], rel=1e-12)
    assert table["costs"] > 0.0


# What comes later is not known


GRID = TimeGrid.even(PLAIN.moment, PLAIN.moment + (BOOKS["one call"].positions[0].instrument.expiry - PLAIN.moment), 12)


def altered(paths: MarketPaths, after: int, how: str) -> MarketPaths:
    """Return paths whose spots and volatilities later than a time are others."""
    spots, vols = np.array(paths.spots), np.array(paths.vols)
    if how == "raised":
        spots[:, after + 1 :] *= 1.7
        vols[:, after + 1 :] += 0.3
    elif how == "poisoned":
        spots[:, after + 1 :], vols[:, after + 1 :] = 1e9, 9.0
    else:
        spots[:, after + 1 :] = spots[::-1, after + 1 :]
    return replace(paths, spots=spots, vols=vols)


@pytest.mark.parametrize(
    ("policy", "lag"), [*((name, 0) for name in POLICY_CASES), ("band", 1), ("minimum_interval", 1), ("price_move", 2)]
)
def test_no_decision_changes_when_later_prices_do(policy: str, lag: int) -> None:
    drawn = scenario_cases(PAYING)["moving marks"].draw(GRID, 8, 5)

    def orders(paths: MarketPaths) -> np.ndarray:
        book, costs = BOOKS["straddle"], HalfSpread(2.0)
        hedger = DeltaHedger()
        ledger = run_book(paths, book, hedger, POLICY_CASES[policy], costs, BookExecution(lag=lag)).ledger
        return ledger.holdings

    whole = orders(drawn)
    for time, how in ((0, "raised"), (4, "poisoned"), (8, "shuffled")):
        later = orders(altered(drawn, time, how))
        np.testing.assert_array_equal(later[:, : time + 1], whole[:, : time + 1])
        if policy == "every_hours":
            assert (later[:, time + 2 :] != whole[:, time + 2 :]).any()  # the test would see a difference


def test_shorter_history_decides_the_same() -> None:
    """Truncation: the same decisions where the paths end early."""
    drawn = GBM(PAYING).draw(GRID, 30, 7)
    whole = run_book(drawn, BOOKS["one put"], DeltaHedger(), Band(0.03), HalfSpread(2.0)).ledger.holdings
    for end in (3, 8):
        grid = TimeGrid(GRID.times[: end + 1])
        early = replace(drawn, grid=grid, spots=drawn.spots[:, : end + 1], vols=drawn.vols[:, : end + 1])
        held = run_book(early, BOOKS["one put"], DeltaHedger(), Band(0.03), HalfSpread(2.0)).ledger.holdings
        np.testing.assert_array_equal(held[:, :end], whole[:, :end])


class Watching(Policy):
    """Notes all that it can see."""

    def __init__(self) -> None:
        self.seen: list[dict[str, Any]] = []

    def __repr__(self) -> str:
        return "Watching()"

    def holding(self, now: Moment) -> np.ndarray:
        self.seen.append({name: np.array(now.rows[name]) for name in now.rows})
        return np.array(now.target)


@pytest.mark.parametrize("lag", [0, 1])
def test_all_that_a_policy_sees_is_of_now_or_before_in_both_forms(lag: int) -> None:
    split, arrays = Watching(), Watching()
    result = run(BOOKS["straddle"], scenario_cases(PAYING)["moving marks"], policy=split, lag=lag, n_paths=20)
    paths = scenario_cases(PAYING)["moving marks"].draw(result.grid, 20, 4)
    run_book(paths, BOOKS["straddle"], DeltaHedger(), arrays, options=BookExecution(lag=lag))
    assert len(split.seen) == len(arrays.seen) == 12
    for step, (ours, theirs) in enumerate(zip(split.seen, arrays.seen, strict=True)):
        np.testing.assert_allclose(ours["spot"][:, 0], paths.spots[:, step, 0], rtol=1e-10)
        np.testing.assert_allclose(ours["implied"][:, 0], paths.vols[:, step, 0], rtol=1e-10)
        for name in set(ours) & set(theirs):
            np.testing.assert_allclose(ours[name], theirs[name], rtol=1e-8, atol=1e-8, err_msg=f"{name} at step {step}")
    assert set(split.seen[0]) <= set(arrays.seen[0])


def test_result_that_travelled_shows_the_same_paths() -> None:
    result = run(CALL, GBM(PLAIN), n_paths=3, n_steps=3)
    again = pickle.loads(pickle.dumps(result))  # noqa: S301 - our own bytes
    assert again.summary().equals(result.summary())
    assert again.paths(2).equals(result.paths(2))


def test_pnl_of_a_result_cannot_be_written_over() -> None:
    result = run(CALL, GBM(PLAIN), n_paths=3, n_steps=3)
    with pytest.raises(ValueError, match="read-only"):
        result.pnl[0] = 1.0


@rule("cost")
def tax_on_sales(cost: Any, units: Any, spot: Any, *, share: float) -> Any:
    """Add a share of what is sold."""
    return cost + maximum(-units, 0.0) * spot * share


@dataclass(frozen=True)
class Tax(RuleCost):
    """A cost of one's own with a label of its own."""

    share: float
    label: ClassVar[str] = "tax"
    plural: ClassVar[str] = "taxes"

    @property
    def rule(self) -> Any:
        """A share of what is sold."""
        return tax_on_sales

    def numbers(self, contracts_per_unit: Any) -> dict[str, float]:
        """Return the share."""
        return {"share": self.share}


def test_cost_of_ones_own_with_a_label_of_its_own_is_the_same_in_both_forms() -> None:
    result = run(CALL, GBM(PLAIN), costs=Tax(1e-3) + HalfSpread(1.0))
    assert not result.facts.reason
    compiled, arrays = both_forms(result)
    np.testing.assert_allclose(compiled.pnl, arrays.pnl, atol=1e-10)
    assert compiled.summary().loc["cost tax", "value"] == pytest.approx(arrays.summary().loc["cost tax", "value"])
