from __future__ import annotations

from pathlib import Path

import pytest

from hedgerow.errors import DataError, InputError
from hedgerow.market import ReadingOptions, read_prices


def _read(folder: Path, body: str, **options: str) -> list[float]:
    path = folder / "prices.csv"
    path.write_text(body, encoding="utf-8")
    return read_prices([path], ["a"], ReadingOptions(**options)).history.prices["a"].tolist()


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_separator_is_found_or_given(tmp_path, separator):
    body = "date,a,text\n2024-01-01,1,x y\n2024-01-02,2,x.y\n".replace(",", separator)
    assert _read(tmp_path, body) == [1.0, 2.0]
    assert _read(tmp_path, body, separator=separator) == [1.0, 2.0]


def test_separator_of_several_characters_is_refused(tmp_path):
    with pytest.raises(InputError, match="separator must be one character"):
        _read(tmp_path, "date,a\n2024-01-01,1\n", separator="::")


def test_separator_is_found_among_decimal_commas(tmp_path):
    assert _read(tmp_path, "date;a;b\n2024-01-01;1,5;2,5\n2024-01-02;2,5;3,5\n", decimal=",") == [1.5, 2.5]


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        ("date,a\n2024-01-01,1\n2024-01-02,1,234\n", "line 3 of .* has 3 cells where the header has 2"),
        ("date,a\n\n2024-01-01,1\n2024-01-02\n", "line 4 of .* has 1 cell where the header has 2"),
        ('date,a\n2024-01-01,"1"\n"2024-01-02",1,2\n', "line 3 of .* has 3 cells"),
        ("date,a\n2024-01-01,1\ndate,a\n2024-01-02,2\n", "line 3 of .* repeats the column names"),
        ("date,a\n2024-01-01,1\nTotal,2\n", "line 3 of .*: cannot read date 'Total'.*if it is a total"),
        ("date,a\n2024-01-01,1\n,2\n", "line 3 of .* has prices but no date"),
        ("\n\ndate,a\n2024-01-01,x\n", "line 4 of .*'x' in column 'a' is not a number"),
    ],
)
def test_row_that_does_not_fit_is_named_by_its_line(tmp_path, body, sentence):
    with pytest.raises(DataError, match=sentence):
        _read(tmp_path, body)


@pytest.mark.parametrize(
    "body",
    [
        "date,a\n2024-01-01,1\n2024-01-02,2\n\n\n",
        "\n\ndate,a\n2024-01-01,1\n\n2024-01-02,2",
        "date,a,b\n2024-01-01,1,\n,,\n2024-01-02,2,\n,,\n",
        "date,a\n2024-01-01,1\n   \n2024-01-02,2\n",
        '"date","a"\n"2024-01-01","1"\n"2024-01-02","2"\n',
        ' date , a \n 2024-01-01 , 1 \n2024-01-02, "2"\n',
        "day,a\n2024-01-01,1\n2024-01-02,2\n",
        "a,TIMESTAMP\n1,2024-01-01\n2,2024-01-02\n",
    ],
)
def test_harmless_oddities_read_the_same(tmp_path, body):
    assert _read(tmp_path, body) == [1.0, 2.0]


def test_blanks_around_names_are_removed_with_a_note(tmp_path):
    path = tmp_path / "prices.csv"
    path.write_text(" date , a \n2024-01-01,1\n", encoding="utf-8")
    assert read_prices([path], ["a"]).notes == ("blanks around column names in prices.csv were removed",)
