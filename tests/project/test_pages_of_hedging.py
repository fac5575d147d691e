"""The pages on hedging option books: their tables hold every part there is, their commands and studies run."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

import hedgerow as hg
from hedgerow.cli.main import app
from hedgerow.costs import COSTS, PRESETS
from hedgerow.policies import POLICIES
from hedgerow.scenarios import Scenario
from hedgerow.study.kinds import STUDY_KINDS
from hedgerow.study.yaml_file import parse_yaml

DOCS = Path(__file__).resolve().parents[2] / "docs"
PAGES = ("simulation", "rebalancing", "replay")
PARAMETERS = {
    "Heston": {"kappa": 2.0, "theta": 0.04, "xi": 0.5, "rho": -0.7},
    "Merton": {"jump_intensity": 1.0, "jump_mean": -0.1, "jump_vol": 0.1},
    "Kou": {"jump_intensity": 1.0, "up_probability": 0.4, "up_mean": 0.05, "down_mean": 0.05},
    "GarchPaths": {"alpha": 0.05, "beta": 0.9},
    "RegimeSwitching": {"volatilities": (0.1, 0.3), "transition": ((0.9, 0.1), (0.1, 0.9))},
    "FilteredHistorical": {"returns": np.random.default_rng(0).normal(scale=0.01, size=500)},
    "StationaryBootstrap": {"returns": np.random.default_rng(0).normal(scale=0.01, size=500)},
    "StressPath": {"spot_moves": (-0.1,)},
}


def text(page: str) -> str:
    return (DOCS / f"{page}.md").read_text(encoding="utf-8")


def blocks(page: str, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", text(page), re.MULTILINE | re.DOTALL)


def rows_after(page: str, heading: str) -> list[list[str]]:
    """Return the cells of the first table after a heading, without its head."""
    lines = text(page).split(heading, 1)[1].split("\n")
    first = next(number for number, line in enumerate(lines) if line.startswith("|"))
    last = next(number for number, line in enumerate(lines[first:], first) if not line.startswith("|"))
    return [[cell.strip() for cell in re.split(r"(?<!\\)\|", line.strip("|"))] for line in lines[first + 2 : last]]


def names(cell: str) -> list[str]:
    """Return the names that a cell shows as code, without their arguments."""
    return re.findall(r"`(\w+)[^`]*`", cell)


def test_table_of_policies_names_every_policy_and_each_is_public() -> None:
    found = {name for row in rows_after("rebalancing", "## The policies") for name in names(row[0])}
    assert found == {kind.__name__ for kind in POLICIES.values()} | {"HodgesNeuberger"}
    assert all(hasattr(hg, name) for name in found)


def test_tables_of_costs_name_every_model_with_its_label_and_every_preset() -> None:
    rows = rows_after("trading-costs", "## The models")
    labels = {names(row[0])[0]: row[2] for row in rows}
    assert {kind.__name__ for kind in COSTS.values()} | {"AccountRates"} == set(labels)
    assert all(labels[kind.__name__] == f"`{kind.label}`" for kind in COSTS.values())
    assert {names(row[0])[0] for row in rows_after("trading-costs", "## Ready-made")} == set(PRESETS) - {"none"}


def test_table_of_scenarios_says_rightly_which_run_compiled() -> None:
    state = hg.MarketState("2026-11-20", {"XYZ": hg.Underlying(100.0, 0.2)})
    grid = hg.TimeGrid.even("2026-11-20 16:00", "2026-12-18 16:00", 20)
    seen = set()
    for row in rows_after("simulation", "## Where paths come from"):
        for name in names(row[0]):
            scenario: Scenario = getattr(hg, name)(state, **PARAMETERS.get(name, {}))
            assert (scenario.stages(grid, 0) is not None) == (row[2] == "yes"), name
            seen.add(name)
    assert seen == {"GBM", *PARAMETERS}


@pytest.mark.parametrize("page", PAGES)
def test_study_of_the_page_has_the_words_of_its_kind(page: str) -> None:
    (block,) = blocks(page, "yaml")
    words = parse_yaml(block.encode(), "block.yaml").content
    STUDY_KINDS[words["kind"]].model_validate(words)


@pytest.mark.parametrize("page", PAGES)
def test_command_of_the_page_runs(page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    generator = np.random.default_rng(0)
    days = pd.bdate_range("2015-01-05", periods=120, name="date")
    spots = 2000.0 * np.exp(0.01 * generator.normal(size=120).cumsum())
    pd.DataFrame({"spx": spots, "vix": 15.0 + generator.uniform(size=120)}, index=days).to_csv("prices.csv")
    (words,) = (shlex.split(block.replace("\\\n", " "))[1:] for block in blocks(page, "shell"))
    if "--report" in words:  # reports have tests of their own
        del words[words.index("--report") : words.index("--report") + 2]
    smaller = [] if page == "replay" else ["--paths", "500"]
    done = CliRunner().invoke(app, [*words, *smaller, "--json"])
    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout)


def test_simulation_and_its_study_and_command_on_the_page_are_one(tmp_path: Path) -> None:
    (block,) = blocks("simulation", "yaml")
    (words,) = (shlex.split(each.replace("\\\n", " ")) for each in blocks("simulation", "shell"))
    study = parse_yaml(block.encode(), "block.yaml").content
    assert study["policy"] == {"band": float(words[words.index("--policy") + 1].split("=")[1])}
    assert study["costs"] == [{"half_spread": int(words[words.index("--half-spread") + 1])}]
    assert study["steps"] == int(words[words.index("--steps") + 1])
    assert study["book"][0]["quantity"] == int(words[words.index("--quantity") + 1])
