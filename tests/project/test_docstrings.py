"""Docstrings: every example runs and gives what it says; every public name says its parameters and results."""

from __future__ import annotations

import ast
import doctest
import importlib
import inspect
import re
from enum import Enum
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

import hedgerow

SOURCE = Path(__file__).resolve().parents[2] / "src" / "hedgerow"
MODULES = sorted(
    "hedgerow." + ".".join(path.relative_to(SOURCE).with_suffix("").parts)
    for path in SOURCE.rglob("*.py")
    if ">>>" in path.read_text(encoding="utf-8")
)
PUBLIC = [name for name in getattr(hedgerow, "__all__", ()) if name != "__version__"]


@pytest.mark.parametrize("name", MODULES)
def test_examples_of_a_module_give_what_they_say(name: str) -> None:
    module = importlib.import_module(name.removesuffix(".__init__"))
    result = doctest.testmod(module, optionflags=doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE)
    assert result.attempted > 0
    assert result.failed == 0


def test_doctest_gate_itself_fails_on_a_wrong_output() -> None:
    example = doctest.DocTestParser().get_doctest(">>> 1 + 1\n3\n", {}, "wrong", None, 0)
    assert doctest.DocTestRunner(verbose=False).run(example, out=lambda text: None).failed == 1


def section(text: str, *titles: str) -> str:
    """Return the body of a numpydoc section, under the first of the titles that stands there."""
    for title in titles:
        found = re.search(rf"^{title}\n-{{{len(title)}}}\n(.*?)(?=^\w[\w ]*\n---|\Z)", text, re.MULTILINE | re.DOTALL)
        if found:
            return found[1]
    return ""


def repeated_sections(text: str) -> list[str]:
    """Return the titles of numpydoc sections that stand more than once; the documentation refuses such a docstring."""
    titles = re.findall(r"^ *(\w[\w ]*)\n *-{3,}$", text, re.MULTILINE)
    return sorted({title for title in titles if titles.count(title) > 1})


@pytest.mark.parametrize(
    ("text", "expected"),
    [("Say.\n\nReturns\n-------\nint\n\nReturns\n-------\nint\n", ["Returns"]), ("Returns\n-------\nint\n", [])],
)
def test_repeated_section_is_found(text: str, expected: list[str]) -> None:
    assert repeated_sections(text) == expected


def test_no_docstring_says_a_section_twice() -> None:
    found = []
    for path in sorted(SOURCE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.ClassDef | ast.Module) and (text := ast.get_docstring(node)):
                found += [f"{path.name}: {title}" for title in repeated_sections(text)]
    assert found == []


def own_and_inherited(value: Any, text: str) -> list[str]:
    """Return the docstring of an object and, of a class, those of its bases, whose fields it takes as well."""
    bases = value.__mro__[1:] if isinstance(value, type) else ()
    return [text, *(inspect.getdoc(base) or "" for base in bases if base.__module__.startswith("hedgerow."))]


def lacks(value: Any) -> list[str]:
    """Return what the docstring of a public object does not say."""
    text = inspect.getdoc(value) or ""
    if not text:
        return ["a docstring"]
    if isinstance(value, type) and issubclass(value, BaseException):
        return []
    if isinstance(value, type) and issubclass(value, BaseModel):
        # A study's keys say themselves what they are: the schema, the reference and the page on study files are
        # made from these descriptions, and a second list in the docstring could only drift from them.
        return [f"description of {key}" for key, field in value.model_fields.items() if not field.description]
    described = "".join(section(told, "Parameters", "Attributes") for told in own_and_inherited(value, text))
    if getattr(value, "_is_protocol", False):
        return []
    if isinstance(value, type) and issubclass(value, Enum):
        return [f"member {name}" for name in value.__members__ if not re.search(rf"^{name}\b", described, re.MULTILINE)]
    signature = inspect.signature(value)
    missing = []
    for parameter in signature.parameters.values():
        name = parameter.name.lstrip("*")
        if name not in {"self", "cls"} and not re.search(rf"^(.*[ ,*])?{name}\b", described, re.MULTILINE):
            missing.append(f"parameter {name}")
    returns = signature.return_annotation
    silent = isinstance(value, type) or returns in (None, "None", inspect.Signature.empty)
    if not silent and not section(text, "Returns", "Yields"):
        missing.append("a Returns section")
    return missing


@pytest.mark.parametrize("name", PUBLIC)
def test_public_name_says_its_parameters_and_results(name: str) -> None:
    value = getattr(hedgerow, name)
    if callable(value):
        assert lacks(value) == []


def test_gate_itself_sees_what_a_docstring_lacks() -> None:
    def bare(price: float, size: float) -> float:
        """Multiply.

        Parameters
        ----------
        price
            In dollars.
        """
        return price * size

    assert lacks(bare) == ["parameter size", "a Returns section"]
