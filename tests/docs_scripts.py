"""The scripts that write pages of the documentation: a test and its page share one way to gather and to write."""

from __future__ import annotations

import importlib.util
import sys
from functools import cache
from pathlib import Path
from types import ModuleType

FOLDER = Path(__file__).resolve().parents[1] / "docs" / "_scripts"


@cache
def script(name: str) -> ModuleType:
    """Return a script by its name, loaded as when it is run, but for its main part."""
    spec = importlib.util.spec_from_file_location(name, FOLDER / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses look their module up
    if str(FOLDER) not in sys.path:
        sys.path.insert(0, str(FOLDER))
    spec.loader.exec_module(module)
    return module
