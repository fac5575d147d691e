"""``--engine`` and ``--address``: words that do not go together, and engines that are not there."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest

OPTION = (
    "--spot",
    100,
    "--days",
    30,
    "--vol",
    0.2,
    "--paths",
    200,
    "--steps",
    5,
    "--family",
    "band:width=0.05,0.2,0.4",
)


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--address", "tcp://host:8786"), "--address tcp://host:8786 needs --engine dask or --engine ray"),
        (("--engine", "loky", "--address", "host"), "loky starts processes of this machine and takes no address"),
        (("--engine", "daks"), "there is no engine 'daks'; did you mean 'dask'?"),
    ],
)
def test_words_that_do_not_go_together_are_refused(hedgerow: Any, words: tuple[str, ...], sentence: str) -> None:
    answer = hedgerow("frontier", *OPTION, *words)
    assert answer.code == 2
    assert sentence in " ".join(answer.err.split())


@pytest.mark.parametrize(("engine", "module", "extra"), [("dask", "distributed", "cluster"), ("ray", "ray", "ray")])
def test_engine_that_is_not_installed_names_its_extra(
    hedgerow: Any, monkeypatch: pytest.MonkeyPatch, engine: str, module: str, extra: str
) -> None:
    monkeypatch.setitem(sys.modules, module, None)  # what Python does where a package is not there
    answer = hedgerow("frontier", *OPTION, "--engine", engine)
    assert answer.code != 0
    assert f'the engine {engine} needs pip install "hedgerow[{extra}]"' in " ".join(answer.err.split())


def test_study_that_one_process_does_refuses_an_engine(hedgerow: Any, tmp_path: Path) -> None:
    study = tmp_path / "s.yaml"
    study.write_text(
        "kind: simulate\nmarket: {at: 2026-01-05, underlyings: {XYZ: {spot: 100, vol: 0.2}}}\n"
        "book: {underlying: XYZ, kind: call, strike: 100, expiry: 2026-02-04, quantity: -10}\npaths: 100\nsteps: 5\n"
    )
    answer = hedgerow("run", study, "--engine", "loky")
    assert answer.code == 2
    assert "a simulate study is done by one process" in " ".join(answer.err.split())
