"""What must not stand in the project: code from data, clocks and global randomness, machine paths, shapeless names."""

from __future__ import annotations

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "hedgerow"

FORBIDDEN_MODULES = {"pickle", "cPickle", "dill", "cloudpickle", "shelve", "marshal", "random", "yaml"}
FORBIDDEN_CALLS = {"eval", "exec", "__import__"}
# exec is allowed where the engine turns a rule written in Python into compiled code; no such file exists yet.
EXEC_ALLOWED: frozenset[str] = frozenset()
FORBIDDEN_ATTRIBUTES = (
    r"(.*\.)?read_pickle",
    r"(.*\.)?to_pickle",
    r"joblib\.(load|dump)",
    r"torch\.load",
    r"(np|numpy)\.load",
    r"yaml\.(unsafe_)?load",
    r"(.*\.)?(datetime|date|Timestamp)\.(now|utcnow|today)",
    r"time\.time(_ns)?",
    r"(np|numpy)\.random\.(?!Generator$|default_rng$|SeedSequence$|Philox$|PCG64$|BitGenerator$).*",
)
SHAPELESS = {"util", "utils", "helper", "helpers", "common", "misc", "tool", "tools"}
LONGEST_FILE = 400

# Spelt in pieces so that this file does not name what it forbids.
FORBIDDEN_TEXT = (
    "py" + r"pi\.org",
    "python" + r"hosted\.org",
    "conda" + r"\.anaconda\.org",
    r"(?<![\w.}])/" + r"(work|root|home|opt|Users)/\w",
    "BEGIN (RSA |EC |OPENSSH )?PRIVATE " + "KEY",
)


def tracked_files() -> list[Path]:
    """Return the files of the project: those git knows, or all of the likely folders outside a checkout."""
    run = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    if run.returncode == 0 and run.stdout:
        return [ROOT / name for name in run.stdout.split("\0") if name and (ROOT / name).is_file()]
    return [path for top in ("src", "tests", "docs", "examples", "benchmarks") for path in (ROOT / top).rglob("*.*")]


def dotted_name(node: ast.AST) -> str:
    if isinstance(node, ast.Attribute):
        return f"{dotted_name(node.value)}.{node.attr}"
    return node.id if isinstance(node, ast.Name) else ""


def is_set(node: ast.AST) -> bool:
    made = isinstance(node, ast.Call) and dotted_name(node.func) in {"set", "frozenset"}
    return made or isinstance(node, ast.Set | ast.SetComp)


def breaches(source: str, name: str = "") -> Iterator[str]:
    """Yield one sentence for each forbidden import, call or iteration in a source file."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import | ast.ImportFrom):
            modules = [alias.name for alias in node.names] if isinstance(node, ast.Import) else [node.module or ""]
            full = [f"{node.module}.{alias.name}" for alias in node.names] if isinstance(node, ast.ImportFrom) else []
            if any(module.split(".")[0] in FORBIDDEN_MODULES for module in modules):
                yield f"line {node.lineno}: import of {modules}"
            yield from (f"line {node.lineno}: {one}" for one in full if is_forbidden(one))
        elif isinstance(node, ast.Attribute) and is_forbidden(dotted_name(node)):
            yield f"line {node.lineno}: {dotted_name(node)}"
        elif isinstance(node, ast.Call) and dotted_name(node.func) in FORBIDDEN_CALLS - exempt(name):
            yield f"line {node.lineno}: {dotted_name(node.func)}()"
        elif iterates_over_a_set(node):
            yield f"line {getattr(node, 'lineno', '?')}: the order of a set is no order; sort it"


def is_forbidden(name: str) -> bool:
    return any(re.fullmatch(pattern, name) for pattern in FORBIDDEN_ATTRIBUTES)


def exempt(name: str) -> set[str]:
    return {"exec"} if name in EXEC_ALLOWED else set()


def iterates_over_a_set(node: ast.AST) -> bool:
    if isinstance(node, ast.For | ast.comprehension):
        return is_set(node.iter)
    if not isinstance(node, ast.Call) or len(node.args) != 1:
        return False
    keeps_order = dotted_name(node.func) in {"list", "tuple"} or getattr(node.func, "attr", "") == "join"
    return keeps_order and is_set(node.args[0])


@pytest.mark.parametrize("path", sorted(SOURCE.rglob("*.py")), ids=lambda path: path.relative_to(SOURCE).as_posix())
def test_source_has_no_code_from_data_no_clock_and_no_global_randomness(path: Path) -> None:
    name = path.relative_to(SOURCE).as_posix()
    assert list(breaches(path.read_text(encoding="utf-8"), name)) == []


@pytest.mark.parametrize(
    "line",
    [
        "import pickle",
        "from pickle import loads",
        "import random",
        "joblib.load('a')",
        "from joblib import load",
        "pd.read_pickle('a')",
        "from pandas import read_pickle",
        "frame.to_pickle('a')",
        "eval('1')",
        "exec('a = 1')",
        "yaml.load(text)",
        "np.load('a', allow_pickle=True)",
        "datetime.now()",
        "datetime.datetime.now()",
        "pd.Timestamp.today()",
        "time.time()",
        "from time import time",
        "np.random.seed(0)",
        "np.random.normal()",
        "from numpy.random import rand",
        "for name in {'a', 'b'}: pass",
        "list(set(names))",
        "', '.join(set(names))",
        "[name for name in set(names)]",
    ],
)
def test_gate_itself_catches_what_it_forbids(line: str) -> None:
    assert list(breaches(line))


@pytest.mark.parametrize(
    "line",
    [
        "generator = np.random.default_rng(seed)",
        "def draw(generator: np.random.Generator): ...",
        "np.random.SeedSequence(0)",
        "time.perf_counter()",
        "for name in sorted({'a', 'b'}): pass",
        "if name in {'a', 'b'}: pass",
        "YAML(typ='safe').load(text)",
        "model.eval()",
    ],
)
def test_gate_itself_leaves_the_rest_alone(line: str) -> None:
    assert list(breaches(line)) == []


def test_tracked_files_name_no_registry_no_machine_path_and_no_key() -> None:
    found = []
    for path in tracked_files():
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        for pattern in FORBIDDEN_TEXT:
            found += [f"{path.relative_to(ROOT)}: {match[0]}" for match in re.finditer(pattern, text)]
    assert found == []


def test_no_file_is_named_for_nothing() -> None:
    assert [path.name for path in tracked_files() if path.stem.strip("_").lower() in SHAPELESS] == []


def test_no_python_file_is_longer_than_400_lines() -> None:
    python = [path for path in tracked_files() if path.suffix == ".py"]
    lengths = {str(path.relative_to(ROOT)): path.read_text(encoding="utf-8").count("\n") for path in python}
    assert {name: length for name, length in lengths.items() if length > LONGEST_FILE} == {}
