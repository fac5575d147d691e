"""The surface study: YAML and command agree; real chains, European and American."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from data import shared_data
from hedgerow.errors import StudyError
from hedgerow.study import SurfaceStudy, load_study, run_study, run_surface_study
from hedgerow.study.surface.run import SurfaceOutcome
from hedgerow.study.surface.words import ChainWords
from surface_cases import SPOT, chain_frame, write_chain

STUDY = """
kind: surface
chain: {file: chain.csv, style: european, spot: 100}
rates: {2024-04-02: 0.03}
rate: 0.03
model: ssvi
strikes: [90, 100]
shifted: {spot: 95, rule: sticky_delta}
held: held.csv
"""
HELD = "expiry,strike,kind\n2024-07-02,90,put\n"


def test_study_file_says_what_the_command_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from hedgerow.cli.main import main

    write_chain(tmp_path)
    (tmp_path / "held.csv").write_text(HELD)
    (tmp_path / "study.yaml").write_text(STUDY)
    monkeypatch.chdir(tmp_path)
    command = f"surface chain.csv --style european --spot {SPOT} --rate 0.03 --rate-by-expiry 2024-04-02=0.03 "
    command += "--model ssvi --strikes 90,100 --shifted 95 --rule sticky_delta --held held.csv --json"
    answers = []
    for words in (command, "run study.yaml --json"):
        monkeypatch.setattr("sys.argv", ["hedgerow", *words.split()])
        with pytest.raises(SystemExit) as stop:
            main()
        assert stop.value.code == 0
        answers.append(json.loads(capsys.readouterr().out))
    assert answers[0] == answers[1]


def test_violations_are_told_in_verdict_report_and_tables(tmp_path: Path) -> None:
    frame = chain_frame()
    # The prices of half a year under the date of a whole one: total variance that falls.
    ends = frame["expiry"].map({"2024-04-02": "2024-04-02", "2024-07-02": "2025-01-02", "2025-01-02": "2024-07-02"})
    write_chain(tmp_path, frame.assign(expiry=ends))
    words = ChainWords(file="chain.csv", style="european", spot=SPOT)
    outcome = run_surface_study(SurfaceStudy(chain=words, calendar=False), tmp_path)
    assert "NOT free of arbitrage (calendar)" in outcome.verdict
    found = outcome.to_dict()["arbitrage"]
    assert found["free"] is False
    assert found["violations"][0]["kind"] == "calendar"
    assert found["violations"][0]["strikes"] > 10
    assert len(outcome.tables()["violations"]) > 10
    assert "calendar arbitrage at" in outcome.write_html(tmp_path / "r.html").read_text(encoding="utf-8")


def test_study_with_an_unknown_word_is_refused(tmp_path: Path) -> None:
    (tmp_path / "study.yaml").write_text("kind: surface\nchain: {file: chain.csv, spot: 1, stile: european}\n")
    with pytest.raises(StudyError, match="stile"):
        load_study(tmp_path / "study.yaml")


@pytest.fixture(scope="module")
def index_chain(tmp_path_factory: pytest.TempPathFactory) -> SurfaceOutcome:
    folder = tmp_path_factory.mktemp("spx")
    shutil.copy(shared_data("spx_chain_2011_01.csv"), folder / "spx.csv")
    (folder / "study.yaml").write_text("kind: surface\nchain: {file: spx.csv, at: 2011-01-05}\n")
    study = load_study(folder / "study.yaml")
    outcome = run_study(study, folder)
    assert isinstance(outcome, SurfaceOutcome)
    return outcome


def test_index_chain_of_january_2011_is_fitted_inside_its_spreads(index_chain: SurfaceOutcome) -> None:
    found = index_chain.to_dict()
    assert found["arbitrage"]["free"] is True
    assert len(found["expiries"]) >= 14
    assert found["fit"]["inside"] > 0.95
    assert found["fit"]["median_miss_half_spreads"] < 0.3
    assert found["counts"].keys() == {"kept", "zero_bid", "absurd_width"}
    assert found["red"] is True
    rates = {row["expiry"]: row["rate"] for row in found["expiries"]}
    assert 0.003 < rates["2011-12-16"] < 0.0095
    json.dumps(found, allow_nan=False)


def test_report_of_the_index_chain_stays_small_and_shows_every_smile(
    index_chain: SurfaceOutcome, tmp_path: Path
) -> None:
    path = index_chain.write_html(tmp_path / "r.html")
    assert path.stat().st_size < 8_000_000
    page = path.read_text(encoding="utf-8")
    for expiry in index_chain.expiries["expiry"]:
        assert f"Smile of {expiry:%Y-%m-%d}" in page


def test_apple_after_its_split_is_fitted_without_early_exercise(tmp_path: Path) -> None:
    table = pd.read_csv(shared_data("aapl_chain_2014_06.csv"))
    near = table["expiration"].isin(["2014-07-03", "2014-10-18"]) & (table["strike"] / 93.70 - 1.0).abs().lt(0.06)
    table[near].to_csv(tmp_path / "aapl.csv", index=False)
    chain = ChainWords(file="aapl.csv", at="2014-06-09", style="american", spot=93.70)
    found = run_surface_study(SurfaceStudy(chain=chain, rate=0.002), tmp_path).to_dict()
    forwards = [row["forward"] for row in found["expiries"]]
    # October's forward is past August's dividend of 0.47.
    assert 93.70 - forwards[1] == pytest.approx(0.47, abs=0.2)
    assert [row["atm_vol"] for row in found["expiries"]] == pytest.approx([0.20, 0.233], abs=0.01)
    assert np.all([row["dividend_yield"] is not None for row in found["expiries"]])
    assert "early exercise" in found["warnings"][0]
