"""The transform itself: any line gives the same number, and a number that is not there is never given."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from hedgerow.errors import TransformError
from hedgerow.pricing import contour, heston, transform
from hedgerow.pricing.record import FIELD_NAMES

MODEL: dict[str, Any] = {"mean_reversion": 1.5, "long_vol": 0.25, "vol_of_variance": 0.6, "correlation": -0.7}


def read(*market: Any, **model: Any) -> tuple[heston.Moments, transform.Options]:
    _, options, columns = transform.read(market, MODEL | model)
    return heston.moments(options.years, options.vol, columns), options


def test_every_line_between_the_poles_or_outside_gives_the_same_call() -> None:
    model, options = read("call", 100.0, 110.0, 0.5, 0.2, 0.02, 0.01)
    expected = transform.figures(FIELD_NAMES, model, options)[0]
    chosen = contour.chosen(model, options.vol**2, options.log_strike)
    asset, cash = transform._legs(FIELD_NAMES, model, options)
    for centre, angle in ((0.5, 0.0), (0.3, 0.2), (1.7, -0.2), (-0.8, 0.1)):
        width = 0.9 * min(abs(centre), abs(1.0 - centre))
        line = replace(chosen, centre=np.array([[centre]]), width=np.array([[width]]), angle=np.array([[angle]]))
        total, failed = transform._summed(FIELD_NAMES, model, options, replace(line, reach=chosen.reach + 4.0), 9)
        assert not failed.any()
        total += (centre < 1.0) * asset - (centre < 0.0) * cash
        for name, figure in zip(FIELD_NAMES, total, strict=True):
            assert figure[0] == pytest.approx(expected[name][0], rel=1e-9), name


def test_logarithm_of_the_moments_is_continuous_along_every_line() -> None:
    # a branch cut would show as a jump of 2 pi times mean_reversion * long_vol**2 / vol_of_variance**2
    rng, count = np.random.default_rng(4), 100
    _, options, columns = transform.read(
        ("call", 100.0, 100.0 * np.exp(rng.normal(0.0, 0.5, count)), rng.uniform(0.1, 30.0, count), 0.3, 0.0, 0.0),
        {
            "mean_reversion": rng.uniform(0.0, 5.0, count),
            "long_vol": 0.4,
            "vol_of_variance": rng.uniform(0.05, 3.0, count),
            "correlation": rng.choice([-1.0, -0.9, 0.0, 0.9, 1.0], count),
        },
    )
    model = heston.moments(options.years, options.vol, columns)
    with np.errstate(all="ignore"):
        line = contour.chosen(model, options.vol**2, options.log_strike)
        z, _ = line.at(line.reach * np.linspace(0.0, 1.0, 4001))
        level = model.exponent(z).level
    steps = np.abs(np.diff(level, axis=1))
    neighbours = np.maximum(steps[:, :-2], steps[:, 2:])
    assert (steps[:, 1:-1] <= 1.5 * neighbours + 1e-9).all()


def test_moments_explode_where_the_denominator_first_vanishes() -> None:
    model, _ = read("call", 100.0, 100.0, 5.0, 0.2, 0.0, 0.0, vol_of_variance=1.0)
    orders = np.linspace(1.0, 12.0, 2001)[None, :]
    finite = ~model.explodes(orders)[0]
    last = int(np.argmin(finite))
    assert finite[:last].all()
    assert not finite[last:].any()
    slopes = model.exponent(orders[:, :last] + 0j).slope[0].real
    assert (np.diff(slopes) > 0.0).all()
    assert slopes[-1] > 30.0
    assert model.exponent(orders[:, last : last + 1] + 0j).slope[0, 0].real < 0.0


def test_finer_steps_do_not_change_a_result(monkeypatch: pytest.MonkeyPatch) -> None:
    model, options = read("put", 100.0, np.linspace(50.0, 180.0, 40), 0.1, 0.2, 0.02, 0.01)
    coarse = transform.figures(FIELD_NAMES, model, options)[0]
    monkeypatch.setattr(transform, "FIRST_STEPS", 500)
    fine = transform.figures(FIELD_NAMES, model, options)[0]
    for name in FIELD_NAMES:
        scale = np.abs(fine[name]).max()
        np.testing.assert_allclose(coarse[name], fine[name], rtol=1e-9, atol=1e-13 * scale)


def test_options_in_parts_equal_options_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    strikes = np.concatenate([[0.0], np.linspace(50.0, 180.0, 60)])
    model, options = read("put", 100.0, strikes, 0.1, 0.2, 0.02, 0.01)
    whole = transform.figures(("price", "theta"), model, options)[0]
    monkeypatch.setattr(transform, "AT_ONCE", 7)
    parts = transform.figures(("price", "theta"), model, options)[0]
    for name in whole:
        np.testing.assert_allclose(parts[name], whole[name], rtol=1e-12, atol=1e-15)


def test_integral_that_does_not_settle_is_refused_with_count_and_position(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transform, "MOST_HALVINGS", 1)
    monkeypatch.setattr(transform, "FIRST_STEPS", 2)
    with pytest.raises(TransformError) as caught:
        heston.price("call", 100.0, [90.0, 110.0, 0.0], 1.0, 0.2, **MODEL)
    assert str(caught.value).startswith("the transform did not converge for 2 of 3 options, first at position (0,); ")
