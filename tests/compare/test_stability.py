"""Whether a ranking holds in every part: all rows covered, figures of the part alone, the sentence."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from compare.races import market_of, price_history, race
from compare.test_significance import shared_race
from hedgerow.compare import sub_periods
from hedgerow.effectiveness import variance_reduction
from hedgerow.errors import InputError
from hedgerow.ratios import Fixed, Naive
from hedgerow.ratios.refits import Failure


def test_thirds_cover_all_rows_and_hold_the_figures_of_their_rows() -> None:
    result = shared_race()
    found = result.periods()
    assert found.n_obs.sum() == len(result.times)
    assert found.n_obs.max() - found.n_obs.min() <= 1
    last = slice(len(result.times) - int(found.n_obs.iloc[-1]), None)
    expected = variance_reduction(result.unhedged.iloc[last], result.hedged["ewma"].iloc[last])
    assert found.table["ewma"].iloc[-1] == pytest.approx(expected, rel=1e-12)
    assert found.ranks.min(axis=1).tolist() == [1.0] * 3


def test_calendar_years_are_named_by_year() -> None:
    result = race(market_of(price_history(801)), {"naive": Naive(), "fixed": Fixed(0.8)})
    found = result.periods("years")
    assert found.table.index.tolist() == sorted({str(year) for year in result.times.year})
    assert found.leaders.tolist() == ["fixed"] * len(found.leaders)
    assert found.sentence == f"fixed leads in all {len(found.leaders)} parts."


def test_one_part_is_the_whole_race() -> None:
    result = shared_race()
    found = sub_periods(result, 1)
    np.testing.assert_allclose(found.table.iloc[0], result.table["variance_reduction"], rtol=1e-12)
    assert found.sentence.endswith("leads in the 1 part.")


def test_lead_that_changes_is_told_with_its_periods() -> None:
    found = shared_race().periods(12)
    assert found.sentence.startswith("The lead changes: ")
    assert "more." in found.sentence


def test_parts_of_single_rows_have_no_figure() -> None:
    result = shared_race()
    found = result.periods(len(result.times))
    assert found.table.isna().all(axis=None)
    assert (found.leaders == "").all()
    assert found.sentence == "No part of the judged rows has a variance to reduce."


@pytest.mark.parametrize("by", [0, 10_000, "months"])
def test_parts_that_do_not_exist_are_refused(by: int) -> None:
    with pytest.raises(InputError, match="'years' or a number of parts"):
        shared_race().periods(by)


def test_method_that_failed_at_most_refits_never_leads() -> None:
    result = race(market_of(price_history(401)), {"naive": Naive(), "fixed": Fixed(0.8)})
    lost = tuple(Failure(row, "a regime emptied") for row in range(result.first_row, 400))
    failing = replace(result, failures={"fixed": lost}, refits={"fixed": len(lost), "naive": 1})
    assert "fixed" in set(result.periods().leaders)
    assert set(failing.periods().leaders) == {"naive"}
