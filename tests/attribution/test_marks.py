from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from hedgerow.attribution import Marks
from hedgerow.errors import DataError, InputError


def marks(**changed: object) -> Marks:
    ones = np.ones((2, 3, 2))
    given = {
        "greeks": {"delta": ones},
        "spots": ones,
        "vols": ones,
        "years": np.arange(3) / 365,
        "hedges": np.array([False, True]),
        "underlyings": ("SPX",),
    }
    return Marks(**{**given, **changed})  # type: ignore[arg-type]


def test_marks_one_underlying_rate_and_yield_stand_for_all() -> None:
    made = marks(rates=np.array(0.03))
    assert made.underlying.tolist() == [0, 0]
    assert made.rates.tolist() == [0.03] * 3
    assert made.yields.tolist() == [0.0] * 3


@pytest.mark.parametrize(
    ("changed", "error", "words"),
    [
        ({"greeks": {"gamma": np.ones((1, 3, 2))}}, InputError, "must have delta"),
        ({"greeks": {"delta": np.ones((1, 3, 2)), "vegga": np.ones((1, 3, 2))}}, InputError, "did you mean 'vega'"),
        ({"spots": np.ones((2, 3))}, DataError, "spots must have shape"),
        ({"vols": np.ones((3, 3, 2))}, DataError, "one number of paths"),
        ({"vols": np.full((2, 3, 2), np.nan)}, DataError, r"vols must be finite; the entry \(0, 0, 0\)"),
        ({"years": np.array([0.0, 0.2, 0.1])}, DataError, "ascend"),
        ({"rates": np.ones(2)}, DataError, "rates must have shape"),
        ({"underlying": np.array([0, 1])}, DataError, "1 names"),
        ({"changes": {"vol": np.ones((2, 3, 2))}}, InputError, "did you mean 'vols'"),
        ({"changes": {"vols": np.ones((2, 2, 2))}}, DataError, r"changes\['vols'\] must have shape"),
        ({"changes": {"rates": np.full(3, np.inf)}}, DataError, r"changes\['rates'\] must be finite"),
        ({"underlying": np.array([0, 0, 0])}, DataError, "underlying must have shape"),
    ],
)
def test_marks_that_do_not_fit_are_refused_in_a_sentence(
    changed: dict[str, object], error: type[Exception], words: str
) -> None:
    with pytest.raises(error, match=words):
        marks(**changed)


def test_marks_are_replaced_whole() -> None:
    assert replace(marks(), hedges=np.array([False, False])).hedges.sum() == 0
