from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest

from hedgerow.attribution import waterfall
from hedgerow.errors import AccountsError, DataError, InputError
from hedgerow.pricing import black_scholes

BEFORE = {"time": 0.0, "spot": 100.0, "volatility": 0.2, "rate": 0.03}
AFTER = {"time": 1 / 365, "spot": 92.0, "volatility": 0.31, "rate": 0.025}


def straddle(state: dict[str, float]) -> np.ndarray:
    left = 30 / 365 - state["time"]
    return np.array(
        [
            black_scholes.price(kind, state["spot"], 100.0, left, state["volatility"], state["rate"], 0.0)
            for kind in ("call", "put")
        ]
    )


@pytest.mark.parametrize("name", list(BEFORE))
def test_waterfall_of_a_single_move_is_its_direct_revaluation(name: str) -> None:
    after = {**BEFORE, name: AFTER[name]}
    found = waterfall(straddle, BEFORE, after)
    np.testing.assert_array_equal(found.parts[name], straddle(after) - straddle(BEFORE))
    assert all(not found.parts[other].any() for other in BEFORE if other != name)


def test_order_of_moves_changes_the_parts_and_never_the_sum() -> None:
    found = [waterfall(straddle, BEFORE, AFTER, order) for order in permutations(BEFORE)]
    direct = straddle(AFTER) - straddle(BEFORE)
    for each in found:
        np.testing.assert_allclose(each.residual, 0.0, atol=1e-12)
        np.testing.assert_array_equal(each.total, direct)
        assert list(each.totals().index) == [*each.order, "total"]
    spots = {float(each.parts["spot"].sum().round(6)) for each in found}
    assert max(spots) - min(spots) > 0.5


def test_crash_leaves_a_large_taylor_remainder_beside_a_waterfall_that_closes() -> None:
    found = waterfall(straddle, BEFORE, AFTER)
    greeks = [black_scholes.greeks(kind, 100.0, 100.0, 30 / 365, 0.2, 0.03, 0.0) for kind in ("call", "put")]
    taylor = sum(g.delta * -8.0 + 32.0 * g.gamma + g.theta / 365 + g.vega * 0.11 - 0.005 * g.rho for g in greeks)
    assert abs(found.total.sum() - taylor) > 0.25 * abs(found.total.sum())
    assert abs(found.residual).max() < 1e-9


@pytest.mark.parametrize(
    ("order", "words"),
    [
        (("time", "spot", "volatility"), "leaves out rate"),
        (("time", "spot", "volatility", "rate", "spot"), "'spot' twice"),
        (("time", "spot", "volatility", "rates"), "did you mean 'rate'"),
    ],
)
def test_order_that_is_not_every_move_once_is_refused(order: tuple[str, ...], words: str) -> None:
    with pytest.raises(InputError, match=words):
        waterfall(straddle, BEFORE, AFTER, order)


def test_states_of_different_moves_are_refused() -> None:
    with pytest.raises(InputError, match="only one of them has rate"):
        waterfall(straddle, BEFORE, {name: AFTER[name] for name in ("time", "spot", "volatility")})


def test_value_that_is_not_finite_is_refused_with_the_move() -> None:
    with pytest.raises(DataError, match="after the move 'spot'"):
        waterfall(
            lambda state: 1.0 / (100.0 - state["spot"]) if state["spot"] > 100.0 else np.nan,
            {"spot": 101.0},
            {"spot": 99.0},
        )


def test_repricing_that_is_not_repeatable_does_not_close() -> None:
    answers = iter(range(10))
    with pytest.raises(AccountsError, match="does not close"):
        waterfall(lambda state: float(next(answers)), {"spot": 1.0}, {"spot": 2.0})
