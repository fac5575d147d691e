"""Every quote is kept or leaves for the first reason that applies; counts, the red finding, stale quotes flagged."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from hedgerow.errors import DataError, InputError
from hedgerow.market.surface import REASONS, CleaningOptions, OptionChain, clean
from market.surface.chains import chain, quotes


def planted(**change: object) -> OptionChain:
    table = quotes()
    for column, value in change.items():
        table.loc[7, column] = value
    return OptionChain.from_frame(table, style="european")


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"bid": 0.0, "ask": 0.0}, "no_quote"),
        ({"bid": np.nan, "ask": np.nan}, "no_quote"),
        ({"bid": np.nan}, "one_sided"),
        ({"ask": 0.0}, "one_sided"),
        ({"bid": 0.0}, "zero_bid"),
        ({"bid": 9.0, "ask": 8.9}, "crossed"),
        ({"bid": 7.0, "ask": 7.0}, "locked"),
        ({"bid": 1.0, "ask": 9.0}, "absurd_width"),
        ({"strike": -94.0}, "impossible_strike"),
        ({"strike": np.nan}, "impossible_strike"),
        ({"expiry": "2010-12-31"}, "expired"),
        ({"strike": 96.0}, "duplicated"),
    ],
)
def test_planted_quote_leaves_with_its_reason_and_nothing_else_does(change: dict[str, object], reason: str) -> None:
    found = clean(planted(**change))
    assert found.dropped["reason"].tolist() == [reason]
    assert found.counts[reason] == 1
    assert found.counts["kept"] == len(found.chain) == len(found.quotes) - 1
    assert found.counts.sum() == len(found.quotes)
    assert list(found.counts.index) == ["kept", *REASONS]
    assert not found.red
    assert reason in str(found.findings[0])


def test_quote_outside_the_bounds_of_its_forward_leaves_only_when_forwards_are_known() -> None:
    below = planted(bid=1.0, ask=1.3)
    forwards = pd.DataFrame({"expiry": below.expiries, "forward": 100.0, "discount": 0.99})
    assert clean(below).dropped.empty
    assert clean(below, forwards=forwards).dropped["reason"].tolist() == ["outside_bounds"]
    above = planted(bid=120.0, ask=121.0)
    assert clean(above, forwards=forwards).dropped["reason"].tolist() == ["outside_bounds"]


def test_american_quote_below_immediate_exercise_leaves_without_forwards() -> None:
    table = quotes().query("expiry == '2011-02-04'")
    table.loc[0, ["bid", "ask"]] = [18.0, 19.0]
    found = clean(OptionChain.from_frame(table, style="american"))
    assert found.dropped["reason"].tolist() == ["outside_bounds"]
    assert clean(OptionChain.from_frame(table, style="european")).dropped.empty


def test_share_of_bad_quotes_above_the_limit_is_red_and_expired_ones_do_not_count() -> None:
    table = quotes()
    few = table.assign(bid=table["bid"].where(table.index >= 5, 0.0))
    many = table.assign(bid=table["bid"].where(table.index >= 8, 0.0))
    old = table.assign(expiry=table["expiry"].replace("2011-02-04", "2010-12-31"))
    assert not clean(OptionChain.from_frame(few)).red
    found = clean(OptionChain.from_frame(many))
    assert found.red
    assert found.bad_share == pytest.approx(8 / len(table))
    assert "6.3 % of the quotes are bad (zero_bid 8), above the limit of 5 %" in found.findings[-1].sentence
    assert clean(OptionChain.from_frame(old)).bad_share == 0.0
    assert not clean(OptionChain.from_frame(many), CleaningOptions(red_share=0.1)).red


def sessions(count: int) -> pd.DataFrame:
    days = pd.bdate_range("2011-01-03", periods=count)
    parts = []
    for number, day in enumerate(days):
        part = quotes().assign(date=day)
        part[["bid", "ask"]] += 0.01 * number
        part.loc[3, ["bid", "ask"]] = [14.0, 14.2]
        parts.append(part)
    return pd.concat(parts, ignore_index=True)


def test_stale_quote_is_flagged_and_kept_and_leaves_only_by_option() -> None:
    moving = OptionChain.from_frame(sessions(7), style="european")
    found = clean(moving)
    assert found.dropped.empty
    assert found.quotes["stale"].sum() == 2
    assert set(found.quotes.loc[found.quotes["stale"], "strike"]) == {86.0}
    assert found.ages.loc[6] == 1
    assert found.findings[0].kind == "stale"
    dropped = clean(moving, CleaningOptions(drop_stale=True))
    assert dropped.counts["stale"] == 2
    assert dropped.bad_share == 0.0


def test_quote_older_than_the_limit_is_stale_and_one_from_the_future_is_refused() -> None:
    table = quotes().assign(date=pd.Timestamp("2011-01-03 16:00"), quoted=pd.Timestamp("2011-01-03 15:59"))
    table.loc[0, "quoted"] = pd.Timestamp("2011-01-03 14:00")
    found = clean(OptionChain.from_frame(table), CleaningOptions(oldest="30min"))
    assert found.quotes["stale"].sum() == 1
    with pytest.raises(DataError, match="quoted is later than the date of the chain"):
        clean(OptionChain.from_frame(table.assign(date="2011-01-03")))


def test_chain_of_volatilities_drops_rows_without_one() -> None:
    table = quotes().drop(columns=["bid", "ask"]).assign(vol=0.2)
    table.loc[2, "vol"] = -1.0
    found = clean(OptionChain.from_frame(table))
    assert found.dropped["reason"].tolist() == ["no_quote"]


def test_locked_quotes_stay_by_option_and_options_refuse_nonsense() -> None:
    locked = planted(bid=7.0, ask=7.0)
    assert clean(locked, CleaningOptions(keep_locked=True)).dropped.empty
    with pytest.raises(InputError, match="red_share must not be negative"):
        CleaningOptions(red_share=-0.1)
    assert clean(chain()).counts["kept"] == len(chain())
