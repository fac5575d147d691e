"""The model-free index: Cboe's worked example, recovery of a flat smile, rules of the strip, refusals."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy.special import ndtr

from hedgerow.errors import ColumnError, DataError, InputError
from hedgerow.market.volatility import minutes_as_years, model_free_variance, volatility_index
from market.volatility import cboe_example


def flat_smile(
    forward: float, years: float, rate: float, vol: float = 0.2, step: float = 1.0, half_spread: float = 0.0
) -> pd.DataFrame:
    """Return Black prices at one volatility, strikes ``step`` apart out to eight standard deviations."""
    deviation = vol * np.sqrt(years)
    strikes = np.arange(step * np.ceil(forward * np.exp(-8 * deviation) / step), forward * np.exp(8 * deviation), step)
    d1 = np.log(forward / strikes) / deviation + 0.5 * deviation
    call = np.exp(-rate * years) * (forward * ndtr(d1) - strikes * ndtr(d1 - deviation))
    put = np.exp(-rate * years) * (strikes * ndtr(deviation - d1) - forward * ndtr(-d1))
    kinds = [
        pd.DataFrame({"kind": kind, "strike": strikes, "mid": mid}) for kind, mid in (("call", call), ("put", put))
    ]
    chain = pd.concat(kinds, ignore_index=True)
    return chain.assign(bid=np.maximum(chain["mid"] - half_spread, 0.0), ask=chain["mid"] + half_spread)


@pytest.mark.parametrize("term", ["near", "next"])
def test_one_expiry_of_the_worked_example_equals_the_printed_figures(term) -> None:
    years = cboe_example.MINUTES[term] / 525_600
    found = model_free_variance(cboe_example.chain(term), years=years, rate=cboe_example.RATE)
    forward, centre, variance, first, last = cboe_example.PRINTED[term]
    assert found.forward == pytest.approx(forward, abs=0.005)
    assert found.centre_strike == centre
    assert found.variance == pytest.approx(variance, abs=1e-6)
    assert found.quotes["strike"].iloc[[0, -1]].tolist() == [first, last]


def test_index_of_the_worked_example_equals_the_printed_index() -> None:
    near, following = (
        model_free_variance(cboe_example.chain(term), years=minutes / 525_600, rate=cboe_example.RATE)
        for term, minutes in cboe_example.MINUTES.items()
    )
    index = volatility_index(near, following)
    assert round(index.index, 2) == cboe_example.PRINTED_INDEX
    assert index.weight_near == pytest.approx((53_280 - 43_200) / (53_280 - 12_960))
    assert not index.extrapolated


def test_two_variances_of_the_2014_edition_give_its_printed_index() -> None:
    any_strip = model_free_variance(cboe_example.chain("near"), years=0.1, rate=0.0)
    near = replace(any_strip, years=35_924 / 525_600, variance=0.01846292)
    following = replace(any_strip, years=46_394 / 525_600, variance=0.01882101)
    assert round(volatility_index(near, following).index, 2) == 13.69


@pytest.mark.parametrize("vol", [0.08, 0.2, 0.6])
@pytest.mark.parametrize("rate", [-0.01, 0.05])
def test_flat_smile_gives_its_own_volatility_back(vol, rate) -> None:
    near, following = (
        model_free_variance(flat_smile(1000.37, days / 365, rate, vol), years=days / 365, rate=rate)
        for days in (23, 37)
    )
    assert near.forward == pytest.approx(1000.37, rel=1e-12)
    assert near.volatility == pytest.approx(vol, rel=2e-3)
    assert volatility_index(near, following).index == pytest.approx(100 * vol, rel=2e-3)


def test_finer_strikes_bring_a_flat_smile_closer_at_second_order() -> None:
    years = 30 / 365
    errors = [
        model_free_variance(flat_smile(1000.0, years, 0.0, step=step), years=years, rate=0.0).variance - 0.04
        for step in (8.0, 4.0, 2.0)
    ]
    assert errors[0] / errors[1] == pytest.approx(4.0, rel=0.1)
    assert errors[1] / errors[2] == pytest.approx(4.0, rel=0.1)


def test_variance_does_not_depend_on_the_unit_of_the_price() -> None:
    chain = flat_smile(1000.37, 0.1, 0.02, step=5.0, half_spread=0.05)
    scaled = chain.assign(**{name: 0.01 * chain[name] for name in ("strike", "bid", "ask")})
    found, small = (model_free_variance(each, years=0.1, rate=0.02) for each in (chain, scaled))
    assert small.variance == pytest.approx(found.variance, rel=1e-9)


def test_order_of_rows_does_not_matter() -> None:
    chain = cboe_example.chain("near")
    plain = model_free_variance(chain, years=0.02, rate=0.0)
    shuffled = model_free_variance(chain.sample(frac=1.0, random_state=1), years=0.02, rate=0.0)
    assert shuffled.variance == plain.variance
    pd.testing.assert_frame_equal(shuffled.quotes, plain.quotes)


def test_forward_that_is_given_is_used_and_finds_its_centre() -> None:
    chain = flat_smile(1000.0, 0.1, 0.0, step=5.0)
    found = model_free_variance(chain, years=0.1, rate=0.0, forward=1003.0)
    assert (found.forward, found.forward_strike, found.centre_strike) == (1003.0, None, 1000.0)
    on_strike = model_free_variance(chain, years=0.1, rate=0.0, forward=1005.0)
    assert on_strike.centre_strike == 1005.0


def test_strip_stops_after_two_strikes_running_without_a_bid_and_skips_one() -> None:
    chain = flat_smile(100.0, 0.25, 0.0, step=5.0)
    puts = chain["kind"] == "put"
    chain.loc[puts & chain["strike"].isin([85.0, 75.0, 70.0]), "bid"] = 0.0
    found = model_free_variance(chain, years=0.25, rate=0.0)
    used = found.quotes["strike"].tolist()
    assert used[0] == 80.0
    assert 85.0 not in used
    reasons = found.left_out.set_index("strike")["reason"]
    assert reasons[[85.0, 75.0, 70.0]].tolist() == ["no bid"] * 3
    assert reasons[65.0] == "beyond two strikes running without a bid"
    widths = found.quotes.set_index("strike")["strike_width"]
    assert widths[[80.0, 90.0, 95.0]].tolist() == [10.0, 7.5, 5.0]


def test_contributions_and_forward_term_add_up_to_the_variance() -> None:
    found = model_free_variance(cboe_example.chain("next"), years=0.1, rate=0.01)
    adjustment = (found.forward / found.centre_strike - 1.0) ** 2
    total = (2.0 * found.quotes["contribution"].sum() - adjustment) / 0.1
    assert found.variance == pytest.approx(total, rel=1e-14)
    assert found.quotes["kind"].value_counts()["both"] == 1
    assert found.reach[0] < -3 < 1 < found.reach[1]


def test_strike_where_nobody_bids_cannot_give_the_forward() -> None:
    chain = flat_smile(1000.0, 0.1, 0.0, step=5.0)
    stale = pd.DataFrame({"kind": ["call", "put"], "strike": 702.0, "bid": 0.0, "ask": 0.0})
    found = model_free_variance(pd.concat([chain, stale]), years=0.1, rate=0.0)
    assert found.forward == pytest.approx(1000.0, rel=1e-9)


def test_horizon_outside_the_expiries_is_marked() -> None:
    near, following = (
        model_free_variance(flat_smile(1000.0, days / 365, 0.0), years=days / 365, rate=0.0) for days in (37, 65)
    )
    index = volatility_index(near, following)
    assert index.extrapolated
    assert index.weight_near > 1.0
    assert index.index == pytest.approx(20.0, abs=0.02)


def test_minutes_to_settlement_are_counted_as_cboe_does() -> None:
    # 854 minutes to midnight, 510 of settlement day, 24 days between: "VIX White Paper", 2014 edition
    assert minutes_as_years("2014-10-13 09:46", "2014-11-07 08:30") == (854 + 510 + 34_560) / 525_600


def spoilt(column: str, value: object) -> pd.DataFrame:
    chain = flat_smile(100.0, 0.25, 0.0, step=5.0)
    chain[column] = chain[column].astype(object)
    chain.loc[3, column] = value
    return chain


@pytest.mark.parametrize(
    ("chain", "sentence"),
    [
        (spoilt("bid", np.nan), "bid must be a finite number: nan at position 3"),
        (spoilt("bid", -1.0), "bid must not be negative: -1.0 at position 3"),
        (spoilt("bid", 1e6), r"bid must not be above the ask \(a crossed quote\): 1000000.0 at position 3"),
        (spoilt("strike", 0.0), "strike must be above 0: 0.0 at position 3"),
        (spoilt("strike", 55.0), "strike must be there once per call and put: 55.0"),
        (spoilt("kind", "straddle"), "kind must be call or put"),
    ],
)
def test_quote_that_cannot_be_is_refused_with_field_and_position(chain, sentence) -> None:
    with pytest.raises(InputError, match=sentence):
        model_free_variance(chain, years=0.25, rate=0.0)


def test_chain_that_cannot_be_used_is_refused() -> None:
    chain = flat_smile(100.0, 0.25, 0.0, step=5.0)
    arguments = {"years": 0.25, "rate": 0.0}
    with pytest.raises(ColumnError, match="no column 'ask'"):
        model_free_variance(chain.drop(columns="ask"), **arguments)
    with pytest.raises(InputError, match="must be a pandas DataFrame"):
        model_free_variance([1.0], **arguments)  # type: ignore[arg-type]
    with pytest.raises(DataError, match="no strike has a bid for both"):
        model_free_variance(chain[chain["kind"] == "call"], **arguments)
    with pytest.raises(DataError, match="stands at or below the forward 10;"):
        model_free_variance(chain, **arguments, forward=10.0)
    with pytest.raises(DataError, match="no put with a bid stands below the strike 100"):
        model_free_variance(chain[chain["strike"] >= 100.0], **arguments)
    with pytest.raises(DataError, match="no call with a bid stands above the strike 100"):
        model_free_variance(chain[chain["strike"] <= 100.0], **arguments, forward=100.0)
    with pytest.raises(InputError, match="years must be above 0"):
        model_free_variance(chain, years=0.0, rate=0.0)
    worthless = pd.DataFrame({"kind": ["call", "put"] * 3, "strike": np.repeat([90.0, 100.0, 110.0], 2)})
    with pytest.raises(DataError, match=r"implies a variance of -.*check its forward 109"):
        model_free_variance(worthless.assign(bid=0.01, ask=0.02), **arguments, forward=109.0)


def test_expiries_that_make_no_index_are_refused() -> None:
    near, following = (
        model_free_variance(flat_smile(100.0, years, 0.0, vol, 5.0), years=years, rate=0.0)
        for years, vol in ((0.05, 0.2), (0.1, 0.3))
    )
    with pytest.raises(InputError, match="near must expire before next_term"):
        volatility_index(following, near)
    with pytest.raises(InputError, match="target_days must be above 0"):
        volatility_index(near, following, target_days=0.0)
    with pytest.raises(DataError, match="take expiries that enclose the horizon"):
        volatility_index(near, following, target_days=1.0)
    with pytest.raises(InputError, match="settles_at must be after quoted_at"):
        minutes_as_years("2011-01-21 08:30", "2011-01-21 08:30")
