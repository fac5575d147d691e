"""Stress of a hedge: laws of linear hedges first, a slow simulation second, and no look ahead."""

from __future__ import annotations

from dataclasses import replace
from statistics import NormalDist

import numpy as np
import pandas as pd
import pytest

from hedgerow.compare import (
    BasisShock,
    HedgedPosition,
    RollGap,
    SigmaMove,
    StatedMove,
    StressOptions,
    StressScenario,
    StressTest,
    WorstWindow,
    breakdown,
    preset_scenarios,
    sigma_move,
    stress_hedge,
    volatility_index,
    volatility_jump,
)
from hedgerow.errors import DataError, InputError
from stress_cases import BEST, RHO, SIGMA_X, SIGMA_Y, exact_changes, market_of_changes, position

ANY = [breakdown(0.4), breakdown(1.0), breakdown(-0.2), volatility_jump(2.0), volatility_jump(3.0, "hedge")]


def one(held: HedgedPosition, scenario: StressScenario, **options: object) -> object:
    return stress_hedge(held, [scenario], StressOptions(**options)).results[0]  # type: ignore[arg-type]


def test_perfect_correlation_at_the_ratio_then_right_loses_nothing() -> None:
    result = one(position(SIGMA_Y / SIGMA_X), breakdown(1.0))
    assert result.hedged.loss == 0.0
    assert result.hedged.cvar == 0.0
    assert result.variance_reduction == 1.0
    assert result.emergency_ratio == pytest.approx([SIGMA_Y / SIGMA_X], rel=1e-12)


def test_no_correlation_hedge_adds_exactly_its_own_variance() -> None:
    result = one(position(), breakdown(0.0))
    assert result.variance_reduction == pytest.approx(-((BEST * SIGMA_X / SIGMA_Y) ** 2), rel=1e-12)
    assert result.emergency_ratio == pytest.approx([0.0], abs=1e-12)
    assert result.hedge_gain < 0.0


def test_correlation_of_0_70_removes_49_percent_at_its_best_ratio() -> None:
    result = one(position(), breakdown(0.70))
    assert result.emergency_reduction == pytest.approx(0.49, rel=1e-12)
    assert result.variance_reduction == pytest.approx(2 * 0.8 * 0.7 - 0.8**2, rel=1e-12)


@pytest.mark.parametrize("rho", [0.0, 0.4, 0.75, 1.0, -0.5])
def test_breakdown_equals_the_formula_of_the_hedged_variance(rho: float) -> None:
    result = one(position(1.1), breakdown(rho), sigmas=5.0)
    variance = SIGMA_Y**2 + 1.1**2 * SIGMA_X**2 - 2 * 1.1 * rho * SIGMA_X * SIGMA_Y
    assert result.hedged.loss == pytest.approx(5.0 * 1_000 * np.sqrt(variance), rel=1e-10)
    assert result.unhedged.loss == pytest.approx(5.0 * 1_000 * SIGMA_Y, rel=1e-12)
    assert result.hedged.value_at_risk == pytest.approx(1.6448536269514722 * 1_000 * np.sqrt(variance), rel=1e-10)
    normal = NormalDist()
    tail = normal.pdf(normal.inv_cdf(0.95)) / 0.05
    assert result.hedged.cvar == pytest.approx(tail * 1_000 * np.sqrt(variance), rel=1e-10)


@pytest.mark.parametrize("ratio", [0.3, BEST, 2.0])
def test_reverse_stress_correlation_is_where_the_reduction_is_zero(ratio: float) -> None:
    limits = stress_hedge(position(ratio), [breakdown(1.0)]).reverse
    assert limits.correlation_limit == pytest.approx(ratio * SIGMA_X / (2 * SIGMA_Y), rel=1e-10)
    assert limits.correlation_now == pytest.approx(RHO, rel=1e-10)
    assert one(position(ratio), breakdown(limits.correlation_limit)).variance_reduction == pytest.approx(0.0, abs=1e-12)
    jump = volatility_jump(limits.volatility_limit, "hedge")
    assert one(position(ratio), jump).variance_reduction == pytest.approx(0.0, abs=1e-10)


