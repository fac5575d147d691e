"""The best whole numbers of contracts: equal to trying them all, proven, and only optimal ones to trade."""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np
import pytest

from hedgerow.errors import DataError, InputError
from hedgerow.hedgers import ContractSize, WholeContractOptions, best_whole_contracts, integer_search

QUANTITY = 10_000.0
SIZES = [ContractSize(700.0), ContractSize(42_000.0, price_unit_factor=50.0), ContractSize(1_100.0)]
UNITS = np.array([700.0, 840.0, 1_100.0])


def market(n_obs: int, n_hedges: int, seed: int = 0) -> tuple[Any, Any]:
    rng = np.random.default_rng(seed)
    X = 0.7 * rng.standard_t(4, (n_obs, 1)) + 0.5 * rng.standard_t(4, (n_obs, n_hedges))
    return X, X @ np.linspace(0.6, 0.2, n_hedges) + 0.3 * rng.standard_t(4, n_obs)


def figure(hedged: Any, objective: str) -> Any:
    """Return the objective of each column of hedged changes (n, m)."""
    if objective == "variance":
        return hedged.var(axis=0, ddof=1)
    if objective == "cvar":
        return -np.sort(hedged, axis=0)[: int((len(hedged) - 1) * 0.05 + 1e-9) + 1].mean(axis=0)
    return np.abs(hedged - hedged.mean(axis=0)).mean(axis=0)


def best_of_all(X: Any, y: Any, objective: str, low: int, high: int) -> tuple[Any, float]:
    k = X.shape[1]
    every = np.array(list(product(range(low, high + 1), repeat=k)))
    found = [figure(QUANTITY * y[:, None] + (X * UNITS[:k]) @ part.T, objective) for part in np.array_split(every, 40)]
    values = np.concatenate(found)
    return every[np.argmin(values)], float(values.min())


@pytest.mark.parametrize("objective", ["variance", "cvar", "absolute_deviation"])
@pytest.mark.parametrize(("n_hedges", "low", "high"), [(1, -200, 0), (2, -40, 0), (3, -16, 1)])
def test_whole_contracts_equal_exhaustive_search(objective: Any, n_hedges: int, low: int, high: int) -> None:
    for seed in range(2):
        X, y = market(100, n_hedges, seed)
        found = best_whole_contracts(X, y, QUANTITY, SIZES[:n_hedges], WholeContractOptions(objective))
        numbers, value = best_of_all(X, y, objective, low, high)
        np.testing.assert_array_equal(found.contracts, numbers)
        assert found.objective == pytest.approx(value, rel=1e-12)
        assert found.status == "optimal"
        assert found.unproven <= 1e-8 * found.objective


@pytest.mark.parametrize("objective", ["variance", "cvar", "absolute_deviation"])
def test_bounds_hold_and_equal_exhaustive_search_within_them(objective: Any) -> None:
    X, y = market(100, 2)
    options = WholeContractOptions(objective, low=(-5, -6), high=(-2, 3))
    found = best_whole_contracts(X, y, QUANTITY, SIZES[:2], options)
    inside = [n for n in product(range(-6, 4), repeat=2) if -5 <= n[0] <= -2]
    values = [float(figure((QUANTITY * y + X @ (UNITS[:2] * n))[:, None], objective)[0]) for n in inside]
    assert tuple(found.contracts) == inside[int(np.argmin(values))]
    assert (found.exact >= [-5, -6]).all()
    assert (found.exact <= [-2, 3]).all()
    assert found.gap >= 0.0


@pytest.mark.parametrize("objective", ["variance", "cvar", "absolute_deviation"])
def test_together_is_never_worse_than_rounding_each_alone(objective: Any) -> None:
    X, y = market(150, 3, seed=5)
    found = best_whole_contracts(X, y, QUANTITY, SIZES, WholeContractOptions(objective))
    rounded = figure((QUANTITY * y + X @ (UNITS * np.round(found.exact)))[:, None], objective)[0]
    assert found.exact_objective <= found.objective <= rounded * (1.0 + 1e-12)
    assert found.gap == pytest.approx(found.objective - found.exact_objective)
    assert found.objective < found.unhedged_objective
    np.testing.assert_allclose(found.residual_exposure, (found.contracts - found.exact) * UNITS)


