"""The page of replays on real data: some of its cells computed again, and the laws that all its rows keep."""

from __future__ import annotations

import re
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from data import shared_data
from docs_scripts import script

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "replay-on-real-data.md").read_text(encoding="utf-8")
GREEKS = ("gamma", "theta", "vega", "remainder")


def writer() -> ModuleType:
    """Return the script that writes the page."""
    return script("write_replay_tables")


def table(name: str) -> dict[str, dict[str, str]]:
    """Return the cells of a block's table by row and heading."""
    found = next(match[0] for match in writer().BLOCK.finditer(PAGE) if match[2] == name)
    lines = [[cell.strip() for cell in line.split("|")[1:-1]] for line in found.splitlines() if line.startswith("|")]
    head, _, *rows = lines
    return {row[0]: dict(zip(head, row, strict=True)) for row in rows}


def number(cell: str) -> float:
    return float(cell.replace(",", ""))


def case(name: str, **data: Any) -> Any:
    """Return a study of the page on fewer days."""
    whole = writer().case(name, shared_data("spy_daily.csv").parent)
    study = whole.study.model_copy(update={"data": whole.study.data.model_copy(update=data)})
    return writer().Case(study, whole.folder)


def test_page_has_every_block_that_the_script_writes() -> None:
    assert [match[2] for match in writer().BLOCK.finditer(PAGE)] == list(writer().BLOCKS)
    assert all(len(table(name)) > 5 for name in writer().BLOCKS if not name.endswith("facts"))


def test_first_year_of_straddles_is_what_the_page_says() -> None:
    parts = case(writer().SPY, end="1999-12-31").run(-1.0).parts.sum()
    row = table("spy years")["1999"]
    for name, value in parts.items():
        assert row[str(name)] == writer().money(value), name


def test_greeks_of_2008_do_not_depend_on_where_the_replay_begins() -> None:
    """A replay that starts on a roll date holds the same options; only its cash is another."""
    run = case(writer().SPY, start="2007-12-21", end="2008-12-31").run(-1.0)
    parts = run.parts.loc["2008"]
    row = table("spy years")["2008"]
    for name in GREEKS:
        assert row[name] == writer().money(parts[name].sum()), name
    week, on_page = parts.loc["2008-10-06":"2008-10-10"].sum(), table("spy weeks")["October 2008"]
    for name in GREEKS:
        assert on_page[name] == writer().money(week[name]), name
    assert week["gamma"] < 0.0 < week["remainder"]
    assert week["gamma"] + week["theta"] < 0.0
    gains = run.parts["total"] * 0.0 + run.result.source.run(0, 1).lines()["book"][0]
    for day, row in table("spy revalued").items():
        if day.startswith("2008"):  # revaluation from close to close is what the accounts earned
            assert row["options"] == writer().money(gains.loc[day].iloc[0]), day
            assert row["left"] == "0", day


def test_fall_of_2014_is_what_the_page_says() -> None:
    """Greeks of the put do not depend on when it was sold."""
    found = case(writer().CRUDE, start="2014-07-31").run(-1.0)
    months = found.parts.loc["2014-08-01":].groupby(found.parts.loc["2014-08-01":].index.to_period("M")).sum()
    for month, row in table("crude fall").items():
        if month != "all":
            for name in (*GREEKS, "other Greeks"):
                assert row[name] == writer().money(months.loc[month, name]), (month, name)


@pytest.mark.parametrize(
    "name", ["spy policies", "crude policies", "spy years", "crude years", "crude fall", "spy weeks"]
)
def test_parts_of_every_row_add_up_to_its_total(name: str) -> None:
    for label, row in table(name).items():
        parts = [
            each for each in ("gamma", "theta", "vega", "other Greeks", "remainder", "delta and hedge") if each in row
        ]
        parts += [each for each in ("interest, dividends", "costs") if each in row]
        gap = abs(sum(number(row[each]) for each in parts) - number(row["total"]))
        assert gap <= (10.0 if name == "spy weeks" else 5.0), (label, gap)  # a week's table leaves interest out


def test_buyer_and_seller_mirror_each_other_and_pay_the_same_costs() -> None:
    for name in ("spy policies", "crude policies"):
        rows = table(name)
        for label in [each for each in rows if each.startswith("sold")]:
            sold, bought = rows[label], rows[label.replace("sold", "bought")]
            for part in (*GREEKS, "delta and hedge"):
                assert number(sold[part]) == pytest.approx(-number(bought[part]), abs=1.0)
            assert sold["costs"] == bought["costs"]
            assert number(sold["gamma"]) < 0.0 < number(sold["theta"])


def test_break_even_is_where_the_mean_of_the_table_is_zero() -> None:
    means = [float(row["mean month"].split(" ±")[0].replace(",", "")) for row in rows_of_level()]
    assert (np.diff(means) < 0.0).all()
    block = next(match[0] for match in writer().BLOCK.finditer(PAGE) if match[2] == "spy level")
    at = float(re.search(r"sold ([\d.]+) points below", block)[1])  # type: ignore[index]
    assert np.interp(at, writer().POINTS, means) == pytest.approx(0.0, abs=3.0)


def rows_of_level() -> list[dict[str, str]]:
    """Return rows of the table of levels, the seller's columns alone: two columns share a heading."""
    found = next(match[0] for match in writer().BLOCK.finditer(PAGE) if match[2] == "spy level")
    lines = [[cell.strip() for cell in line.split("|")[1:-1]] for line in found.splitlines() if line.startswith("|")]
    return [dict(zip(lines[0][:3], row[:3], strict=True)) for row in lines[2:]]
