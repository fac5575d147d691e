"""How much past overlay rules need, on real signals: the page's tables are the script's, and keep their laws."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from data import shared_data
from docs_scripts import script
from hedgerow.overlays import RULES

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "volatility-overlays.md").read_text(encoding="utf-8")


def writer() -> ModuleType:
    """Return the script that writes the page."""
    return script("write_overlay_warm_up")


@cache
def data() -> Any:
    return writer().Data(shared_data("vix_index_daily.csv").parent)


def rows(name: str) -> dict[str, list[str]]:
    """Return the cells of a block's table by the first of each row."""
    text = next(match[0] for match in writer().BLOCK.finditer(PAGE) if match[2] == name)
    lines = [[cell.strip() for cell in line.split("|")[1:-1]] for line in text.splitlines() if line.startswith("|")]
    return {line[0]: line[1:] for line in lines[2:]}


def test_page_has_every_block_and_row_that_the_script_writes() -> None:
    assert [match[2] for match in writer().BLOCK.finditer(PAGE)] == list(writer().BLOCKS)
    assert list(rows("fits")) == list(writer().FITS)
    assert list(rows("rules")) == [*writer().RULES, *(f"`VixLinear` with {name}" for name in writer().SHAPES)]


def test_every_rule_of_the_registry_has_its_row() -> None:
    named = " ".join(rows("rules"))
    assert [kind.__name__ for name, kind in RULES.items() if name != "static" and kind.__name__ not in named] == []


@pytest.mark.compiled
@pytest.mark.parametrize("name", ["`DrawdownTriggered(0.05, 10)`", "`Percentile(…, 252)`", "`FittedCrashIntensity()`"])
def test_drift_of_the_page_is_what_is_measured(name: str) -> None:
    rule, cells = writer().RULES[name], rows("rules")[name]
    assert cells[2:7] == writer().drift_cells(data(), rule)
    assert cells[0] == f"{rule.warm_up:,}"
    assert cells[1] == ("–" if rule.memory is None else f"{rule.memory:,}")


def test_rule_that_says_what_it_remembers_drifts_by_nothing_from_there_on() -> None:
    for name, rule in writer().RULES.items():
        cells = rows("rules")[name]
        assert cells[-1] == ("–" if rule.memory is None else "0"), name
        later = [
            cell for window, cell in zip(writer().WINDOWS, cells[2:7], strict=True) if window >= (rule.memory or 1e9)
        ]
        assert set(later) <= {"0"}, name


@pytest.mark.compiled
def test_steadiness_of_fits_of_the_page_is_what_is_measured() -> None:
    text = writer().fits(data())
    assert text in PAGE
