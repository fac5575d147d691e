"""Several hedges under one budget in studies: many rows of them, and their keys chosen walking forward."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from pydantic import ValidationError

from hedgerow.compare import DiversifiedPlan, OverlayPlan, choose_overlay
from hedgerow.compare.overlays.choose import OverlayChoosing
from hedgerow.overlays import Shape, Static, VixLinear
from hedgerow.programmes import Portfolio
from hedgerow.programmes.variance_swaps import VarianceSwaps
from hedgerow.study.load import study_schema
from hedgerow.study.overlays.run import OverlayStudyOutcome, run_overlay_study
from study.test_overlays import CURVE, SIDES, drawn, study

NEAR = {"name": "near", "rule": {"vix_linear": {"low": 10, "width": 15}}, "shape": {"cap": 2}}
FAR = {"name": "far away", "rule": "static", "hedge": SIDES["long"]}
BOTH = {"name": "both", "parts": [NEAR, FAR], "budget": 0.01}
FREE = {"name": "free", "parts": [NEAR, FAR]}
GRID = {"near.low": [8, 12], "near.shape.smooth": [1, 5], "far away.level": [0.5, 1.0]}


@pytest.fixture(name="folder")
def _folder(tmp_path: Path) -> Path:
    drawn().assign(vix3=lambda table: table["vix"] * 0.9, vix6=18.0).to_csv(tmp_path / "m.csv")
    return tmp_path


def run(folder: Path, **words: Any) -> OverlayStudyOutcome:
    judging = {"draws": 0, "late": [], "rivals": False, "equal_cost": False, "red_flags": False, "halves": False}
    return run_overlay_study(study(judging=judging, lag=1, **words), folder)


def test_list_of_rows_has_an_account_a_table_and_a_heading_each(folder: Path) -> None:
    found = run(folder, together=[BOTH, FREE])
    assert list(found.together) == ["both", "free"]
    assert {"both", "free"} <= set(found.comparison.table().index)
    assert "use_of_the_budget_both" in found.tables()
    assert "use_of_the_budget_free" not in found.tables()
    assert set(found.to_dict()["together"]) == {"both", "free"}
    page = found.write_markdown(folder / "r.md").read_text("utf-8")
    assert "At once: both" in page
    assert "At once: free" in page


def test_one_row_alone_is_a_list_of_it(folder: Path) -> None:
    one, listed = (run(folder, together=words) for words in (BOTH, [BOTH]))
    pd.testing.assert_frame_equal(one.comparison.table(), listed.comparison.table())
    assert list(one.together) == list(listed.together) == ["both"]
    assert study(together=None).together == ()


def test_keys_of_several_are_chosen_as_the_library_chooses_them(folder: Path) -> None:
    found = run(folder, together=BOTH, walk_forward={"together": "both", "grid": GRID, "refit": "quarterly"})
    assert found.choice is not None

    def family(**keys: Any) -> DiversifiedPlan:
        near = OverlayPlan(
            VixLinear(keys["near.low"], 15), VarianceSwaps(2_000.0), Shape(cap=2, smooth=keys["near.shape.smooth"])
        )
        return DiversifiedPlan(
            (near, OverlayPlan(Static(keys["far away.level"]), VarianceSwaps(2_000.0, months=3))), 0.01
        )

    mine = choose_overlay(
        family, GRID, found.source.market, portfolio=Portfolio(1_000_000.0),
        choosing=OverlayChoosing(refit="quarterly", bootstrap=None),
    )  # fmt: skip
    assert np.array_equal(found.choice.returns, mine.returns)
    pd.testing.assert_frame_equal(found.choice.chosen, mine.chosen)
    assert "sensitivity" in found.figure_names
    assert found.figure("sensitivity").data
    assert "Walk-forward: chosen walk-forward" in found.write_markdown(folder / "r.md").read_text("utf-8")


def test_keys_of_a_share_that_splits_the_hedge_are_chosen(folder: Path) -> None:
    rules = [{"name": "split", "rule": "term_structure"}]
    words = {"rule": "term_structure", "grid": {"power": [1, 8]}, "refit": "quarterly"}
    found = run(folder, rules=rules, hedge=SIDES, signals=CURVE, walk_forward=words)
    assert found.choice is not None
    assert len(found.choice.result.parts) == 2


def test_stage_of_a_grid_is_written_as_in_a_shape(folder: Path) -> None:
    words = {"rule": "vix_linear", "grid": {"shape.threshold": ["weekly", "3, 15%", 2]}, "refit": "quarterly"}
    found = run(folder, walk_forward=words)
    assert found.choice is not None
    assert [len(plan.shape.threshold) for plan in found.choice.plans] == [1, 2, 1]  # type: ignore[union-attr]


def test_key_of_a_product_has_the_name_of_its_rule_before_it(folder: Path) -> None:
    product = {"name": "mixed", "rule": [{"vix_linear": {"low": 10, "width": 15}}, {"static": 0.5}]}
    row = {"name": "row", "parts": [product, FAR]}
    words = {"together": "row", "grid": {"mixed.vix_linear.low": [8, 12]}, "refit": "quarterly"}
    found = run(folder, together=[row], walk_forward=words)
    assert found.choice is not None
    assert [repr(plan.parts[0].rule) for plan in found.choice.plans] == [  # type: ignore[union-attr]
        f"VixLinear(low={low}, width=15) * 0.5" for low in (8, 12)
    ]


def test_schema_knows_the_row_and_the_list() -> None:
    schema = study_schema()
    kinds = schema["$defs"]["OverlayStudy"]["properties"]["together"]["anyOf"]
    assert [each.get("type", "row") for each in kinds] == ["row", "array", "null"]
    assert len(schema["$defs"]["OverlayStudy"]["properties"]["signals"]["additionalProperties"]["anyOf"]) == 2


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ({"together": [BOTH, BOTH]}, "two rules are called 'both'"),
        ({"together": BOTH, "walk_forward": {"together": "bot", "grid": GRID}}, "no such row; did you mean 'both'"),
        ({"together": BOTH, "walk_forward": {"together": "both", "grid": {"low": [1]}}}, "names none of the parts"),
        ({"together": BOTH, "walk_forward": {"together": "both", "grid": {"near.lo": [1]}}}, "did you mean 'low'"),
        ({"together": BOTH, "walk_forward": {"together": "both", "grid": {"near.low": [1, "x"]}}}, "must be a number"),
        ({"together": BOTH, "walk_forward": {"together": "both", "grid": GRID, "keys": {"low": 1}}}, "belong to rule"),
        ({"walk_forward": {"grid": GRID}}, "give either rule or together"),
        ({"walk_forward": {"rule": "static", "together": "both", "grid": GRID}}, "give either rule or together"),
        ({"walk_forward": {"rule": "vix_linear", "grid": {"shape.smoth": [1]}}}, "did you mean 'smooth'"),
        ({"walk_forward": {"rule": "vix_linear", "grid": {"shape.threshold": ["wekly"]}}}, "did you mean 'weekly'"),
        (
            {
                "together": {"name": "twins", "parts": [NEAR, NEAR]},
                "walk_forward": {"together": "twins", "grid": {"near.low": [1]}},
            },
            "two parts of 'twins' have one name",
        ),
        (
            {
                "together": {"name": "row", "parts": [{**NEAR, "rule": [NEAR["rule"], "static"]}, FAR]},
                "walk_forward": {"together": "row", "grid": {"near.low": [1]}},
            },
            "write it as RULE.key, with one of vix_linear, static",
        ),
    ],
)
def test_rows_and_grids_that_mean_nothing_are_refused(words: dict[str, Any], said: str) -> None:
    with pytest.raises(ValidationError, match=re.escape(said)):
        study(**words)
