"""The split by the slope of the futures: formula, real range, complement, refusals."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings, strategies as st

from data import shared_data
from hedgerow.errors import DataError, InputError
from hedgerow.overlays import Complement, Signals, TermStructure
from overlay_rule_cases import signals_of


@pytest.mark.parametrize("power", [1, 2, 8])
def test_term_structure_equals_the_share_of_the_ratio(power) -> None:
    short, long = np.array([12.0, 18.0, 20.0, 45.0]), np.array([16.0, 18.0, 18.0, 30.0])
    ratio = (short / long) ** power
    share = TermStructure(power=power).multiplier(signals_of(short=short, long=long))
    np.testing.assert_allclose(share, ratio / (1.0 + ratio), rtol=1e-14)
    assert share[1] == 0.5


def test_term_structure_plain_share_hardly_moves_on_real_futures() -> None:
    curve = pd.read_csv(shared_data("vix_futures_m1_m8_daily.csv"), index_col=0, parse_dates=True)
    curve = curve.loc[:"2016-12-31", ["M1", "M3"]].dropna()
    signals = Signals.of({"short": curve["M1"], "long": curve["M3"]})
    plain, steep = (TermStructure(power=power).multiplier(signals) for power in (1, 8))
    assert np.percentile(plain, [5, 95]).round(2).tolist() == [0.44, 0.53]  # requirements V4
    assert np.percentile(steep, [5, 95]).round(2).tolist() == [0.14, 0.70]


@settings(max_examples=40, deadline=None)
@given(short=st.floats(1e-3, 1e3), long=st.floats(1e-3, 1e3), power=st.floats(0.1, 200.0))
def test_term_structure_both_shares_add_to_one_and_swap_with_the_futures(short, long, power) -> None:
    one, turned = signals_of(short=[short], long=[long]), signals_of(short=[long], long=[short])
    share = TermStructure(power=power).multiplier(one)
    assert 0.0 <= share[0] <= 1.0
    rest = Complement(TermStructure(power=power)).multiplier(one)
    np.testing.assert_allclose(share + rest, 1.0, rtol=1e-14)
    np.testing.assert_allclose(TermStructure(power=power).multiplier(turned), rest, atol=1e-14, rtol=1e-12)


def test_term_structure_is_a_share_and_a_sized_share_is_a_size() -> None:
    rule = TermStructure()
    assert rule.is_share
    assert not (2.0 * rule).is_share


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({"power": 0}, "power of TermStructure must be a number, above 0"),
        ({"short": "m1", "long": "m1"}, "needs two signals; short and long are both 'm1'"),
        ({"short": 1}, "short of TermStructure must be the name of a signal"),
    ],
)
def test_term_structure_that_is_none_refused(arguments, sentence) -> None:
    with pytest.raises(InputError, match=sentence):
        TermStructure(**arguments)


def test_term_structure_quote_at_zero_refused_with_its_date() -> None:
    with pytest.raises(DataError, match="'m1' is 0 on 2024-01-02; it is a quoted level and must be above 0"):
        TermStructure("m1", "m3").multiplier(signals_of(m1=[15.0, 0.0], m3=[16.0, 16.0]))
