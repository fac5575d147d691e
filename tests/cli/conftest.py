"""The command line run in this process, and small price files for it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import typer.main

from hedgerow.cli.main import main


@dataclass(frozen=True)
class Answer:
    """What a command left: exit code and both streams."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> dict[str, Any]:
        assert self.code == 0, self.err
        assert self.err == ""
        return json.loads(self.out, parse_constant=lambda word: pytest.fail(f"{word} is not JSON"))


Command = Callable[..., Answer]


@pytest.fixture(scope="session", autouse=True)
def parser_built_once() -> Iterator[None]:
    """Keep what Typer makes of the signatures of all commands: a process makes it once, a thousand tests need not."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("typer.main.get_command", cache(typer.main.get_command))
        yield


@pytest.fixture
def hedgerow(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Command:
    monkeypatch.chdir(tmp_path)

    def command(*words: object) -> Answer:
        monkeypatch.setattr("sys.argv", ["hedgerow", *map(str, words)])
        with pytest.raises(SystemExit) as stop:
            main()
        streams = capsys.readouterr()
        return Answer(int(stop.value.code or 0), streams.out, streams.err)

    return command


@pytest.fixture
def prices() -> pd.DataFrame:
    rng = np.random.default_rng(1)
    n = 240
    days = pd.bdate_range("2015-01-01", periods=n, name="date")
    fut = 100 + np.cumsum(rng.normal(0, 1, n))
    gas = 50 + np.cumsum(rng.normal(0, 0.5, n))
    spot = 20 + 0.5 * fut + 0.3 * gas + np.cumsum(rng.normal(0, 0.4, n))
    return pd.DataFrame({"spot": spot, "fut": fut, "gas": gas}, index=days).round(6)


@pytest.fixture
def file(prices: pd.DataFrame, tmp_path: Path) -> Path:
    prices.to_csv(tmp_path / "p.csv")
    return tmp_path / "p.csv"
