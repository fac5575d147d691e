"""One input, one result: hash seed, time zone, locale and working folder change no byte of it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from hedgerow.cli.main import main

SOURCE = Path(__file__).resolve().parents[2] / "src"
RUN = "import sys; from hedgerow.cli.main import main; sys.argv[0] = 'hedgerow'; main()"


def write_prices(folder: Path) -> list[str]:
    generator = np.random.default_rng(0)
    futures = 80 + generator.normal(size=300).cumsum()
    spot = 0.9 * futures + generator.normal(scale=0.5, size=300).cumsum() + 20
    dates = pd.bdate_range("2015-01-01", periods=300, name="date")
    pd.DataFrame({"spot": spot}, index=dates).to_csv(folder / "spot.csv")
    pd.DataFrame({"futures": futures}, index=dates).to_csv(folder / "futures.csv")
    return [str(folder / "spot.csv"), str(folder / "futures.csv")]


OPTIONS = (
    "--exposure", "spot", "--hedge", "futures", "--method", "ols,rolling,ewma", "--quantity", "1000",
    "--contract-size", "100", "--json",
)  # fmt: skip


def result(files: list[str], folder: Path, **environment: str) -> bytes:
    run = subprocess.run(
        [sys.executable, "-c", RUN, "ratio", *files, *OPTIONS],
        env=os.environ | {"PYTHONPATH": str(SOURCE)} | environment,
        cwd=folder,
        check=True,
        capture_output=True,
    )
    return run.stdout


def test_result_is_the_same_under_any_hash_seed_time_zone_locale_and_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    files = write_prices(tmp_path)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    seed = "1" if os.environ.get("PYTHONHASHSEED") != "1" else "2"
    zone = "Asia/Tokyo" if os.environ.get("TZ") != "Asia/Tokyo" else "America/New_York"
    locale = "C" if os.environ.get("LC_ALL") != "C" else "de_DE.UTF-8"
    there = result(files, elsewhere, PYTHONHASHSEED=seed, TZ=zone, LC_ALL=locale, LANG="C")
    assert there.startswith(b"{")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sys.argv", ["hedgerow", "ratio", *files, *OPTIONS])
    with pytest.raises(SystemExit):  # the other run is here: with this process's own seed, zone, locale and folder
        main()
    assert capsys.readouterr().out.encode() == there
