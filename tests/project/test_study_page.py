"""The page on study files: its tables are those of the models, and its example is a study that runs."""

from __future__ import annotations

import re
from pathlib import Path
from types import ModuleType

import numpy as np
import pandas as pd
import pytest

import hedgerow as hg
from docs_scripts import script
from hedgerow.study.methods import PARAMETERS
from hedgerow.study.models import MethodName

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "study-files.md"


def writer() -> ModuleType:
    """Return the script that writes the page."""
    return script("write_study_keys")


def write_prices(folder: Path) -> None:
    generator = np.random.default_rng(0)
    futures = 2.0 + 0.02 * generator.normal(size=1500).cumsum()
    spot = futures + 0.01 * generator.normal(size=1500).cumsum()
    dates = pd.bdate_range("2010-01-01", periods=1500, name="date")
    pd.DataFrame({"usgc_jet_usd_gal": spot}, index=dates).to_csv(folder / "spot.csv")
    pd.DataFrame({"HO2": futures}, index=dates).to_csv(folder / "futures.csv")


def example() -> str:
    found = re.search(r"<!-- example: jet.yaml -->\n```yaml\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    assert found is not None
    return found[1]


def test_tables_of_keys_are_those_of_the_models() -> None:
    page = PAGE.read_text("utf-8")
    assert writer().with_keys(page) == page, "the keys have changed: run make docs-help"


def test_page_has_a_table_for_every_part_of_a_study() -> None:
    found = writer().titles(PAGE.read_text("utf-8"))
    assert found == [*list(writer().MODELS)[:5], "parameters of methods", *list(writer().MODELS)[5:]]


def test_every_method_says_which_keys_it_takes() -> None:
    assert set(PARAMETERS) == set(MethodName.__args__)  # type: ignore[attr-defined]


def test_example_study_is_read_and_runs(tmp_path: Path) -> None:
    write_prices(tmp_path)
    (tmp_path / "jet.yaml").write_text(example(), encoding="utf-8")
    outcome = hg.run_study(hg.load_study(tmp_path / "jet.yaml"), tmp_path)
    assert isinstance(outcome, hg.RatioOutcome)
    assert [method.name for method in outcome.methods] == ["naive", "ols", "rolling", "ewma"]
    assert outcome.verdict


@pytest.mark.parametrize("key", ["kind: ratio", "every: W-FRI", "half_spread_bps: 2"])
def test_example_study_misspelt_is_refused_so_the_page_is_held_to_the_model(tmp_path: Path, key: str) -> None:
    assert key in example()
    (tmp_path / "jet.yaml").write_text(example().replace(key, "x" + key), encoding="utf-8")
    with pytest.raises(hg.StudyError):
        hg.load_study(tmp_path / "jet.yaml")
