"""The compiled form of the Black family equals the NumPy form that defines it, whatever the threads."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import numpy as np
import pytest

from hedgerow.errors import InputError
from hedgerow.pricing import black76, black_kernels, black_scholes, displaced
from hedgerow.pricing.black_formula import LEAST_COMPILED, OPTIONS_IN_PIECE
from hedgerow.pricing.record import FIELD_NAMES

ORDER_IN_SPOT = {"price": 0, "delta": 1, "gamma": 2, "vanna": 1, "charm": 1, "speed": 3, "color": 2, "zomma": 2}
SIZE = 3 * LEAST_COMPILED + 77


def book(size: int = SIZE) -> dict[str, Any]:
    rng = np.random.default_rng(11)
    return {
        "kind": rng.choice([-1.0, 1.0], size),
        "spot": rng.uniform(50.0, 150.0, size),
        "strike": rng.uniform(50.0, 150.0, size),
        "years": rng.uniform(0.01, 3.0, size),
        "vol": rng.uniform(0.05, 0.8, size),
        "rate": rng.uniform(-0.03, 0.08, size),
        "dividend_yield": rng.uniform(-0.03, 0.08, size),
    }


def in_small_parts(arguments: dict[str, Any], size: int, names: tuple[str, ...]) -> dict[str, Any]:
    """Return figures of few options at a time, which are priced in NumPy."""
    parts = []
    for start in range(0, size, LEAST_COMPILED - 1):
        part = slice(start, start + LEAST_COMPILED - 1)
        here = {name: value[part] if np.ndim(value) else value for name, value in arguments.items()}
        parts.append(black_scholes.greeks(**here, names=names).to_dict())
    return {name: np.concatenate([part[name] for part in parts]) for name in names}


@pytest.mark.compiled
@pytest.mark.parametrize(
    "names",
    [("price",), ("price", "delta", "gamma", "vega", "theta"), FIELD_NAMES],
    ids=["price", "first order", "everything"],
)
@pytest.mark.parametrize("scalars", [(), ("rate", "dividend_yield"), ("kind", "spot", "years", "rate"), ("vol",)])
def test_compiled_form_equals_the_numpy_form(names: tuple[str, ...], scalars: tuple[str, ...]) -> None:
    arguments = {name: value[0] if name in scalars else value for name, value in book().items()}
    made = black_scholes.greeks(**arguments, names=names).to_dict()
    defined = in_small_parts(arguments, SIZE, names)
    for name in names:
        size = 1e-13 * max(np.max(np.abs(defined[name])), 100.0 ** (1 - ORDER_IN_SPOT.get(name, 0)))
        np.testing.assert_allclose(made[name], defined[name], rtol=1e-11, atol=size, err_msg=name)


def test_kernel_as_plain_python_equals_the_numpy_form() -> None:
    size = black_kernels.BLOCK + 3
    arguments = book(size)
    outs = tuple(np.empty((2, black_kernels.BLOCK)) for _ in FIELD_NAMES)
    rows = (*arguments.values(), arguments["dividend_yield"])
    with np.errstate(all="ignore"):
        wrong = black_kernels.evaluate_options.definition(black_kernels.EVERYTHING, *rows, outs, 0, size)
    assert wrong == 0
    for name, made in zip(FIELD_NAMES, outs, strict=True):
        defined = getattr(black_scholes.greeks(**arguments, names=[name]), name)
        np.testing.assert_allclose(made.ravel()[:size], defined, rtol=1e-12, err_msg=name)


@pytest.mark.compiled
def test_limits_among_many_options_are_worked_out_in_their_places() -> None:
    arguments = book()
    arguments["years"][::7] = 0.0
    arguments["vol"][::11] = 0.0
    arguments["strike"][::13] = 0.0
    arguments["spot"][14] = arguments["strike"][14] = 100.0
    made = black_scholes.greeks(**arguments, names=FIELD_NAMES)
    one = black_scholes.greeks(**{name: value[14] for name, value in arguments.items()}, names=FIELD_NAMES)
    assert made.to_dict().keys() == one.to_dict().keys()
    assert {name: value[14] for name, value in made.to_dict().items()} == one.to_dict()
    assert made.gamma[14] == np.inf
    np.testing.assert_array_equal(made.limit, (arguments["years"] == 0.0) | (arguments["vol"] == 0.0))
    assert not any(np.isnan(value).any() for value in made.to_dict().values())


@pytest.mark.compiled
def test_same_bits_for_any_number_of_threads_and_any_place(monkeypatch: pytest.MonkeyPatch) -> None:
    arguments = book(3 * OPTIONS_IN_PIECE + 301)
    monkeypatch.setattr("hedgerow.kernels.compile._available_cores", lambda: 1)
    one = black_scholes.greeks(**arguments).to_dict()
    monkeypatch.setattr("hedgerow.kernels.compile._available_cores", lambda: 3)
    several = black_scholes.greeks(**arguments).to_dict()
    moved = black_scholes.greeks(**{name: value[5:4000] for name, value in arguments.items()}).to_dict()
    for name, values in one.items():
        np.testing.assert_array_equal(several[name], values)
        np.testing.assert_array_equal(moved[name], values[5:4000])


@pytest.mark.compiled
def test_other_models_agree_with_black_scholes_among_many_options() -> None:
    arguments = book()
    plain = black_scholes.greeks(**arguments, names=FIELD_NAMES)
    shifted = displaced.greeks(**arguments, displacement=0.0, names=FIELD_NAMES)
    for name, values in plain.to_dict().items():
        np.testing.assert_allclose(getattr(shifted, name), values, rtol=1e-12, atol=1e-14, err_msg=name)
    on_forward = {name: arguments[name] for name in ("kind", "strike", "years", "vol", "rate")}
    forward = black76.greeks(**on_forward, forward=arguments["spot"], names=("price", "rho", "dividend_rho"))
    same = black_scholes.price(**arguments | {"dividend_yield": arguments["rate"]})
    np.testing.assert_allclose(forward.price, same, atol=1e-12)
    np.testing.assert_array_equal(forward.rho, -arguments["years"] * forward.price)
    assert not forward.dividend_rho.any()


@pytest.mark.compiled
def test_broadcast_grid_of_many_equals_its_rows() -> None:
    spots, strikes = np.linspace(80.0, 120.0, 40), np.linspace(70.0, 130.0, 50)
    grid = black_scholes.price("put", spots[:, None], strikes, 0.5, 0.2, 0.01)
    assert grid.shape == (40, 50)
    np.testing.assert_allclose(grid[7], black_scholes.price("put", spots[7], strikes, 0.5, 0.2, 0.01), atol=1e-12)


@pytest.mark.compiled
@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("vol", np.nan, r"vol must be a finite number: nan at position 1500 \(2 of 3077 are\)"),
        ("kind", 0.5, "kind must be call or put"),
        ("years", -1.0, "expiry in the past"),
        ("rate", np.inf, "rate must be a finite number"),
    ],
)
def test_unfit_options_among_many_are_counted_and_the_first_is_named(name: str, value: float, sentence: str) -> None:
    arguments = book()
    arguments[name][[1500, 2000]] = value
    with pytest.raises(InputError, match=sentence):
        black_scholes.greeks(**arguments)


def test_few_options_load_no_compiler() -> None:
    code = (
        "import sys; from hedgerow.pricing import bachelier, black76, black_scholes, displaced;"
        "assert 'scipy' not in sys.modules; black_scholes.greeks('call', [90.0] * 900, 100.0, 1.0, 0.2);"
        "print('numba' in sys.modules)"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "False"
