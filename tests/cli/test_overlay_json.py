"""What --json prints of overlays and tail hedges: strict JSON, always the same keys, each in the documentation."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

DOCS = Path(__file__).parents[2] / "docs"
ROW = re.compile(r"^\| (?P<of>[^|]*)\| `(?P<key>[^`]+)` \| (?P<unit>[^|]*)\|", re.MULTILINE)
ONE = (
    "overlay",
    "m.csv",
    "--vix",
    "vix",
    "--price",
    "px",
    "--rule",
    "vix_linear",
    "--set",
    "low=10",
    "--set",
    "width=15",
)
MARKET = """
data: {files: [m.csv]}
market: {price: px, vix: vix, rate: 0.0, dividend_yield: 0.0}
portfolio: {value: 1000000}
"""
BARE = "judging: {draws: 0, late: [], rivals: false, halves: false, red_flags: false, equal_cost: false}\n"
RULE = "{name: a, rule: {vix_linear: {low: 10, width: 15}}, hedge: {variance_swaps: {vega_notional: 100}}}"
OVERLAY = f"""kind: overlay{MARKET}
rules: [{RULE}]
claims: [{{what: it, claimed: 1, measured: 'a: gain'}}]
"""
FULL = f"""{OVERLAY}judging: {{draws: 100, late: [1]}}
usual_claims: true
together: {{name: both, parts: [{RULE}, {RULE.replace("a,", "b,")}], budget: 0.02}}
"""
TAIL = f"""kind: tail{MARKET}
judging: {{draws: 100}}
hedges: [{{name: puts, hedge: {{index_puts: {{delta: 0.25}}}}}}]
claims: [{{what: it, claimed: 1, measured: 'puts: gain'}}]
"""


def documented(page: str, block: str) -> list[tuple[str, str]]:
    """Return where each documented key stands, and the key; units are checked on the way."""
    text = (DOCS / page).read_text(encoding="utf-8").split(f"<!-- json: {block} -->")[1].split("<!-- json end -->")[0]
    found = [match.groupdict() for match in ROW.finditer(text)]
    assert len(found) > 10
    return [(each["of"].strip(), each["key"]) for each in found]


STUDY = documented("volatility-overlays.md", "overlay study")
TAILS = documented("tail-hedges.md", "tail study")


@pytest.fixture(name="folder")
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    rng, n = np.random.default_rng(2), 160
    vix = np.clip(18.0 + np.cumsum(rng.normal(0.0, 0.6, n)), 10.0, 40.0).round(2)
    px = (100.0 * np.exp(np.cumsum(0.008 * rng.normal(size=n)))).round(3)
    pd.DataFrame({"vix": vix, "px": px}, pd.bdate_range("2019-10-01", periods=n, name="date")).to_csv(
        tmp_path / "m.csv"
    )
    monkeypatch.chdir(tmp_path)
    return tmp_path


def top(keys: list[tuple[str, str]]) -> set[str]:
    return {key for of, key in keys if not of}


def of_rows(keys: list[tuple[str, str]]) -> set[str]:
    return {key for of, key in keys if of}


def columns(found: dict[str, Any], names: set[str]) -> set[str]:
    """Return the keys of the rows of tables, without the ends of intervals."""
    rows = [row for name in names for row in found[name] or ()]
    return {key.removesuffix("_low").removesuffix("_high") for row in rows for key in row}


@pytest.mark.parametrize("extra", [(), ("--shape", "budget=1%")])
def test_one_overlay_has_the_documented_keys_with_an_account_and_without(
    hedgerow: Any, folder: Path, extra: tuple[str, ...]
) -> None:
    found = hedgerow(*ONE, *extra, "--json").json
    keys = documented("volatility-overlays.md", "one overlay")
    assert set(found) == top(keys)
    assert set(found["summary"]) == of_rows(keys)
    assert len(found["dates"]) == len(found["multiplier"]) == len(found["stages"]["budget"])


@pytest.mark.parametrize("text", [OVERLAY + BARE, FULL])
def test_overlay_study_has_the_documented_keys_whatever_is_asked_for(hedgerow: Any, folder: Path, text: str) -> None:
    (folder / "s.yaml").write_text(text, encoding="utf-8")
    found = hedgerow("overlay", "s.yaml", "--json").json
    assert set(found) == top(STUDY)
    tables = {"table", "crises", "years", "halves", "equal_cost", "rivals", "red_flags", "at_lag_0", "late", "claims"}
    tables |= {"hedge_size", "cost_of_protection", "holding_less"}
    assert columns(found, tables | {"usual_claims"}) <= of_rows(STUDY)
    for rows in found["together"].values():
        assert all(row["unit"] for row in rows)


def test_tail_study_has_the_documented_keys(hedgerow: Any, folder: Path) -> None:
    (folder / "s.yaml").write_text(TAIL + "budget_per_year: 0.01\n", encoding="utf-8")
    found = hedgerow("tail", "s.yaml", "--json").json
    assert top(TAILS) <= set(found) <= top(TAILS) | top(STUDY)
    tables = {
        "table",
        "crises",
        "years",
        "equal_cost",
        "payoffs",
        "stress",
        "claims",
        "cost_of_protection",
        "by_bleed",
        "holding_less",
    }
    assert columns(found, tables) <= of_rows(TAILS) | of_rows(STUDY)
