"""One input, one result: hash seed, time zone, locale and working folder change no byte of it."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

SOURCE = Path(__file__).resolve().parents[2] / "src"
RUN = "import sys; from hedgerow.cli.main import main; sys.argv[0] = 'hedgerow'; main()"

pytestmark = pytest.mark.skipif(
    importlib.util.find_spec("hedgerow.cli.main") is None, reason="the command line does not exist yet"
)


def write_prices(folder: Path) -> list[str]:
    generator = np.random.default_rng(0)
    futures = 80 + generator.normal(size=300).cumsum()
    spot = 0.9 * futures + generator.normal(scale=0.5, size=300).cumsum() + 20
    dates = pd.bdate_range("2015-01-01", periods=300, name="date")
    pd.DataFrame({"spot": spot}, index=dates).to_csv(folder / "spot.csv")
    pd.DataFrame({"futures": futures}, index=dates).to_csv(folder / "futures.csv")
    return [str(folder / "spot.csv"), str(folder / "futures.csv")]


def result(files: list[str], folder: Path, **environment: str) -> bytes:
    options = ["--exposure", "spot", "--hedge", "futures", "--method", "ols,rolling,ewma", "--quantity", "1000"]
    run = subprocess.run(
        [sys.executable, "-c", RUN, "ratio", *files, *options, "--contract-size", "100", "--json"],
        env=os.environ | {"PYTHONPATH": str(SOURCE)} | environment,
        cwd=folder,
        check=True,
        capture_output=True,
    )
    return run.stdout


def test_result_is_the_same_under_any_hash_seed_time_zone_locale_and_folder(tmp_path: Path) -> None:
    files = write_prices(tmp_path)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    first = result(files, tmp_path, PYTHONHASHSEED="0", TZ="Asia/Tokyo", LC_ALL="C", LANG="C")
    assert first.startswith(b"{")
    assert result(files, elsewhere, PYTHONHASHSEED="1", TZ="America/New_York", LC_ALL="de_DE.UTF-8") == first
