"""Policies by cost and risk on the same paths: who is efficient, what is weighed, where the mean comes from."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest

from compare.hedges import BOOK, COSTS, MARKET, Walk
from hedgerow.compare import Frontier, FrontierOptions, GridOptions, Objective, frontier
from hedgerow.compare.choice.answer import answer_of
from hedgerow.compare.choice.edge import Edge
from hedgerow.compare.choice.frontiers import efficient
from hedgerow.compare.choice.objective import risk_aversion_of
from hedgerow.compare.path_statistics import Figure
from hedgerow.engine import SimulateOptions
from hedgerow.errors import InputError
from hedgerow.instruments import Book
from hedgerow.policies import Band, EveryPeriods
from hedgerow.scenarios import GBM

WIDTHS = (0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.5)
FAMILIES = {
    "band": {f"width {width:g}": Band(width) for width in WIDTHS},
    "interval": [EveryPeriods(1), EveryPeriods(2), EveryPeriods(10)],
}


@pytest.fixture(scope="module")
def compared() -> Frontier:
    return frontier(
        BOOK,
        scenario=GBM(MARKET),
        policies=FAMILIES,
        costs=COSTS,
        objective=Objective(risk_aversion=1.0),
        n_paths=4000,
        n_steps=30,
        seed=1,
    )


def test_wider_bands_cost_less_and_risk_more_over_seven_widths(compared: Frontier) -> None:
    bands = compared.table[compared.table["family"] == "band"]
    assert len(bands) == 7
    assert (np.diff(bands["cost"]) < 0.0).all()
    assert (np.diff(bands["risk"]) > 0.0).all()
    assert (np.diff(bands["trades"]) < 0.0).all()


def test_efficient_points_of_hand_made_data() -> None:
    cost = np.array([1.0, 2.0, 3.0, 3.0, 2.0, 1.0])
    risk = np.array([3.0, 2.0, 1.0, 1.5, 2.5, 3.0])
    assert efficient(cost, risk).tolist() == [True, True, True, False, False, True]


def test_no_policy_is_cheaper_and_safer_than_an_efficient_one(compared: Frontier) -> None:
    table = compared.table
    for _, row in table[table["efficient"]].iterrows():
        assert not ((table["cost"] < row["cost"]) & (table["risk"] < row["risk"])).any()
    assert table.at[compared.best, "efficient"]


def test_objective_is_its_formula(compared: Frontier) -> None:
    figures = compared.figures["band width 0.08"]
    pnl, cost = figures.by_path(), figures.summary["costs"][0]
    row = compared.table.loc["band width 0.08"]
    assert row["objective"] == pytest.approx(cost + 0.5 * pnl.var(ddof=1), rel=1e-12)
    scalping = Objective("scalping", 2.0)
    loss = scalping.loss(pnl, figures.cost())
    assert scalping.signed(loss.value) == pytest.approx(pnl.mean() - pnl.var(ddof=1), rel=1e-12)


def test_best_is_behind_nobody(compared: Frontier) -> None:
    table = compared.table
    assert (table["behind"] >= 0.0).all()
    assert table.at[compared.best, "behind"] == table.at[compared.best, "behind_error"] == 0.0
    others = table.drop(compared.best)
    assert (others["behind_error"] > 0.0).all()
    assert (
        others["behind_error"] < np.hypot(others["objective_error"], table.at[compared.best, "objective_error"])
    ).all()


def test_both_aims_choose_alike_where_the_spot_is_a_martingale(compared: Frontier) -> None:
    scalped = Frontier(Objective("scalping"), compared.families, compared.figures, compared.scenario)
    gap = scalped.losses[compared.best].less(scalped.losses[scalped.best])
    assert gap.value <= 2.0 * gap.standard_error
    assert not compared.edge.depends_on_policy
    assert "never to hedge" in compared.edge.sentence


def test_drift_makes_the_mean_depend_on_the_policy() -> None:
    found = frontier(
        BOOK,
        scenario=GBM(MARKET, drift=0.5),
        policies={"interval": [EveryPeriods(1), EveryPeriods(30)]},
        costs=COSTS,
        objective=Objective("scalping", 0.01),
        n_paths=2000,
        n_steps=30,
    )
    assert found.edge.depends_on_policy
    assert "no martingale" in found.edge.sentence
    assert "50 % a year" in found.edge.sentence


def test_edge_that_all_policies_share_is_put_down_to_volatility() -> None:
    edge = Edge(2.0, 0.1, 0.05, 0.1, "daily", "weekly")
    assert "realised against implied volatility" in edge.sentence


def test_answer_says_which_policy_and_why(compared: Frontier) -> None:
    assert compared.answer.startswith("Use band width 0.04: its mean cost + 1/2 x variance of ")
    assert "is the lowest of 10 policies" in compared.answer
    assert "the best of interval" in compared.answer


def figure(value: float, seed: int) -> Figure:
    return Figure(value, np.random.default_rng(seed).standard_normal(100))


def test_answer_says_when_nothing_can_be_told_apart() -> None:
    losses = {name: figure(1.0 + 0.01 * n, n) for n, name in enumerate(["a", "b", "c", "d", "e"])}
    families = dict.fromkeys(losses, "one")
    said = answer_of(Objective("scalping"), losses, families)
    assert "is the highest of 5 policies, but b, c, d and 1 more cannot be told from it" in said
    assert said.endswith("none is clearly worse, so take the one that is simplest to run.")


def test_answer_names_the_first_that_is_clearly_worse() -> None:
    losses = {"a": figure(1.0, 0), "b": figure(1.01, 1), "c": figure(9.0, 2)}
    said = answer_of(Objective(), losses, dict.fromkeys(losses, "one"))
    assert "but b cannot be told from it on these paths; c is 8 ±" in said


def test_answer_of_one_policy_compares_nothing() -> None:
    assert answer_of(Objective(), {"a": figure(1.0, 0)}, {"a": "one"}).endswith("nothing to compare.")


def test_result_is_plain_values(compared: Frontier) -> None:
    found = json.loads(json.dumps(compared.to_dict()))
    assert found["best"] == "band width 0.04"
    assert len(found["policies"]) == 10
    assert found["answer"] == compared.answer


@pytest.mark.parametrize("name", ["frontier", "policy_violin"])
def test_figures_are_drawn(compared: Frontier, name: str) -> None:
    assert len(compared.figure(name).data) >= 3


def test_unknown_figure_is_refused(compared: Frontier) -> None:
    with pytest.raises(InputError, match=r"no figure 'fronteer'; did you mean 'frontier'"):
        compared.figure("fronteer")


def test_progress_names_policies() -> None:
    told: list[str] = []
    frontier(
        BOOK,
        scenario=Walk(MARKET),
        policies={"interval": [EveryPeriods(1), EveryPeriods(2)]},
        n_paths=4,
        n_steps=2,
        options=FrontierOptions(
            grid=GridOptions(simulate=SimulateOptions(attribution=False)),
            progress=lambda name, share: told.append(name),
        ),
    )
    assert told == ["EveryPeriods(periods=1)", "EveryPeriods(periods=2)"]


@pytest.mark.parametrize(
    ("policies", "words"),
    [({}, "at least one policy"), ({"a": [Band(0.1)], "b": [Band(0.1)]}, "stands in the frontier twice")],
)
def test_policies_that_cannot_be_compared_are_refused(policies: Any, words: str) -> None:
    with pytest.raises(InputError, match=words):
        frontier(BOOK, scenario=Walk(MARKET), policies=policies, n_paths=4, n_steps=2)


def test_risk_aversion_unless_given_is_that_of_the_book_and_is_said(compared: Frontier) -> None:
    given: dict[str, Any] = {"scenario": GBM(MARKET), "policies": {"one": EveryPeriods(1)}, "n_paths": 4, "n_steps": 2}
    found = frontier(BOOK, objective=Objective("scalping"), **given)
    assert found.objective == Objective("scalping", risk_aversion_of(BOOK, MARKET))
    assert f"not given: {found.objective.risk_aversion:g} per unit of money" in found.answer
    assert "per unit of money" not in compared.answer


def test_risk_aversion_of_a_book_ten_times_as_large_is_a_tenth() -> None:
    large = Book([(each.instrument, 10.0 * each.quantity) for each in BOOK.positions])
    assert risk_aversion_of(large, MARKET) == pytest.approx(0.1 * risk_aversion_of(BOOK, MARKET), rel=0.06)


def test_list_of_policies_is_refused_with_the_mapping_to_write() -> None:
    with pytest.raises(InputError, match="as a mapping; write"):
        frontier(BOOK, scenario=GBM(MARKET), policies=[EveryPeriods(1)], n_paths=4, n_steps=2)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [(("profit", 1.0), "risk or scalping"), (("risk", 0.0), "above 0"), (("risk", float("nan")), "above 0")],
)
def test_objective_that_is_none_is_refused(arguments: Any, words: str) -> None:
    with pytest.raises(InputError, match=words):
        Objective(*arguments)