def test_short_exposure_buys_what_a_long_one_sells_for_variance() -> None:
    X, y = market(120, 2)
    long, short = (best_whole_contracts(X, y, sign * QUANTITY, SIZES[:2]) for sign in (1.0, -1.0))
    np.testing.assert_array_equal(short.contracts, -long.contracts)
    assert long.contracts.sum() < 0


def test_scale_of_money_changes_nothing() -> None:
    X, y = market(120, 2)
    for objective in ("variance", "cvar", "absolute_deviation"):
        plain = best_whole_contracts(X, y, QUANTITY, SIZES[:2], WholeContractOptions(objective))
        cents = best_whole_contracts(100.0 * X, 100.0 * y, QUANTITY, SIZES[:2], WholeContractOptions(objective))
        np.testing.assert_array_equal(cents.contracts, plain.contracts)


# Only what is proven may be traded.


def test_no_whole_number_within_bounds_gives_no_contracts() -> None:
    X, y = market(100, 1)
    for objective in ("variance", "cvar"):
        options = WholeContractOptions(objective, low=(-7.8,), high=(-7.2,))  # type: ignore[arg-type]
        found = best_whole_contracts(X, y, QUANTITY, SIZES[:1], options)
        assert found.contracts is None
        assert found.best_found is None
        assert found.status == "no whole numbers lie within the bounds"


def test_search_that_ends_early_shows_its_best_but_gives_none_to_trade(monkeypatch: pytest.MonkeyPatch) -> None:
    X, y = market(100, 3)
    monkeypatch.setattr(integer_search, "MOST_CUTS", 1)
    monkeypatch.setattr(integer_search, "MOST_NODES", 3)
    for objective in ("variance", "cvar"):
        found = best_whole_contracts(X, y, QUANTITY, SIZES, WholeContractOptions(objective))
        assert found.contracts is None
        assert found.best_found is not None
        assert "did not suffice to prove" in found.status
        assert found.unproven > 0.0


def test_solver_without_an_optimum_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    X, y = market(100, 2)
    monkeypatch.setattr(integer_search, "_least_of_planes", lambda *_: (None, float("nan"), "ended: time limit"))
    found = best_whole_contracts(X, y, QUANTITY, SIZES[:2], WholeContractOptions("cvar"))
    assert (found.contracts, found.status) == (None, "ended: time limit")


def test_best_point_on_the_edge_of_the_search_is_not_called_best(monkeypatch: pytest.MonkeyPatch) -> None:
    from hedgerow.hedgers import whole_contracts

    monkeypatch.setattr(whole_contracts, "MOST_LOTS_AWAY", 0)
    X, y = market(100, 2)
    assert "give bounds" in best_whole_contracts(X, y, QUANTITY, SIZES[:2]).status


@pytest.mark.parametrize(
    ("change", "error", "sentence"),
    [
        ({"quantity": 0.0}, InputError, "quantity must be a number of units other than 0"),
        ({"contracts": SIZES[:1]}, InputError, "2 hedges and 1 contract sizes"),
        ({"options": WholeContractOptions(low=(0,))}, InputError, "low and high must have one number"),
        ({"y": np.zeros(100)}, DataError, "does not move"),
        ({"y": np.zeros(99)}, DataError, "as many rows as y"),
    ],
)
def test_bad_input_refused(change: Any, error: Any, sentence: str) -> None:
    X, y = market(100, 2)
    with pytest.raises(error, match=sentence):
        best_whole_contracts(**({"X": X, "y": y, "quantity": QUANTITY, "contracts": SIZES[:2]} | change))


def test_options_refused() -> None:
    with pytest.raises(InputError, match="objective must be one of variance, cvar, absolute_deviation"):
        WholeContractOptions("drawdown")  # type: ignore[arg-type]
    with pytest.raises(InputError, match="level must lie"):
        WholeContractOptions(level=95.0)


def test_unbounded_objective_is_refused_with_its_reason() -> None:
    rng = np.random.default_rng(0)
    with pytest.raises(DataError, match="there is no best number of contracts: no ratio is best"):
        best_whole_contracts(
            np.abs(rng.normal(size=(60, 1))), rng.normal(size=60), 1.0, SIZES[:1], WholeContractOptions("cvar")
        )
