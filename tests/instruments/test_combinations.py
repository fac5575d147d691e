"""Named combinations: their payoffs at expiry, and what they are worth before."""

from __future__ import annotations

import numpy as np
import pytest

from hedgerow.errors import InputError
from hedgerow.instruments import (
    AmericanOption,
    Book,
    ContractTerms,
    MarketState,
    Underlying,
    VarianceSwap,
    butterfly,
    calendar_spread,
    call_spread,
    collar,
    payoff,
    protective_put,
    put_spread,
    straddle,
    strangle,
    vertical,
)

EXPIRY = "2027-01-15"
SPOTS = np.linspace(0.0, 250.0, 1001)
MARKET = MarketState("2026-11-20", {"SPX": Underlying(100.0, 0.25, rate=0.04)})


def test_straddle_pays_the_distance_from_its_strike() -> None:
    assert payoff(straddle("SPX", 100.0, EXPIRY), SPOTS) == pytest.approx(np.abs(SPOTS - 100.0))


def test_strangle_pays_the_distance_outside_its_strikes() -> None:
    expected = np.maximum(90.0 - SPOTS, 0.0) + np.maximum(SPOTS - 110.0, 0.0)
    assert payoff(strangle("SPX", 90.0, 110.0, EXPIRY, -2.0), SPOTS) == pytest.approx(-2.0 * expected)


def test_call_and_put_spreads_pay_at_most_their_width() -> None:
    for legs in (call_spread("SPX", 90.0, 105.0, EXPIRY), put_spread("SPX", 105.0, 90.0, EXPIRY)):
        paid = payoff(legs, SPOTS)
        assert paid.min() == 0.0
        assert paid.max() == 15.0


def test_call_spread_and_put_spread_of_the_same_strikes_pay_their_width_together() -> None:
    both = (*call_spread("SPX", 90.0, 105.0, EXPIRY), *put_spread("SPX", 105.0, 90.0, EXPIRY))
    assert payoff(both, SPOTS) == pytest.approx(np.full(SPOTS.shape, 15.0))


def test_butterfly_never_pays_less_than_nothing_and_is_the_same_of_calls_and_puts() -> None:
    calls = payoff(butterfly("SPX", (90.0, 100.0, 110.0), EXPIRY), SPOTS)
    assert calls.min() == 0.0
    assert calls.max() == 10.0
    assert payoff(butterfly("SPX", (90.0, 100.0, 110.0), EXPIRY, kind="put"), SPOTS) == pytest.approx(calls)


def test_butterfly_is_worth_something_before_expiry() -> None:
    assert Book(butterfly("SPX", (90.0, 100.0, 110.0), EXPIRY)).value(MARKET) > 0.0


def test_calendar_spread_is_worth_something_and_worth_nothing_less_than_zero_at_its_strike() -> None:
    legs = calendar_spread("SPX", "call", 100.0, (EXPIRY, "2027-06-18"))
    assert Book(legs).value(MARKET) > 0.0
    assert [quantity for _, quantity in legs] == [1.0, -1.0]


def test_collar_is_worth_between_its_strikes_at_expiry() -> None:
    paid = payoff(collar("SPX", 90.0, 110.0, EXPIRY, 3.0, ContractTerms(multiplier=100)), SPOTS)
    assert paid == pytest.approx(300.0 * np.clip(SPOTS, 90.0, 110.0))


def test_collar_of_one_strike_is_worth_its_discounted_strike() -> None:
    days = (np.datetime64(EXPIRY) - np.datetime64("2026-11-20")) / np.timedelta64(1, "D")
    worth = 105.0 * np.exp(-0.04 * days / 365.0)
    assert Book(collar("SPX", 105.0, 105.0, EXPIRY)).value(MARKET) == pytest.approx(worth, rel=1e-13)


def test_protective_put_never_falls_below_its_strike() -> None:
    assert payoff(protective_put("SPX", 95.0, EXPIRY), SPOTS) == pytest.approx(np.maximum(SPOTS, 95.0))


def test_terms_reach_every_leg() -> None:
    terms = ContractTerms("american", 100.0, "EUR", settlement_time="09:30")
    for instrument, _ in straddle("SPX", 100.0, EXPIRY, terms=terms):
        assert isinstance(instrument, AmericanOption)
        assert (instrument.multiplier, instrument.currency, instrument.settlement_time) == (100.0, "EUR", "09:30")


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (lambda: strangle("SPX", 110.0, 90.0, EXPIRY), "put_strike must not be above call_strike: 110 and 90"),
        (lambda: call_spread("SPX", 105.0, 90.0, EXPIRY), "bought must be below sold: 105 and 90"),
        (lambda: put_spread("SPX", 90.0, 105.0, EXPIRY), "sold must be below bought"),
        (lambda: vertical("SPX", "call", (90.0, 90.0), EXPIRY), "strikes of a vertical must differ"),
        (lambda: butterfly("SPX", (90.0, 100.0, 120.0), EXPIRY), "equally spaced, not 90, 100, 120"),
        (
            lambda: calendar_spread("SPX", "call", 100.0, ("2027-06-18", EXPIRY)),
            "near expiry 2027-06-18 must be before",
        ),
        (lambda: straddle("SPX", float("nan"), EXPIRY), "strike must be a finite number, not nan"),
        (lambda: ContractTerms("bermudan"), "style must be one of european, american"),
        (lambda: payoff([(VarianceSwap("SPX", 0.2, EXPIRY), 1.0)], SPOTS), "VarianceSwap has no payoff in the spot"),
    ],
)
def test_combination_that_makes_no_sense_is_refused(make: object, sentence: str) -> None:
    with pytest.raises(InputError, match=sentence):
        make()
