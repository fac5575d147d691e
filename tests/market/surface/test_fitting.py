"""From raw quotes to a surface in one call: near the truth, inside the spreads, without arbitrage."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from hedgerow.errors import DataError, InputError
from hedgerow.market.surface import FitOptions, OptionChain, fit_chain, fit_error
from market.surface.chains import FORWARDS, SPOT, chain, quotes, skew


@pytest.mark.parametrize("model", ["svi", "ssvi"])
def test_chain_of_a_known_smile_gives_its_volatilities_back(model: str) -> None:
    fitted = fit_chain(chain(), FitOptions(model))  # type: ignore[arg-type]
    assert fitted.arbitrage.free
    strikes = np.array([90.0, 100.0, 110.0])
    for forward, years in zip(FORWARDS.values(), fitted.surface.years, strict=True):
        truth = skew(strikes, forward, years)
        assert np.abs(fitted.surface.volatility(strikes, years) - truth).max() < (0.003 if model == "svi" else 0.02)
    assert fitted.surface.spot == SPOT
    assert list(fitted.errors["expiry"]) == list(fitted.slices) == list(fitted.surface.expiries)
    assert fitted.parity is not None
    if model == "svi":
        assert (fitted.errors["inside"] == 1.0).all()


def test_fit_error_of_the_fitted_surface_is_small_and_of_a_moved_one_is_not() -> None:
    fitted = fit_chain(chain())
    here = fit_error(fitted.surface, fitted.quotes)
    moved = fit_error(fitted.surface.shifted(110.0, "sticky_delta"), fitted.quotes)
    assert (here["mean_miss"] < 0.5).all()
    assert (moved["mean_miss"] > 3.0 * here["mean_miss"]).all()
    assert (moved["inside"] < here["inside"]).all()
    with pytest.raises(DataError, match="no quote has a volatility"):
        fit_error(fitted.surface, fitted.quotes.assign(mid_vol=np.nan))


def test_chain_of_volatilities_with_given_forwards_is_fitted_without_parity() -> None:
    forwards = fit_chain(chain()).forwards[["expiry", "forward", "discount"]]
    table = quotes().drop(columns=["bid", "ask", "spot"])
    years = table["expiry"].map(lambda end: (pd.Timestamp(end) - pd.Timestamp("2011-01-03")).days / 365)
    vols = skew(table["strike"].to_numpy(), table["expiry"].map(FORWARDS).to_numpy(), years.to_numpy())
    fitted = fit_chain(OptionChain.from_frame(table.assign(vol=vols)), forwards=forwards)
    assert fitted.parity is None
    assert fitted.arbitrage.free
    assert (fitted.errors["rms_error"] < 2e-3).all()


def test_absurd_quotes_planted_in_a_chain_leave_the_surface_where_it_was() -> None:
    table = quotes()
    table.loc[[9, 60, 100], ["bid", "ask"]] = [[40.0, 40.2], [0.01, 0.02], [70.0, 70.5]]
    clean, dirty = (fit_chain(part).surface for part in (chain(), OptionChain.from_frame(table, style="european")))
    strikes = np.array([92.0, 100.0, 108.0])
    for years in clean.years:
        assert np.abs(clean.volatility(strikes, years) - dirty.volatility(strikes, years)).max() < 0.003
    np.testing.assert_allclose(dirty.forwards, clean.forwards, atol=0.01)


def test_american_chain_and_wrong_options_are_refused() -> None:
    with pytest.raises(InputError, match="European options only"):
        fit_chain(chain("american"))
    with pytest.raises(InputError, match="surface model must be 'svi' or 'ssvi'"):
        FitOptions("spline")  # type: ignore[arg-type]
    with pytest.raises(InputError, match="reach must be above 0"):
        FitOptions(reach=0.0)


@pytest.mark.parametrize("model", ["svi", "ssvi"])
def test_expiry_five_minutes_before_the_close_is_fitted_as_any_other(model: str) -> None:
    years = 5.0 / (365 * 24 * 60)
    strikes = 100.0 * np.exp(np.linspace(-5.0, 5.0, 21) * 0.3 * np.sqrt(years))
    vols = 0.3 - 0.02 * np.linspace(-5.0, 5.0, 21)
    table = pd.DataFrame({"date": "2011-01-03 15:55", "expiry": "2011-01-03", "strike": strikes, "kind": "call"})
    forwards = pd.DataFrame({"expiry": pd.to_datetime(["2011-01-03"]), "forward": 100.0, "discount": 1.0})
    both = pd.concat([table.assign(vol=vols), table.assign(vol=vols, kind="put")])
    fitted = fit_chain(OptionChain.from_frame(both), FitOptions(model), forwards=forwards)  # type: ignore[arg-type]
    assert fitted.arbitrage.free, str(fitted.arbitrage)
    assert np.abs(fitted.surface.volatility(strikes, years) - vols).max() < (0.02 if model == "svi" else 0.1)


def test_ten_thousand_strikes_are_fitted_and_one_strike_is_refused() -> None:
    many = chain(strikes=np.linspace(90.0, 110.0, 10_000)).slice("2011-07-04")
    fitted = fit_chain(many)
    assert fitted.forwards["forward"].iloc[0] == pytest.approx(100.8, rel=1e-10)
    assert fitted.errors["rms_error"].iloc[0] < 1e-3
    with pytest.raises(DataError, match="1 strikes quoted on both sides"):
        fit_chain(chain(strikes=np.array([100.0])))


def test_expiries_that_cross_in_the_quotes_do_so_in_the_surface_only_where_allowed() -> None:
    crossing = chain(
        smile=lambda strike, forward, years: 0.3 * skew(strike, forward, years) / 0.2 / np.sqrt(1 + 9 * years)
    )
    alone = fit_chain(crossing, FitOptions(calendar=False))
    assert set(alone.arbitrage.violations["kind"]) == {"calendar"}
    assert (alone.errors["inside"] == 1.0).all()
    together = fit_chain(crossing)
    assert together.arbitrage.free
    assert together.errors["mean_miss"].sum() > alone.errors["mean_miss"].sum()


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"bid": 0.0, "ask": 0.0}, "no_quote"),
        ({"bid": 2.0, "ask": 1.0}, "crossed"),
        ({"expiry": "1999-01-01"}, "expired"),
    ],
)
def test_chain_without_a_quote_that_passes_cleaning_is_refused_with_the_reasons(change: dict, sentence: str) -> None:
    nothing = OptionChain.from_frame(chain().quotes.assign(**change), style="european", spot=SPOT)
    with pytest.raises(DataError, match=f"no quote of the chain is left to fit: .*{sentence} [0-9]+; look at"):
        fit_chain(nothing)
