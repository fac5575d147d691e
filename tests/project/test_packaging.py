"""The wheel: pure Python, typed, with its templates; the dependency sets are what the metadata promises."""

from __future__ import annotations

import re
import tomllib
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    builder = pytest.importorskip("hatchling.builders.wheel").WheelBuilder(str(ROOT))
    (path,) = builder.build(directory=str(tmp_path_factory.mktemp("dist")), versions=["standard"])
    return Path(path)


def test_wheel_is_pure_python_for_any_system(wheel: Path) -> None:
    assert wheel.name == f"hedgerow-{PROJECT['version']}-py3-none-any.whl"
    names = zipfile.ZipFile(wheel).namelist()
    assert [name for name in names if Path(name).suffix in {".so", ".pyd", ".dll", ".dylib", ".pyc"}] == []
    assert {name.split("/")[0] for name in names} == {"hedgerow", f"hedgerow-{PROJECT['version']}.dist-info"}


def test_wheel_has_every_file_of_the_package(wheel: Path) -> None:
    package = ROOT / "src"
    files = (path for path in package.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    expected = {path.relative_to(package).as_posix() for path in files if path.parts[len(package.parts)] == "hedgerow"}
    assert expected <= set(zipfile.ZipFile(wheel).namelist())
    assert "hedgerow/py.typed" in expected


def test_wheel_says_licence_command_and_extras(wheel: Path) -> None:
    archive, folder = zipfile.ZipFile(wheel), f"hedgerow-{PROJECT['version']}.dist-info"
    assert "BSD 3-Clause" in archive.read(f"{folder}/licenses/LICENSE").decode()
    assert "hedgerow = hedgerow.cli.main:main" in archive.read(f"{folder}/entry_points.txt").decode()
    metadata = archive.read(f"{folder}/METADATA").decode()
    assert set(re.findall(r"^Provides-Extra: (.*)$", metadata, re.MULTILINE)) == {
        name.replace("_", "-") for name in PROJECT["optional-dependencies"]
    }


def test_version_of_the_package_is_that_of_the_project() -> None:
    import hedgerow

    assert hedgerow.__version__ == PROJECT["version"]


def test_direct_dependencies_of_the_core_are_at_most_18() -> None:
    assert len(PROJECT["dependencies"]) <= 18


def pins(name: str) -> dict[str, str]:
    rows = (ROOT / "constraints" / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    rows = [row for row in rows if not row.startswith("#")]
    assert [row for row in rows if not re.fullmatch(r"[a-z0-9-]+==[0-9][0-9a-z.]*", row)] == []
    return dict(row.split("==") for row in rows)


def requirements(*extras: str) -> list[tuple[str, str]]:
    """Return name and lower bound of what the core and the named extras ask for."""
    rows = PROJECT["dependencies"] + [row for extra in extras for row in PROJECT["optional-dependencies"][extra]]
    found = [re.match(r"([\w-]+)(?:\[\w+\])?>=([\d.]+)", row) for row in rows]
    return [(match[1].lower().replace("_", "-"), match[2]) for match in found if match]


def test_floor_set_stands_at_the_promised_lower_bounds() -> None:
    floor = pins("floor")
    above = [name for name, bound in requirements("fast", "samples") if not f"{floor[name]}.".startswith(f"{bound}.")]
    assert above == []


def test_newest_set_pins_everything_that_core_and_used_extras_ask_for() -> None:
    assert {name for name, _ in requirements("fast", "samples", "bench")} <= set(pins("newest"))
