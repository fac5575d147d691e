"""The fitted band."""

from __future__ import annotations

import numpy as np
import pytest

from hedgerow.errors import InputError
from hedgerow.policies import Zakamouline
from hedgerow.policies.laws import zakamouline_half_width, zakamouline_volatility
from hedgerow.pricing import black_scholes
from policy_cases import one, terms


def test_zakamouline_width_is_the_formula() -> None:
    at = terms()
    found = Zakamouline(1.5).half_width(at, step=2, spot=110.0, gamma=-0.03, implied=0.25)
    law = zakamouline_half_width(110.0, 0.03, 0.25, at.years_left[2], 0.001, 1.5, 0.02)
    assert found == pytest.approx(law, rel=1e-12)


def test_zakamouline_no_costs_have_no_width_and_do_not_move_the_middle() -> None:
    now = {"target": 0.4, "held": 0.9, "spot": 110.0, "log_spot": np.log(110.0), "implied": 0.25}
    now |= {"gamma": -0.03, "log_gamma": np.log(0.03)}
    assert one(Zakamouline(1.0, cost=0.0, to="middle"), **now) == pytest.approx(0.4, rel=1e-14)


@pytest.mark.parametrize("quantity", [-1.0, 1.0])
@pytest.mark.parametrize("spot", [92.0, 100.0, 108.0])
def test_zakamouline_middle_is_the_delta_of_the_modified_volatility(quantity: float, spot: float) -> None:
    at = terms()
    years = at.years_left[4]
    option = black_scholes.greeks("call", spot, 100.0, years, 0.2, 0.02)
    volatility = zakamouline_volatility(spot, quantity * option.gamma, 0.2, years, 0.001, 0.5, 0.02)
    modified = black_scholes.greeks("call", spot, 100.0, years, volatility, 0.02)
    now = {"target": -quantity * option.delta, "held": 5.0, "spot": spot, "log_spot": np.log(spot), "implied": 0.2}
    now |= {"gamma": quantity * option.gamma, "log_gamma": np.log(option.gamma)}
    middle = one(Zakamouline(0.5, to="middle"), step=4, at=at, **now)
    assert middle == pytest.approx(-quantity * float(modified.delta), abs=1e-12)
    assert one(Zakamouline(0.5, to="target"), step=4, at=at, **now) == now["target"]


def test_zakamouline_book_of_several_strikes_needs_one_or_the_target() -> None:
    with pytest.raises(InputError, match=r"give strike=.* or centre='target'"):
        Zakamouline(1.0).bound(terms(strike=None))
    Zakamouline(1.0, centre="target").bound(terms(strike=None))
    Zakamouline(1.0, strike=100.0).bound(terms(strike=None))
