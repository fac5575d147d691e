"""Term structure: linear total variance, forwards that add up, arbitrage flagged, slopes and words."""

from __future__ import annotations

import numpy as np
import pytest

from hedgerow.errors import InputError
from hedgerow.market.volatility import forward_volatilities, interpolated_volatility, term_structure_slope

YEARS = np.array([0.1, 0.25, 0.5, 1.0])
VOL = np.array([0.30, 0.27, 0.25, 0.24])


def test_interpolation_meets_the_quotes_and_is_linear_in_total_variance_between() -> None:
    assert interpolated_volatility(YEARS, VOL, YEARS) == pytest.approx(VOL, rel=1e-15)
    middle = interpolated_volatility(YEARS, VOL, 0.75)
    assert middle**2 * 0.75 == pytest.approx(0.5 * (0.25**2 * 0.5 + 0.24**2 * 1.0), rel=1e-14)
    assert isinstance(middle, float)


def test_interpolation_of_a_flat_term_structure_is_flat() -> None:
    assert interpolated_volatility(YEARS, np.full(4, 0.2), np.linspace(0.1, 1, 50)) == pytest.approx(0.2, rel=1e-14)


def test_maturity_outside_is_refused_or_flat() -> None:
    with pytest.raises(
        InputError, match=r"at must lie between the quoted maturities 0.1 and 1 years: 2.0 at position 1"
    ):
        interpolated_volatility(YEARS, VOL, [0.5, 2.0])
    assert interpolated_volatility(YEARS, VOL, [0.01, 2.0], outside="flat") == pytest.approx([0.30, 0.24])


def test_forward_variances_add_up_to_total_variance() -> None:
    table = forward_volatilities(YEARS, VOL)
    total = (table["forward_variance"] * (table["end"] - table["start"])).cumsum()
    assert total.to_numpy() == pytest.approx(VOL**2 * YEARS, rel=1e-14)
    assert table["forward_volatility"].iloc[0] == pytest.approx(0.30)
    assert not table["calendar_arbitrage"].any()


def test_falling_total_variance_is_flagged_and_has_no_forward_volatility() -> None:
    table = forward_volatilities([0.25, 0.5, 1.0], [0.4, 0.2, 0.3])
    assert table["calendar_arbitrage"].tolist() == [False, True, False]
    assert table["forward_volatility"].isna().tolist() == [False, True, False]
    assert table["forward_variance"].iloc[1] < 0


def test_level_total_variance_is_no_arbitrage() -> None:
    table = forward_volatilities([0.25, 0.5], [0.2, 0.2 / np.sqrt(2.0)])
    assert not table["calendar_arbitrage"].any()
    assert table["forward_volatility"].iloc[1] == pytest.approx(0.0, abs=1e-8)


def test_slope_of_the_ends_and_of_named_maturities() -> None:
    slope = term_structure_slope(YEARS, VOL)
    assert slope.per_year == pytest.approx((0.24 - 0.30) / 0.9)
    assert slope.ratio == pytest.approx(1.25)
    assert slope.shape == "backwardation"
    named = term_structure_slope(YEARS, VOL, short=0.25, long=0.5)
    assert (named.short_volatility, named.long_volatility) == pytest.approx((0.27, 0.25))
    assert term_structure_slope(YEARS, VOL[::-1]).shape == "contango"
    assert term_structure_slope(YEARS, np.full(4, 0.2)).shape == "flat"


@pytest.mark.parametrize(
    ("years", "vol", "sentence"),
    [
        ([0.5, 0.25], [0.2, 0.2], "years must rise from one maturity to the next: 0.25"),
        ([0.25, 0.25], [0.2, 0.2], "years must rise"),
        ([0.0, 0.25], [0.2, 0.2], "years must be above 0: 0.0 at position 0"),
        ([0.25, 0.5], [0.2, -0.2], "vol must not be negative: -0.2 at position 1"),
        ([0.25, 0.5], [0.2, np.nan], "vol must be a finite number"),
        ([0.25, 0.5], [0.2], "two lists of one length"),
        ([0.25], [0.2], "at least two maturities"),
        ([0.25, 0.5], [0.2, 0.0], "vol must be above 0"),
    ],
)
def test_quotes_that_cannot_be_are_refused(years, vol, sentence) -> None:
    with pytest.raises(InputError, match=sentence):
        term_structure_slope(years, vol)


def test_other_arguments_that_mean_nothing_are_refused() -> None:
    with pytest.raises(InputError, match=r"short must be before long; received 0\.5 and 0\.25 years"):
        term_structure_slope(YEARS, VOL, short=0.5, long=0.25)
    with pytest.raises(InputError, match="outside must be refuse or flat"):
        interpolated_volatility(YEARS, VOL, 0.5, outside="linear")  # type: ignore[arg-type]
    with pytest.raises(InputError, match="at must be above 0"):
        interpolated_volatility(YEARS, VOL, 0.0)
