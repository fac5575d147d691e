from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings, strategies as st

from hedgerow.errors import DataError
from hedgerow.market import Reading, ReadingOptions, read_prices
from hedgerow.market.numbers import MISSING_MARKS


def _read(folder: Path, *cells: str, **options: str) -> Reading:
    path = folder / "prices.csv"
    rows = "".join(f"2024-01-{row:02d};{cell}\n" for row, cell in enumerate(cells, start=1))
    path.write_text("date;a\n" + rows, encoding="utf-8")
    return read_prices([path], ["a"], ReadingOptions(**options))


def _prices(folder: Path, *cells: str, **options: str) -> list[float]:
    return _read(folder, *cells, **options).history.prices["a"].tolist()


@settings(max_examples=25, deadline=None, derandomize=True)
@given(st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=1, max_size=28))
def test_numbers_are_read_to_the_last_digit(tmp_path_factory, values):
    assert _prices(tmp_path_factory.mktemp("numbers"), *[repr(value) for value in values]) == values


@pytest.mark.parametrize("mark", MISSING_MARKS)
def test_missing_mark_leaves_the_row_out(tmp_path, mark):
    for cells in (("1", mark, "2"), ("1,000.5", f" {mark} ", "2")):
        reading = _read(tmp_path, *cells)
        assert reading.dropped == 1
        assert reading.history.prices["a"].iloc[-1] == 2.0


def test_thousands_marks_that_read_one_way_are_removed_with_a_note(tmp_path):
    assert _prices(tmp_path, "1,234.5", "1,234") == [1234.5, 1234.0]
    assert _prices(tmp_path, "1,234,567", "12") == [1234567.0, 12.0]
    assert _prices(tmp_path, "1.234,5", "1.234", "1,5", decimal=",") == [1234.5, 1234.0, 1.5]
    assert "thousands marks in 2 cells of 'a'" in _read(tmp_path, "1,234.5", "1,234").notes[0]


@pytest.mark.parametrize(("cell", "decimal"), [("1,234", "."), ("1.234", ",")])
def test_thousands_marks_that_read_two_ways_are_refused(tmp_path, cell, decimal):
    with pytest.raises(DataError, match=f"line 3 of .*'{cell}' in column 'a' can be read as thousands or as decimals"):
        _read(tmp_path, "2", cell, decimal=decimal)


@pytest.mark.parametrize(
    ("cell", "options", "hint"),
    [
        ("1,5", {}, "if the comma marks decimals give --decimal ,"),
        ("1.5", {"decimal": ","}, "if the dot marks decimals give --decimal ."),
        ("1.234,56", {}, "if the comma marks decimals give --decimal ,"),
        ("abc", {}, "correct the cell or leave it empty"),
        ("True", {}, "correct the cell"),
        ("$5", {}, "correct the cell"),
        ("(5)", {}, "correct the cell"),
        ("5%", {}, "correct the cell"),
        ("1_000", {}, "correct the cell"),
        ("0x10", {}, "correct the cell"),
    ],
)
def test_text_among_numbers_is_named_with_line_value_and_hint(tmp_path, cell, options, hint):
    with pytest.raises(DataError) as caught:
        _read(tmp_path, "2", cell, **options)
    assert f"prices.csv: {cell!r} in column 'a' is not a number; {hint}" in str(caught.value)
    assert "line 3" in str(caught.value)
