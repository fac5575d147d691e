"""Many methods at once: held to arch, to what duplicates and units must not change, and to a race of equals."""

from __future__ import annotations

import numpy as np
import pytest
from arch.bootstrap import MCS, SPA

from hedgerow.effectiveness import (
    BootstrapOptions,
    choose_block_length,
    confidence_set,
    diebold_mariano,
    model_sets,
    superior_ability,
)
from hedgerow.effectiveness.long_run import stationary_bootstrap_variance
from hedgerow.errors import DataError, InputError

RNG = np.random.default_rng(7)
SHARED = RNG.standard_normal(300)
LOSSES = (SHARED[:, None] + 0.5 * RNG.standard_normal((300, 5)) * [1.0, 1.0, 1.1, 1.6, 2.5]) ** 2
OPTIONS = BootstrapOptions(draws=400, seed=3, block_length=4.0)


def test_confidence_set_is_that_of_arch() -> None:
    found = confidence_set(LOSSES, level=0.75, options=OPTIONS)
    other = MCS(LOSSES, 0.25, reps=400, block_size=4, method="R", bootstrap="stationary", seed=3)
    other.compute()
    np.testing.assert_allclose(found.p_values, other.pvalues["Pvalue"].sort_index(), atol=0)
    assert np.flatnonzero(found.included).tolist() == other.included
    assert 0 < found.included.sum() < 5
    assert found.draws == 400


@pytest.mark.parametrize("reference", [0, 3])
def test_superior_ability_is_that_of_arch_on_studentised_differences(reference: int) -> None:
    found = superior_ability(LOSSES, reference, options=OPTIONS)
    rivals = [column for column in range(5) if column != reference]
    lead = LOSSES[:, [reference]] - LOSSES[:, rivals]
    lead = lead / np.sqrt(stationary_bootstrap_variance(lead, 4.0))
    test = SPA(np.zeros(300), -lead, block_size=4, reps=400, bootstrap="stationary", seed=3)
    test.compute()
    assert [found.p_value_lower, found.p_value, found.p_value_upper] == list(test.pvalues)
    raw = SPA(LOSSES[:, reference], LOSSES[:, rivals], block_size=4, reps=400, bootstrap="stationary", seed=3)
    raw.compute()
    assert found.reality_check == raw.pvalues["upper"]
    assert found.best == rivals[int(np.argmin(LOSSES[:, rivals].mean(axis=0)))]


def test_clear_winner_stands_alone_and_beats_the_reference() -> None:
    losses = (RNG.standard_normal((400, 4)) * [2.0, 0.5, 2.0, 2.0]) ** 2
    assert confidence_set(losses, options=OPTIONS).included.tolist() == [False, True, False, False]
    assert superior_ability(losses, 0, options=OPTIONS).p_value < 0.01
    assert superior_ability(losses, 1, options=OPTIONS).p_value > 0.5


def test_race_of_twenty_equals_has_no_winner_where_the_best_pair_looks_like_one() -> None:
    rng, pairwise, jointly = np.random.default_rng(21), 0, 0
    for _ in range(25):
        losses = rng.standard_normal((150, 20)) ** 2
        best = int(np.argmin(losses[:, 1:].mean(axis=0))) + 1
        pairwise += diebold_mariano(losses[:, 0], losses[:, best]).p_value_better < 0.05
        jointly += superior_ability(losses, 0, options=BootstrapOptions(draws=200, block_length=1.0)).p_value < 0.05
    assert pairwise >= 8
    assert jointly <= 4


def test_block_length_is_chosen_from_the_losses() -> None:
    found = confidence_set(LOSSES, options=BootstrapOptions(draws=200))
    assert found.block_length == choose_block_length(LOSSES.T)


@pytest.mark.parametrize("unit", [100.0, 1e-12, 1e12])
def test_unit_of_the_losses_changes_no_p_value(unit: float) -> None:
    one, other = confidence_set(LOSSES, options=OPTIONS), confidence_set(unit * LOSSES, options=OPTIONS)
    np.testing.assert_allclose(other.p_values, one.p_values, atol=1e-12)
    first, second = superior_ability(LOSSES, 1, options=OPTIONS), superior_ability(unit * LOSSES, 1, options=OPTIONS)
    for name in ("p_value", "p_value_lower", "p_value_upper", "reality_check"):
        assert getattr(first, name) == pytest.approx(getattr(second, name), abs=1e-12)


