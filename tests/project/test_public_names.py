"""The public names: sorted, resolvable, lazy; and what `import hedgerow` leaves alone."""

from __future__ import annotations

import ast
import importlib.util
import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

import hedgerow
from hedgerow._public_names import SOURCES

SOURCE = Path(__file__).resolve().parents[2] / "src"
HEAVY = ("sklearn", "statsmodels", "arch", "plotly", "scipy", "numba", "pandas_market_calendars", "pyarrow", "skfolio")

needs_public_names = pytest.mark.skipif(not hasattr(hedgerow, "__all__"), reason="no public names are declared yet")
needs_command_line = pytest.mark.skipif(
    importlib.util.find_spec("hedgerow.cli.main") is None, reason="the command line does not exist yet"
)


def modules_after(statement: str) -> set[str]:
    """Run a statement in a fresh interpreter and return the heavy libraries it loaded; prints the wall time."""
    report = "import json, sys; print('\\n' + json.dumps(sorted({name.split('.')[0] for name in sys.modules})))"
    environment = os.environ | {"PYTHONPATH": str(SOURCE), "PYTHONUTF8": "1"}
    start = time.perf_counter()
    code = f"try:\n    {statement}\nexcept SystemExit:\n    pass\n{report}"
    run = subprocess.run(
        [sys.executable, "-c", code], env=environment, check=True, capture_output=True, text=True, encoding="utf-8"
    )
    print(f"{statement}: {time.perf_counter() - start:.2f} s")  # noqa: T201
    return set(json.loads(run.stdout.splitlines()[-1])) & set(HEAVY)


def test_import_of_the_package_loads_nothing_heavy() -> None:
    assert modules_after("import hedgerow") == set()


@needs_command_line
def test_help_of_the_command_loads_nothing_heavy() -> None:
    statement = "import sys; sys.argv = ['hedgerow', '--help']; from hedgerow.cli.main import main; main()"
    assert modules_after(statement) == set()


def test_gate_itself_sees_a_heavy_import() -> None:
    assert "scipy" in modules_after("import scipy")


@needs_public_names
def test_public_names_are_sorted_and_unique() -> None:
    names = [name for name in hedgerow.__all__ if name != "__version__"]
    assert names == sorted(names)
    assert len(set(names)) == len(names)


@needs_public_names
def test_public_names_all_resolve_and_are_listed_by_dir() -> None:
    for name in hedgerow.__all__:
        assert getattr(hedgerow, name) is not None, name
        assert name in dir(hedgerow)


@needs_public_names
def test_public_objects_say_a_name_that_can_be_imported_from_their_module() -> None:
    for name in hedgerow.__all__:
        value = getattr(hedgerow, name)
        if isinstance(value, type) or callable(value):
            assert value.__module__.startswith("hedgerow."), f"{name} belongs to {value.__module__}"
            assert getattr(sys.modules[value.__module__], value.__name__) is value


@needs_public_names
def test_name_that_does_not_exist_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no_such_name"):
        _ = hedgerow.no_such_name  # type: ignore[attr-defined]


def test_stub_for_type_checkers_lists_every_public_name_from_its_folder() -> None:
    tree = ast.parse((SOURCE / "hedgerow" / "__init__.pyi").read_text(encoding="utf-8"))
    listed = {
        alias.name: node.module.removeprefix("hedgerow.")
        for node in tree.body
        if isinstance(node, ast.ImportFrom) and node.module and node.module != "hedgerow._version"
        for alias in node.names
    }
    assert listed == SOURCES
