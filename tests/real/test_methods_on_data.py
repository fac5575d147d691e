"""The page of methods on real data: its cells are what the studies give, and the studies keep the laws they rest on."""

from __future__ import annotations

import re
from pathlib import Path
from types import ModuleType

import numpy as np
import pandas as pd
import pytest

from data import shared_data
from docs_scripts import script
from hedgerow.study import CompareOutcome, run_compare_study
from real.oracles import slow_reduction

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "methods-on-real-data.md").read_text(encoding="utf-8")
STUDIES = ("jet_heating_oil", "jet_crude", "jet_both", "gold", "euro", "sp500", "corn_crude")
CHEAP = ("naive", "ols", "rolling")


def writer() -> ModuleType:
    """Return the script that writes the page."""
    return script("write_methods_table")


def rows_of(study: str) -> dict[str, dict[str, str]]:
    """Return the cells of a study's table on the page, by method and heading."""
    found = next(match[0] for match in writer().BLOCK.finditer(PAGE) if match[2] == study)
    lines = [[cell.strip() for cell in line.split("|")[1:-1]] for line in found.splitlines() if line.startswith("|")]
    head, _, *rows = lines
    named = [re.sub(r"^\((.*)\)$", r"\1", row[0]) for row in rows]  # brackets: not ranked
    return {name: dict(zip(head, row, strict=True)) for name, row in zip(named, rows, strict=True)}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("methods")
    writer().gather(shared_data("energy_spot_daily.csv").parent, place)
    return place


@pytest.fixture(scope="module")
def outcomes(folder: Path) -> dict[str, CompareOutcome]:
    """Run each study with its cheap methods only."""
    found = {}
    for name in STUDIES:
        study = writer().study_at(folder / f"{name}.yaml")
        found[name] = run_compare_study(study.model_copy(update={"methods": cheap(study)}), folder)
    return found


def cheap(study: object) -> tuple[object, ...]:
    return tuple(method for method in study.methods if method.name in CHEAP)  # type: ignore[attr-defined]


def test_page_has_a_table_for_every_study_and_a_study_for_every_table() -> None:
    assert set(writer().written(PAGE)) == set(STUDIES) == {path.stem for path in writer().comparisons()}
    for name in STUDIES:
        study = writer().study_at(writer().STUDIES / f"{name}.yaml")
        assert len(rows_of(name)) == len(study.methods)


@pytest.mark.parametrize("name", STUDIES)
def test_cells_of_cheap_methods_are_what_the_study_gives(name: str, outcomes: dict[str, CompareOutcome]) -> None:
    on_page, race = rows_of(name), writer().judged(outcomes[name])
    headings = ("variance removed, %", "CVaR removed, %", "turnover", "cost, bp a year", "DM p", "CW p")
    for row in writer().table(race):
        now = dict(zip(writer().HEAD, row, strict=True))
        for heading in headings:
            assert on_page[row[0]][heading] == now[heading], (name, row[0], heading)
        # blocks of the bootstrap are as long as all methods of the race need, so that the ends move a little with fewer
        ends = [[float(end) for end in cells["95 % interval"].split(" to ")] for cells in (on_page[row[0]], now)]
        width = ends[0][1] - ends[0][0]
        assert ends[1] == pytest.approx(ends[0], abs=0.1 + 0.15 * width)
    assert f"{race.market.n_steps:,} changes, the last {len(race.times):,} judged" in PAGE


@pytest.mark.parametrize("name", STUDIES)
def test_accounts_of_every_study_add_up(name: str, outcomes: dict[str, CompareOutcome]) -> None:
    race = writer().judged(outcomes[name])
    for method in CHEAP:
        split = race.split(method)
        assert split.adds_up(race.ledger.gross_notional)
        assert split.totals["total"] == pytest.approx(race.hedged[method].sum() * abs(race.market.quantity), rel=1e-9)


def test_ratios_before_a_cut_do_not_know_what_came_after(folder: Path, outcomes: dict[str, CompareOutcome]) -> None:
    study = writer().study_at(folder / "gold.yaml")
    race, cut = writer().judged(outcomes["gold"]), pd.Timestamp("2015-12-31")
    train = {"train": str(race.market.times[1:][race.first_row - 1].date())}
    shorter = study.model_copy(
        update={
            "methods": cheap(study),
            "data": study.data.model_copy(update={"end": str(cut.date())}),
            "walk_forward": study.walk_forward.model_copy(update=train),
        }
    )
    before = writer().judged(run_compare_study(shorter, folder)).ratio_paths()
    assert len(before) > 100
    pd.testing.assert_frame_equal(before.iloc[:-1], race.ratio_paths().loc[before.index[:-1]], check_exact=True)


def test_gold_refitted_each_week_equals_a_slow_loop(folder: Path) -> None:
    study = writer().study_at(folder / "gold.yaml")
    often = study.model_copy(
        update={"methods": cheap(study), "walk_forward": study.walk_forward.model_copy(update={"refit": 1})}
    )
    race = writer().judged(run_compare_study(often, folder))
    dates = race.market.times[1:]
    y, x = pd.Series(race.market.exposure_changes, dates), pd.Series(race.market.hedge_changes[:, 0], dates)
    front = pd.read_csv(folder / "gold_futures_daily.csv", index_col="date", parse_dates=True)["front_close"]
    cost = 0.5e-4 * front.loc[race.market.times[:-1]].to_numpy() + 2.5 / 100.0
    expected = slow_reduction(y, x, pd.Series(cost, dates))
    assert race.table.loc["ols", "variance_reduction"] == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize(("column", "positions"), [("HO2", ("HO1", "HO2", "HO3")), ("CL2", ("CL1", "CL2", "CL3"))])
def test_roll_dates_are_those_on_which_a_position_is_the_next_contract(column: str, positions: tuple[str, ...]) -> None:
    """Across a roll the new first position moves with the former second: both are the same two contracts."""
    table = pd.read_csv(shared_data(writer().ENERGY), index_col="date", parse_dates=True)[list(positions)].dropna()
    rolls = writer().roll_dates(pd.DatetimeIndex(table.index), column)
    first, second, third = (table[name] for name in positions)
    same = (first - second.shift()) - (second - third.shift())
    quoted = first.diff() - second.diff()
    at = table.index.isin(rolls)
    assert at.sum() > 200
    assert np.nanstd(same[at]) < 0.25 * np.nanstd(quoted[at])
    assert np.nanstd(quoted[~at]) < 0.5 * np.nanstd(quoted[at])


def test_prose_keeps_to_the_tables() -> None:
    """Every percentage that the text puts beside a method's name, in code, is that method's cell."""
    for name in STUDIES:
        after = PAGE.split(f"<!-- study: {name} -->")[1].split("<!-- study ends -->")[1].split("\n## ")[0]
        cells = rows_of(name)
        for method, figure in re.findall(r"`([a-z_()]+)` \((-?[\d.]+) %\)", after):
            assert float(figure) == pytest.approx(float(cells[method][writer().HEAD[1]]), abs=0.051), (name, method)
