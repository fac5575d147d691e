"""What every overlay rule keeps: no look ahead, NaN in the warm-up only, signals left alone, printed as code."""

from __future__ import annotations

from time import perf_counter

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

import hedgerow.overlays as overlays
from hedgerow.errors import ColumnError
from hedgerow.overlays import RULES, OverlayRule
from overlay_rule_cases import EXAMPLES, MADE_OF_RULES, altered_futures, known, signal_table, signals_of

ALL = EXAMPLES | MADE_OF_RULES
TABLE = signal_table()
SIGNALS = known(TABLE)
LONG = known(signal_table(9000))
CUTS = tuple(int(row) for row in np.random.default_rng(1).choice(len(TABLE) - 1, size=50, replace=False))
FUTURES = {row: altered_futures(SIGNALS, row, row) for row in CUTS}
SLOW = "fitted_crash_intensity"
CASES = [pytest.param(name, marks=[pytest.mark.compiled] if name == SLOW else []) for name in ALL]


def test_names_every_rule_has_an_example_here() -> None:
    assert {name: type(rule) for name, rule in EXAMPLES.items()} == dict(RULES)


@pytest.mark.parametrize("name", CASES)
def test_every_rule_altered_future_changes_no_multiplier_by_a_bit(name: str) -> None:
    rule = ALL[name]
    whole = rule.multiplier(SIGNALS)
    for row in CUTS:
        for future, signals in FUTURES[row].items():
            if name == SLOW and row < rule.warm_up and future != "cut off":
                continue  # a first fit to such values is refused
            again = rule.multiplier(signals)[: row + 1]
            assert np.array_equal(again, whole[: row + 1], equal_nan=True), f"{future} after row {row}"


@pytest.mark.parametrize("name", CASES)
def test_every_rule_first_signals_are_enough_for_the_first_multipliers(name: str) -> None:
    rule, signals = ALL[name], SIGNALS
    whole = rule.multiplier(signals)
    for n in (1, 2, rule.warm_up, rule.warm_up + 1, 211):
        assert np.array_equal(rule.multiplier(signals.first(n)), whole[:n], equal_nan=True)


@pytest.mark.parametrize("name", CASES)
def test_every_rule_is_undefined_in_the_warm_up_and_nowhere_else(name: str) -> None:
    rule = ALL[name]
    multiplier = rule.multiplier(SIGNALS)
    np.testing.assert_array_equal(np.isnan(multiplier), np.arange(len(TABLE)) < rule.warm_up)
    assert (multiplier[rule.warm_up :] >= 0.0).all()
    assert np.isfinite(multiplier[rule.warm_up :]).all()


@pytest.mark.parametrize("name", CASES)
def test_every_rule_reads_what_it_says_and_changes_none_of_it(name: str) -> None:
    rule, signals = ALL[name], SIGNALS
    before = {each: values.tobytes() for each, values in signals.values.items()}
    whole = rule.multiplier(signals)
    assert {each: values.tobytes() for each, values in signals.values.items()} == before
    if rule.needs:
        alone = rule.multiplier(known(TABLE[list(rule.needs)]))
        assert np.array_equal(alone, whole, equal_nan=True)
    for missing in rule.needs:
        with pytest.raises(ColumnError, match=f"needs the signal '{missing}'"):
            rule.multiplier(known(TABLE.drop(columns=missing)))


@pytest.mark.parametrize("name", list(ALL))
def test_every_rule_prints_as_the_code_that_makes_it(name: str) -> None:
    rule = ALL[name]
    assert eval(repr(rule), vars(overlays)) == rule  # noqa: S307 - the text is our own
    assert hash(rule) == hash(eval(repr(rule), vars(overlays)))  # noqa: S307


@pytest.mark.parametrize("rule", [each for name, each in EXAMPLES.items() if name != SLOW], ids=repr)
def test_every_rule_one_date_is_enough_to_ask(rule: OverlayRule) -> None:
    multiplier = rule.multiplier(known(TABLE.iloc[:1]))
    assert multiplier.shape == (1,)
    assert np.isnan(multiplier[0]) == (rule.warm_up > 0)


RISING = ("vix_linear", "steps", "sigmoid", "crash_intensity")


@pytest.mark.parametrize("name", RISING)
@settings(max_examples=30, deadline=None)
@given(levels=st.lists(st.floats(0.01, 200.0), min_size=2, max_size=30))
def test_rule_on_the_index_rises_with_it_and_keeps_its_bounds(name: str, levels: list[float]) -> None:
    multiplier = EXAMPLES[name].multiplier(signals_of(vix=sorted(levels)))
    assert (np.diff(multiplier) >= 0.0).all()
    assert multiplier.min() >= 0.0
    assert multiplier.max() <= {"vix_linear": 2.0, "steps": 1.0, "sigmoid": 1.0, "crash_intensity": 3.4 + 1e-12}[name]


@settings(max_examples=40, deadline=None)
@given(levels=st.lists(st.floats(5.0, 90.0), min_size=6, max_size=40), scale=st.floats(0.01, 100.0))
def test_percentile_does_not_feel_the_unit_of_its_signal(levels: list[float], scale: float) -> None:
    rounded = np.round(levels, 1)
    rule = overlays.Percentile(overlays.VixLinear(0, 100), 5)
    whole = rule.multiplier(signals_of(vix=rounded))
    np.testing.assert_array_equal(rule.multiplier(signals_of(vix=rounded * scale)), whole)
    assert ((whole[4:] >= 0.0) & (whole[4:] <= 0.8)).all()


def test_product_is_in_any_order_the_same_and_a_sum_is_not_a_product() -> None:
    signals = SIGNALS
    one, two = EXAMPLES["vix_linear"], EXAMPLES["correlation"]
    np.testing.assert_array_equal((one * two).multiplier(signals), (two * one).multiplier(signals))
    both = (one * two + 1.0).multiplier(signals)
    other = (one * (two + 1.0)).multiplier(signals)
    assert not np.allclose(both[30:], other[30:])


def test_composition_cap_inside_and_outside_a_product_differ() -> None:
    signals = signals_of(vix=[40.0], correlation=[0.2])
    half = overlays.CorrelationAdjusted(0.4)
    capped_first = overlays.VixLinear(10, 15, cap=1) * half
    later = np.minimum((overlays.VixLinear(10, 15) * half).multiplier(signals), 1.0)
    assert capped_first.multiplier(signals).tolist() == [0.5]
    assert later.tolist() == [1.0]


def test_every_rule_but_those_that_never_forget_says_what_it_remembers() -> None:
    endless = {name for name, rule in ALL.items() if rule.memory is None}
    assert endless == {"drawdown", "smoothed drawdown", "sum", "filtered_crash_intensity", SLOW}


@pytest.mark.parametrize("name", [name for name, rule in ALL.items() if rule.memory is not None])
def test_every_rule_last_multiplier_needs_no_more_than_its_memory(name: str) -> None:
    rule = ALL[name]
    assert rule.memory == rule.warm_up + 1  # windows alone; those of fits are asked on longer signals
    last = known(TABLE.iloc[-rule.memory :])
    assert rule.multiplier(last)[-1] == rule.multiplier(SIGNALS)[-1]


@pytest.mark.compiled
@pytest.mark.parametrize("name", [name for name in EXAMPLES if name != SLOW])
def test_every_rule_9000_days_take_less_than_20_milliseconds(name: str) -> None:
    rule, signals = EXAMPLES[name], LONG
    times = []
    for _ in range(7):
        start = perf_counter()
        rule.multiplier(signals)
        times.append(perf_counter() - start)
    assert min(times) < 0.020
