"""What every registered cost obeys: positive, nothing for nothing, one label, one text for arrays and stages."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields

import numpy as np
import pytest

from hedgerow.costs import (
    COSTS,
    PRESETS,
    CostModel,
    Costs,
    CostTerms,
    HalfSpread,
    HalfSpreadMoney,
    PerContract,
    PerShare,
    PerTicket,
    RuleCost,
    Slippage,
    SpreadInStress,
    SquareRootImpact,
    TradeSlip,
)
from hedgerow.errors import InputError
from hedgerow.kernels.rules import Stage, run_stages
from hedgerow.rows import NAMES

SAMPLES: dict[str, tuple[RuleCost, ...]] = {
    "half_spread": (HalfSpread(2.0),),
    "half_spread_money": (HalfSpreadMoney(0.01),),
    "spread_in_stress": (SpreadInStress(2.0, normal=0.2, power=1.5, cap=3.0),),
    "slippage": (Slippage(1.0),),
    "per_share": (PerShare(0.005), PerShare(0.005, 1.0), PerShare(0.005, 1.0, 0.01)),
    "per_contract": (PerContract(1.5), PerContract(0.65, minimum=1.0)),
    "per_ticket": (PerTicket(4.0),),
    "square_root_impact": (SquareRootImpact(1e4, 0.01), SquareRootImpact(1e4, coefficient=0.5)),
}
MODELS = [pytest.param(model, id=repr(model)) for models in SAMPLES.values() for model in models]
RNG = np.random.default_rng(11)
UNITS = RNG.normal(scale=200.0, size=(40, 1)).round() * (RNG.uniform(size=(40, 1)) > 0.2)
PRICES = RNG.uniform(0.05, 150.0, size=(40, 1))
VOLS = RNG.uniform(0.05, 0.9, size=(40, 1))
SIZE = 0.02


def _slip(units: np.ndarray = UNITS) -> TradeSlip:
    return TradeSlip(units, PRICES, np.array([SIZE]), VOLS)


def _rows(stages: Iterable[Stage]) -> dict[str, np.ndarray]:
    rows = {"units": UNITS[:, 0], "spot": PRICES[:, 0], "implied": VOLS[:, 0]}
    return rows | {name: np.zeros(40) for stage in stages for name in stage.writes}


def test_every_registered_cost_is_sampled_here() -> None:
    assert {name: type(models[0]) for name, models in SAMPLES.items()} == COSTS


@pytest.mark.parametrize("model", MODELS)
def test_cost_is_positive_and_nothing_traded_costs_nothing(model: RuleCost) -> None:
    (label, money), *others = model.charge(_slip()).items()
    assert (label, others) == (model.label, [])
    still = UNITS[:, 0] == 0.0
    assert still.any()
    assert (money[still] == 0.0).all()
    assert (money[~still] > 0.0).all()


@pytest.mark.parametrize("model", MODELS)
def test_cost_of_a_sale_is_that_of_a_purchase(model: RuleCost) -> None:
    np.testing.assert_array_equal(model.charge(_slip())[model.label], model.charge(_slip(-UNITS))[model.label])


@pytest.mark.parametrize("model", MODELS)
def test_cost_charged_equals_its_stages_to_the_last_bit(model: RuleCost) -> None:
    stages = model.stages(CostTerms(SIZE))
    rows = _rows(stages)
    run_stages(stages, rows, 0)
    np.testing.assert_array_equal(rows[f"cost_{model.label}"], model.charge(_slip())[model.label])
    for stage in stages:
        assert {*stage.reads, *stage.writes} <= set(NAMES)


@pytest.mark.parametrize("model", MODELS)
def test_cost_twice_adds_up_under_one_label(model: RuleCost) -> None:
    once, twice = model.charge(_slip()), (model + model).charge(_slip())
    assert list(twice) == [model.label]
    np.testing.assert_allclose(twice[model.label], 2.0 * once[model.label], rtol=1e-14)
    stages = (model + model).stages(CostTerms(SIZE))
    assert stages is not None
    rows = _rows(stages)
    run_stages(stages, rows, 0)
    np.testing.assert_allclose(rows[f"cost_{model.label}"], twice[model.label], rtol=1e-14)


@pytest.mark.parametrize("model", MODELS)
def test_cost_never_falls_as_the_trade_grows(model: RuleCost) -> None:
    money = [model.charge(_slip(UNITS * factor))[model.label] for factor in (0.5, 1.0, 2.0, 8.0)]
    assert (np.diff(money, axis=0) >= -1e-12).all()


@pytest.mark.parametrize(
    "model", [HalfSpread(2.0), HalfSpreadMoney(0.01), Slippage(1.0), PerShare(0.005), PerContract(1.5)], ids=repr
)
def test_cost_that_is_proportional_scales_with_size_and_has_the_rate_it_states(model: RuleCost) -> None:
    money = model.charge(_slip())[model.label]
    np.testing.assert_allclose(model.charge(_slip(3.0 * UNITS))[model.label], 3.0 * money, rtol=1e-13)
    rates = [model.one_way_rate(float(price), SIZE) for price in PRICES[:, 0]]
    np.testing.assert_allclose(rates * np.abs(UNITS * PRICES)[:, 0], money, rtol=1e-13)


@pytest.mark.parametrize("model", MODELS)
def test_cost_of_instruments_is_the_sum_of_each_alone(model: RuleCost) -> None:
    both = TradeSlip(
        np.hstack([UNITS, UNITS[::-1]]), np.hstack([PRICES] * 2), np.full(2, SIZE), np.hstack([VOLS, VOLS])
    )
    alone = model.charge(_slip())[model.label] + model.charge(_slip(UNITS[::-1]))[model.label]
    np.testing.assert_allclose(model.charge(both)[model.label], alone, rtol=1e-14)


@pytest.mark.parametrize("model", MODELS)
def test_cost_prints_as_the_code_that_makes_it(model: RuleCost) -> None:
    words = {field.name: getattr(model, field.name) for field in fields(model)}  # type: ignore[arg-type]
    assert repr(model) == f"{type(model).__name__}({', '.join(f'{name}={each!r}' for name, each in words.items())})"
    assert type(model)(**words) == model


@pytest.mark.parametrize("name", COSTS)
@pytest.mark.parametrize("value", [-1.0, float("nan"), float("inf")])
def test_cost_negative_or_not_finite_refused(name: str, value: float) -> None:
    others = {"normal": 0.2} if name == "spread_in_stress" else {}
    with pytest.raises(InputError, match=r"must be (0 or more|above 0), not"):
        COSTS[name](value, **others)


@pytest.mark.compiled
@pytest.mark.parametrize("model", MODELS)
def test_cost_compiled_equals_its_definition(model: RuleCost) -> None:
    (stage,) = model.stages(CostTerms(SIZE))
    compiled = stage.rule.kernel.build()
    rows = _rows((stage,))
    values = stage.numbers(0)
    found = [compiled(*(float(rows[name][path]) for name in stage.reads), *values) for path in range(40)]
    np.testing.assert_allclose(found, model.charge(_slip())[model.label], rtol=1e-13, atol=0.0)


@pytest.mark.parametrize("name", PRESETS)
def test_preset_charges_what_it_can_and_runs_as_stages(name: str) -> None:
    model: CostModel = PRESETS[name]()
    assert isinstance(model, Costs)
    money = sum(model.charge(_slip()).values(), np.zeros(40))
    assert (money[UNITS[:, 0] == 0.0] == 0.0).all()
    assert (money[UNITS[:, 0] != 0.0] > 0.0).all() == (name != "none")
    assert model.stages(CostTerms(SIZE)) is not None
