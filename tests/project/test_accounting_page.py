"""The page on hedge accounting: its study runs, and its tables are what the program makes."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pandas as pd

import hedgerow as hg
from data import shared_data
from hedgerow.accounting import OPERATING_CHARACTERISTICS
from hedgerow.study import AccountingStudy, run_accounting_study

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "hedge-accounting.md").read_text("utf-8")


def example() -> str:
    found = re.search(r"<!-- example: hr.yaml -->\n```yaml\n(.*?)```", PAGE, re.DOTALL)
    assert found is not None
    return found[1]


def rows_after(heading: str) -> list[list[str]]:
    """Return the cells of the first table after a heading, without its two head lines."""
    lines = PAGE.split(heading, 1)[1].split("\n")
    first = next(place for place, line in enumerate(lines) if line.startswith("|"))
    table = lines[first : first + next(n for n, line in enumerate(lines[first:]) if not line.startswith("|"))]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in table[2:]]


def test_example_study_is_read_and_runs(tmp_path: Path) -> None:
    days = pd.bdate_range("2006-01-02", "2014-12-31", name="date")
    futures = 2.0 + 0.02 * np.random.default_rng(0).normal(size=len(days)).cumsum()
    pd.DataFrame({"usgc_jet_usd_gal": futures + 0.1}, index=days).to_csv(tmp_path / "spot.csv")
    pd.DataFrame({"HO1": futures}, index=days).to_csv(tmp_path / "futures.csv")
    (tmp_path / "hr.yaml").write_text(example(), encoding="utf-8")
    outcome = hg.run_study(hg.load_study(tmp_path / "hr.yaml"), tmp_path)
    assert "US GAAP ASC 815" in outcome.verdict


def test_table_of_operating_characteristics_is_the_one_documents_print() -> None:
    found = rows_after("<!-- operating characteristics -->")
    assert found == [[f"{row[0]:.2f}", *(f"{share:.0%}".replace("%", " %") for share in row[1:])]
                     for row in OPERATING_CHARACTERISTICS]  # fmt: skip


def test_worked_example_of_the_page_is_what_the_program_measures() -> None:
    from datetime import date

    from hedgerow.accounting import ValueChanges, measure_hedge

    table = [[int(cell.replace("−", "-")) for cell in row] for row in rows_after("**The lesser of two cumulative")]
    ends = tuple(date(2000, row[0], 28) for row in table)
    changes = ValueChanges(ends, tuple(row[1] for row in table), tuple(row[2] for row in table))
    for row, found in zip(table, measure_hedge(changes, "ifrs9"), strict=True):
        figures = (found.cumulative_instrument, found.cumulative_item, found.closing, found.effective)
        assert row[3:] == [*map(int, figures), int(found.profit_or_loss)]


def test_jet_fuel_table_is_what_real_prices_give() -> None:
    files = {"spot.csv": "energy_spot_daily.csv", "futures.csv": "energy_futures_contract1_4_daily.csv"}
    from hedgerow.study.yaml_file import parse_yaml

    words = dict(parse_yaml(example().encode(), "hr.yaml").content)
    places = [str(shared_data(files[name])) for name in words["data"]["files"]]
    words |= {"as_of": "2014-12-31", "data": words["data"] | {"files": places, "start": "2006-01-01"}}
    outcome = run_accounting_study(AccountingStudy.model_validate(words))
    notes = ["", *outcome.offsets["note"]]
    for row, note, (day, tested) in zip(rows_after("## Jet fuel"), notes, outcome.tests.iterrows(), strict=True):
        assert row[0] in str(day)
        assert row[3:] == [f"{-tested['slope']:.3f}", f"{tested['r_squared']:.3f}"]
        if row[0] != "inception":
            judged = f"{tested['offset']:.0%}" if note == "judged" else note
            assert [cell.replace(" %", "%").replace("−", "-") for cell in row[1:3]] == [
                judged, f"{tested['cumulative_offset']:.0%}",
            ]  # fmt: skip