def test_volatility_of_both_scales_every_loss_and_neither_ratio_nor_reduction() -> None:
    calm, wild = one(position(1.1), breakdown(RHO)), one(position(1.1), volatility_jump(3.0))
    for name, value in vars(calm.hedged).items():
        assert getattr(wild.hedged, name) == pytest.approx(3.0 * value, rel=1e-9)
    assert wild.variance_reduction == pytest.approx(calm.variance_reduction, rel=1e-12)
    assert wild.emergency_ratio == pytest.approx(calm.emergency_ratio, rel=1e-12)


def test_volatility_index_is_the_same_jump_by_another_name() -> None:
    index, jump = one(position(), volatility_index(12, 60)), one(position(), volatility_jump(5.0))
    assert index.hedged == jump.hedged
    assert one(position(), volatility_index(12, 60, 0.4)).unhedged == jump.unhedged


def test_hedge_volatility_doubled_undoes_the_best_ratio() -> None:
    assert one(position(), volatility_jump(2.0, "hedge")).variance_reduction == pytest.approx(0.0, abs=1e-10)


@pytest.mark.parametrize("sigmas", [7.0, -7.0, 10.0])
def test_move_with_hedge_following_leaves_one_less_rho_squared(sigmas: float) -> None:
    result = one(position(), sigma_move(sigmas))
    assert result.unhedged.loss == pytest.approx(-sigmas * 1_000 * SIGMA_Y, rel=1e-12)
    assert result.hedged.loss == pytest.approx(result.unhedged.loss * (1 - RHO**2), rel=1e-10)
    assert result.moves == pytest.approx([sigmas * SIGMA_Y, sigmas * RHO * SIGMA_X], rel=1e-10)


def test_move_with_hedge_standing_still_loses_as_much_as_no_hedge() -> None:
    result = one(position(), sigma_move(-7.0, "none"))
    assert result.hedged.loss == result.unhedged.loss > 0.0


def test_short_exposure_mirrors_the_long_one() -> None:
    scenarios = [*ANY, StressScenario("gap", move=RollGap()), StressScenario("basis", move=BasisShock())]
    long, short = (stress_hedge(position(quantity=q), scenarios) for q in (1_000.0, -1_000.0))
    for left, right in zip(long.results, short.results, strict=True):
        assert left.hedged.loss == pytest.approx(right.hedged.loss, rel=1e-12)
        assert left.unhedged.deviation == right.unhedged.deviation
    down = one(position(), sigma_move(-7.0)).hedged.loss
    assert one(position(quantity=-1_000.0), sigma_move(7.0)).hedged.loss == pytest.approx(down, rel=1e-12)


def test_losses_scale_with_the_quantity() -> None:
    small, large = (stress_hedge(position(quantity=q)).table for q in (1.0, 250.0))
    columns = ["loss_unhedged", "loss_hedged", "cvar_hedged", "historical_cvar_hedged", "emergency_contracts"]
    np.testing.assert_allclose(large[columns], 250.0 * small[columns], rtol=1e-10)


def test_gap_at_a_roll_hurts_the_hedge_alone_and_whoever_holds_it() -> None:
    gap = StressScenario("gap", move=RollGap(gap=3.0))
    for quantity in (1_000.0, -1_000.0):
        result = one(position(quantity=quantity), gap)
        assert result.unhedged.loss == 0.0
        assert result.hedged.loss == pytest.approx(1_000 * BEST * 3.0, rel=1e-12)
    assert one(position(0.0), gap).hedged.loss == 0.0


def test_basis_shock_is_the_residual_of_the_best_hedge() -> None:
    result = one(position(), StressScenario("basis", move=BasisShock(4.0)))
    assert result.hedged.loss == pytest.approx(4 * 1_000 * SIGMA_Y * np.sqrt(1 - RHO**2), rel=1e-10)
    assert result.hedged.loss == result.unhedged.loss


