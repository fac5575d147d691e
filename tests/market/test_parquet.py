from __future__ import annotations

import sys

import pandas as pd
import pytest

from hedgerow.errors import DataError, FileError, MissingExtraError
from hedgerow.market import read_prices, read_table

FRAME = pd.DataFrame(
    {"a": [1.0, 2.5], "n": [1, 2], "text": ["x", "y"]},
    index=pd.DatetimeIndex(["2024-01-01", "2024-01-02"], name="date"),
)


@pytest.fixture
def _parquet():
    pytest.importorskip("pyarrow")


@pytest.mark.usefixtures("_parquet")
@pytest.mark.parametrize("form", ["index", "unnamed index", "column", "text column", "date objects"])
def test_parquet_with_the_date_anywhere_reads_the_same(tmp_path, form):
    frame = FRAME
    if form == "unnamed index":
        frame = frame.rename_axis(None)
    elif form != "index":
        frame = frame.reset_index()
    if form == "text column":
        frame["date"] = frame["date"].dt.strftime("%Y-%m-%d")
    elif form == "date objects":
        frame["date"] = frame["date"].dt.date
    frame.to_parquet(tmp_path / "p.parquet")
    reading = read_prices([tmp_path / "p.parquet"], ["a", "n"])
    assert reading.history.prices.to_numpy().tolist() == [[1.0, 1.0], [2.5, 2.0]]
    assert reading.history.times[-1] == pd.Timestamp("2024-01-02")
    assert list(read_table(tmp_path / "p.parquet").columns) == ["a", "n"]


@pytest.mark.usefixtures("_parquet")
def test_parquet_with_a_time_zone_is_taken_as_written_there(tmp_path):
    FRAME.tz_localize("America/New_York").to_parquet(tmp_path / "p.parquet")
    reading = read_prices([tmp_path / "p.parquet"], ["a"])
    assert reading.history.times[0] == pd.Timestamp("2024-01-01")
    assert "America/New_York" in reading.notes[0]


@pytest.mark.usefixtures("_parquet")
def test_parquet_with_text_or_broken_rows_names_the_row(tmp_path):
    path = tmp_path / "p.parquet"
    FRAME.to_parquet(path)
    with pytest.raises(DataError, match=r"row 1 of .*'x' in column 'text' is not a number"):
        read_prices([path], ["text"])
    FRAME.iloc[::-1].to_parquet(path)
    with pytest.raises(DataError, match="run newest first"):
        read_prices([path], ["a"])
    FRAME.iloc[:0].to_parquet(path)
    with pytest.raises(DataError, match="columns but no rows"):
        read_prices([path], ["a"])
    FRAME.reset_index().assign(date=[pd.Timestamp("2024-01-01"), pd.NaT]).to_parquet(path)
    with pytest.raises(DataError, match=r"row 2 of .* has no date"):
        read_prices([path], ["a"])
    path.write_bytes(b"PAR1 and nothing else")
    with pytest.raises(FileError, match="cannot be read as Parquet"):
        read_prices([path], ["a"])


def test_parquet_without_pyarrow_names_the_extra(tmp_path, monkeypatch):
    (tmp_path / "p.parquet").write_bytes(b"PAR1")
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    monkeypatch.setitem(sys.modules, "pyarrow.parquet", None)
    with pytest.raises(MissingExtraError, match=r'reading Parquet needs pip install "hedgerow\[fast\]"'):
        read_prices([tmp_path / "p.parquet"], ["a"])
