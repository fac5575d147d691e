"""Studies of volatility hedges on several indices."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from hedgerow.errors import StudyError
from hedgerow.study import load_study, run_study

DATA = """
data: {files: [m.csv]}
market: {price: spx, vix: vix, rate: 0.01, dividend_yield: 0.02}
indices: {nasdaq: {price: ndx, vix: vxn, dividend_yield: 0.01}}
"""
OVERLAY = f"""kind: overlay{DATA}
hedge: {{index_puts: {{delta: 0.25}}}}
rules:
  - {{name: own, rule: vix_linear}}
  - {{name: nasdaq puts, rule: vix_linear, index: nasdaq}}
together:
  parts: [{{name: a, rule: static}}, {{name: b, rule: static, index: nasdaq}}]
  budget: 0.01
judging: {{draws: 0}}
"""
TAIL = f"""kind: tail{DATA}
hedges:
  - {{name: own, hedge: index_puts}}
  - {{name: nasdaq puts, hedge: index_puts, index: nasdaq}}
judging: {{draws: 0}}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    rng, days = np.random.default_rng(4), pd.bdate_range("2020-01-01", periods=320, name="date")
    moves = 0.01 * rng.normal(size=(320, 2))
    table = pd.DataFrame(np.exp(np.cumsum(moves, axis=0)) * [3000.0, 9000.0], days, ["spx", "ndx"])
    levels = 20.0 * np.exp(0.2 * rng.normal(size=(320, 2)))
    table[["vix", "vxn"]] = levels * [1.0, 1.2]
    table.loc[days[10:13], "vxn"] = np.nan
    table.to_csv(tmp_path / "m.csv")
    return tmp_path


def outcome_of(folder: Path, text: str) -> Any:
    path = folder / "s.yaml"
    path.write_text(text, encoding="utf-8")
    return run_study(load_study(path), folder)


def test_overlay_study_hedges_with_another_index_on_the_dates_that_both_have(folder: Path) -> None:
    found = outcome_of(folder, OVERLAY)
    assert len(found.source.market) == 317
    assert any("3 dates are not shared by all indices" in note for note in found.source.notes)
    programmes = found.comparison.results["nasdaq puts"].run.slots.programmes
    assert [one.name for one in programmes] == ["index puts 25 delta 90 days on nasdaq"]
    assert [len(row.parts) for row in found.together.values()] == [2]
    assert not np.allclose(found.comparison.results["own"].hedge_pnl, found.comparison.results["nasdaq puts"].hedge_pnl)


def test_tail_study_revalues_a_hedge_on_another_index_under_its_shocks(folder: Path) -> None:
    table = outcome_of(folder, TAIL).tail.table()
    assert (table.loc[["own", "nasdaq puts"], "gain_20"] > 0.0).all()


@pytest.mark.parametrize("text", [OVERLAY, TAIL])
def test_index_that_is_not_named_is_refused_in_one_sentence(folder: Path, text: str) -> None:
    with pytest.raises(StudyError, match="there is no index 'nasdak'; did you mean 'nasdaq'"):
        outcome_of(folder, text.replace("index: nasdaq", "index: nasdak"))
