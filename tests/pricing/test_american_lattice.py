"""American options on a stock with cash dividends."""

from __future__ import annotations

import numpy as np
import pytest

from hedgerow.errors import InputError
from hedgerow.pricing import american, american_lattice, black_scholes
from hedgerow.pricing.american import Dividends
from hedgerow.pricing.american_regions import Options


def option(sign: float, spot: float, years: float = 1.0, vol: float = 0.2, rate: float = 0.05, carry: float = 0.0):
    return Options(*(np.array([value]) for value in (sign, spot, 100.0, years, vol, rate, carry)))


@pytest.mark.parametrize(
    ("sign", "spot", "carry"), [(-1.0, 100.0, 0.0), (-1.0, 88.0, 0.0), (1.0, 105.0, 0.08), (1.0, 95.0, 0.0)]
)
def test_lattice_with_a_dividend_of_nothing_equals_the_collocation(sign: float, spot: float, carry: float) -> None:
    tiny = Dividends((0.4,), (1e-10,))
    found = american.price(sign, spot, 100.0, 1.0, 0.2, 0.05, carry, dividends=tiny)
    assert found == pytest.approx(american.price(sign, spot, 100.0, 1.0, 0.2, 0.05, carry), abs=1e-4)


def test_european_value_on_the_lattice_is_exact_without_dividends() -> None:
    found = american_lattice.european_value(option(-1.0, 95.0), Dividends((0.4,), (1e-10,)))
    assert found == pytest.approx(black_scholes.price("put", 95.0, 100.0, 1.0, 0.2, 0.05), abs=1e-7)


def test_european_call_and_put_keep_parity_with_the_dividends_discounted() -> None:
    paid = Dividends((0.25, 0.75), (2.0, 3.0))
    call, put = (american_lattice.european_value(option(sign, 100.0), paid) for sign in (1.0, -1.0))
    forward = 100.0 - 2.0 * np.exp(-0.05 * 0.25) - 3.0 * np.exp(-0.05 * 0.75)
    assert call - put == pytest.approx(forward - 100.0 * np.exp(-0.05), abs=1e-6)


def test_european_value_equals_the_integral_over_the_spot_at_the_ex_date() -> None:
    from scipy.integrate import quad

    def integrand(z: float) -> float:
        spot = 100.0 * np.exp((0.05 - 0.02) * 0.5 + 0.2 * np.sqrt(0.5) * z)
        held = black_scholes.price("put", max(spot - 4.0, 1e-300), 100.0, 0.5, 0.2, 0.05)
        return float(held * np.exp(-0.5 * z * z) / np.sqrt(2.0 * np.pi))

    expected = np.exp(-0.05 * 0.5) * quad(integrand, -8.0, 8.0, epsabs=1e-10)[0]
    found = american_lattice.european_value(option(-1.0, 100.0), Dividends((0.5,), (4.0,)))
    assert found == pytest.approx(expected, abs=1e-6)


def test_call_on_one_dividend_is_exercised_just_before_it_or_at_expiry() -> None:
    """The exact value: of holding on or exercising at the ex-date only, as rates are positive (Roll, Geske, Whaley)."""
    from scipy.integrate import quad

    def integrand(z: float) -> float:
        spot = 100.0 * np.exp(0.03 * 0.5 + 0.2 * np.sqrt(0.5) * z)
        held = black_scholes.price("call", max(spot - 5.0, 1e-300), 100.0, 0.5, 0.2, 0.05)
        return float(max(held, spot - 100.0) * np.exp(-0.5 * z * z) / np.sqrt(2.0 * np.pi))

    expected = np.exp(-0.05 * 0.5) * quad(integrand, -8.0, 8.0, points=[0.3, 0.5, 1.0], limit=200)[0]
    found = american.price("call", 100.0, 100.0, 1.0, 0.2, 0.05, dividends=Dividends((0.5,), (5.0,)))
    assert found == pytest.approx(expected, abs=1e-4)


def test_american_is_worth_at_least_the_european_and_the_payoff() -> None:
    paid = Dividends((0.2, 0.7), (1.5, 1.5))
    for sign, spot in ((-1.0, 90.0), (1.0, 115.0)):
        value = american.price(sign, spot, 100.0, 1.0, 0.2, 0.05, dividends=paid)
        assert value >= american_lattice.european_value(option(sign, spot), paid)
        assert value >= sign * (spot - 100.0)
    assert american.price("put", 40.0, 100.0, 1.0, 0.2, 0.2, dividends=paid) == 60.0


def test_greeks_with_dividends_equal_differences_of_prices() -> None:
    paid = Dividends((0.5,), (3.0,))
    found = american.greeks("put", 100.0, 100.0, 1.0, 0.25, 0.04, dividends=paid)

    def price(**changes: float) -> float:
        arguments = {"spot": 100.0, "strike": 100.0, "years": 1.0, "vol": 0.25, "rate": 0.04} | changes
        return float(american.price("put", **arguments, dividends=paid))

    up, down = price(spot=101.0), price(spot=99.0)
    assert found.delta == pytest.approx((up - down) / 2.0, abs=2e-4)
    assert found.gamma == pytest.approx(up - 2.0 * price() + down, abs=5e-4)
    assert found.vega == pytest.approx((price(vol=0.26) - price(vol=0.24)) / 0.02, rel=2e-3)
    assert found.rho == pytest.approx((price(rate=0.045) - price(rate=0.035)) / 0.01, rel=5e-3)


def test_dividends_outside_the_life_of_the_option_do_not_matter() -> None:
    after = Dividends((1.0, 2.0), (5.0, 5.0))
    assert american.price("put", 95.0, 100.0, 1.0, 0.2, 0.05, dividends=after) == american.price(
        "put", 95.0, 100.0, 1.0, 0.2, 0.05
    )


@pytest.mark.parametrize(
    ("times", "amounts", "sentence"),
    [
        ((0.5, 0.2), (1.0, 1.0), "dividends times must rise"),
        ((0.5,), (1.0, 1.0), "dividends has 1 times and 2 amounts"),
        ((0.5, 0.6), (1.0, -1.0), "dividends amounts must not be negative: -1.0 at position 1"),
        ((0.5, np.nan), (1.0, 1.0), "dividends times must be finite numbers: nan at position 1"),
    ],
)
def test_refusal_of_dividends_says_what_is_wrong(times, amounts, sentence: str) -> None:
    with pytest.raises(InputError) as caught:
        Dividends(times, amounts)
    assert sentence in str(caught.value)
