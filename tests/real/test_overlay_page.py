"""The page of overlays on real data: its blocks are the script's, some cells computed again, and laws of its rows."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from data import shared_data
from docs_scripts import script

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "overlays-on-real-data.md").read_text(encoding="utf-8")
pytest.importorskip("skfolio")


def writer() -> ModuleType:
    """Return the script that writes the page."""
    return script("write_overlay_tables")


@cache
def study() -> Any:
    """Return the study of the page without intervals."""
    return writer().Study(shared_data("vix_index_daily.csv").parent, draws=False)


def block(name: str) -> str:
    return next(match[0] for match in writer().BLOCK.finditer(PAGE) if match[2] == name)


def rows(name: str) -> dict[str, dict[str, str]]:
    """Return the cells of a block's table by row and heading."""
    lines = [[cell.strip() for cell in line.split("|")[1:-1]] for line in block(name).splitlines() if line[:1] == "|"]
    head, _, *body = lines
    return {row[0]: dict(zip(head, row, strict=True)) for row in body}


def number(cell: str) -> float:
    return float(cell.split(" [")[0])


def test_page_has_every_block_that_the_script_writes() -> None:
    assert [match[2] for match in writer().BLOCK.finditer(PAGE)] == list(writer().BLOCKS)
    assert all(len(block(name).splitlines()) > 5 for name in writer().BLOCKS)


def test_facts_and_crises_of_the_futures_are_what_the_page_says() -> None:
    assert writer().facts(study()) in block("facts")
    assert writer().BLOCKS["futures crises"](study()) in block("futures crises")


def test_figures_of_every_rule_on_futures_are_those_of_the_page() -> None:
    found, comparison = rows("futures figures"), study().comparisons["VIX futures"]
    for plan, row in comparison.table().iterrows():
        shown = found[str(plan)]
        assert number(shown["cost a year, %"]) == pytest.approx(100.0 * row["cost_per_year"], abs=0.0051)
        assert number(shown["Sharpe"]) == pytest.approx(row["sharpe"], abs=0.00051)
        assert number(shown["offset, %"]) == pytest.approx(100.0 * row["offset"], abs=0.051)


def test_no_figure_of_a_result_stands_between_the_blocks() -> None:
    """Prose names what was run: parameters, dates and confidence, never an outcome."""
    prose = writer().BLOCK.sub("", PAGE).split("```")[0].replace("S&P 500", "")
    stated = {"95", "0.02", "0.25", "90", "30", "2006", "0.2", "2", "0.15", "10", "1", "1987", "2008", "2020"}
    assert set(re.findall(r"\d+(?:\.\d+)?", prose)) <= stated


def test_crises_after_the_data_end_say_that_there_are_none() -> None:
    for name in ("swaps crises", "puts crises", "futures crises", "tail crises"):
        later = [row for crisis, row in rows(name).items() if crisis >= "2018"]
        assert len(later) == 5
        assert all(row["data"] == "no data" and row["portfolio, %"] == "–" for row in later)


def test_equal_cost_is_equal_and_a_scale_moves_no_offset_per_bleed() -> None:
    lines = [line.split("|")[1:-1] for line in block("equal cost").splitlines() if line.startswith("| ")][2:]
    bleeds: dict[str, set[str]] = {}
    for line in lines:
        bleeds.setdefault(line[0].strip(), set()).add(line[3].strip())
    assert len(bleeds) == 3
    assert all(len(each) == 1 for each in bleeds.values())


def test_figures_that_another_page_repeats_are_those_measured_here() -> None:
    table = [line.split("|") for line in block("claims").splitlines() if line.startswith("| ")]
    found = [(cells[1].strip(), float(cells[4])) for cells in table[2:]]
    (calm,), (crash,) = ([value for claim, value in found if claim == f"{name} days"] for name in ("calm", "crash"))
    months, days = (value for claim, value in found if claim.startswith("volatility persistence"))
    other = " ".join((ROOT / "docs" / "where-sources-differ.md").read_text(encoding="utf-8").split())
    assert f"below 15 on {100.0 * calm:.0f} % of days and above 25 on {100.0 * crash:.0f} %" in other
    assert f"near {months:.1f}; that of the VIX with itself a day later is {days:.2f}" in other
