from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from hedgerow.errors import ColumnError, DataError, InputError
from hedgerow.market import Reading, ReadingOptions, read_prices


def _read(folder: Path, *dates: str, **options: str) -> Reading:
    path = folder / "prices.csv"
    path.write_text("date;a\n" + "".join(f"{date};{row}\n" for row, date in enumerate(dates)), encoding="utf-8")
    return read_prices([path], ["a"], ReadingOptions(**options))


@pytest.mark.parametrize(
    ("dates", "last"),
    [
        (["2024-01-01", "2024-01-02"], "2024-01-02"),
        (["20240101", "20240102"], "2024-01-02"),
        (["2024/01/01", "2024/01/02"], "2024-01-02"),
        (["2024-01-01 09:30", "2024-01-01 16:00:05"], "2024-01-01 16:00:05"),
        (["2024-01-01T09:30", "2024-01-02T16:00"], "2024-01-02 16:00"),
    ],
)
def test_iso_dates_are_read_without_a_format(tmp_path, dates, last):
    reading = _read(tmp_path, *dates)
    assert reading.history.times[-1] == pd.Timestamp(last)
    assert reading.notes == ()


def test_day_and_month_that_read_two_ways_ask_for_a_format(tmp_path):
    with pytest.raises(
        DataError, match=r"two ways \(one is 1 February 2020 or 2 January 2020\).*--date-format '%d/%m/%Y'"
    ):
        _read(tmp_path, "01/02/2020", "02/03/2020")
    assert _read(tmp_path, "01/02/2020", "02/03/2020", date_format="%d/%m/%Y").history.times[0].month == 2
    assert _read(tmp_path, "01/02/2020", "02/03/2020", date_format="%m/%d/%Y").history.times[0].month == 1


@pytest.mark.parametrize(("other", "month", "name"), [("13/02/2020", 2, "day first"), ("01/13/2020", 1, "month first")])
def test_day_and_month_that_fit_one_order_only_are_read_with_a_note(tmp_path, other, month, name):
    reading = _read(tmp_path, "01/02/2020", other)
    assert reading.history.times[0].month == month
    assert name in reading.notes[0]
    assert other in reading.notes[0]


def test_day_and_month_in_both_orders_name_the_line_that_does_not_fit(tmp_path):
    with pytest.raises(DataError, match=r"line 3 of .*cannot read date '01/13/2020'"):
        _read(tmp_path, "13/02/2020", "01/13/2020")


@pytest.mark.parametrize(
    "text", ["2024-02-30", "2024-1-5", "2024-01", "2024", "yesterday", "05-Jan-24", "1/2/24", "43831"]
)
def test_unreadable_date_is_named_with_its_line(tmp_path, text):
    with pytest.raises(DataError, match=rf"line 3 of .*prices.csv: cannot read date '{text}'"):
        _read(tmp_path, "2024-01-01", text)


def test_date_format_that_does_not_fit_or_exist_is_named(tmp_path):
    with pytest.raises(DataError, match=r"line 2 of .*'2024-01-01' does not have the form '%d.%m.%Y'"):
        _read(tmp_path, "2024-01-01", date_format="%d.%m.%Y")
    with pytest.raises(InputError, match="--date-format '%Q' cannot be used"):
        _read(tmp_path, "2024-01-01", date_format="%Q")
    assert len(_read(tmp_path, "05-Jan-24", "06-Jan-24", date_format="%d-%b-%y").history.times) == 2


@pytest.mark.parametrize(
    "dates",
    [
        ("2024-01-01 16:00+00:00", "2024-01-02 16:00+01:00"),
        ("2024-01-01 16:00", "2024-01-02 16:00+01:00"),
        ("2024-01-01 16:00Z", "2024-01-02 16:00"),
        ("2024-01-01 16:00Z", "2024-01-02"),
    ],
)
def test_mixed_time_zones_are_refused_with_the_line(tmp_path, dates):
    with pytest.raises(DataError, match=r"mixes time zones: .*\(line 3\); bring all its dates to one zone"):
        _read(tmp_path, *dates)


def test_one_time_zone_is_taken_as_written_there(tmp_path):
    reading = _read(tmp_path, "2024-01-01 23:30-05:00", "2024-01-02 23:30-05:00")
    assert reading.history.times[0] == pd.Timestamp("2024-01-01")
    assert "are in zone -05:00 and were taken as written there" in reading.notes[0]
    assert "every row of" in reading.notes[1]


@pytest.mark.parametrize(
    ("dates", "sentence"),
    [
        (("2024-01-03", "2024-01-02", "2024-01-01"), "run newest first .*sort its rows by date, oldest first"),
        (
            ("2024-01-01", "2024-01-03", "2024-01-02"),
            "not sorted: 2024-01-02 on line 4 follows 2024-01-03; sort its rows",
        ),
        (("2024-01-01", "2024-01-02", "2024-01-02"), "other prices .first 2024-01-02, lines 3 and 4"),
    ],
)
def test_dates_out_of_order_are_named_with_line_and_remedy(tmp_path, dates, sentence):
    with pytest.raises(DataError, match=sentence):
        _read(tmp_path, *dates)


def test_dates_that_repeat_exactly_are_told_apart_from_conflicts(tmp_path):
    path = tmp_path / "p.csv"
    path.write_text("date,a,b\n2024-01-01,1,1\n2024-01-01,1,2\n2024-01-02,.,1\n2024-01-02,NA,2\n", encoding="utf-8")
    with pytest.raises(DataError, match=r"2 exact repeats of the row before \(first 2024-01-01, lines 2 and 3\)"):
        read_prices([path], ["a"])
    with pytest.raises(DataError, match=r"2 rows with the date of the row before but other prices"):
        read_prices([path], ["a", "b"])


def test_date_column_is_named_found_or_asked_for(tmp_path):
    path = tmp_path / "p.csv"
    path.write_text("date,settled,a\n2024-01-01,2024-01-03,1\n", encoding="utf-8")
    reading = read_prices([path], ["a"], ReadingOptions(date="settled"))
    assert reading.history.times[0] == pd.Timestamp("2024-01-03")
    with pytest.raises(ColumnError, match=r"date column 'setled' not found in .*; did you mean 'settled'?"):
        read_prices([path], ["a"], ReadingOptions(date="setled"))
    path.write_text("when,a\nsoon,1\n", encoding="utf-8")
    with pytest.raises(ColumnError, match=r"no date column found in .*; name it with --date \(columns: when, a\)"):
        read_prices([path], ["a"])
