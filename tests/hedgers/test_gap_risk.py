"""The probability that CPPI falls through its floor between two trades."""

from __future__ import annotations

import numpy as np
import pytest

from hedgerow.errors import InputError
from hedgerow.hedgers import GapMarket, PriceJumps, gap_probability

CRASHES = GapMarket(0.25, drift=0.06, rate=0.02, jumps=PriceJumps(2.0, -0.15, 0.1))


def test_gap_probability_with_jumps_equals_drawn_steps():
    rng, n, step, jumps = np.random.default_rng(1), 400_000, 1.0 / 12.0, CRASHES.jumps
    count = rng.poisson(jumps.intensity * step, n)
    growth = np.exp(jumps.mean + 0.5 * jumps.deviation**2) - 1.0
    drift = (CRASHES.drift - jumps.intensity * growth - 0.5 * CRASHES.volatility**2) * step
    moves = drift + CRASHES.volatility * np.sqrt(step) * rng.standard_normal(n)
    moves += count * jumps.mean + np.sqrt(count) * jumps.deviation * rng.standard_normal(n)
    broken = np.mean(5.0 * (np.exp(moves) - np.exp(0.02 * step)) + np.exp(0.02 * step) < 0.0)
    assert gap_probability(5.0, step, CRASHES) == pytest.approx(broken, abs=4.0 * np.sqrt(broken / n))


def test_gap_probability_jumps_that_do_nothing_change_nothing():
    still = GapMarket(0.25, jumps=PriceJumps(3.0, 0.0, 0.0))
    assert gap_probability(5.0, 0.1, still) == pytest.approx(gap_probability(5.0, 0.1, GapMarket(0.25)), rel=1e-12)


def test_gap_probability_multiplier_up_to_one_never_breaks():
    assert gap_probability(1.0, 0.25, CRASHES, 100) == 0.0


def test_gap_probability_grows_with_multiplier_and_steps_and_vanishes_with_the_step():
    by_multiplier = [gap_probability(m, 0.05, CRASHES) for m in (2.0, 4.0, 8.0, 16.0)]
    assert np.all(np.diff(by_multiplier) > 0.0)
    once = gap_probability(4.0, 0.05, CRASHES)
    assert gap_probability(4.0, 0.05, CRASHES, 20) == pytest.approx(1.0 - (1.0 - once) ** 20, rel=1e-12)
    smooth = [gap_probability(4.0, 1.0 / n, GapMarket(0.25), n) for n in (4, 12, 52)]
    assert np.all(np.diff(smooth) < 0.0)
    assert smooth[-1] < 1e-10


def test_gap_probability_over_a_year_with_jumps_tends_to_that_of_one_jump_too_deep():
    # Cont and Tankov (2009): in continuous trading only a jump below ln(1 - 1/m) breaks the floor
    from scipy.special import ndtr

    rate = CRASHES.jumps.intensity * ndtr((np.log(1.0 - 1.0 / 4.0) + 0.15) / 0.1)
    assert gap_probability(4.0, 1e-5, CRASHES, 100_000) == pytest.approx(1.0 - np.exp(-rate), rel=5e-3)


@pytest.mark.parametrize(
    "make",
    [
        lambda: gap_probability(0.0, 0.1, CRASHES),
        lambda: gap_probability(4.0, 0.0, CRASHES),
        lambda: gap_probability(4.0, 0.1, CRASHES, 0),
        lambda: GapMarket(0.0),
        lambda: PriceJumps(-1.0, 0.0, 0.1),
    ],
)
def test_gap_probability_bad_arguments_are_refused(make):
    with pytest.raises(InputError, match="must be"):
        make()
