"""Weekly closes: nothing that is fixed or counted daily is made of them; the rest is told by how many there are."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from hedgerow.compare import compare_tail_hedges
from hedgerow.engine.overlay import run_overlay
from hedgerow.errors import DataError
from hedgerow.market.daily import is_daily, said_of_gaps
from hedgerow.overlays import RealisedVolatility, Signals, Static, Weekly
from hedgerow.programmes import BareVolatilityDifference, IndexPuts, OverlayMarket, TrendFollowing, VarianceSwaps
from hedgerow.programmes.base import HedgeProgramme
from hedgerow.programmes.portfolio import Portfolio


def closes(dates: pd.DatetimeIndex) -> pd.Series:
    rng = np.random.default_rng(2)
    return pd.Series(100.0 * np.exp(np.cumsum(0.02 * rng.standard_normal(len(dates)))), dates)


FRIDAYS = pd.date_range("2014-01-03", periods=200, freq="W-FRI")
WEEKLY = OverlayMarket.of(closes(FRIDAYS), pd.Series(20.0, FRIDAYS))


@pytest.mark.parametrize("hedge", [VarianceSwaps(), BareVolatilityDifference(), TrendFollowing()])
def test_what_is_fixed_daily_is_refused_on_weekly_rows(hedge: HedgeProgramme) -> None:
    """Twenty-one weekly fixings counted as a month would realise five times the variance that there is."""
    with pytest.raises(DataError, match=r"need daily closes.*a row every 7 days"):
        hedge.priced(WEEKLY, Portfolio())


def test_rule_and_judgement_that_count_days_are_refused_on_weekly_rows() -> None:
    with pytest.raises(DataError, match="realised volatilities need daily closes"):
        RealisedVolatility().multiplier(Signals.of({"price": closes(FRIDAYS)}))
    with pytest.raises(DataError, match="figures of judged hedges need daily closes"):
        compare_tail_hedges({"puts": IndexPuts()}, WEEKLY)


def test_figures_of_a_weekly_run_count_the_rows_that_a_year_has() -> None:
    found = run_overlay(Static(0.0), IndexPuts(), WEEKLY).summary()
    price, years = WEEKLY.price, (FRIDAYS[-1] - FRIDAYS[0]).days / 365.0
    grown = (price[-1] / price[0]) ** (1.0 / years) - 1.0
    spread = np.std(price[1:] / price[:-1] - 1.0, ddof=1) * np.sqrt(199.0 / years)
    assert found.loc["return unhedged", "value"] == pytest.approx(grown, rel=1e-12)
    assert found.loc["volatility unhedged", "value"] == pytest.approx(spread, rel=1e-12)
    assert found.loc["CVaR 95 % unhedged", "unit"] == "share a step"


def test_daily_rows_stay_daily_through_holidays_and_holes() -> None:
    days = pd.bdate_range("2014-01-01", periods=300)
    assert is_daily(days)
    assert is_daily(days[::2])
    assert not is_daily(pd.date_range("2014-01-31", periods=12, freq="ME"))
    assert Weekly().needs == ()
    assert said_of_gaps(days) == said_of_gaps(FRIDAYS) == ()


def test_hole_in_daily_rows_is_said_with_every_result() -> None:
    """The move over five months would be realised by a swap as that of one day."""
    days = pd.bdate_range("2014-01-01", periods=300)
    holed = days[(days < "2014-03-03") | (days > "2014-08-01")]
    run = run_overlay(Static(1.0), VarianceSwaps(), OverlayMarket.of(closes(holed), pd.Series(20.0, holed)))
    said = "no dates between 2014-02-28 and 2014-08-04, 157 days: the move over a gap counts as that of one day"
    assert any(clause.startswith(said) for clause in run.stated)
