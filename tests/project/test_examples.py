"""The examples need the core alone; the gallery of the documentation runs them, and there a warning is an error."""

from __future__ import annotations

import ast
import importlib.util
import sys
import warnings
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = sorted((ROOT / "examples").glob("plot_*.py"))
CORE = {*sys.stdlib_module_names, "arch", "hedgerow", "numpy", "pandas", "sklearn"}


@pytest.fixture
def strict() -> Iterator[ModuleType]:
    spec = importlib.util.spec_from_file_location("strict_examples", ROOT / "docs" / "_scripts" / "strict_examples.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    yield module
    module.run_strictly({}, "one.py", when="after")


def test_there_are_examples() -> None:
    assert len(EXAMPLES) >= 8


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.stem)
def test_example_imports_the_core_alone_and_reads_no_file_so_that_it_runs_from_any_folder(example: Path) -> None:
    tree = list(ast.walk(ast.parse(example.read_text(encoding="utf-8"))))
    imported = {alias.name for node in tree if isinstance(node, ast.Import) for alias in node.names}
    imported |= {str(node.module) for node in tree if isinstance(node, ast.ImportFrom)}
    assert {name.split(".")[0] for name in imported} <= CORE
    called = {ast.unparse(node.func).split(".")[-1] for node in tree if isinstance(node, ast.Call)}
    assert not {
        name for name in called if name in ("open", "Path") or name.startswith(("read_", "load_", "write_"))
    } - {"load_sample"}


def test_gallery_runs_every_example_strictly_and_a_failure_ends_the_build() -> None:
    conf = (ROOT / "docs" / "conf.py").read_text(encoding="utf-8")
    (found,) = (
        ast.literal_eval(node.value)
        for node in ast.parse(conf).body
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "sphinx_gallery_conf"
    )
    assert found["examples_dirs"] == ["../examples"]
    assert found["abort_on_example_error"] is True
    assert (found["reset_modules"], found["reset_modules_order"]) == (("strict_examples.run_strictly",), "both")
    assert not {"plot_gallery", "filename_pattern", "ignore_pattern", "only_warn_on_example_error"} & set(found)


def test_strict_run_makes_warnings_errors_and_hides_the_samples_extra_until_its_end(strict: ModuleType) -> None:
    before, known = warnings.filters[:], "skfolio" in sys.modules
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for name in ("one.py", "two.py"):
            strict.run_strictly({}, name, when="before")
            with pytest.raises(UserWarning, match="louder"):
                warnings.warn("louder", stacklevel=1)
            with pytest.raises(ImportError):
                import skfolio  # noqa: F401
        strict.run_strictly({}, None, when="before")
        assert warnings.filters[0][0] == "error", "a folder that is entered ends nothing"
        strict.run_strictly({}, "two.py", when="after")
        warnings.warn("quiet again", stacklevel=1)
    assert warnings.filters == before
    assert ("skfolio" in sys.modules) == known
