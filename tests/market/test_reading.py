from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import hedgerow
from data import shared_data
from hedgerow.errors import ColumnError, DataError, InputError
from hedgerow.market import ReadingOptions, read_prices, read_table


def _file(folder: Path, body: str, name: str = "prices.csv") -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(body.encode())
    return path


def _two(folder: Path) -> list[Path]:
    one = _file(folder, "date,close,spot\n2024-01-01,1,2\n2024-01-03,3,4\n2024-01-04,5,\n2024-01-09,1,1\n", "a.csv")
    two = _file(folder, "Date,close,fut\n2024-01-01,7,8\n2024-01-02,9,10\n2024-01-03,1,12\n2024-01-04,1,1\n", "b.csv")
    return [one, two]


def test_read_prices_of_one_file_gives_the_named_columns(tmp_path):
    path = _file(tmp_path, "date,spot,futures,text\n2024-01-01,1.5,2,x\n2024-01-02,1.75,3,y\n")
    reading = read_prices([path], ["futures", "spot"])
    assert reading.history.instruments == ("futures", "spot")
    assert reading.history.prices.to_numpy().tolist() == [[2.0, 1.5], [3.0, 1.75]]
    assert (reading.dropped, reading.unmatched, reading.notes) == (0, 0, ())


def test_read_prices_looks_only_at_the_named_columns(tmp_path):
    path = _file(tmp_path, "date,spot,bad,bad\n2024-01-01,1,inf,x\n2024-01-02,2,,y\n")
    assert len(read_prices([path], ["spot"]).history.times) == 2
    with pytest.raises(ColumnError, match="has 2 columns called 'bad'; rename one"):
        read_prices([path], ["bad"])


def test_read_prices_joined_on_the_date_counts_what_leaves(tmp_path):
    reading = read_prices(_two(tmp_path), ["spot", "fut"])
    assert [str(stamp.date()) for stamp in reading.history.times] == ["2024-01-01", "2024-01-03"]
    assert (reading.dropped, reading.unmatched) == (1, 1)
    assert "1 date that only some files have left (first 2024-01-02: in b.csv, not in a.csv)" in reading.notes
    assert "1 row left because a price is missing (first 2024-01-04; missing: 'spot' on 1)" in reading.notes


def test_read_prices_filters_before_it_counts(tmp_path):
    reading = read_prices(_two(tmp_path), ["spot", "fut"], start="2024-01-03", end="2024-01-03")
    assert (reading.dropped, reading.unmatched, len(reading.history.times)) == (0, 0, 1)
    with pytest.raises(InputError, match="start 2024-02-01 is after end 2024-01-01"):
        read_prices(_two(tmp_path), ["spot"], start="2024-02-01", end="2024-01-01")
    with pytest.raises(InputError, match="start '1/2/2024' is not a date; write it as YYYY-MM-DD"):
        read_prices(_two(tmp_path), ["spot"], start="1/2/2024")
    with pytest.raises(DataError, match="no rows from 2025-01-01 to its end: it runs from 2024-01-01 to 2024-01-09"):
        read_prices(_two(tmp_path), ["spot"], start="2025-01-01")


def test_read_prices_with_a_column_in_two_files_asks_for_the_stem(tmp_path):
    files = _two(tmp_path)
    with pytest.raises(
        ColumnError, match=r"column 'close' is in .*a.csv and .*b.csv; write it as 'a:close' or 'b:close'"
    ):
        read_prices(files, ["close"])
    reading = read_prices(files, ["a:close", "b:close"])
    assert reading.history.instruments == ("a:close", "b:close")
    assert reading.history.prices.iloc[0].tolist() == [1.0, 7.0]


def test_read_prices_with_files_of_one_name_in_two_folders_says_so(tmp_path):
    files = [_file(tmp_path, "date,c\n2024-01-01,1\n", f"{folder}/p.csv") for folder in "xy"]
    with pytest.raises(ColumnError, match="these files share a name, so rename one"):
        read_prices(files, ["c"])
    with pytest.raises(ColumnError, match=r"'p:c' may be in .*which share a name; rename one"):
        read_prices(files, ["p:c"])


def test_read_prices_without_such_a_column_names_close_ones(tmp_path):
    path = _file(tmp_path, "date,spot,futures\n2024-01-01,1,2\n")
    with pytest.raises(ColumnError) as caught:
        read_prices([path], ["Futures"])
    assert str(caught.value) == (
        "column 'Futures' not found in prices.csv; did you mean 'futures'? (columns: date, spot, futures)"
    )
    with pytest.raises(ColumnError, match=r"column 'zz' not found in prices.csv"):
        read_prices([path], ["prices:zz"])
    with pytest.raises(ColumnError, match="'date' is the date column"):
        read_prices([path], ["date"])
    headless = _file(tmp_path, "2024-01-01,1,2\n2024-01-02,1,2\n")
    with pytest.raises(ColumnError, match="first line looks like data"):
        read_prices([headless], ["spot"])


def test_read_prices_with_a_column_or_file_named_twice_is_refused(tmp_path):
    files = _two(tmp_path)
    with pytest.raises(InputError, match="column 'spot' is named twice"):
        read_prices(files, ["spot", "spot"])
    with pytest.raises(InputError, match="is named twice; name each file once"):
        read_prices([files[0], files[0]], ["spot"])
    with pytest.raises(InputError, match="files must be a list"):
        read_prices([], ["spot"])
    with pytest.raises(InputError, match="columns must be a list"):
        read_prices(files, "spot")


def test_read_prices_with_a_file_nobody_asked_for_says_so(tmp_path):
    reading = read_prices(_two(tmp_path), ["fut"])
    assert any("no column of" in note and "a.csv" in note for note in reading.notes)
    assert len(reading.history.times) == 4


