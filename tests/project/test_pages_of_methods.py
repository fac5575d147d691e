"""The pages on ratios that move, objectives, comparison and rates: studies are read, commands run, tables are true."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from pydantic import TypeAdapter
from typer.testing import CliRunner

import hedgerow as hg
from hedgerow.cli.main import app
from hedgerow.ratios import METHODS
from hedgerow.study.kinds import STUDY_KINDS
from hedgerow.study.method_choice import MethodOrName
from hedgerow.study.yaml_file import parse_yaml

DOCS = Path(__file__).resolve().parents[2] / "docs"
PAGES = ("study-files", "comparison", "hedge-accounting", "stress-and-margin", "objectives", "volatility", "surface")


def blocks(page: str, language: str) -> list[str]:
    text = (DOCS / f"{page}.md").read_text(encoding="utf-8")
    return re.findall(rf"^```{language}\n(.*?)^```", text, re.MULTILINE | re.DOTALL)


def words_of(block: str) -> dict[str, Any]:
    content: dict[str, Any] = parse_yaml(block.encode(), "block.yaml").content
    return content


def rows_after(page: str, heading: str) -> list[list[str]]:
    """Return the cells of the first table after a text, without its head."""
    lines = (DOCS / f"{page}.md").read_text("utf-8").split(heading, 1)[1].split("\n")
    first = next(number for number, line in enumerate(lines) if line.startswith("|"))
    last = next(number for number, line in enumerate(lines[first:], first) if not line.startswith("|"))
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[first + 2 : last]]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder, the current one, with 300 weeks of two prices and a curve of 40 days."""
    generator = np.random.default_rng(0)
    futures = 2.0 + 0.02 * generator.normal(size=1500).cumsum()
    spot = futures + 0.01 * generator.normal(size=1500).cumsum()
    dates = pd.bdate_range("2010-01-04", periods=1500, name="date")
    pd.DataFrame({"usgc_jet_usd_gal": spot}, index=dates).to_csv(tmp_path / "spot.csv")
    pd.DataFrame({"HO2": futures}, index=dates).to_csv(tmp_path / "futures.csv")
    curve = np.array([1.75, 1.96, 2.0, 2.36]) + 0.03 * generator.normal(size=(40, 4)).cumsum(axis=0)
    days = pd.bdate_range(end="2022-03-11", periods=40, name="date")
    pd.DataFrame(curve, days, columns=["2Y", "5Y", "10Y", "30Y"]).to_csv(tmp_path / "yields.csv")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("page", PAGES)
def test_studies_of_the_page_are_words_that_studies_have(page: str) -> None:
    found = [words_of(block) for block in blocks(page, "yaml") if "kind:" in block]
    for words in found:
        STUDY_KINDS[words["kind"]].model_validate(words)
    assert found or page in ("objectives", "stress-and-margin", "surface", "volatility")


def test_methods_of_the_page_on_objectives_are_methods() -> None:
    (block,) = blocks("objectives", "yaml")
    chosen = [TypeAdapter(MethodOrName).validate_python(one) for one in words_of(block)["methods"]]
    assert [method.cost_aware is not None for method in chosen] == [False, True, True]


def test_study_of_the_page_on_comparison_runs_and_says_what_its_command_says(folder: Path) -> None:
    (study,) = blocks("comparison", "yaml")
    (folder / "compare.yaml").write_text(study, encoding="utf-8")
    outcome = hg.run_study(hg.load_study("compare.yaml"), folder)
    assert isinstance(outcome, hg.CompareOutcome)
    assert [method.name for method in outcome.race.methods] == ["ols", "rolling", "ewma", "kalman", "cost_aware(ewma)"]
    assert outcome.verdict


def commands(page: str) -> list[list[str]]:
    text = "\n".join(blocks(page, "shell")).replace("\\\n", " ")
    return [shlex.split(line, comments=True)[1:] for line in text.splitlines() if line.startswith("hedgerow ")]


def test_command_of_the_page_on_comparison_runs(folder: Path) -> None:
    (words,) = commands("comparison")
    done = CliRunner().invoke(app, words)
    assert done.exit_code == 0, done.output
    assert "beats" in done.output
    assert (folder / "compare.html").stat().st_size > 100_000


def test_commands_and_code_of_the_page_on_rates_run(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lines = [re.split(r" {3,}", line.strip()) for line in blocks("rates", "text")[0].splitlines()]
    for number, name in enumerate(lines[0]):
        (folder / name).write_text("".join(row[number] + "\n" for row in lines[1:]), encoding="utf-8")
    found = commands("rates")
    assert len(found) == 2
    for words in found:
        done = CliRunner().invoke(app, words)
        assert done.exit_code == 0, done.output
        assert "Sell" in done.output
    (code,) = blocks("rates", "python")
    exec(compile(code, "rates.md", "exec"), {})  # noqa: S102
    assert "-" in capsys.readouterr().out


def test_rows_that_the_page_says_are_refused_and_advised_are_those_of_the_methods() -> None:
    table = rows_after("dynamic-ratios", "| the ratio jumps")
    assert len(table) == 7
    for names, refused, advised, *_ in table:
        for name in re.findall(r"`(\w+)`", names):
            method = METHODS[name]()
            at_least = re.findall(r"\d[\d,]*", refused)[-1]
            assert method.get_params()["minimum_rows"] == int(at_least.replace(",", "")), name
            assert method.advised_rows == (0 if advised == "–" else int(advised.replace(",", ""))), name


def test_usual_ten_methods_are_those_the_page_names() -> None:
    from hedgerow.study.compare.words import COMPARED

    text = " ".join((DOCS / "comparison.md").read_text("utf-8").split())
    assert f"{', '.join(COMPARED[:-1])} and {COMPARED[-1]}" in text
