"""A held option always has a mark that says where it comes from: never nothing, never yesterday's bid."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from hedgerow.errors import InputError
from hedgerow.market.surface import MARK_CODES, MarkingOptions, OptionChain, fit_chain, mark
from hedgerow.market.surface.volatility_surface import VolatilitySurface
from market.surface.chains import RATE, chain, quotes

FITTED = fit_chain(chain()).surface
HELD = pd.DataFrame({"expiry": "2011-07-04", "strike": [90.0], "kind": "put", "quantity": -10})


def marked(bid: float, ask: float, held: pd.DataFrame = HELD, surface: VolatilitySurface = FITTED) -> pd.Series:
    table = quotes()
    here = (table["expiry"] == "2011-07-04") & (table["strike"] == 90.0) & (table["kind"] == "put")
    table.loc[here, ["bid", "ask"]] = [bid, ask]
    return mark(held, OptionChain.from_frame(table, style="european"), surface).iloc[0]


def truth() -> float:
    table = quotes()
    row = table[(table["expiry"] == "2011-07-04") & (table["strike"] == 90.0) & (table["kind"] == "put")]
    return float(0.5 * (row["bid"] + row["ask"]).iloc[0])


def test_two_sided_quote_is_marked_at_its_mid_with_the_spread_as_band() -> None:
    found = marked(2.0, 2.2)
    assert (found["mark"], found["low"], found["high"]) == (pytest.approx(2.1), 2.0, 2.2)
    assert found["code"] == "two_sided"
    assert found["quantity"] == -10
    assert marked(2.1, 2.1)["code"] == "two_sided"


@pytest.mark.parametrize(
    ("bid", "ask", "code", "word"),
    [
        (0.0, 0.0, "no_quote", "0/0"),
        (np.nan, np.nan, "no_quote", "0/0"),
        (3.0, 2.0, "no_quote", "crossed"),
        (0.1, 9.0, "no_quote", "absurd width"),
        (60.0, 61.0, "no_quote", "duplicated|crossed|bounds|width"),
        (0.0, 5.0, "one_sided", "without a bid"),
        (np.nan, 5.0, "one_sided", "one-sided"),
        (1.0, np.nan, "one_sided", "one-sided"),
    ],
)
def test_quote_that_does_not_say_is_marked_from_the_smile_with_band_and_reason(
    bid: float, ask: float, code: str, word: str
) -> None:
    if bid == 60.0:
        bid, ask = 95.0, 96.0
    found = marked(bid, ask)
    assert found["code"] == code
    assert found["mark"] == pytest.approx(truth(), abs=0.05)
    assert found["low"] < found["mark"] < found["high"]
    assert pd.Series([found["reason"]]).str.contains(word).all()


def test_ask_alone_caps_the_mark_and_bid_alone_lifts_it() -> None:
    capped = marked(0.0, truth() - 0.1)
    assert capped["mark"] == capped["high"] == truth() - 0.1
    lifted = marked(truth() + 0.1, np.nan)
    assert lifted["mark"] == pytest.approx(truth() + 0.1)


def test_wide_bands_come_from_the_stated_error_and_stay_within_the_neighbours() -> None:
    narrow = marked(0.0, 0.0)
    table = OptionChain.from_frame(quotes().query("not (expiry == '2011-07-04' and strike == 90.0)"), style="european")
    wide = mark(HELD, table, FITTED, MarkingOptions(vol_error=0.2)).iloc[0]
    assert wide["high"] - wide["low"] > narrow["high"] - narrow["low"]
    lower, upper = quotes().query("expiry == '2011-07-04' and kind == 'put' and strike in [88.0, 92.0]")["ask"]
    assert wide["high"] <= 0.5 * (lower + upper) + 1e-12
    assert "absent" in wide["reason"]


def test_expired_option_is_intrinsic_and_one_beyond_the_smiles_is_between_bounds() -> None:
    old = HELD.assign(expiry="2010-12-31", strike=103.0)
    assert marked(1.0, 1.2, old)["mark"] == 3.0
    assert marked(1.0, 1.2, old)["code"] == "expired"
    late = HELD.assign(expiry="2013-01-03", kind="C")
    found = marked(1.0, 1.2, late)
    assert found["code"] == "bounds_only"
    years = 731 / 365
    forward = FITTED.forward(years)
    low = np.exp(-RATE * years) * (forward - 90.0)
    assert found["low"] == pytest.approx(low, rel=1e-6)
    assert found["mark"] == pytest.approx(0.5 * (found["low"] + found["high"]))


def test_marks_of_a_whole_book_keep_their_rows_and_are_never_zero_without_a_reason() -> None:
    table = quotes()
    table.loc[::3, ["bid", "ask"]] = 0.0
    held = table[["expiry", "strike", "kind"]].sample(40, random_state=3)
    found = mark(held, OptionChain.from_frame(table, style="european"), FITTED)
    assert found.index.equals(held.index)
    assert set(found["code"]) <= set(MARK_CODES)
    assert (found["low"] <= found["mark"]).all()
    assert (found["mark"] <= found["high"]).all()
    assert (found["mark"] > 0.0).all()
    assert (found["reason"] != "").all()


def test_wrong_books_are_refused() -> None:
    with pytest.raises(InputError, match="no column 'kind'"):
        mark(HELD.drop(columns="kind"), chain(), FITTED)
    with pytest.raises(InputError, match="held option 0 must be a call or put"):
        mark(HELD.assign(kind="swap"), chain(), FITTED)
    volatilities = quotes().drop(columns=["bid", "ask"]).assign(vol=0.2)
    with pytest.raises(InputError, match="marks need bid and ask"):
        mark(HELD, OptionChain.from_frame(volatilities), FITTED)
    with pytest.raises(InputError, match="vol_error must be at least"):
        MarkingOptions(vol_error=0.0)
