"""The digest of what a computation is made of: equal for equal parts, another for any other number or code."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Any

import numpy as np
import pandas as pd
import pytest

from compare.hedges import BOOK, MARKET, Walk
from hedgerow.compare.grid.identity import code_fingerprint, fingerprint
from hedgerow.errors import InputError
from hedgerow.instruments import Book, EuropeanOption
from hedgerow.policies import Band


class Side(Enum):
    LONG = 1
    SHORT = 2


@dataclass(frozen=True)
class Plan:
    width: float
    days: tuple[str, ...] = ()


class Slotted:
    __slots__ = ("level",)

    def __init__(self, level: float) -> None:
        self.level = level


def adder(amount: float) -> Any:
    return lambda value: value + amount


DIFFERENT = [
    (1.0, np.nextafter(1.0, 2.0)),
    (1.0, 1),
    (0.0, -0.0),
    (True, 1),
    ("a", b"a"),
    (("ab", "c"), ("a", "bc")),
    (((1, 2), 3), (1, (2, 3))),
    (np.array([1.0, 2.0]), np.array([[1.0, 2.0]])),
    (np.array([1.0]), np.array([1.0], dtype=np.float32)),
    (np.array(["a"], dtype=object), np.array(["b"], dtype=object)),
    (pd.Timestamp("2026-01-01"), pd.Timestamp("2026-01-02")),
    (pd.Series([1.0], name="a"), pd.Series([1.0], name="b")),
    (pd.DataFrame({"a": [1.0]}), pd.DataFrame({"b": [1.0]})),
    (pd.Index([1, 2]), pd.Index([1, 3])),
    ({"a": 1.0}, {"a": 2.0}),
    (Side.LONG, Side.SHORT),
    (Plan(0.1), Plan(0.2)),
    (Slotted(1.0), Slotted(2.0)),
    (np.float32(1.0), np.float32(1.5)),
    (np.int64(1), np.int64(2)),
    (adder(1.0), adder(2.0)),
    (Slotted(1.0).__init__, Slotted(2.0).__init__),  # type: ignore[misc]
    (Plan, Slotted),
    (Band(0.1), Band(0.2)),
    (BOOK, Book([(EuropeanOption("XYZ", "call", 100.0, "2027-02-19"), -2.0)])),
    (Walk(MARKET), Walk(MARKET, antithetic=True)),
]


@pytest.mark.parametrize("pair", DIFFERENT, ids=range(len(DIFFERENT)))
def test_other_values_have_other_fingerprints_and_the_same_value_the_same(pair: tuple[Any, Any]) -> None:
    assert fingerprint(pair[0]) != fingerprint(pair[1])
    assert fingerprint(pair[0]) == fingerprint(pair[0])


def test_equal_parts_made_twice_have_one_fingerprint() -> None:
    again = Book([(EuropeanOption("XYZ", "call", 100.0, "2027-02-19"), -1.0)])
    assert fingerprint(again, Band(0.1)) == fingerprint(BOOK, Band(0.1))


def test_code_of_your_own_counts_by_its_text(monkeypatch: pytest.MonkeyPatch) -> None:
    before = fingerprint(Plan(0.1))
    monkeypatch.setattr("inspect.getsource", lambda code: "edited")
    assert fingerprint(Plan(0.1)) != before


def test_code_without_text_counts_by_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(code: object) -> str:
        raise OSError("typed in")

    monkeypatch.setattr("inspect.getsource", refuse)
    assert fingerprint(Plan(0.1)) != fingerprint(Slotted(0.1))


@pytest.mark.parametrize("edit", ["rule", "helper", "constant", "method", "member"])
def test_edit_of_what_a_policy_leans_on_gives_another_fingerprint(edit: str) -> None:
    edits = {
        "rule": ("target * 1.0", "target * 0.5"),
        "helper": ("x + 1.0", "x + 2.0"),
        "constant": ("WIDTH = 0.1", "WIDTH = 0.2"),
        "method": ("slot=0", "slot=1"),
        "member": ("LEVEL = 3", "LEVEL = 4"),
    }
    before, after = (fingerprint(policy_of(text)) for text in (POLICY, POLICY.replace(*edits[edit])))
    assert before != after
    assert before == fingerprint(policy_of(POLICY))


POLICY = """
from types import ModuleType
from hedgerow.kernels.rules import Stage, rule
from hedgerow.policies import RulePolicy

WIDTH = 0.1
others = ModuleType("others")
others.LEVEL = 3

@rule("fires", "goes")
def go(target):
    return 1.0 + 0.0 * target, target * 1.0

def helper(x):
    return x + 1.0

class Mine(RulePolicy):
    @property
    def scaled(self):
        return helper(WIDTH) * others.LEVEL

    def stages(self, terms, slot=0):
        return (Stage(go, {}, {"fires": f"fires_{slot}", "goes": f"goes_{slot}"}),)
"""


def policy_of(text: str) -> Any:
    """Return the policy of a text as a console makes it, without a file."""
    names: dict[str, Any] = {"__name__": "__main__"}
    exec(compile(text, "<console>", "exec"), names)  # noqa: S102 - a console
    return names["Mine"]()


def test_object_that_shows_nothing_is_refused() -> None:
    with pytest.raises(InputError, match=r"generator shows nothing .* run without a store"):
        fingerprint(each for each in "ab")


def test_object_that_holds_itself_is_refused() -> None:
    ring: list[Any] = []
    ring.append(ring)
    with pytest.raises(InputError, match="holds itself"):
        fingerprint(ring)


def test_code_of_the_product_has_a_fingerprint() -> None:
    assert len(code_fingerprint()) == 64
