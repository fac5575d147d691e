"""Rate hedges: DV01 and key rates taken off by bond futures."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pytest

from hedgerow.errors import InputError
from hedgerow.hedgers.contracts import Rounding
from hedgerow.hedgers.rates import hedge_rates
from hedgerow.instruments.bond import BondFuture, BondPosition, Deliverable, key_rate_dv01
from hedgerow.market.yield_curve import YieldCurve
from hedgerow.pricing import bond
from hedgerow.pricing.bond import BondTerms

TODAY, DELIVERY = date(2026, 11, 20), date(2027, 3, 31)
CURVE = YieldCurve.from_par_yields({0.5: 0.041, 2.0: 0.039, 5.0: 0.040, 10.0: 0.043, 30.0: 0.046})


def note(years: int, coupon: float, price: float, face: float = 100.0) -> BondPosition:
    return BondPosition(f"{years}y", BondTerms(coupon, date(2026 + years, 8, 15)), TODAY, price, face)


def future(name: str, *bonds: BondPosition, price: float = 110.0) -> BondFuture:
    first = date(2027, 3, 1)
    basket = tuple(Deliverable(held, bond.conversion_factor(held.terms, first)) for held in bonds)
    return BondFuture(name, DELIVERY, basket, price)


TEN = future("TY", note(7, 0.04, 99.5), note(8, 0.0375, 97.0), note(9, 0.045, 102.0), price=111.5)
TWO = future("TU", note(2, 0.0375, 99.8), price=104.0)
THIRTY = future("US", note(18, 0.045, 99.0), price=118.0)
HELD = note(9, 0.05, 104.0, face=25_000_000.0)


def test_position_on_curve_is_worth_its_stated_price() -> None:
    worth = HELD.on(CURVE).value(CURVE)
    assert worth == pytest.approx(250_000.0 * (104.0 + bond.accrued(HELD.terms, TODAY)), rel=1e-13)


def test_key_rates_add_up_to_a_parallel_move() -> None:
    held = HELD.on(CURVE)
    parallel = (held.value(CURVE.moved(-1e-4)) - held.value(CURVE.moved(1e-4))) / 2.0
    assert key_rate_dv01(held, CURVE).sum() == pytest.approx(parallel, rel=1e-7)


def test_key_rates_zero_coupon_bond_at_a_node_sits_on_that_node() -> None:
    node = (date(2036, 11, 20) - TODAY).days / 365.0
    curve = YieldCurve((2.0, node, 30.0), (0.03, 0.04, 0.04))
    zero = BondPosition("zero", BondTerms(0.0, date(2036, 11, 20)), TODAY, 67.0, face=1_000.0).on(curve)
    found = key_rate_dv01(zero, curve)
    np.testing.assert_allclose(found[[0, 2]], 0.0, atol=1e-12)
    assert found[1] == pytest.approx(zero.value(curve) * node * 1e-4, rel=1e-6)


def test_hedge_dv01_exact_contracts_leave_no_parallel_risk() -> None:
    hedge = hedge_rates([HELD], [TEN], CURVE, rounding=Rounding.NONE)
    assert abs(hedge.hedged_dv01) <= 1e-9 * hedge.dv01
    assert hedge.contracts[0] < 0.0, "a long bond is hedged by selling futures"


def test_hedge_dv01_needs_a_few_more_futures_than_the_ratio_of_bonds_dv01s() -> None:
    hedge = hedge_rates([HELD], [TEN], CURVE, rounding=Rounding.NONE)
    textbook = -HELD.dv01 / TEN.dv01
    # the future is a forward: its bond is shorter by the time to delivery, so that it moves less than the bond today
    assert 1.0 < hedge.exact_contracts[0] / textbook < 1.08


def test_hedge_short_position_buys_and_scaling_scales() -> None:
    long = hedge_rates([HELD], [TEN], CURVE, rounding=Rounding.NONE)
    short = hedge_rates([replace(HELD, face=-2 * HELD.face)], [TEN], CURVE, rounding=Rounding.NONE)
    assert short.exact_contracts[0] == pytest.approx(-2.0 * long.exact_contracts[0], rel=1e-12)


def test_hedge_key_rate_leaves_less_than_dv01_alone_and_minimises() -> None:
    held = [HELD, note(29, 0.0475, 101.0, face=10_000_000.0)]
    alone = hedge_rates(held, [TEN], CURVE, rounding=Rounding.NONE)
    shared = hedge_rates(held, [TWO, TEN, THIRTY], CURVE, method="key_rate", rounding=Rounding.NONE)

    def left(hedge: Any) -> float:
        return float((hedge.key_rates["hedged"] ** 2).sum())

    assert left(shared) < 0.2 * left(alone)
    per_contract = np.column_stack([key_rate_dv01(one.on(CURVE), CURVE) for one in (TWO, TEN, THIRTY)])
    np.testing.assert_allclose(per_contract.T @ shared.key_rates["hedged"], 0.0, atol=1e-6 * shared.dv01**2)


def test_hedge_key_rate_with_covariance_minimises_the_standard_deviation() -> None:
    rng = np.random.default_rng(4)
    moves = rng.standard_normal((400, 1)) * 6e-4 + 2e-4 * rng.standard_normal((400, 5))
    covariance = np.cov(moves, rowvar=False)
    found = hedge_rates(
        [HELD], [TWO, TEN], CURVE, method="key_rate", rounding=Rounding.NONE, yield_covariance=covariance
    )
    assert found.yield_risk[1] < 0.5 * found.yield_risk[0]
    risk = found.key_rates["position"].to_numpy()
    per_contract = np.column_stack([key_rate_dv01(one.on(CURVE), CURVE) for one in (TWO, TEN)])
    for number in range(2):
        for step in (-1.0, 1.0):
            contracts = np.array(found.exact_contracts)
            contracts[number] += step
            left = risk + per_contract @ contracts
            assert np.sqrt(left @ covariance @ left) * 1e4 > found.yield_risk[1]


def test_hedge_whole_contracts_leave_at_most_half_a_contract() -> None:
    hedge = hedge_rates([HELD], [TEN], CURVE)
    one = key_rate_dv01(TEN.on(CURVE), CURVE).sum()
    assert hedge.contracts[0] == round(hedge.exact_contracts[0])
    assert abs(hedge.hedged_dv01) <= 0.5 * one * (1 + 1e-9)


def test_cheapest_bond_has_the_highest_repo_and_repo_is_zero_profit() -> None:
    repos = [TEN.implied_repo(deliverable) for deliverable in TEN.deliverables]
    assert TEN.cheapest is TEN.deliverables[int(np.argmax(repos))]
    chosen = TEN.cheapest
    paid = chosen.bond.clean_price + bond.accrued(chosen.bond.terms, TODAY)
    (coupon_day, *_), (coupon, *_) = bond.cash_flows(chosen.bond.terms, TODAY)
    assert coupon_day < DELIVERY
    repo = max(repos)
    owed = paid * (1.0 + repo * (DELIVERY - TODAY).days / 360.0)
    reinvested = coupon * (1.0 + repo * (DELIVERY - coupon_day).days / 360.0)
    invoice = 111.5 * chosen.conversion_factor + bond.accrued(chosen.bond.terms, DELIVERY)
    assert invoice + reinvested == pytest.approx(owed, abs=1e-10)


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: hedge_rates([], [TEN], CURVE), "at least one bond"),
        (lambda: hedge_rates([HELD], [TEN, TWO], CURVE), "use method key_rate"),
        (lambda: hedge_rates([HELD], [TEN, TEN], CURVE, method="key_rate"), "leave one out"),
        (lambda: hedge_rates([HELD], [TEN], CURVE, method="parallel"), "dv01 or key_rate"),  # type: ignore[arg-type]
        (lambda: hedge_rates([HELD], [TEN], CURVE, yield_covariance=np.eye(2)), "one row per node"),
        (lambda: hedge_rates([HELD], [TEN], CURVE, yield_covariance=np.zeros((5, 5))), "positive definite"),
        (lambda: future("TY"), "at least one deliverable"),
        (lambda: BondFuture("TY", TODAY, TEN.deliverables, 110.0), "must come after settlement"),
        (lambda: Deliverable(HELD, 0.0), "must be above 0"),
        (lambda: replace(HELD, clean_price=-3.0).on(CURVE), "fits no spread"),
    ],
)
def test_rate_hedge_bad_input_is_one_sentence(call: Any, said: str) -> None:
    with pytest.raises(InputError, match=said):
        call()
