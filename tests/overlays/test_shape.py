"""A shape's own refusals, and one trigger in the place of several."""

from __future__ import annotations

from typing import Any

import pytest

from hedgerow.errors import InputError
from hedgerow.overlays import Shape, SignalMove, Weekly


def test_threshold_takes_one_trigger_or_several_in_any_sequence() -> None:
    assert Shape(threshold=SignalMove(3.0)) == Shape(threshold=(SignalMove(3.0),))  # type: ignore[arg-type]
    assert Shape(threshold=[SignalMove(3.0), Weekly()]).threshold == (SignalMove(3.0), Weekly())  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"threshold": 3}, "threshold takes triggers.*not 3"),
        ({"threshold": ("weekly",)}, "threshold takes triggers.*not 'weekly'"),
        ({"threshold": None}, "threshold takes triggers.*not None"),
        ({"budget": "1%"}, "budget must be a number of 0 or more, or None, not '1%'"),
        ({"smooth": "5"}, "smooth must be a whole number of signal dates, 1 or more, not '5'"),
        ({"persist": True}, "persist must be a whole number"),
        ({"floor": 2.0, "cap": 1.0}, "the cap 1 lies below the floor 2"),
    ],
)
def test_shape_of_another_kind_is_refused(given: dict[str, Any], said: str) -> None:
    with pytest.raises(InputError, match=said):
        Shape(**given)
