"""Programmes beside the indices that Cboe publishes: the page's tables are the script's, and the record is kept."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from types import ModuleType

import pytest

import hedgerow as hg
from data import shared_data
from docs_scripts import script

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "tail-hedges.md").read_text(encoding="utf-8")
INDEX = {
    ("2001-06-29", "2001-09-28"): -14.7,
    ("2002-06-28", "2002-09-30"): -17.3,
    ("2007-12-31", "2008-12-31"): -37.0,
    ("2008-09-30", "2008-12-31"): -21.9,
    ("2011-06-30", "2011-09-30"): -13.9,
}
"""Total return of the S&P 500 in per cent as Cboe's page of index protection and Asset Consulting Group print it."""

pytest.importorskip("skfolio")


def writer() -> ModuleType:
    """Return the script that writes the page."""
    return script("write_published_record")


def rows(name: str) -> list[list[str]]:
    """Return the cells of a block's table."""
    block = next(match[0] for match in writer().BLOCK.finditer(PAGE) if match[2] == name)
    lines = [re.split(r"\s*\|\s*", line.strip("| ")) for line in block.splitlines() if line[:1] == "|"]
    return lines[2:]


def test_page_has_what_was_published_and_the_index_agrees_with_it() -> None:
    """Every figure of the script stands on the page; our own index is within a third of a point of the printed one."""
    shown = [(row[0], *row[1].split(" to "), float(row[3])) for row in rows("record")]
    assert shown == [(name, *dates, round(100.0 * value, 1)) for name, *dates, value, _ in writer().PUBLISHED]
    checked = [abs(float(row[-1]) - INDEX[key]) for row in rows("record") if (key := dates_of(row)) in INDEX]
    assert len(checked) == len(rows("record")) - 1
    assert max(checked) < 0.34


def dates_of(row: list[str]) -> tuple[str, str]:
    """Return the dates of a row."""
    first, last = row[1].split(" to ")
    return first, last


def test_programmes_stay_within_six_points_of_the_published_record() -> None:
    """In every period, and nearer with the smile and the long-run skew than without, on average."""
    ours = [abs(float(row[4]) - float(row[3])) for row in rows("record") if row[0] != "CLL"]
    other = [abs(float(row[5]) - float(row[3])) for row in rows("record") if row[0] != "CLL"]
    assert max(ours) < 6.0
    assert sum(ours) < sum(other)


def test_cells_of_the_tail_hedge_index_are_what_a_run_gives() -> None:
    """The year 2008, computed again."""
    study = writer().Study(shared_data("vix_index_daily.csv").parent, last="2009-01-30", draws=False)
    programme = replace(hg.vxth(), roll_days_before=1, costs=replace(hg.vxth().costs, commission=0.0))
    wealth = writer().resized(hg.run_overlay(hg.Static(1.0), programme, study.futures_market))
    cell = next(row[4] for row in rows("record") if row[:2] == ["VXTH", "2007-12-31 to 2008-12-31"])
    assert 100.0 * writer().over(wealth, "2007-12-31", "2008-12-31") == pytest.approx(float(cell), abs=0.051)


def test_long_run_skew_makes_every_put_programme_cheaper() -> None:
    """The table of sensitivity: by its level, and most where all is covered for a month."""
    table = [[float(cell) for cell in row[1:]] for row in rows("skew")]
    assert len(table) == 4
    assert all(week > average > 0.0 for week, average, _ in table)
    assert all(abs(average - week - difference) < 0.011 for week, average, difference in table)
