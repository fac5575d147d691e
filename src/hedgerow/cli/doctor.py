"""``hedgerow doctor``: what is installed here, for a bug report or a puzzled user."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

import typer

from hedgerow.cli.console import console, print_json
from hedgerow.cli.options import takes

CORE = ("numpy", "scipy", "pandas", "scikit-learn", "statsmodels", "arch", "numba", "plotly", "pydantic")
EXTRAS = {"fast": "pyarrow", "samples": "skfolio"}


@dataclass(frozen=True)
class DoctorFlags:
    """How the answer is given."""

    json: Annotated[bool, typer.Option("--json", help="Print one JSON object and nothing else.")] = False
    compile: Annotated[
        bool, typer.Option("--compile", help="Compile all kernels now, so that the first study need not wait.")
    ] = False


@takes(DoctorFlags)
def doctor(flags: DoctorFlags) -> None:
    """Show versions, extras and the platform."""
    import platform

    from hedgerow._version import __version__

    if flags.compile:
        from hedgerow.engine.compiled.compiling import compile_stages
        from hedgerow.pricing.compiling import compile_kernels as compile_pricing
        from hedgerow.ratios import compile_kernels as compile_ratios

        compile_ratios()
        compile_pricing()
        compile_stages()
    found: dict[str, object] = {
        "hedgerow": __version__,
        "python": platform.python_version(),
        "platform": platform.platform(),
        "libraries": {name: _version(name) for name in CORE},
        "extras": {extra: _version(name) for extra, name in EXTRAS.items()},
    }
    if flags.json:
        print_json(found)
        return
    out = console()
    for key, value in found.items():
        for name, version in value.items() if isinstance(value, dict) else [(key, value)]:
            shown = version or "not installed: pip install " + (f"'hedgerow[{name}]'" if key == "extras" else name)
            out.print(f"{name:14} {shown}", markup=False)


def _version(name: str) -> str | None:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version(name)
    except PackageNotFoundError:
        return None
