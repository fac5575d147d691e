"""The page on data hygiene: every kind of finding, and every threshold with its default."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path

import pytest

from hedgerow.market.hygiene import CHECKS, HygieneOptions

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "data-hygiene.md").read_text(encoding="utf-8")
WORDS = {"roll_share": "half", "roll_level": "one in a million"}
THRESHOLDS = [field for field in dataclasses.fields(HygieneOptions) if field.name not in ("changes", "listed_dates")]


@pytest.mark.parametrize("field", THRESHOLDS, ids=lambda field: field.name)
def test_threshold_stands_on_the_page_with_its_default(field: dataclasses.Field[object]) -> None:
    row = next((line for line in PAGE.splitlines() if f"(`{field.name}`)" in line), "")
    assert row, f"{field.name} is not on the page"
    values = field.default if isinstance(field.default, tuple) else (field.default,)
    for value in values:
        text = WORDS.get(field.name, f"{value:,g}")
        assert re.search(rf"(?<![\d.]){re.escape(text)}(?![\d])", row), f"{field.name} = {text} is not in: {row}"


def test_every_kind_of_finding_stands_on_the_page() -> None:
    folder = ROOT / "src" / "hedgerow" / "market" / "hygiene"
    source = "\n".join(path.read_text(encoding="utf-8") for path in folder.glob("*.py"))
    kinds = set(re.findall(r'Finding\("(\w+)"', source)) | {"split", "unit_change", "negative", "zero"}
    assert len(kinds) == len(CHECKS) + 1  # one check tells negative prices from zeros
    assert sorted(kind for kind in kinds if f"`{kind}`" not in PAGE) == []