def test_read_prices_of_files_without_a_common_date_gives_their_spans(tmp_path):
    one = _file(tmp_path, "date,x\n2020-01-01,1\n2020-01-02,1\n", "one.csv")
    two = _file(tmp_path, "date,y\n2021-01-01,1\n2021-01-02,1\n", "two.csv")
    with pytest.raises(
        DataError, match=r"no date in common \(.*one.csv 2020-01-01 to 2020-01-02, .*two.csv 2021-01-01"
    ):
        read_prices([one, two], ["x", "y"])


def test_read_prices_of_naive_and_zoned_files_is_refused(tmp_path):
    one = _file(tmp_path, "date,x\n2020-01-01T16:00+00:00,1\n", "one.csv")
    two = _file(tmp_path, "date,y\n2020-01-01,1\n", "two.csv")
    with pytest.raises(DataError, match=r"one.csv are in \+00:00 and in .*two.csv in no zone; bring both to one"):
        read_prices([one, two], ["x", "y"])


def test_read_prices_of_an_infinite_or_wholly_missing_column_is_refused(tmp_path):
    for value in ("inf", "1e400", "-Infinity"):
        path = _file(tmp_path, f"date,spot\n2024-01-01,1\n2024-01-02,{value}\n")
        with pytest.raises(DataError, match="'spot' is infinite on 2024-01-02"):
            read_prices([path], ["spot"])
    path = _file(tmp_path, "date,spot,f\n2024-01-01,,1\n2024-01-02,NA,\n")
    with pytest.raises(
        DataError, match=r"column 'spot' of .* has no price at all on 2 dates from 2024-01-01 to 2024-01-02"
    ):
        read_prices([path], ["spot"])
    path = _file(tmp_path, "date,a,b\n2024-01-01,,1\n2024-01-02,1,\n")
    with pytest.raises(
        DataError, match=r"no date has a price in every column \(missing: 'a' on 1, 'b' on 1 of 2 dates\)"
    ):
        read_prices([path], ["a", "b"])


def test_read_table_without_columns_takes_those_of_numbers_and_keeps_gaps(tmp_path):
    path = _file(tmp_path, "date,a,label,b\n2024-01-01,1,x,\n2024-01-02,.,y,2\n")
    table = read_table(path)
    assert list(table.columns) == ["a", "b"]
    assert table.isna().sum().sum() == 2
    assert table.index.name == "date"
    with pytest.raises(ColumnError, match="'c' not found"):
        read_table(path, ["c"])
    with pytest.raises(ColumnError, match="has no column of numbers"):
        read_table(_file(tmp_path, "date,a\n2024-01-01,x\n"))


@pytest.mark.parametrize(
    "name", ["energy_spot_daily.csv", "gold_spot_daily.csv", "shiller_monthly.csv", "es_futures_daily.csv"]
)
def test_read_table_of_real_files_equals_pandas(name):
    path = shared_data(name)
    oracle = pd.read_csv(path, index_col=0, parse_dates=[0])
    table = read_table(path)
    assert list(table.columns) == list(oracle.columns)
    exact = pd.read_csv(path, index_col=0, dtype=str, keep_default_na=False)  # pandas 2 reads the last digit loosely
    numbers = [[float(cell) if cell else np.nan for cell in row] for row in exact.to_numpy()]
    np.testing.assert_array_equal(table.to_numpy(), np.array(numbers))
    assert (table.index == oracle.index).all()


def test_read_prices_of_jet_fuel_and_heating_oil_joins_real_files():
    files = [shared_data("energy_spot_daily.csv"), shared_data("energy_futures_contract1_4_daily.csv")]
    reading = read_prices(files, ["usgc_jet_usd_gal", "HO2"], start="1994-01-01", end="2016-12-31")
    spot, futures = (pd.read_csv(file, index_col=0, parse_dates=[0]) for file in files)
    oracle = spot[["usgc_jet_usd_gal"]].join(futures[["HO2"]], how="inner").loc["1994":"2016"]
    np.testing.assert_array_equal(reading.history.prices.to_numpy(), oracle.dropna().to_numpy())
    assert reading.dropped == len(oracle) - len(oracle.dropna())


_LARGE = """
import resource, sys
from hedgerow.market import read_prices
start = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
history = read_prices([sys.argv[1]], ["spot", "futures"]).history
print(len(history.times), (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - start) * 1024)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="peak memory is measured in other units elsewhere")
def test_read_prices_of_a_large_file_needs_less_than_ten_times_its_size(tmp_path):
    rows = 400_000
    stamps = pd.date_range("1990-01-01", periods=rows, freq="5min").strftime("%Y-%m-%d %H:%M")
    prices = [f"{100 + number % 977 / 100:.4f}" for number in range(rows)]
    lines = [f"{stamp},{price},{price},{price},some text" for stamp, price in zip(stamps, prices, strict=True)]
    path = _file(tmp_path, "date,spot,futures,other,remark\n" + "\n".join(lines) + "\n")
    source = str(Path(hedgerow.__file__).parents[1])
    done = subprocess.run(
        [sys.executable, "-c", _LARGE, str(path)],
        capture_output=True,
        text=True,
        check=True,
        env={"PYTHONPATH": source},
    )
    count, growth = (int(word) for word in done.stdout.split())
    assert count == rows
    assert growth < 10 * path.stat().st_size  # 200 MB within 2 GB


def test_reading_options_with_another_decimal_mark_are_refused():
    with pytest.raises(InputError, match=r"decimal must be . or ,; received '!'"):
        ReadingOptions(decimal="!")
