"""Shapes and triggers as they are written on a command line."""

from __future__ import annotations

import pytest

from hedgerow.errors import InputError
from hedgerow.overlays import (
    DrawdownCrossed,
    EveryDays,
    Monthly,
    RelativeMove,
    Shape,
    SignalMove,
    Trigger,
    Weekly,
    shape_from_text,
    triggers_from_text,
)


@pytest.mark.parametrize(
    ("text", "triggers"),
    [
        ("3", (SignalMove(3.0),)),
        ("0", (SignalMove(0.0),)),
        ("15%", (RelativeMove(0.15),)),
        (" 2.5 % ", (RelativeMove(0.025),)),
        ("weekly", (Weekly(),)),
        ("Monthly", (Monthly(),)),
        ("drawdown:5%", (DrawdownCrossed(0.05),)),
        ("drawdown:0.05", (DrawdownCrossed(0.05),)),
        ("days:7", (EveryDays(7),)),
        ("3,15%,weekly,drawdown:5%", (SignalMove(3.0), RelativeMove(0.15), Weekly(), DrawdownCrossed(0.05))),
    ],
)
def test_text_gives_the_triggers_it_names(text: str, triggers: tuple[Trigger, ...]) -> None:
    assert triggers_from_text(text) == triggers


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "one or more of"),
        ("3,,weekly", "one or more of"),
        ("weakly", "did you mean 'weekly'"),
        ("weekly:2", "is no trigger"),
        ("nan", "'nan' is no trigger"),
        ("-3", "points of SignalMove"),
        ("drawdown", "is no trigger"),
        ("drawdown:5", "0.05 is 5 %"),
        ("days:1.5", "whole number"),
        ("days:seven", "'days:seven' is no trigger"),
    ],
)
def test_text_that_is_no_trigger_is_refused_with_its_part(text: str, sentence: str) -> None:
    with pytest.raises(InputError, match=sentence):
        triggers_from_text(text)


def test_shape_has_the_stages_that_are_named_and_no_other() -> None:
    text = {"smooth": "5", "persist": "2", "floor": "0.2", "cap": "2", "threshold": "3,weekly", "budget": "0.5%"}
    assert shape_from_text(text) == Shape(5, 2, 0.2, 2.0, (SignalMove(3.0), Weekly()), 0.005)
    assert shape_from_text({}) == Shape()
    assert shape_from_text({"cap": "none", "floor": None, "threshold": "off"}) == Shape()
    assert shape_from_text({"smooth": 5, "budget": 0.005, "threshold": 3}) == Shape(
        smooth=5, budget=0.005, threshold=(SignalMove(3.0),)
    )


@pytest.mark.parametrize(
    ("stage", "text", "sentence"),
    [
        ("flor", "0.2", "did you mean 'floor'"),
        ("rule", "0.2", "no stage 'rule'"),
        ("smooth", "2.5", "smooth must be a whole number"),
        ("smooth", "inf", "smooth must be a whole number"),
        ("persist", "0", "persist must be a whole number"),
        ("cap", "two", "the stage cap takes a number; not 'two'"),
        ("floor", "-1", "floor must be a number of 0 or more"),
        ("floor", "nan", "floor must be a number of 0 or more"),
        ("budget", "5 bp", "such as 0.005 or 0.5%"),
        ("cap", "5%", "the stage cap takes a number"),
    ],
)
def test_stage_that_is_none_or_has_no_value_is_refused(stage: str, text: str, sentence: str) -> None:
    with pytest.raises(InputError, match=sentence):
        shape_from_text({stage: text})


def test_cap_below_the_floor_is_refused() -> None:
    with pytest.raises(InputError, match=r"the cap 0.1 lies below the floor 0.2"):
        shape_from_text({"cap": "0.1", "floor": "0.2"})
