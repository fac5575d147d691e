"""The text of code of one's own, with all that it leans on: functions, rules, classes and constants of its modules.

An edit of a rule that a policy merely names must give another identity, or results of the old rule would be found again
under the new one. Code of Hedgerow, of Python and of installed libraries is left out: it has identities of its own.
"""

from __future__ import annotations

import inspect
import sys
from collections.abc import Iterator
from types import CodeType, FunctionType, ModuleType
from typing import Any

import numpy as np

from hedgerow.kernels.compile import Kernel
from hedgerow.kernels.rules import Rule

_LIBRARIES = {"hedgerow", "builtins", "numpy", "pandas", "scipy", *sys.stdlib_module_names}
_CONSTANTS = (type(None), bool, int, float, str, bytes)


def text_of(code: Any) -> str:
    """Return the text of a class or function and of what it names; empty for code of libraries.

    Where there is no text, as in a console, the compiled code stands for it.

    Examples
    --------
    >>> text_of(np.sum)
    ''
    """
    return "\n".join(_texts(code, set()))


def _texts(code: Any, seen: set[int]) -> Iterator[str]:
    if id(code) in seen or not _is_own(code):
        return
    seen.add(id(code))
    functions = _methods(code) if isinstance(code, type) else [code]
    yield _source(code) or f"{code.__module__}.{code.__qualname__} {[_of_function(each) for each in functions]}"
    for function in functions:
        for name, value in _named(function):
            yield from _meant(name, value, seen)


def _meant(name: str, value: Any, seen: set[int]) -> Iterator[str]:
    """Yield what a name of a function's module says of it."""
    if isinstance(value, Rule):
        yield f"{name}: {value!r}"
    if isinstance(value, Rule | Kernel):
        value = value.__wrapped__
    if isinstance(value, type | FunctionType):
        yield from _texts(value, seen)
    elif isinstance(value, np.ndarray):
        yield f"{name} = {value.dtype.str} {value.shape} {value.tobytes().hex() if value.dtype != object else value!r}"
    elif isinstance(value, _CONSTANTS) or (isinstance(value, tuple) and all(isinstance(x, _CONSTANTS) for x in value)):
        yield f"{name} = {value!r}"


def _named(function: FunctionType) -> Iterator[tuple[str, Any]]:
    """Yield the globals that a function names, sorted, and for modules of one's own their members that it names."""
    names = sorted(set(_names(function.__code__)))
    for name in names:
        if name not in function.__globals__:
            continue
        value = function.__globals__[name]
        if isinstance(value, ModuleType) and not _is_library(value.__name__):
            yield from ((f"{name}.{each}", getattr(value, each)) for each in names if hasattr(value, each))
        else:
            yield name, value


def _names(code: CodeType) -> Iterator[str]:
    yield from code.co_names
    for each in code.co_consts:
        if isinstance(each, CodeType):
            yield from _names(each)


def _methods(kind: type) -> list[FunctionType]:
    """Return the functions of a class itself, those of properties too."""
    found = []
    for each in vars(kind).values():
        parts = (each, *(getattr(each, name, None) for name in ("fget", "fset", "func", "__func__")))
        found += [part for part in parts if isinstance(part, FunctionType)]
    return found


def _source(code: Any) -> str:
    try:
        return inspect.getsource(code)
    except (OSError, TypeError):
        return ""


def _of_function(function: FunctionType) -> str:
    defaults = (*(function.__defaults__ or ()), *(function.__kwdefaults__ or {}).values())
    return f"{_of_code(function.__code__)} {[each for each in defaults if isinstance(each, _CONSTANTS)]}"


def _of_code(code: CodeType) -> str:
    inner = [_of_code(each) if isinstance(each, CodeType) else repr(each) for each in code.co_consts]
    return f"{code.co_name} {code.co_code.hex()} {code.co_names} {code.co_varnames} {inner}"


def _is_own(code: Any) -> bool:
    return not _is_library(getattr(code, "__module__", None) or "builtins")


def _is_library(module: str) -> bool:
    if module == "__main__" or module.split(".")[0] in _LIBRARIES:
        return module != "__main__"
    file = getattr(sys.modules.get(module), "__file__", None) or ""
    return "site-packages" in file or "dist-packages" in file
