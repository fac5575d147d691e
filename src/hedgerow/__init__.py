"""Hedgerow: a workbench for hedging.

What to hold, how many, when to trade, what it costs, and how well it worked on data it had never seen. The public names
below are loaded when first used, so that ``import hedgerow`` is quick; type checkers read them in ``__init__.pyi``.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

from hedgerow._public_names import SOURCES
from hedgerow._version import __version__

__all__ = ["__version__", *SOURCES]


def __getattr__(name: str) -> Any:
    if name not in SOURCES:
        raise AttributeError(f"module 'hedgerow' has no attribute {name!r}")
    value = getattr(import_module(f"hedgerow.{SOURCES[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *SOURCES})
