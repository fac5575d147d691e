"""Arguments of pricing functions: what they may be, and the sentence where they may not."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from hedgerow.errors import InputError
from hedgerow.pricing import arguments
from hedgerow.pricing.record import FIELD_NAMES, GREEK_NAMES, Greeks, checked_names


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("Call", 1.0),
        ("p", -1.0),
        (1, 1.0),
        (["C", "put"], [1.0, -1.0]),
        (np.array([-1, 1], dtype=np.int8), [-1.0, 1.0]),
    ],
)
def test_signs_of_every_way_to_say_call_and_put(kind: Any, expected: Any) -> None:
    np.testing.assert_array_equal(arguments.signs(kind), expected)


@pytest.mark.parametrize(
    ("kind", "sentence"),
    [
        ("straddle", "kind must be call or put, not 'straddle'"),
        (["call", "x", "y"], "kind must be call or put: 'x' at position 1 (2 of 3 are)"),
        ([1, 0], "kind must be call or put (+1 or -1): 0.0 at position 1 (1 of 2 are)"),
    ],
)
def test_unknown_kind_is_refused_with_its_position(kind: Any, sentence: str) -> None:
    with pytest.raises(InputError) as caught:
        arguments.signs(kind)
    assert str(caught.value) == sentence


def test_missing_value_is_refused_with_field_count_and_position() -> None:
    with pytest.raises(InputError) as caught:
        arguments.numbers({"strike": 100.0, "vol": [0.2, float("nan"), float("inf")]})
    assert str(caught.value) == (
        "vol must be a finite number: nan at position 1 (2 of 3 are); leave out rows without a value"
    )


def test_text_in_place_of_a_number_is_refused() -> None:
    with pytest.raises(InputError, match="spot must be a number or an array of numbers, not 'dear'"):
        arguments.numbers({"spot": "dear"})


def test_past_expiry_is_refused_with_a_remedy() -> None:
    with pytest.raises(InputError) as caught:
        arguments.refuse_below("years", np.array([[0.5, -0.1]]), allow_equal=True)
    assert str(caught.value) == (
        "years must not be negative: -0.1 at position (0, 1) (1 of 2 are); "
        "an option whose expiry has passed has been settled: leave it out"
    )


def test_shapes_that_do_not_fit_are_refused() -> None:
    with pytest.raises(InputError, match=r"do not broadcast: \(2,\), \(3,\)"):
        arguments.broadcast(np.ones(2), np.ones(3))


def test_names_come_in_the_order_of_the_record() -> None:
    assert checked_names(None) == GREEK_NAMES
    assert checked_names(["theta", "price", "delta"]) == ("price", "delta", "theta")
    assert checked_names("vega") == ("vega",)
    with pytest.raises(InputError, match="did you mean 'vega'"):
        checked_names(["vegga"])


def test_record_gives_only_what_was_computed() -> None:
    assert Greeks(delta=0.5, price=2.0).to_dict() == {"price": 2.0, "delta": 0.5}
    assert FIELD_NAMES[0] == "price"
