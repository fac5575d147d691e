"""The tree of errors: every class stands in errors.py, in its picture, and is public."""

from __future__ import annotations

import inspect
from importlib import import_module
from pkgutil import walk_packages

import hedgerow
from hedgerow import errors
from hedgerow.errors import HedgerowError


def _all_below(base: type[Exception]) -> set[type[Exception]]:
    return {base}.union(*(_all_below(each) for each in base.__subclasses__()))


def test_every_error_is_defined_drawn_and_public_in_one_place() -> None:
    for module in walk_packages(hedgerow.__path__, "hedgerow."):
        import_module(module.name)
    own = {each for each in _all_below(HedgerowError) if each.__module__.startswith("hedgerow.")}
    assert {each.__module__ for each in own} == {"hedgerow.errors"}
    tree = inspect.getdoc(errors) or ""
    for each in own:
        assert each.__name__ in tree
        assert getattr(hedgerow, each.__name__) is each