@pytest.mark.parametrize("rows", [1, 5, 20])
def test_worst_window_equals_a_slow_search(rows: int) -> None:
    held = position(1.1)
    result = one(held, StressScenario("worst", move=WorstWindow(rows)))
    y, x = held.market.exposure_changes, held.market.hedge_changes[:, 0]
    sums = [(y[i : i + rows].sum(), x[i : i + rows].sum(), i) for i in range(len(y) - rows + 1)]
    dy, dx, start = min(sums)
    assert result.unhedged.loss == pytest.approx(-1_000 * dy, rel=1e-10)
    assert result.hedged.loss == pytest.approx(-1_000 * (dy - 1.1 * dx), rel=1e-9)
    assert str(held.market.times[1 + start].date()) in result.words


def test_historical_sample_under_no_stress_is_the_history_less_its_mean() -> None:
    held = position(1.1)
    result = one(held, volatility_jump(1.0))
    gains = held.market.exposure_changes - 1.1 * held.market.hedge_changes[:, 0]
    centred = 1_000 * (gains - gains.mean())
    tail = np.sort(centred)[: int(0.05 * (len(centred) - 1)) + 1]
    assert result.hedged.historical_cvar == pytest.approx(-tail.mean(), rel=1e-9)


def test_stressed_history_keeps_the_shape_of_the_exposure() -> None:
    calm, wild = one(position(), volatility_jump(1.0)), one(position(), volatility_index(12, 60, 0.4))
    calm_tail, wild_tail = calm.unhedged.historical_cvar, wild.unhedged.historical_cvar
    assert wild_tail == pytest.approx(5.0 * calm_tail, rel=1e-9)


def test_history_without_residual_gives_none_not_a_number() -> None:
    x = np.random.default_rng(0).normal(size=200)
    held = HedgedPosition(market_of_changes(np.column_stack([0.8 * x, x])), (0.8,))
    broken, whole = stress_hedge(held, [breakdown(0.4), breakdown(1.0)]).results
    assert broken.hedged.historical_cvar is None
    assert broken.unhedged.historical_cvar is None
    assert whole.hedged.historical_cvar == pytest.approx(0.0, abs=1e-6)
    assert broken.variance_reduction == pytest.approx(2 * 0.4 - 1, rel=1e-9)


def test_several_hedges_emergency_ratio_is_the_regression_under_the_stress() -> None:
    matrix = np.array([[1.0, 0.8, 0.6], [0.8, 1.0, 0.5], [0.6, 0.5, 1.0]])
    sigmas = np.array([2.0, 1.0, 3.0])
    market = market_of_changes(exact_changes(matrix, sigmas))
    test = stress_hedge(HedgedPosition(market, (1.2, 0.1)), [breakdown(0.4), StressScenario("x", 0.4, False)])
    for result, inner in zip(test.results, (0.4, 0.5), strict=True):
        among = np.array([[1.0, inner], [inner, 1.0]])
        expected = np.linalg.solve(among, [0.4, 0.4]) * sigmas[0] / sigmas[1:]
        assert result.emergency_ratio == pytest.approx(expected, rel=1e-9)
        assert result.emergency_loss <= result.hedged.loss
    basket = np.sqrt(1.2**2 + 0.3**2 + 2 * 1.2 * 0.3 * 0.5)
    assert test.reverse.correlation_limit == pytest.approx(basket / 4.0, rel=1e-9)


def test_correlation_keeps_the_sign_of_each_estimate() -> None:
    held = position(-BEST, rho=-RHO)
    assert one(held, breakdown(0.4)).variance_reduction == pytest.approx(
        one(position(), breakdown(0.4)).variance_reduction, rel=1e-10
    )


def test_no_later_row_changes_a_test_as_of_a_day() -> None:
    held = position()
    day = held.market.times[250]
    options = StressOptions(as_of=day)
    before = stress_hedge(held, options=options)
    assert (before.as_of, before.rows) == (day, 250)
    for poison in (np.nan, 1e9):
        later = held.market.exposure_changes.copy()
        hedge = held.market.hedge_changes.copy()
        later[250:], hedge[250:] = poison, -poison
        altered = replace(held, market=replace(held.market, exposure_changes=later, hedge_changes=hedge))
        after = stress_hedge(altered, options=options)
        pd.testing.assert_frame_equal(after.table, before.table, check_exact=True)
    assert not stress_hedge(held).table.equals(before.table)


