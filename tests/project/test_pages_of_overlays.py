"""The pages on volatility overlays and tail hedges: their cells run, their worked tables are what the cells give."""

from __future__ import annotations

import re
import shlex
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

import hedgerow as hg
from hedgerow.cli.main import app
from hedgerow.overlays import RULES

DOCS = Path(__file__).resolve().parents[2] / "docs"
CELL = re.compile(r"^```\{code-cell\} python\n(:tags:[^\n]*\n)?(.*?)^```", re.MULTILINE | re.DOTALL)


def text(page: str) -> str:
    return (DOCS / f"{page}.md").read_text(encoding="utf-8")


@cache
def names_after(page: str) -> dict[str, Any]:
    """Run the cells of a page one after another and return what they named."""
    names: dict[str, Any] = {}
    for tags, code in CELL.findall(text(page)):
        if not tags:
            exec(code, names)  # noqa: S102 - the page's own code
    return names


def rows_after(page: str, heading: str) -> list[dict[str, str]]:
    """Return the rows of the first table after a heading by column."""
    lines = text(page).split(heading, 1)[1].split("\n")
    first = next(number for number, line in enumerate(lines) if line.startswith("|"))
    last = next(number for number, line in enumerate(lines[first:], first) if not line.startswith("|"))
    table = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[first:last]]
    return [dict(zip(table[0], row, strict=True)) for row in table[2:]]


def test_worked_ten_days_are_what_the_cells_give() -> None:
    worked = names_after("volatility-overlays")["worked"]
    found = worked.stages.assign(held=worked.held, VIX=worked.run.market.vix)
    rows = rows_after("volatility-overlays", "worked.stages.assign")
    assert len(rows) == 10
    for row in rows:
        for stage, cell in row.items():
            if stage != "date":
                value = float(found.loc[row["date"], stage])
                assert (cell == "") == np.isnan(value), (row["date"], stage)
                assert cell == "" or float(cell) == pytest.approx(value, abs=5e-4), (row["date"], stage)


def test_table_of_rules_names_every_rule_with_its_class() -> None:
    rows = rows_after("volatility-overlays", "## The rules")
    assert {row["name"].strip("`"): row["class"].strip("`") for row in rows} == {
        name: kind.__name__ for name, kind in RULES.items()
    }


@pytest.mark.parametrize(
    ("page", "heading"), [("volatility-overlays", "## What the hedge is"), ("tail-hedges", "## Programmes")]
)
def test_tables_of_hedges_name_public_classes(page: str, heading: str) -> None:
    named = [name for row in rows_after(page, heading) for name in re.findall(r"`(\w+)", next(iter(row.values())))]
    assert len(named) > 4
    assert all(hasattr(hg, name) for name in named)


def test_pages_of_overlays_run_from_the_first_cell_to_the_last() -> None:
    for page in ("volatility-overlays", "tail-hedges"):
        assert "market" in names_after(page)


def test_commands_of_the_pages_run_on_the_users_columns(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sample = hg.load_sample("sp500-vix").prices.iloc[-300:]
    sample.set_axis(["spx", "vix"], axis=1).to_csv(tmp_path / "prices.csv")
    monkeypatch.chdir(tmp_path)
    commands = [
        shlex.split(line.replace("\\\n", " "))[1:]
        for page in ("volatility-overlays", "tail-hedges", "overlays-on-real-data")
        for block in re.findall(r"^```shell\n(.*?)^```", text(page), re.MULTILINE | re.DOTALL)
        for line in re.findall(r"^hedgerow (?:[^\n\\]|\\\n)*", block, re.MULTILINE)
    ]
    assert len(commands) == 4
    for command in commands:
        if command[1].endswith(".yaml"):  # the studies themselves are run with the examples
            assert (DOCS.parent / "examples" / "studies" / command[1]).exists()
            continue
        done = CliRunner().invoke(app, command)
        assert done.exit_code == 0, done.output


@pytest.mark.parametrize("study", ["overlay_sp500", "tail_sp500"])
def test_study_on_the_page_of_study_files_is_the_example(study: str) -> None:
    written = (DOCS.parent / "examples" / "studies" / f"{study}.yaml").read_text(encoding="utf-8")
    assert f"```yaml\n{written.rstrip()}\n```" in text("study-files")


def test_published_schedule_is_the_table_of_the_page() -> None:
    schedule = hg.vxth().premium_budget
    rows = rows_after("tail-hedges", "## The published schedule")
    shares = [
        float(row["share spent"].removesuffix(" %")) / (100.0 if "%" in row["share spent"] else 1.0) for row in rows
    ]
    assert isinstance(schedule, hg.BudgetByLevel)
    assert tuple(shares) == schedule.shares
    assert [float(number) for row in rows[1:] for number in re.findall(r"above (\d+)", row["forward"])] == list(
        schedule.thresholds
    )


def test_proportional_rule_of_the_page_is_proportional() -> None:
    names = names_after("volatility-overlays")
    best = np.asarray(hg.optimal_intensity(names["odds"], names["trade_off"]))
    assert best[:2] == pytest.approx(best[2] * np.array(names["odds"][:2]) / names["odds"][2])
    assert pd.Series(best).is_monotonic_increasing
