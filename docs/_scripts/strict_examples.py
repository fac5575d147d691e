"""Examples of the gallery run strictly: a warning is an error, and the samples extra is not there."""

from __future__ import annotations

import sys
import warnings
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

_STRICT = ExitStack()


@contextmanager
def without(module: str) -> Iterator[None]:
    """Make the import of a module fail, whether it has been imported before or not."""
    before = sys.modules.pop(module, None)
    sys.modules[module] = None  # type: ignore[assignment]
    try:
        yield
    finally:
        del sys.modules[module]
        if before is not None:
            sys.modules[module] = before


def run_strictly(gallery_conf: dict[str, Any], name: str | None, when: str) -> None:
    """Begin and end the strict running of one example; sphinx-gallery calls this before and after each."""
    if name is None:  # a folder is entered
        return
    _STRICT.close()
    if when == "before":
        _STRICT.enter_context(warnings.catch_warnings())
        _STRICT.enter_context(without("skfolio"))
        warnings.simplefilter("error")
