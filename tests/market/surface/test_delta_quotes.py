"""Currency quotes by delta: each strike has the delta it is quoted by, under every convention."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from hedgerow.errors import DataError, InputError
from hedgerow.market.surface import DeltaConvention, FxQuotes, at_the_money_strike, fx_smile, strike_of_delta
from hedgerow.pricing import black_scholes

SPOT, YEARS, DOMESTIC, FOREIGN = 1.30, 0.75, 0.03, 0.01
FORWARD = SPOT * np.exp((DOMESTIC - FOREIGN) * YEARS)
FOREIGN_DISCOUNT = float(np.exp(-FOREIGN * YEARS))
QUOTES = FxQuotes(0.10, {0.25: -0.012, 0.10: -0.02}, {0.25: 0.0025, 0.10: 0.008})
CONVENTIONS = [DeltaConvention(*parts) for parts in product(("spot", "forward"), (False, True))]  # type: ignore[arg-type]


def delta_of(kind: str, strike: float, vol: float, convention: DeltaConvention) -> float:
    """Return the delta by its definition: the derivative of the price, less the premium over spot where adjusted."""
    found = black_scholes.greeks(kind, SPOT, strike, YEARS, vol, DOMESTIC, FOREIGN, names=("delta", "price"))
    delta = found.delta - (found.price / SPOT if convention.premium_adjusted else 0.0)
    return float(delta / (FOREIGN_DISCOUNT if convention.delta == "forward" else 1.0))


@pytest.mark.parametrize("convention", CONVENTIONS, ids=str)
@pytest.mark.parametrize("delta", [-0.9, -0.5, -0.25, -0.1, -0.01, 0.01, 0.1, 0.25, 0.4])
@pytest.mark.parametrize("vol", [0.03, 0.1, 0.6])
def test_strike_has_the_delta_it_was_asked_for(convention: DeltaConvention, delta: float, vol: float) -> None:
    strike = strike_of_delta(delta, vol, YEARS, FORWARD, FOREIGN_DISCOUNT, convention)
    kind = "call" if delta > 0.0 else "put"
    assert delta_of(kind, strike, vol, convention) == pytest.approx(delta, abs=1e-12)


@pytest.mark.parametrize("convention", CONVENTIONS, ids=str)
def test_delta_neutral_straddle_has_no_delta(convention: DeltaConvention) -> None:
    strike = at_the_money_strike(0.1, YEARS, FORWARD, convention=convention)
    both = sum(delta_of(kind, strike, 0.1, convention) for kind in ("call", "put"))
    assert both == pytest.approx(0.0, abs=1e-14)


def test_at_the_money_may_be_the_forward_or_the_spot() -> None:
    assert at_the_money_strike(0.1, YEARS, FORWARD, convention=DeltaConvention(at_the_money="forward")) == FORWARD
    spot = DeltaConvention(at_the_money="spot")
    assert at_the_money_strike(0.1, YEARS, FORWARD, SPOT, spot) == SPOT
    with pytest.raises(InputError, match="at the spot, which must be above 0, got None"):
        at_the_money_strike(0.1, YEARS, FORWARD, convention=spot)


@pytest.mark.parametrize("convention", CONVENTIONS, ids=str)
def test_smile_gives_risk_reversal_and_butterfly_back(convention: DeltaConvention) -> None:
    found = fx_smile(QUOTES, YEARS, forward=FORWARD, foreign_discount=FOREIGN_DISCOUNT, convention=convention)
    vols = found.points.set_index("name")["vol"]
    for delta, name in ((0.25, "25"), (0.10, "10")):
        assert vols[f"{name}C"] - vols[f"{name}P"] == pytest.approx(QUOTES.risk_reversals[delta])
        assert 0.5 * (vols[f"{name}C"] + vols[f"{name}P"]) - 0.10 == pytest.approx(QUOTES.butterflies[delta])
    assert found.points["name"].tolist() == ["10P", "25P", "ATM", "25C", "10C"]
    for row in found.points.dropna().itertuples():
        kind = "call" if row.delta > 0.0 else "put"
        assert delta_of(kind, row.strike, row.vol, convention) == pytest.approx(row.delta, abs=1e-12)
    places = np.log(found.points["strike"].to_numpy() / FORWARD)
    np.testing.assert_allclose(np.sqrt(found.smile.total_variance(places) / YEARS), found.points["vol"], rtol=1e-12)
    assert found.svi().rms_error < 5e-4


def test_market_strangle_costs_the_same_by_smile_and_by_one_volatility() -> None:
    market = FxQuotes(QUOTES.at_the_money, QUOTES.risk_reversals, QUOTES.butterflies, "market")
    convention = DeltaConvention("forward")
    found = fx_smile(market, YEARS, forward=FORWARD, convention=convention)
    for delta, butterfly in QUOTES.butterflies.items():
        vol = 0.10 + butterfly
        by_one, by_smile = 0.0, 0.0
        for kind, sign in (("put", -1.0), ("call", 1.0)):
            strike = strike_of_delta(sign * delta, vol, YEARS, FORWARD, 1.0, convention)
            smile = float(np.sqrt(found.smile.total_variance(np.array(np.log(strike / FORWARD))) / YEARS))
            by_one += black_scholes.price(kind, FORWARD, strike, YEARS, vol)
            by_smile += black_scholes.price(kind, FORWARD, strike, YEARS, smile)
        assert by_smile == pytest.approx(by_one, rel=1e-9)
    vols = found.points.set_index("name")["vol"]
    assert vols["25C"] - vols["25P"] == pytest.approx(-0.012)
    assert vols["10P"] > fx_smile(QUOTES, YEARS, forward=FORWARD, convention=convention).points["vol"].iloc[0]


def test_at_the_money_alone_is_a_flat_smile_and_no_svi() -> None:
    found = fx_smile(FxQuotes(0.1), YEARS, forward=FORWARD)
    assert np.sqrt(found.smile.total_variance(np.array([-1.0, 1.0])) / YEARS) == pytest.approx(0.1)
    with pytest.raises(DataError, match="needs five points; this smile has 1"):
        found.svi()


def test_impossible_quotes_are_refused_in_a_sentence() -> None:
    with pytest.raises(InputError, match="same deltas"):
        FxQuotes(0.1, {0.25: 0.0}, {0.10: 0.0})
    with pytest.raises(InputError, match=r"write 0\.25 for 25 delta"):
        FxQuotes(0.1, {25.0: 0.0}, {25.0: 0.0})
    with pytest.raises(InputError, match="at_the_money volatility must be above 0"):
        FxQuotes(-0.1)
    with pytest.raises(InputError, match="butterfly must be"):
        FxQuotes(0.1, butterfly="broker")  # type: ignore[arg-type]
    with pytest.raises(InputError, match="25 delta give a volatility"):
        fx_smile(FxQuotes(0.1, {0.25: 0.3}, {0.25: 0.0}), YEARS, forward=FORWARD)
    with pytest.raises(InputError, match="belongs to no strike"):
        strike_of_delta(0.0, 0.1, YEARS, FORWARD)
    with pytest.raises(InputError, match="belongs to no strike"):
        strike_of_delta(0.995, 0.1, YEARS, FORWARD, FOREIGN_DISCOUNT)
    with pytest.raises(InputError, match=r"no call has a premium-adjusted delta of 0\.9"):
        strike_of_delta(0.9, 0.6, YEARS, FORWARD, 1.0, DeltaConvention("forward", True))
    with pytest.raises(InputError, match="years must be above 0"):
        strike_of_delta(0.25, 0.1, 0.0, FORWARD)
    with pytest.raises(InputError, match="delta must be 'spot' or 'forward'"):
        DeltaConvention("futures")  # type: ignore[arg-type]
    with pytest.raises(InputError, match="at_the_money must be"):
        DeltaConvention(at_the_money="strike")  # type: ignore[arg-type]
    with pytest.raises(DataError, match="do not rise from put to call"):
        fx_smile(FxQuotes(0.1, {0.45: 0.0, 0.1: 0.0}, {0.45: 3.0, 0.1: -0.09}), 4.0, forward=FORWARD)
