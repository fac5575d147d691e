"""Number of puts: the formula, numbers and signals, no exposure, refusals."""

from __future__ import annotations

import pytest

from hedgerow.errors import DataError, InputError
from hedgerow.overlays import PutCount
from overlay_rule_cases import signals_of


@pytest.mark.parametrize("put_delta", [-0.25, 0.25])
def test_put_count_equals_the_delta_over_that_of_a_contract(put_delta) -> None:
    signals = signals_of(vix=[20.0, 30.0])
    assert PutCount(5000, put_delta).multiplier(signals).tolist() == [200.0, 200.0]
    assert PutCount(5000, put_delta, hedged_fraction=0.3).multiplier(signals).tolist() == [60.0, 60.0]
    assert PutCount(5000, put_delta, 50).multiplier(signals).tolist() == [400.0, 400.0]


def test_put_count_falls_and_rises_with_the_portfolio_delta_and_is_zero_without_exposure() -> None:
    signals = signals_of(mine=[5000.0, 4000.0, 6000.0, 0.0, -100.0], put=[-0.25, -0.4, -0.2, -0.3, -0.3])
    assert PutCount("mine", "put").multiplier(signals).tolist() == [200.0, 100.0, 300.0, 0.0, 0.0]


def test_put_count_needs_only_the_deltas_that_are_signals() -> None:
    assert PutCount(5000, "put").needs == ("put",)
    assert PutCount("mine", -0.25).needs == ("mine",)
    assert PutCount(5000, -0.25).needs == ()


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({"put_delta": 0.0}, "the size of put_delta of PutCount must be a number, above 0 and at most 1"),
        ({"put_delta": -25}, "put_delta of PutCount must be a number, -1 or more and at most 1, not -25"),
        ({"portfolio_delta": -5000}, "portfolio_delta of PutCount must be a number, above 0, not -5000; a portfolio"),
        ({"portfolio_delta": ""}, "portfolio_delta of PutCount must be the name of a signal"),
        ({"contract_multiplier": 0}, "contract_multiplier of PutCount must be a number, above 0"),
        ({"hedged_fraction": 1.2}, "hedged_fraction of PutCount must be a number, 0 or more and at most 1"),
        ({"hedged_fraction": None}, "hedged_fraction of PutCount must be a number"),
    ],
)
def test_put_count_figures_out_of_range_refused(arguments, sentence) -> None:
    with pytest.raises(InputError, match=sentence):
        PutCount(**arguments)


@pytest.mark.parametrize("delta", [0.0, -1.5])
def test_put_count_signal_that_is_no_put_delta_refused_with_its_date(delta) -> None:
    with pytest.raises(DataError, match=rf"'put' is {delta:g} on 2024-01-02; a put's delta lies from -1 to 0"):
        PutCount(5000, "put").multiplier(signals_of(put=[-0.3, delta]))
