from __future__ import annotations

from pathlib import Path

import pytest

from hedgerow.errors import DataError, FileError
from hedgerow.market import files, read_prices

BODY = "date,Größe\n2024-01-01,1\n2024-01-02,2\n"


def _written(folder: Path, content: bytes, name: str = "prices.csv") -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
def test_file_in_any_encoding_reads_the_same(tmp_path, encoding):
    reading = read_prices([_written(tmp_path, BODY.encode(encoding))], ["Größe"])
    assert reading.history.prices["Größe"].tolist() == [1.0, 2.0]
    assert any("Windows-1252" in note for note in reading.notes) == (encoding == "cp1252")


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r", "\r\n\r\n"])
def test_file_with_any_line_ends_reads_the_same(tmp_path, ending):
    content = BODY.replace("\n", ending).encode()
    assert read_prices([_written(tmp_path, content)], ["Größe"]).history.prices["Größe"].tolist() == [1.0, 2.0]


def test_file_absent_names_close_ones_in_its_folder(tmp_path):
    _written(tmp_path, BODY.encode())
    with pytest.raises(FileError, match=r"there is no file .*price.csv; did you mean 'prices.csv'?"):
        read_prices([tmp_path / "price.csv"], ["a"])
    with pytest.raises(FileError, match=r"and no folder .*nowhere; check the path"):
        read_prices([tmp_path / "nowhere" / "prices.csv"], ["a"])


def test_file_that_is_a_folder_names_the_tables_in_it(tmp_path):
    _written(tmp_path, BODY.encode())
    with pytest.raises(FileError, match=r"is a folder; name a file in it \(prices.csv\)"):
        read_prices([tmp_path], ["a"])


@pytest.mark.parametrize("name", ["a\0b", "x" * 5000])
def test_file_with_an_impossible_name_is_one_sentence(name):
    with pytest.raises(FileError) as caught:
        read_prices([name], ["a"])
    assert "\0" not in str(caught.value)


def test_file_that_may_not_be_read_says_so(tmp_path, monkeypatch):
    path = _written(tmp_path, BODY.encode())

    def refused(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refused)
    with pytest.raises(FileError, match=r"cannot read .*: Permission denied; check its name and permissions"):
        read_prices([path], ["a"])


@pytest.mark.parametrize(
    ("content", "kind", "sentence"),
    [
        (b"", FileError, "is empty"),
        (b"\n\n  \n", DataError, "only blank lines"),
        (b"date,a\n", DataError, "column names but no rows"),
        (b"date,a\n\n\n", DataError, "column names but no rows"),
        (b"date,a\n,\n", DataError, "column names but no rows"),
        (bytes(range(256)) * 50, DataError, "is not a text file"),
        (b"PK\x03\x04abc", DataError, "Excel workbook or a zip archive, not a CSV"),
        (b"\x1f\x8babc", DataError, "is compressed with gzip"),
        (b"date,a\n2024-01-01,1\n2024-01-0\x002,2\n", DataError, "line 3 of .* holds a NUL byte"),
        (b'date,a\n2024-01-01,"1\n2024-01-02,2\n', DataError, "prices.csv"),
    ],
)
def test_file_without_a_table_is_one_sentence(tmp_path, content, kind, sentence):
    with pytest.raises(kind, match=sentence):
        read_prices([_written(tmp_path, content)], ["a"])


def test_file_read_in_small_blocks_gives_the_same_rows_and_lines(tmp_path, monkeypatch):
    rows = [f'2024-01-{day:02d},{day},"x\n,y"' for day in range(1, 29)]
    path = _written(tmp_path, ("date,a,text\n" + "\n\n".join(rows) + "\n").encode())
    whole = read_prices([path], ["a"]).history.prices
    monkeypatch.setattr(files, "_BLOCK", 37)
    assert read_prices([path], ["a"]).history.prices.equals(whole)
    rows[20] = "2024-01-21,oops,x"
    path = _written(tmp_path, ("date,a,text\n" + "\n\n".join(rows) + "\n").encode())
    with pytest.raises(DataError, match=r"line 62 of .*'oops' in column 'a'"):
        read_prices([path], ["a"])
