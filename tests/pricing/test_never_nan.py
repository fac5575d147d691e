"""Every model at the ends of floating point: a number, or a sentence; never a NaN, a warning or a wait."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import numpy as np
import pytest

from hedgerow.errors import HedgerowError, InputError, TransformError
from hedgerow.pricing import bachelier, bates, black76, black_scholes, merton, svi, variance_swap
from hedgerow.pricing.implied import ImpliedCode
from hedgerow.pricing.record import FIELD_NAMES

HESTON = {"mean_reversion": 1.5, "long_vol": 0.25, "vol_of_variance": 0.6, "correlation": -0.7}
PARAMETERS: dict[str, dict[str, Any]] = {
    "black_scholes": {},
    "bachelier": {},
    "displaced": {"displacement": 10.0},
    "digital": {},
    "barrier": {"barrier": 80.0, "barrier_kind": "down-and-out"},
    "heston": HESTON,
    "bates": HESTON | {"jump_intensity": 0.5, "jump_mean": -0.1, "jump_vol": 0.15},
    "merton": {"jump_intensity": 0.3, "jump_mean": -0.1, "jump_vol": 0.2},
    "sabr": {"beta": 0.7, "correlation": -0.3, "vol_of_vol": 0.4},
}
ENDS = (1e-300, 1e-100, 1e-30, 1e30, 1e99, 1e300)


@pytest.mark.parametrize("field", ["spot", "strike", "years", "vol", "rate", "dividend_yield"])
@pytest.mark.parametrize("name", PARAMETERS)
def test_figures_at_the_ends_of_floating_point_are_numbers_or_refused(name: str, field: str) -> None:
    usual = {"spot": 100.0, "strike": 95.0, "years": 1.0, "vol": 0.2, "rate": 0.02, "dividend_yield": 0.01}
    for value in ENDS:
        for kind in ("call", "put"):
            try:
                found = import_module(f"hedgerow.pricing.{name}").greeks(
                    kind, **usual | {field: value}, **PARAMETERS[name], names=FIELD_NAMES
                )
            except (InputError, TransformError):
                continue
            assert not np.isnan(list(found.to_dict().values())).any(), (kind, value)


@pytest.mark.parametrize("field", ["rate", "dividend_yield"])
@pytest.mark.parametrize("name", PARAMETERS)
def test_growth_beyond_floating_point_is_refused(name: str, field: str) -> None:
    with pytest.raises(InputError, match=rf"^{field} times years must be at most 300 in size: -1000\.0"):
        import_module(f"hedgerow.pricing.{name}").greeks("put", 100, 100, 1, 0.2, **{field: -1e3}, **PARAMETERS[name])


@pytest.mark.parametrize("name", PARAMETERS)
def test_no_names_give_no_figures_and_what_is_no_name_is_refused(name: str) -> None:
    model = import_module(f"hedgerow.pricing.{name}")
    assert model.greeks("put", [90, 100], 95, 1, 0.2, **PARAMETERS[name], names=()).to_dict() == {}
    for names, sentence in ((3, "names must be names of Greeks, not 3"), ([None], "names has None, which is no Greek")):
        with pytest.raises(InputError, match=sentence):
            model.greeks("put", 100, 95, 1, 0.2, **PARAMETERS[name], names=names)


@pytest.mark.parametrize("name", PARAMETERS)
def test_years_below_zero_are_called_an_expiry_in_the_past(name: str) -> None:
    with pytest.raises(InputError, match=r"^expiry in the past: years must not be negative: -0\.1 at position 1"):
        import_module(f"hedgerow.pricing.{name}").price("call", 100, 95, [1, -0.1], 0.2, **PARAMETERS[name])


def test_normal_model_at_the_end_of_floating_point_is_refused() -> None:
    with pytest.raises(InputError, match="color cannot be computed: nan"):
        bachelier.greeks("put", 1e308, 1e308, 1.0, 3.0, 0.03, 0.01)


@pytest.mark.parametrize("jump", [{"jump_mean": 1e10}, {"jump_vol": 1e10}])
def test_jumps_of_a_size_beyond_floating_point_are_refused(jump: dict[str, float]) -> None:
    with pytest.raises(HedgerowError, match="did not converge for 1 of 1 options"):
        bates.price("put", 100.0, 95.0, 1.0, 0.2, **PARAMETERS["bates"] | jump)


@pytest.mark.parametrize("many", [False, pytest.param(True, marks=pytest.mark.compiled)])
@pytest.mark.parametrize("kind", ["m8[D]", "M8[D]", "c16"])
@pytest.mark.parametrize("name", PARAMETERS)
def test_numbers_with_a_unit_or_an_imaginary_part_are_refused(name: str, kind: str, many: bool) -> None:
    years = np.ones(2000 if many else 1).astype(kind)
    with pytest.raises(InputError, match="years must be a number or an array of numbers"):
        import_module(f"hedgerow.pricing.{name}").price("call", 100.0, 95.0, years, 0.2, **PARAMETERS[name])


def test_duration_given_to_implied_volatility_is_refused() -> None:
    with pytest.raises(InputError, match="years must be a number"):
        black_scholes.implied_volatility(1.0, "call", 100.0, 95.0, np.timedelta64(30, "D"))


@pytest.mark.parametrize("name", PARAMETERS)
def test_shapes_that_do_not_fit_are_named(name: str) -> None:
    with pytest.raises(InputError, match=r"spot \(3,\), strike \(2,\)"):
        import_module(f"hedgerow.pricing.{name}").price("call", [1, 2, 3], [1, 2], 1.0, 0.2, **PARAMETERS[name])


def test_shapes_of_implied_volatility_that_do_not_fit_are_named() -> None:
    with pytest.raises(InputError, match=r"price \(2,\), forward \(3,\)"):
        black76.implied_volatility([1.0, 2.0], "call", [100.0, 100.0, 100.0], 95.0, 1.0)


@pytest.mark.parametrize("price", [1e285, 1e299, 1e305])
def test_normal_volatility_is_nan_exactly_where_not_converged(price: float) -> None:
    found = bachelier.implied_volatility(price, "call", 10.0 * price, 10.0 * price, 1.0)
    assert np.isnan(found.volatility) == (found.code != ImpliedCode.CONVERGED)


@pytest.mark.parametrize("jumps", [{"jump_intensity": 1e300}, {"jump_intensity": 20.0, "jump_mean": 50.0}])
def test_more_jumps_than_can_be_counted_are_refused(jumps: dict[str, float]) -> None:
    with pytest.raises(InputError, match=r"jump_intensity .* must be at most 10000"):
        merton.price("call", 100.0, 95.0, 1.0, 0.2, **{"jump_mean": 0.0, "jump_vol": 0.1} | jumps)


def test_number_in_place_of_a_slice_is_refused() -> None:
    with pytest.raises(InputError, match=r"slice must be an SVI, not 0\.2"):
        svi.price("call", 100.0, 95.0, 1.0, 0.2)  # type: ignore[arg-type]


WINGS = {"variance": 0.04, "skew": -0.1, "left_wing": 0.5, "right_wing": 0.3, "least_variance": 0.03}


@pytest.mark.parametrize(
    ("years", "change", "sentence"),
    [
        (0.0, {}, "years must be above 0: 0"),
        (-1.0, {}, "years must be above 0: -1"),
        (1.0, {"variance": np.nan}, "variance must be a finite number: nan"),
        (1.0, {"variance": 0.0}, "variance must be above 0"),
        (1.0, {"right_wing": -0.1}, "right_wing must not be negative"),
        (1.0, {"left_wing": 0.0, "right_wing": 0.0}, "sum of left_wing and right_wing must be above 0"),
    ],
)
def test_jump_wings_that_are_no_smile_are_refused(years: float, change: dict[str, float], sentence: str) -> None:
    with pytest.raises(InputError, match=sentence):
        svi.from_jump_wings(years, svi.JumpWings(**WINGS | change))


def test_slice_without_years_or_variance_has_no_jump_wings() -> None:
    with pytest.raises(InputError, match="years must be above 0: 0"):
        svi.jump_wings(0.0, svi.SVI(0.02, 0.1, -0.3, 0.0, 0.1))
    with pytest.raises(InputError, match="variance at the money must be above 0"):
        svi.jump_wings(1.0, svi.SVI(0.0, 0.0, 0.0, 0.0, 0.1))
    with pytest.raises(InputError, match="log_moneyness must be a number"):
        svi.density_factor(["a"], svi.SVI(0.02, 0.1, -0.3, 0.0, 0.1))


def test_variance_swap_refuses_what_gives_no_number() -> None:
    for periods in (np.nan, -252.0, 0.0):
        with pytest.raises(InputError, match="periods_per_year must be"):
            variance_swap.realised_variance([100.0, 101.0], periods)
    with pytest.raises(InputError, match=r"cap \(3,\), the other arguments \(2,\)"):
        variance_swap.price([0.2, 0.3], 1e5, 0.2, cap=[1.0, 2.0, 3.0])
