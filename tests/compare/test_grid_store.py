"""Cells kept in a folder: to the bit, found by what they depend on, and a damaged file is told from a sound one."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from compare.hedges import BANDS, BOOK, COSTS, DELTA, MARKET, Walk, small_grid
from hedgerow.compare import GridOptions
from hedgerow.compare.grid.cells import COLUMNS, Cell, CellFigures, Runs
from hedgerow.compare.grid.store import CellStore, cell_key
from hedgerow.costs import HalfSpread
from hedgerow.engine import SimulateOptions
from hedgerow.errors import FileError
from hedgerow.instruments import MarketState, Underlying

CELL = Cell(("short call", "walk", "delta", "band 0", "20 bp"), BOOK, Walk(MARKET), DELTA, BANDS["band 0"], COSTS)
RUNS = Runs(60, 4, 7, SimulateOptions(), 16)


def figures(pnl: bool = True) -> CellFigures:
    numbers = np.random.default_rng(0).standard_normal(60)
    summary = {name: (float(value), float("nan")) for name, value in zip(COLUMNS, numbers, strict=False)}
    return CellFigures(60, summary, numbers if pnl else None, True)


@pytest.mark.parametrize("pnl", [True, False])
def test_cell_comes_back_to_the_bit(tmp_path: Path, pnl: bool) -> None:
    store, kept = CellStore(tmp_path / "deep" / "store"), figures(pnl)
    store.write("key", CELL, kept)
    found = store.read("key")
    assert found is not None
    np.testing.assert_array_equal(list(found.summary.values()), list(kept.summary.values()))
    assert (found.pnl is None) == (not pnl)
    assert not pnl or found.by_path().tobytes() == kept.by_path().tobytes()
    assert (found.n_paths, found.mirrored) == (60, True)
    assert [path.name for path in (tmp_path / "deep" / "store").iterdir()] == ["key.json"]


def test_cell_that_is_not_there_is_none(tmp_path: Path) -> None:
    assert CellStore(tmp_path).read("key") is None


@pytest.mark.parametrize("damage", ["truncated", "altered", "another key", "no json", "a list", "bytes"])
def test_damaged_file_is_refused_by_name(tmp_path: Path, damage: str) -> None:
    store, file = CellStore(tmp_path), tmp_path / "key.json"
    store.write("key", CELL, figures())
    text = file.read_text()
    made = {
        "truncated": text[: len(text) // 2],
        "altered": text.replace('"n_paths": 60', '"n_paths": 61'),
        "another key": text.replace('"key": "key"', '"key": "other"'),
        "no json": "",
        "a list": "[1]",
    }
    file.write_bytes(b"\xff\xfe\x00" if damage == "bytes" else made[damage].encode())
    with pytest.raises(FileError, match=r"key\.json is damaged .* computed anew"):
        store.read("key")


def test_folder_that_is_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("")
    with pytest.raises(FileError, match="cannot keep cells in"):
        CellStore(tmp_path / "taken")


def test_key_depends_on_every_part_and_on_no_label_or_thread() -> None:
    other = MarketState("2026-11-20", {"XYZ": Underlying(100.0, 0.21)})
    cells = [
        CELL,
        Cell(CELL.labels, BOOK, Walk(other), DELTA, BANDS["band 0"], COSTS),
        Cell(CELL.labels, BOOK, Walk(MARKET), DELTA, BANDS["band 0.2"], COSTS),
        Cell(CELL.labels, BOOK, Walk(MARKET), DELTA, BANDS["band 0"], HalfSpread(21)),
    ]
    runs = [
        Runs(60, 4, 8, SimulateOptions(), 16),
        Runs(61, 4, 7, SimulateOptions(), 16),
        Runs(60, 4, 7, SimulateOptions(lag=1), 16),
    ]
    keys = [cell_key(cell, RUNS) for cell in cells] + [cell_key(CELL, run) for run in runs]
    assert len(dict.fromkeys(keys)) == 7
    renamed = Cell(("a", "b", "c", "d", "e"), BOOK, Walk(MARKET), DELTA, BANDS["band 0"], COSTS)
    threaded = Runs(60, 4, 7, SimulateOptions(threads=2), 16)
    assert cell_key(renamed, RUNS) == cell_key(CELL, threaded) == keys[0]


def test_interrupted_grid_goes_on_and_loses_nothing(tmp_path: Path) -> None:
    def stop(name: str, share: float) -> None:
        if share > 0.4:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        small_grid(store=tmp_path, progress=stop)
    told: list[str] = []
    resumed = small_grid(store=tmp_path, progress=lambda name, share: told.append(name))
    assert (resumed.resumed, resumed.computed, len(told)) == (1, 1, 1)
    assert resumed.digest == small_grid().digest


def test_altered_store_is_computed_anew_with_a_sentence(tmp_path: Path) -> None:
    first = small_grid(store=tmp_path)
    file = sorted(tmp_path.iterdir())[0]
    kept = json.loads(file.read_text())
    kept["cell"]["summary"]["mean"][0] = (1.0).hex()
    file.write_text(json.dumps(kept))
    again = small_grid(store=tmp_path)
    assert (again.resumed, again.computed) == (1, 1)
    assert again.digest == first.digest
    assert len(again.notes) == 1
    assert file.name in again.notes[0]
    assert small_grid(store=tmp_path).resumed == 2


def test_store_of_another_grid_is_not_used(tmp_path: Path) -> None:
    small_grid(store=tmp_path)
    other = small_grid(store=tmp_path, seed=8)
    assert (other.resumed, other.notes) == (0, ())
    assert small_grid(store=tmp_path, options=GridOptions(piece_paths=16, per_task=1)).resumed == 2