def test_window_uses_the_last_rows_only() -> None:
    held = position()
    cut = replace(held, market=held.market.after(300))
    left = stress_hedge(held, options=StressOptions(window=100)).table
    pd.testing.assert_frame_equal(left, stress_hedge(cut).table)


def test_worst_harmful_and_verdict_name_what_happened() -> None:
    test = stress_hedge(position(), preset_scenarios())
    assert isinstance(test, StressTest)
    assert test.worst.scenario.name == "volatility index 12 to 60, correlation 0.40"
    assert "gap at a roll" in {result.scenario.name for result in test.harmful}
    assert "+7 sigma" not in {result.scenario.name for result in test.harmful}
    assert "from 0.80 to 0.40" in test.verdict
    assert "'volatility index 12 to 60, correlation 0.40'" in test.verdict
    assert "whatever the correlation" in stress_hedge(position(4.0)).verdict
    assert "had to pass" in stress_hedge(position(2.8)).verdict
    assert "nothing is held" in stress_hedge(position(0.0)).verdict


def test_stated_moves_in_each_unit_agree() -> None:
    moves = [("change", -10.0, -4.0), ("percent", -0.10, -0.05), ("sigma", -10.0 / SIGMA_Y, -4.0 / SIGMA_X)]
    losses = [
        one(position(1.0), StressScenario("own", move=StatedMove({"spot": y, "f1": x}, unit)))  # type: ignore[arg-type]
        for unit, y, x in moves
    ]
    assert [loss.hedged.loss for loss in losses] == pytest.approx([6_000.0] * 3, rel=1e-9)


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: stress_hedge(position(), []), "at least one scenario"),
        (lambda: stress_hedge(position(), [breakdown(0.4), breakdown(0.4)]), "two scenarios are called"),
        (lambda: one(position(), breakdown(1.4)), "lies between -1 and 1"),
        (lambda: one(position(), StressScenario("x", volatility={"f9": 2.0})), "not held"),
        (lambda: one(position(), StressScenario("x", exposure_volatility=-1.0)), "0 or more"),
        (lambda: one(position(), StressScenario("x", move=StatedMove({"f9": 1.0}))), "not held; did you mean"),
        (lambda: one(position(), StressScenario("x", move=SigmaMove(np.nan))), "no move"),
        (lambda: one(position(), StressScenario("x", move=RollGap(-1.0))), "0 or more"),
        (lambda: one(position(), StressScenario("x", move=WorstWindow(0))), "1 row or more"),
        (lambda: one(position(), StressScenario("x", move=WorstWindow(900))), "900 rows"),
        (lambda: volatility_jump(2.0, "spot"), "both, exposure or hedge"),
        (lambda: sigma_move(7.0, "half"), "beta or by none"),
        (lambda: volatility_index(0.0, 60.0), "above 0"),
        (lambda: StressOptions(sigmas=0.0), "above 0"),
        (lambda: StressOptions(level=95.0), "written 0.95"),
        (lambda: one(position(), breakdown(0.4), as_of="2001-01-01"), "no change is known"),
        (lambda: one(position(), breakdown(0.4), as_of="soon"), "not a date"),
        (lambda: one(position(), breakdown(0.4), window=2), "3 rows or more"),
        (lambda: replace(position(), ratio=(1.0, 2.0)), "ratio must be 1 finite"),
        (lambda: replace(position(), market=replace(position().market, quantity=0.0)), "needs an exposure"),
    ],
)
def test_what_cannot_be_is_refused_in_one_sentence(make: object, words: str) -> None:
    with pytest.raises(InputError, match=words) as refused:
        make()  # type: ignore[operator]
    assert "\n" not in str(refused.value)


def test_percent_moves_without_prices_are_refused() -> None:
    held = replace(position(), prices=None)
    with pytest.raises(InputError, match="need the latest prices"):
        one(held, StressScenario("x", move=StatedMove({"spot": -0.1}, "percent")))


def test_instrument_that_does_not_move_is_refused() -> None:
    with pytest.raises(DataError, match="hedge 0 does not move"):
        stress_hedge(HedgedPosition(market_of_changes(np.column_stack([np.arange(5.0) ** 2, np.ones(5)])), (1.0,)))
