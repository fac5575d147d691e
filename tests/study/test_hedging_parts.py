"""Names and values in a study become objects; whatever does not fit is one sentence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from hedgerow.costs import HalfSpread, PerShare, us_equity_retail
from hedgerow.errors import InputError
from hedgerow.hedgers import DeltaHedger, SpotVolCorrelation
from hedgerow.policies import POLICIES, Band, DaysToExpiry, EveryDay, EveryPeriods, MinimumInterval, OnWeekdays
from hedgerow.study.hedging.parts import made
from hedgerow.study.hedging.registries import (
    SCENARIO_NAMES,
    costs_of,
    hedger_of,
    legs_of,
    policy_of,
    scenario_classes,
)


@pytest.mark.parametrize(
    ("words", "policy"),
    [
        ("every_periods", EveryPeriods()),
        ({"every_periods": 5}, EveryPeriods(5)),
        ({"band": {"width": 0.1, "to": "target"}}, Band(0.1, to="target")),
        ({"weekdays": ["Mon", "Wed"]}, OnWeekdays("Mon", "Wed")),
        ({"any": [{"band": 0.1}, "every_day"]}, Band(0.1) | EveryDay()),
        ({"all": [{"band": 0.1}, {"minimum_interval": 0.02}]}, Band(0.1) & MinimumInterval(0.02)),
    ],
)
def test_policy_words_make_the_policy_that_python_makes(words: Any, policy: Any) -> None:
    assert repr(policy_of(words)) == repr(policy)


def test_every_policy_is_known_by_its_name() -> None:
    for name in POLICIES:
        with pytest.raises(InputError, match="has no 'nonsense'"):
            policy_of({name: {"nonsense": 1}})


def test_costs_add_up_and_a_preset_stands_for_its_parts() -> None:
    assert (
        costs_of([{"half_spread": 1}, {"per_share": {"commission": 0.005, "minimum": 1}}]).parts
        == (HalfSpread(1.0) + PerShare(0.005, minimum=1.0)).parts
    )
    assert costs_of("us_equity_retail") == us_equity_retail()
    assert costs_of(()).parts == ()


def test_hedger_takes_an_inner_part_by_the_name_of_its_class() -> None:
    words = {
        "smile": "minimum_variance",
        "response": {"spot_vol_correlation": {"correlation": -0.7, "vol_of_vol": 0.5}},
    }
    assert hedger_of({"delta": words}) == DeltaHedger(
        smile="minimum_variance", response=SpotVolCorrelation(correlation=-0.7, vol_of_vol=0.5)
    )
    assert hedger_of({"delta": {"volatility": 0.25, "rounding": "down"}}).rounding.value == "down"


def test_every_scenario_of_the_library_has_a_name_in_studies() -> None:
    assert set(scenario_classes()) == set(SCENARIO_NAMES)


def test_combination_takes_contract_terms_beside_its_own() -> None:
    legs = legs_of({"straddle": {"underlying": "XYZ", "strike": 100, "expiry": "2027-02-19", "multiplier": 100}})
    assert [(leg.kind, leg.multiplier, quantity) for leg, quantity in legs] == [
        ("call", 100.0, 1.0),
        ("put", 100.0, 1.0),
    ]


@pytest.mark.parametrize(
    ("make", "words", "sentence"),
    [
        (policy_of, "bnad", r"policy 'bnad' is not known; did you mean 'band'\? \(known: .*\)"),
        (policy_of, {"band": {"widht": 1}}, r"policy band has no 'widht'; did you mean 'width'\?"),
        (policy_of, {"price_move": {"fall": 1}}, "policy price_move has no"),
        (policy_of, {"band": "wide"}, "policy band: width must be a number, not 'wide'"),
        (policy_of, {"band": True}, "policy band: width must be a number, not True"),
        (policy_of, {"every_periods": 1.5}, "policy every_periods: periods must be a whole number, not 1.5"),
        (policy_of, {"band": -0.1}, "0 or more"),
        (policy_of, {"any": ["every_day"]}, "any joins two policies or more"),
        (policy_of, {"band": 1, "every_day": {}}, "a policy is one name"),
        (costs_of, {"half_spread": -1}, "0 or more, not -1"),
        (costs_of, {"half_spread": "one"}, "cost half_spread cannot take .* 'one'"),
        (policy_of, {"days_to_expiry": 5}, "policy days_to_expiry cannot take table 5"),
        (hedger_of, {"delta": {"response": {"spot_vol": {}}}}, "did you mean 'spot_vol_correlation'"),
        (hedger_of, {"delta": {"rounding": "sideways"}}, "known: nearest"),
        (legs_of, {"straddle": {"underlying": "XYZ", "strike": 100}}, "combination straddle needs expiry"),
    ],
)
def test_words_that_do_not_fit_are_one_sentence(make: Any, words: Any, sentence: str) -> None:
    with pytest.raises(InputError, match=sentence) as error:
        make(words)
    assert "\n" not in str(error.value)


def test_text_stays_text_and_lists_become_tuples() -> None:
    @dataclass(frozen=True)
    class Sample:
        names: tuple[str, ...] = ()
        levels: tuple[float, ...] = ()

    found = made({"sample": {"names": ["a"], "levels": [1, 2]}}, {"sample": Sample}, "sample")
    assert found.levels == (1.0, 2.0)
    assert isinstance(found.levels[0], float)


def test_rows_of_a_timetable_keep_the_kind_of_each_cell() -> None:
    words = {"days_to_expiry": {"table": [[30, "daily"], [7, "hourly"]]}}
    assert policy_of(words) == DaysToExpiry(table=((30, "daily"), (7, "hourly")))
    with pytest.raises(InputError, match="table must be a number, not 'thirty'"):
        policy_of({"days_to_expiry": {"table": [["thirty", "daily"]]}})


def test_hedger_takes_a_list_of_instruments_by_their_types() -> None:
    option = {"underlying": "XYZ", "kind": "put", "strike": 95, "expiry": "2027-05-21", "multiplier": 100}
    hedger = hedger_of({"delta_gamma": {"instruments": [{"european": option}, {"spot": {"underlying": "XYZ"}}]}})
    assert [each.type_name for each in hedger.instruments] == ["european", "spot"]
    assert hedger.instruments[0].strike == 95.0
