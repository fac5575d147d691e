"""A chain is read from any common table, one date at a time, with years that say their times of day."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from hedgerow.errors import ColumnError, DataError, FileError, InputError
from hedgerow.market.surface import ChainTimes, OptionChain

TABLE = pd.DataFrame(
    {
        "quote_date": ["2011-01-03"] * 2 + ["2011-01-04"] * 2,
        "expiration": "2011-03-04",
        "strike": [105, 95, 95, 105],
        "option_type": ["C", "p", "Call", "PUT"],
        "bid": [1.0, 2.0, 3.0, np.nan],
        "ask": [1.2, 2.2, 3.2, 0.1],
        "iv": [0.2, -1.0, 0.0, 0.3],
        "style": ["E", "european", "E", "E"],
    }
)


def test_chain_from_a_vendors_names_is_tidy_and_sorted() -> None:
    chain = OptionChain.from_frame(TABLE)
    assert list(chain.quotes) == ["at", "expiry", "strike", "kind", "bid", "ask", "vol", "style"]
    assert chain.quotes["strike"].tolist() == [95.0, 105.0, 95.0, 105.0]
    assert chain.quotes["kind"].tolist() == ["put", "call", "call", "put"]
    assert chain.quotes["vol"].isna().tolist() == [True, False, True, False]
    assert chain.style == "european"
    assert chain.spot is None
    assert len(chain) == 4
    assert list(TABLE["option_type"]) == ["C", "p", "Call", "PUT"]


def test_chain_with_named_columns_takes_them_before_its_own_guess() -> None:
    renamed = TABLE.rename(columns={"expiration": "ends", "strike": "k"}).assign(strike=0.0)
    chain = OptionChain.from_frame(renamed, {"expiry": "ends", "strike": "k"})
    assert chain.quotes["strike"].tolist() == [95.0, 105.0, 95.0, 105.0]


def test_chain_on_a_date_and_slice_of_an_expiry_keep_their_rows_only() -> None:
    chain = OptionChain.from_frame(TABLE, spot={"2011-01-03": 100.0, "2011-01-04": 101.0})
    day = chain.on("2011-01-04")
    assert day.at == pd.Timestamp("2011-01-04")
    assert day.spot == 101.0
    assert day.strikes("2011-03-04").tolist() == [95.0, 105.0]
    assert day.mid.iloc[0] == pytest.approx(3.1)
    with pytest.raises(InputError, match=r"holds 2 dates .*chain\.on\('2011-01-03'\)"):
        _ = chain.at
    with pytest.raises(InputError, match="no quotes on 2011-02-01; it runs from 2011-01-03 to 2011-01-04"):
        chain.on("2011-02-01")
    with pytest.raises(InputError, match="no expiry 2011-03-05; it has 2011-03-04"):
        chain.slice("2011-03-05")


def test_years_count_calendar_days_and_stated_times_of_day() -> None:
    chain = OptionChain.from_frame(TABLE).on("2011-01-03")
    assert chain.years.iloc[0] == pytest.approx(60 / 365, rel=1e-15)
    at_the_open = OptionChain.from_frame(TABLE, times=ChainTimes(expires="09:30")).on("2011-01-03")
    assert at_the_open.years.iloc[0] == pytest.approx((60 - 6.5 / 24) / 365, rel=1e-14)
    timed = OptionChain.from_frame(TABLE.assign(quote_date="2011-03-04 15:55"))
    assert timed.years.iloc[0] * 365 * 24 * 60 == pytest.approx(5.0)
    assert timed.to_frame()["years"].equals(timed.years)


def test_csv_file_reads_as_the_frame_does(tmp_path: Path) -> None:
    path = tmp_path / "chain.csv"
    TABLE.to_csv(path, index=False)
    assert OptionChain.from_csv(path).quotes.equals(OptionChain.from_frame(TABLE).quotes)
    with pytest.raises(FileError, match="there is no chain file"):
        OptionChain.from_csv(tmp_path / "absent.csv")
    (tmp_path / "empty.csv").write_text("")
    with pytest.raises(FileError, match="cannot be read as CSV"):
        OptionChain.from_csv(tmp_path / "empty.csv")


@pytest.mark.parametrize(
    ("change", "error", "words"),
    [
        ({"option_type": "straddle"}, DataError, "kind must be call or put: 'straddle' in row 0"),
        ({"style": "bermudan"}, DataError, "style must be american or european"),
        ({"quote_date": "soon"}, DataError, "at must hold dates such as 2011-01-03: 'soon' in row 0; correct it$"),
        ({"spot": -1.0}, DataError, "spot must be above 0: -1 in row 0; correct it or leave it empty"),
        ({"quote_date": None}, DataError, "at is missing in row 0"),
        ({"bid": "1,5"}, DataError, "bid must be a finite number: '1,5' in row 0"),
        ({"ask": np.inf}, DataError, "ask must be a finite number"),
        ({"quote_date": pd.Timestamp("2011-01-03", tz="UTC")}, DataError, "time zone UTC"),
    ],
)
def test_table_that_cannot_be_read_is_refused_with_field_and_row(
    change: dict[str, object], error: type[Exception], words: str
) -> None:
    with pytest.raises(error, match=words):
        OptionChain.from_frame(TABLE.assign(**change))


def test_missing_columns_and_rows_are_refused_with_what_is_there() -> None:
    with pytest.raises(ColumnError, match=r"no column for expiry, bid and ask \(or vol\)"):
        OptionChain.from_frame(TABLE[["quote_date", "strike", "option_type"]])
    with pytest.raises(ColumnError, match="no column 'strke' for strike; did you mean 'strike'"):
        OptionChain.from_frame(TABLE, {"strike": "strke"})
    with pytest.raises(InputError, match="no column 'expiri'; did you mean 'expiry'"):
        OptionChain.from_frame(TABLE, {"expiri": "expiration"})
    with pytest.raises(DataError, match="no rows"):
        OptionChain.from_frame(TABLE.iloc[:0])
    with pytest.raises(DataError, match="spot has no value for 2011-01-04"):
        OptionChain.from_frame(TABLE, spot={"2011-01-03": 1.0})
    with pytest.raises(InputError, match="time of day must look like 16:00, not 'noon'"):
        _ = OptionChain.from_frame(TABLE, times=ChainTimes("noon")).years
    with pytest.raises(DataError, match="2 spots"):
        _ = OptionChain.from_frame(TABLE.assign(spot=[1.0, 2.0, 1.0, 1.0])).on("2011-01-03").spot
