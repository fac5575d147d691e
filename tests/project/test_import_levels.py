"""Who may import whom: downward only, and within a level nobody imports a neighbour."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

SOURCE = Path(__file__).resolve().parents[2] / "src" / "hedgerow"

LEVELS = (
    ("kernels",),
    ("pricing", "ledger"),
    ("market", "effectiveness", "ratios"),
    ("instruments", "overlays"),
    ("costs", "attribution", "scenarios"),
    ("limits", "learned", "programmes"),
    ("hedgers", "policies", "report"),
    ("engine",),
    ("compare", "accounting"),
    ("study",),
    ("desk",),
    ("web", "cli"),
)
# Level 0 beside the kernels: anyone may import these, and they only one another.
GROUND = {"errors", "units", "_types", "_version", "_public_names", "_files", "rows"}
LEVEL_OF = {folder: level for level, folders in enumerate(LEVELS) for folder in folders} | dict.fromkeys(GROUND, -1)
TOP = "__init__"  # resolves the public names, lazily


def part_of(path: Path) -> str:
    """Return the folder (or top-level module) of the package that a file belongs to."""
    return path.relative_to(SOURCE).parts[0].removesuffix(".py")


def imported_parts(tree: ast.AST, package: tuple[str, ...]) -> Iterator[tuple[int, str]]:
    """Yield line and folder of every import of ours, wherever in the file it stands."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            stem = (*package[: len(package) - node.level + 1], *filter(None, [node.module])) if node.level else ()
            base = ".".join(stem) or str(node.module)
            names = [f"{base}.{alias.name}" for alias in node.names]
        else:
            continue
        for name in names:
            words = name.split(".")
            if words[0] == "hedgerow":
                yield node.lineno, words[1] if len(words) > 1 else TOP


def complaints(path: Path, source: str) -> list[str]:
    """Return one sentence for each import in a file that goes up or sideways."""
    here = part_of(path)
    found = []
    for line, part in imported_parts(ast.parse(source), ("hedgerow", *path.relative_to(SOURCE).parent.parts)):
        if here in (part, TOP) or part == "__version__":
            continue
        if part not in LEVEL_OF:
            found.append(
                f"{path.name}:{line} imports {part}, which has no level; import from the folder that defines it"
            )
        elif LEVEL_OF[part] >= LEVEL_OF[here] and not {here, part} <= GROUND:
            found.append(f"{path.name}:{line}: {here} (level {LEVEL_OF[here]}) imports {part} (level {LEVEL_OF[part]})")
    return found


def source_files() -> list[Path]:
    return sorted(SOURCE.rglob("*.py"))


@pytest.mark.parametrize("path", source_files(), ids=lambda path: path.relative_to(SOURCE).as_posix())
def test_imports_of_a_file_go_downward_only(path: Path) -> None:
    assert complaints(path, path.read_text(encoding="utf-8")) == []


def test_every_folder_has_a_level() -> None:
    assert {part_of(path) for path in source_files()} - {TOP, "__main__"} <= set(LEVEL_OF)


@pytest.mark.parametrize(
    ("folder", "line", "allowed"),
    [
        ("ratios", "from hedgerow.kernels.sliding import x", True),
        ("ratios", "from hedgerow.errors import InputError", True),
        ("ratios", "from hedgerow.market.history import History", False),
        ("ratios", "import hedgerow.engine", False),
        ("ratios", "from ..engine import step", False),
        ("ratios", "from . import ols", True),
        ("ratios", "from .ols import OLS", True),
        ("ratios", "from hedgerow import engine", False),
        ("ratios", "from hedgerow import OLS", False),
        ("ratios", "def f():\n    from hedgerow.report import figures", False),
        ("compare", "def f():\n    from hedgerow.report import figures", True),
        ("compare", "from hedgerow.accounting import pack", False),
        ("cli", "from hedgerow import __version__", True),
        ("cli", "from hedgerow.study import load", True),
        ("kernels", "from hedgerow.errors import InputError", True),
        ("kernels", "from hedgerow.ratios import ols", False),
        ("errors", "from hedgerow.units import years", True),
        ("errors", "from hedgerow.kernels import sliding", False),
        ("__init__", "from hedgerow.engine import run", True),
    ],
)
def test_gate_itself_tells_downward_from_upward(folder: str, line: str, allowed: bool) -> None:
    path = SOURCE / "__init__.py" if folder == TOP else SOURCE / folder / "one.py"
    path = SOURCE / "errors.py" if folder == "errors" else path
    assert (complaints(path, line) == []) is allowed