def test_order_of_the_methods_changes_no_p_value() -> None:
    order = [3, 0, 4, 2, 1]
    one, other = confidence_set(LOSSES, options=OPTIONS), confidence_set(LOSSES[:, order], options=OPTIONS)
    np.testing.assert_allclose(other.p_values, one.p_values[order], atol=1e-12)
    first = superior_ability(LOSSES, 3, options=OPTIONS)
    second = superior_ability(LOSSES[:, order], 0, options=OPTIONS)
    assert (first.p_value, first.reality_check) == (second.p_value, second.reality_check)


def test_method_given_twice_shares_its_p_value_and_moves_nobody_elses() -> None:
    twice = np.column_stack([LOSSES, LOSSES[:, 1] * (1.0 + 1e-15)])
    one, other = confidence_set(LOSSES, options=OPTIONS), confidence_set(twice, options=OPTIONS)
    np.testing.assert_allclose(other.p_values[:5], one.p_values, atol=1e-12)
    assert other.p_values[5] == other.p_values[1]
    assert "judged as one" in other.note
    assert superior_ability(twice, 1, options=OPTIONS) == superior_ability(LOSSES, 1, options=OPTIONS)


def test_one_method_or_only_twins_are_no_test_and_say_so() -> None:
    alone, twins = confidence_set(LOSSES[:, :1]), confidence_set(LOSSES[:, [0, 0]])
    assert (alone.note, twins.note) == ("one method", "all methods lose the same on every row")
    for found in (alone, twins):
        assert found.included.all()
        assert (found.p_values == 1.0).all()
    assert superior_ability(LOSSES[:, [0, 0]]).p_value == 1.0
    assert superior_ability(LOSSES[:, :1]).best == -1


@pytest.mark.parametrize("n", [0, 1, 19])
def test_few_rows_are_no_test_and_say_so(n: int) -> None:
    found, test = confidence_set(LOSSES[:n]), superior_ability(LOSSES[:n])
    assert np.isnan(found.p_values).all()
    assert found.included.all()
    assert np.isnan(test.p_value)
    assert "too few" in found.note
    assert "too few" in test.note


def test_perfect_hedge_among_others_is_judged_without_a_warning() -> None:
    losses = np.column_stack([LOSSES, np.zeros(300)])
    assert confidence_set(losses, options=OPTIONS).included.tolist() == [False] * 5 + [True]
    assert superior_ability(losses, 0, options=OPTIONS).p_value == 0.0


def test_lead_that_never_varies_is_a_lead() -> None:
    losses = np.column_stack([LOSSES[:, 0], LOSSES[:, 0] - 0.25])
    assert superior_ability(losses, 0, options=OPTIONS).p_value == 0.0


def test_missing_values_and_columns_that_do_not_exist_are_refused() -> None:
    with pytest.raises(DataError, match="finite"):
        confidence_set(np.where(LOSSES > 3.0, np.nan, LOSSES))
    with pytest.raises(InputError, match="reference"):
        superior_ability(LOSSES, 5)
    with pytest.raises(InputError, match="column per method"):
        confidence_set(np.empty((50, 0)))
    with pytest.raises(InputError, match="level"):
        confidence_set(LOSSES, level=1.0)


def test_many_rows_are_averaged_with_their_neighbours_and_say_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(3)
    losses = (rng.standard_normal((1503, 4)) * [1.0, 1.02, 1.06, 1.2]) ** 2
    options = BootstrapOptions(draws=2000, block_length=12.0)
    whole, test = confidence_set(losses, options=options), superior_ability(losses, 2, options=options)
    monkeypatch.setattr(model_sets, "MOST_ROWS", 400)
    fewer, other = confidence_set(losses, options=options), superior_ability(losses, 2, options=options)
    assert (whole.averaged, fewer.averaged, other.averaged) == (1.0, 1503 / 400, 1503 / 400)
    np.testing.assert_allclose(fewer.p_values, whole.p_values, atol=0.05)
    assert other.p_value == pytest.approx(test.p_value, abs=0.05)
    assert other.reality_check == pytest.approx(test.reality_check, abs=0.05)
    rows, _ = model_sets._neighbours_averaged(losses)
    np.testing.assert_allclose(rows.mean(axis=0), losses.mean(axis=0), rtol=1e-12)


def test_very_many_methods_are_drawn_less_often() -> None:
    assert model_sets._affordable(np.ones((4000, 20)), 1000) == 1000
    assert model_sets._affordable(np.ones((4000, 200)), 1000) == 200
