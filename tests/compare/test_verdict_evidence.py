"""The verdict weighs how many were tried, what trading costs, and fits that failed."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from compare.races import market_of, price_history, race
from compare.test_significance import shared_race
from hedgerow.compare import Comparison, Judging
from hedgerow.compare.judging.verdict import Evidence, listed, verdict_on
from hedgerow.costs import HalfSpread
from hedgerow.engine import Execution
from hedgerow.market import History
from hedgerow.ratios import EWMA, OLS, Naive, RatioEstimator, RollingOLS
from hedgerow.ratios.refits import Failure


def moving_history() -> History:
    """Return prices whose ratio truly moves, so that a short window wins."""
    frame = price_history(801).prices.copy()
    ratio = 0.8 + 0.5 * np.sign(np.sin(np.arange(801) / 60.0))
    frame["spot"] = 500.0 + (ratio * frame["f1"].diff().fillna(0.0)).cumsum() + 0.1 * (frame["spot"] - 500.0)
    return History(frame)


SEVERAL: dict[str, RatioEstimator] = {"ols": OLS(), "naive": Naive(), "rolling": RollingOLS(20), "ewma": EWMA(0.9)}


@pytest.fixture(scope="module")
def moving() -> Comparison:
    return race(market_of(moving_history()), SEVERAL)


def failed(result: Comparison, name: str, count: int, of: int, reason: str = "the search stopped") -> Comparison:
    rows = range(result.first_row, result.first_row + count)
    lost = {**dict.fromkeys(result.methods, ()), name: tuple(Failure(row, reason) for row in rows)}
    return replace(result, failures=lost, refits=dict.fromkeys(result.methods, of))


def test_winner_that_many_tests_agree_on_is_named_with_the_set(moving: Comparison) -> None:
    said = moving.verdict
    assert moving.superior_ability.p_value <= 0.05
    assert said.split()[0] in ("rolling", "ewma")
    assert "beats a constant OLS ratio here" in said
    assert "At 90 % confidence " in said


def test_lead_that_luck_gives_the_best_of_many_is_no_win(moving: Comparison) -> None:
    lucky = Evidence(members=("ols", "ewma"), level=0.9, superior_p_value=0.3, significance=0.05)
    said = verdict_on(moving.table, moving.draws, lucky)
    assert said.startswith("Nothing beats a constant OLS ratio here once the 4 methods tried are counted")
    assert "p = 0.30" in said
    assert "is a finding" in said
    assert said.endswith("At 90 % confidence ols and ewma cannot be told from the best of the 4 methods.")
    in_the_set = replace(lucky, superior_p_value=0.01)
    assert verdict_on(moving.table, moving.draws, in_the_set).startswith("Nothing beats")
    clear = replace(lucky, superior_p_value=0.01, members=("ewma",))
    said = verdict_on(moving.table, moving.draws, clear)
    assert "beats a constant OLS ratio here" in said
    assert said.endswith("At 90 % confidence ewma is the best of the 4 methods.")


def test_two_methods_need_no_count() -> None:
    result = race(market_of(moving_history()), {"ols": OLS(), "ewma": EWMA(0.9)})
    open_set = Evidence(members=("ols", "ewma"), level=0.9, superior_p_value=0.9, significance=0.05)
    assert "beats a constant OLS ratio here" in verdict_on(result.table, result.draws, open_set)
    assert "cannot be told" not in result.verdict


def test_constant_ratio_that_holds_is_called_a_finding() -> None:
    result = race(market_of(price_history(401)), SEVERAL)
    assert result.verdict.startswith("Nothing beats a constant OLS ratio here")
    assert "holds against 2 cleverer methods is a finding" in result.verdict


def test_all_methods_in_the_set_are_not_listed(moving: Comparison) -> None:
    everyone = Evidence(members=moving.methods, level=0.9)
    assert "none of the 4 methods can be told from the best" in verdict_on(moving.table, moving.draws, everyone)


def test_few_failures_are_told_and_the_method_may_still_win(moving: Comparison) -> None:
    best = str(moving.ranked.index[0])
    result = failed(moving, best, 3, 60)
    assert f"{best} failed at 3 of 60 refits (the search stopped); the ratio before was kept." in result.verdict
    assert result.verdict.startswith(best)
    assert result.ranked.index[0] == best


@pytest.mark.parametrize(("count", "out"), [(30, False), (31, True)])
def test_method_that_failed_at_more_than_half_is_never_called_best(moving: Comparison, count: int, out: bool) -> None:
    best, second = (str(name) for name in moving.ranked.index[:2])
    result = failed(moving, best, count, 60)
    assert result.verdict.startswith(second if out else best)
    assert ("more than half, so that it is not ranked" in result.verdict) is out
    assert (result.ranked.index[-1] == best) is out
    assert (best in result.not_ranked) is out


def test_confidence_set_does_not_name_a_method_that_is_not_ranked(moving: Comparison) -> None:
    lost = {"ewma": tuple(Failure(row, "flat") for row in range(9))}
    alone = Evidence(("ewma",), 0.9, 0.01, 0.05, lost, dict.fromkeys(moving.methods, 10))
    assert "At 90 %" not in verdict_on(moving.table, moving.draws, alone)
    both = replace(alone, members=("rolling", "ewma"))
    assert "At 90 % confidence rolling cannot be told" in verdict_on(moving.table, moving.draws, both)
    everyone = replace(alone, members=moving.methods)
    assert "ols, naive and rolling cannot be told" in verdict_on(moving.table, moving.draws, everyone)


def test_all_methods_failed_says_that_none_can_be_called_best(moving: Comparison) -> None:
    lost = {name: tuple(Failure(moving.first_row + n, "flat") for n in range(9)) for name in moving.methods}
    result = replace(moving, failures=lost, refits=dict.fromkeys(moving.methods, 10))
    assert result.verdict.startswith("No method can be called best")
    assert result.verdict.count("failed at 9 of 10 refits") == 3
    assert result.verdict.endswith("1 more method failed at some refits.")


def test_failures_of_several_kinds_name_the_most_frequent(moving: Comparison) -> None:
    result = failed(moving, "ewma", 3, 60)
    mixed = {**result.failures, "ewma": (*result.failures["ewma"], Failure(result.first_row + 9, "a regime emptied"))}
    assert "ewma failed at 4 of 60 refits (most often: the search stopped)" in replace(result, failures=mixed).verdict


def test_refits_before_the_judged_rows_are_no_failure(moving: Comparison) -> None:
    early = {"rolling": tuple(Failure(row, "too few rows") for row in range(50))}
    result = replace(moving, failures=early, refits=dict.fromkeys(moving.methods, 60))
    assert "failed at" not in result.verdict
    assert not result.not_ranked


def test_winner_is_weighed_against_its_costs() -> None:
    market = market_of(moving_history())
    free = race(market, SEVERAL)
    limit = float(free.break_even_costs()["cost_bps"][free.ranked.index[0]])
    cheap, dear = (race(market, SEVERAL, execution=Execution(costs=HalfSpread(k * limit))) for k in (0.5, 1.5))
    assert "the risk it saves is worth more than its trading costs, by" in cheap.verdict
    assert "at a relative risk aversion of 4" in cheap.verdict
    assert "but its trading costs more than the risk it saves is worth, by" in dear.verdict
    keen = replace(dear, judging=Judging(risk_aversion=10.0))
    assert "worth more than its trading costs" in keen.verdict
    assert "a risk aversion of 10 per unit of money" in keen.verdict


def test_no_cost_charged_says_nothing_of_costs(moving: Comparison) -> None:
    assert "trading costs" not in moving.verdict


def test_names_are_listed_in_words() -> None:
    assert listed(("a",)) == "a"
    assert listed(("a", "b", "c")) == "a, b and c"
    assert listed(tuple("abcdefgh")) == "a, b, c, d, e, f and 2 more"


def test_table_has_the_shape_of_the_hedged_changes() -> None:
    table = shared_race().table
    assert {"skewness", "excess_kurtosis"} <= set(table.columns)
    assert table[["skewness", "excess_kurtosis"]].notna().all(axis=None)
