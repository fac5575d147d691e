"""The best interval and band by search on the engine: where the laws say, flat around it, and said in words."""

from __future__ import annotations

import json

import numpy as np
import pytest

from compare.hedges import BOOK, COSTS, MARKET
from hedgerow.compare import ChoiceOptions, PolicyChoice, PolicyFamily, SearchOptions, best_policy
from hedgerow.compare.choice.best import usual_families
from hedgerow.compare.choice.laws import BookAtStart, laws_of, prescribed_policies
from hedgerow.compare.choice.objective import Objective
from hedgerow.costs import HalfSpread, PerTicket, no_costs
from hedgerow.errors import InputError
from hedgerow.instruments import Book, EuropeanOption, MarketState, Spot, Underlying, straddle, strangle
from hedgerow.policies import Band, WhalleyWilmott, Zakamouline
from hedgerow.policies.laws import optimal_interval_fixed_cost, whalley_wilmott_half_width
from hedgerow.scenarios import GBM

AT_ONE = Objective(risk_aversion=1.0)
QUICK = ChoiceOptions(search=SearchOptions(points=5, tolerance=0.3, edge_rounds=1))


@pytest.fixture(scope="module")
def fixed() -> PolicyChoice:
    """Return the choice at a fixed cost per trade of two cents."""
    families = {"interval": usual_families(63)["interval"]}
    return best_policy(
        BOOK,
        scenario=GBM(MARKET),
        costs=PerTicket(0.02),
        objective=AT_ONE,
        families=families,
        n_paths=1000,
        n_steps=63,
        options=QUICK,
    )


@pytest.fixture(scope="module")
def proportional() -> PolicyChoice:
    """Return the choice at twenty basis points one way."""
    return best_policy(
        BOOK, scenario=GBM(MARKET), costs=COSTS, objective=AT_ONE, n_paths=1000, n_steps=63, options=QUICK
    )


def test_interval_found_at_a_fixed_cost_is_about_that_of_the_square_root_law(fixed: PolicyChoice) -> None:
    law = fixed.laws["interval"]["square-root law of fixed costs"]
    low, high = fixed.optima["interval"].flat
    assert law == pytest.approx(4.45, rel=0.02)
    assert low - 1.0 <= law <= high + 1.0
    assert isinstance(fixed.policy, type(usual_families(63)["interval"].make(4.0)))


def test_bands_of_the_laws_are_tried_beside_the_search(proportional: PolicyChoice) -> None:
    assert list(proportional.table.index) == ["band", "interval", "Whalley-Wilmott", "Zakamouline"]
    low, high = proportional.optima["band"].flat
    assert low <= proportional.laws["band"]["Zakamouline"] * 1.2
    assert high >= proportional.laws["band"]["Zakamouline"] / 1.2
    assert proportional.table.at["interval", "behind"] > 2.0 * proportional.table.at["interval", "behind_error"]


def test_answer_gives_policy_flatness_and_the_others(proportional: PolicyChoice) -> None:
    assert proportional.answer.startswith(f"Use {proportional.policy!r}: its mean cost + 1/2 x variance, ")
    law = proportional.laws["interval"]["law of proportional costs"]
    said = f", the best interval (law of proportional costs says {law:.3g} steps), is clearly worse, by"
    assert said in proportional.answer
    assert proportional.table["behind"].min() == 0.0


def test_choice_is_plain_values_and_draws_all_it_tried(proportional: PolicyChoice) -> None:
    found = json.loads(json.dumps(proportional.to_dict()))
    assert found["policy"] == repr(proportional.policy)
    assert len(found["frontier"]["policies"]) == len(proportional.frontier.table)
    assert len(proportional.figure("frontier").data) >= 4


def test_optimum_at_an_end_says_that_a_wider_range_may_do_better() -> None:
    found = best_policy(
        Book([(EuropeanOption("XYZ", "call", 100.0, "2027-02-19"), -1.0)]),
        scenario=GBM(MARKET),
        costs=no_costs(),
        families={"band": PolicyFamily(Band, 0.05, 0.4, unit="per share")},
        n_paths=500,
        n_steps=20,
        options=QUICK,
    )
    assert found.optima["band"].value == 0.05
    assert "The risk aversion was not given: 0.1 per unit of money" in found.answer
    assert "an end of the range tried, 0.05 to 0.4 per share" in found.answer
    assert found.laws == {}


def test_no_family_is_refused() -> None:
    with pytest.raises(InputError, match="no family"):
        best_policy(BOOK, scenario=GBM(MARKET), costs=COSTS, families={}, n_paths=4, n_steps=2)


def test_one_step_has_no_interval_to_choose() -> None:
    assert list(usual_families(1)) == ["band"]


def start_of(book: Book) -> BookAtStart:
    found = BookAtStart.of(book, MARKET)
    assert found is not None
    return found


def test_laws_are_those_of_the_whole_position_in_steps_and_per_share() -> None:
    ten = start_of(Book([(EuropeanOption("XYZ", "call", 100.0, "2027-02-19"), -10.0)]))
    one = start_of(BOOK)
    assert (ten.size, ten.gamma) == (10.0, pytest.approx(10.0 * one.gamma))
    said = laws_of(ten, HalfSpread(20) + PerTicket(0.02), 1.0, 252.0)
    width = whalley_wilmott_half_width(100.0, ten.gamma, 0.002, 1.0, 0.0, ten.years) / 10.0
    years = optimal_interval_fixed_cost(100.0, ten.gamma, 0.2, 0.02, 1.0)
    assert said["band"]["Whalley-Wilmott"] == pytest.approx(float(width), rel=1e-12)
    assert said["interval"]["square-root law of fixed costs"] == pytest.approx(252.0 * float(years), rel=1e-12)
    # N contracts have N^(2/3) the band, N^(-1/3) per share
    alone = laws_of(one, COSTS, 1.0, 252.0)["band"]["Whalley-Wilmott"]
    assert said["band"]["Whalley-Wilmott"] == pytest.approx(alone * 10.0 ** (-1.0 / 3.0), rel=1e-12)


def test_laws_of_costs_that_are_not_there_are_left_out() -> None:
    start = start_of(BOOK)
    assert laws_of(start, no_costs(), 1.0, 252.0) == {}
    assert list(laws_of(start, PerTicket(1.0), 1.0, 252.0)) == ["interval"]
    assert prescribed_policies(start, PerTicket(1.0), 1.0) == {}


def test_modified_delta_is_of_the_one_strike_where_there_is_one() -> None:
    short = start_of(Book(straddle("XYZ", 100.0, "2027-02-19", -1.0)))
    wide = start_of(Book(strangle("XYZ", 95.0, 105.0, "2027-02-19", -1.0)))
    assert prescribed_policies(short, COSTS, 2.0) == {
        "Whalley-Wilmott": WhalleyWilmott(2.0),
        "Zakamouline": Zakamouline(2.0, strike=100.0),
    }
    assert prescribed_policies(wide, COSTS, 2.0)["Zakamouline"] == Zakamouline(2.0, centre="target")


def test_book_without_gamma_or_of_several_underlyings_has_no_laws() -> None:
    both = MarketState("2026-11-20", {"XYZ": Underlying(100.0, 0.2), "ABC": Underlying(50.0, 0.3)})
    options = [
        (EuropeanOption(name, "call", strike, "2027-02-19"), 1.0) for name, strike in (("XYZ", 100.0), ("ABC", 50.0))
    ]
    assert BookAtStart.of(Book([(Spot("XYZ"), 5.0)]), MARKET) is None
    assert BookAtStart.of(Book(options), both) is None
    assert np.isfinite(start_of(BOOK).gamma)
