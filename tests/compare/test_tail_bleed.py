"""How much of a tail hedge to hold: sizes by what they bleed."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from compare.overlay_markets import JUDGING, UNDRAWN, Insurance, NotRepriced, market_of
from hedgerow.compare import OverlayPlan, compare_tail_hedges
from hedgerow.engine.overlay import OverlayOptions, run_overlay
from hedgerow.errors import InputError
from hedgerow.overlays import Shape, Static

MARKET = market_of()
BLEEDS = (0.002, 0.01)


@pytest.fixture(scope="module", name="found")
def _found() -> Any:
    hedges = {"insurance": Insurance(), "unpriced": NotRepriced(0.2), "earns": Insurance(0.2, -0.001)}
    both = (Insurance(0.1, 0.0001), Insurance(0.3, 0.0004))
    return compare_tail_hedges(hedges | {"both": both}, MARKET, judging=JUDGING)


def test_every_size_bleeds_what_was_asked_for_and_is_the_account_of_the_engine(found: Any) -> None:
    table = found.by_bleed(BLEEDS)
    assert list(table.index.get_level_values("bleed").unique()) == list(BLEEDS)
    base = found.comparison.records["insurance"]
    for bleed in BLEEDS:
        sized = table.loc[bleed].drop(index="earns")
        np.testing.assert_allclose(sized["bleed_per_year"], bleed, rtol=1e-12)
        scale = float(table.loc[(bleed, "insurance"), "scale"])
        run = run_overlay(Static(scale), Insurance(), MARKET)
        gain = found.comparison.record_of(run).hedge_pnl
        np.testing.assert_allclose(gain, scale * base.hedge_pnl, rtol=1e-9, atol=1e-6)
        assert table.loc[(bleed, "insurance"), "gain_20"] == pytest.approx(
            scale * found.table().loc["insurance", "gain_20"]
        )
    assert table.loc[(0.01, "both"), "offset"] == pytest.approx(5.0 * table.loc[(0.002, "both"), "offset"])


def test_cut_is_the_cvar_without_the_hedge_less_that_with_it(found: Any) -> None:
    table, bare = found.by_bleed((0.01,)), found.table().loc["no hedge", "cvar"]
    np.testing.assert_allclose(table["cvar_cut"], bare - table["cvar"])
    assert {"sharpe_low", "offset_high", "sample"} <= set(table)


def test_hedge_that_earned_or_cannot_be_repriced_has_no_figure_and_says_why(found: Any) -> None:
    table = found.by_bleed((0.01,)).loc[0.01]
    assert np.isnan(table.loc["earns", "scale"])
    assert "earned money outside crises" in table.loc["earns", "scaling"]
    assert np.isnan(table.loc["unpriced", "gain_20"])
    assert table.loc["unpriced", "scale"] > 0.0


@pytest.mark.parametrize("options", [OverlayOptions(), OverlayOptions(whole_contracts="toward zero")])
def test_neither_a_cap_nor_whole_contracts_change_what_a_bleed_buys(options: OverlayOptions) -> None:
    hedges = {"a": Insurance(), "both": (Insurance(0.1, 0.0001), Insurance(0.3, 0.0004))}
    free = compare_tail_hedges(hedges, MARKET, judging=UNDRAWN).by_bleed(BLEEDS)
    bound = compare_tail_hedges(hedges, MARKET, budget_per_year=1e-5, options=options, judging=UNDRAWN)
    np.testing.assert_allclose(bound.by_bleed(BLEEDS)["scale"], free["scale"], rtol=1e-12)
    kept = {"a": OverlayPlan(Static(1.0), hedges["a"], Shape(budget=1e-5))}
    assert bound.comparison.plans["a"] == kept["a"]  # the comparison itself is left as it was


@pytest.mark.parametrize(
    ("bleeds", "said"),
    [
        ((), "at least one bleed"),
        ((0.0,), "above 0 and below 1, not 0.0"),
        ((np.nan,), "above 0 and below 1, not nan"),
        ((0.01, 1.0), "below 1, not 1.0"),
        ((0.01, 0.01), "0.01 is given twice"),
    ],
)
def test_bleeds_that_are_none_are_refused(found: Any, bleeds: tuple[float, ...], said: str) -> None:
    with pytest.raises(InputError, match=said):
        found.by_bleed(bleeds)


def test_picture_has_a_line_from_nothing_for_every_hedge_that_bleeds(found: Any) -> None:
    figure = found.figure("by_bleed")
    assert [line.name for line in figure.data] == ["insurance", "unpriced", "both"]
    assert all(line.x[0] == 0.0 == line.y[0] for line in figure.data)
    assert "bleed" in figure.layout.xaxis.title.text
    assert "CVaR" in figure.layout.yaxis.title.text
    with pytest.raises(InputError, match="no hedge bleeds"):
        compare_tail_hedges({"earns": Insurance(0.2, -0.001)}, MARKET, judging=UNDRAWN).figure("by_bleed")
