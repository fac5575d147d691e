"""What README and the start page show is run: Python on small files, commands and studies through the program."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import hedgerow as hg
from hedgerow.cli.main import main

ROOT = Path(__file__).resolve().parents[2]
PAGES = ("README.md", "docs/index.md")
TWO_SCREENS = 100


def blocks(page: str, language: str) -> list[str]:
    text = (ROOT / page).read_text(encoding="utf-8")
    return re.findall(rf"^```{language}\n(.*?)^```", text, re.MULTILINE | re.DOTALL)


def commands(page: str) -> list[list[str]]:
    """Return the words of each command line in the page's shell blocks, continuation lines joined."""
    lines = "\n".join(blocks(page, "shell")).replace("\\\n", " ").splitlines()
    return [words for line in lines if (words := shlex.split(line, comments=True))]


def hedgerow_commands(page: str) -> list[list[str]]:
    """Return what follows ``hedgerow`` in each of its command lines."""
    return [words[1:] for words in commands(page) if words[0] == "hedgerow"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with 220 weeks of two prices that move together, and 300 days of an index and its volatility."""
    generator = np.random.default_rng(0)
    futures = 2.0 + 0.02 * generator.normal(size=1100).cumsum()
    spot = futures + 0.01 * generator.normal(size=1100).cumsum()
    dates = pd.bdate_range("2015-01-01", periods=1100, name="date")
    pd.DataFrame({"usgc_jet_usd_gal": spot}, index=dates).to_csv(tmp_path / "spot.csv")
    pd.DataFrame({"HO2": futures}, index=dates).to_csv(tmp_path / "futures.csv")
    sample = hg.load_sample("sp500-vix").prices.iloc[-300:]
    sample.set_axis(["spx", "vix"], axis=1).to_csv(tmp_path / "prices.csv")
    return tmp_path


def test_python_of_both_pages_is_the_same() -> None:
    assert blocks("README.md", "python") == blocks("docs/index.md", "python")


def test_python_of_the_pages_runs_and_prints_table_verdict_and_contracts(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (code,) = blocks("README.md", "python")
    monkeypatch.chdir(folder)
    exec(compile(code, "README.md", "exec"), {"__name__": "__main__"})  # noqa: S102 - here a warning is an error too
    shown = capsys.readouterr().out
    assert "variance_reduction" in shown
    assert float(shown.split()[-1]) < 0.0, "a long exposure with a positive ratio sells"


def test_python_of_the_readme_is_about_a_dozen_lines() -> None:
    (code,) = blocks("README.md", "python")
    assert len(code.splitlines()) <= 13


@pytest.mark.parametrize("page", PAGES)
def test_commands_of_the_page_run(
    page: str, folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (study,) = blocks(page, "yaml")
    (folder / "jet.yaml").write_text(study, encoding="utf-8")
    found = hedgerow_commands(page)
    assert any(words[0] == "ratio" for words in found)
    monkeypatch.chdir(folder)
    for words in found:  # in this process: a new one for each would spend most of its time loading
        monkeypatch.setattr("sys.argv", ["hedgerow", *words])
        with pytest.raises(SystemExit) as stop:
            main()
        streams = capsys.readouterr()
        assert not stop.value.code, f"hedgerow {shlex.join(words)}: {streams.err}"
        assert streams.out
    assert (folder / "jet.html").stat().st_size > 100_000


@pytest.mark.parametrize("page", PAGES)
def test_study_of_the_page_says_what_its_command_says(page: str, folder: Path) -> None:
    (text,) = blocks(page, "yaml")
    (folder / "jet.yaml").write_text(text, encoding="utf-8")
    study = hg.load_study(folder / "jet.yaml")
    assert isinstance(study, hg.RatioStudy)
    (words,) = (words for words in hedgerow_commands(page) if words[0] == "ratio")
    assert (study.exposure.column, study.hedges[0].column) == ("usgc_jet_usd_gal", "HO2")
    assert [str(study.exposure.quantity), study.data.every] == ["2000000.0", words[words.index("--every") + 1]]


@pytest.mark.parametrize("page", PAGES)
def test_words_of_make_on_the_page_are_words_of_the_makefile(page: str) -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    text = (ROOT / page).read_text(encoding="utf-8")
    for word in re.findall(r"`make ([a-z-]+)`", text) + [line[1] for line in commands(page) if line[0] == "make"]:
        assert re.search(rf"^{word}:", makefile, re.MULTILINE), word


def test_readme_fits_two_screens() -> None:
    assert len((ROOT / "README.md").read_text(encoding="utf-8").splitlines()) <= TWO_SCREENS


def test_readme_points_to_files_that_exist() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    links = [link for link in re.findall(r"\]\(([^)#]+)", text) if "://" not in link]
    assert len(links) > 8
    assert [link for link in links if not (ROOT / link).exists()] == []
    assert (ROOT / "docs/_static/report.png").stat().st_size < 400_000
