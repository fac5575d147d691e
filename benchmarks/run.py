"""Run every benchmark in a process of its own and print one table; exit 1 only where a script crashed.

``python benchmarks/run.py`` runs all beside this file, or those named; ``--apart`` runs the peers that need an
environment of their own.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

HERE = Path(__file__).resolve().parent
NOT_BENCHMARKS = {"run", "interleave", "bekk", "kalman", "walk_forward_monthly"}
"""Files that others import; the last three are workloads of the dynamic ratios."""
APART: dict[str, str] = {
    "greeks": "apart_financepy.txt",
    "implied_volatility": "apart_py_vollib_vectorized.txt",
    "delta_hedge": "apart_pfhedge.txt",
}
"""Benchmark to the requirement file of the environment in which its peers run: ``HEDGEROW_PEERS_PYTHON`` names that
environment's interpreter."""
LIMITS_IN_SECONDS = ("start", "walk_forward")
"""Benchmarks whose target is a limit of ``ours_s``; elsewhere it is the least ``ratio``."""


def names() -> list[str]:
    return sorted(path.stem for path in HERE.glob("*.py") if path.stem not in NOT_BENCHMARKS)


def run_one(name: str) -> tuple[list[dict[str, Any]], int]:
    """Return the JSON rows of one benchmark and its exit status."""
    source = str(HERE.parent / "src")
    path = os.pathsep.join(part for part in (source, os.environ.get("PYTHONPATH", "")) if part)
    finished = subprocess.run(
        [sys.executable, str(HERE / f"{name}.py")],
        env=os.environ | {"PYTHONPATH": path},
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    rows = [json.loads(line) for line in finished.stdout.splitlines() if line.startswith("{")]
    return [row | {"benchmark": name} for row in rows], finished.returncode


def is_limit(row: dict[str, Any]) -> bool:
    """Return whether a row's target is a limit of ``ours_s`` in seconds; a row may say so itself."""
    return row["benchmark"] in LIMITS_IN_SECONDS or bool(row.get("limit"))


def is_met(row: dict[str, Any]) -> bool | None:
    """Return whether a row meets its target, None where it has none."""
    if row["target"] is None:
        return None
    if is_limit(row):
        return bool(row["ours_s"] <= row["target"])
    return row["ratio"] is not None and bool(row["ratio"] >= row["target"])


def seconds(value: float | None) -> str:
    return "" if value is None else f"{value:.3g} s" if value >= 1.0 else f"{value * 1e3:.3g} ms"


def target_text(row: dict[str, Any]) -> str:
    if row["target"] is None:
        return ""
    word = "met" if is_met(row) else "missed"
    wanted = f"≤ {row['target']:g} s" if is_limit(row) else f"≥ {row['target']:g}×"
    return f"{wanted} {word}"


def table_of(rows: list[dict[str, Any]]) -> Table:
    table = Table(title="Benchmarks: seconds per run, medians of alternating rounds", title_justify="left")
    for heading in ("workload", "peer", "ours", "peer's", "ratio", "largest error", "target", "marks"):
        table.add_column(heading, justify="left" if heading in ("workload", "peer", "marks") else "right")
    for row in rows:
        error = "" if row["max_error"] is None else f"{row['max_error']:.1e}"
        known = {"workload", "peer", "ours_s", "peer_s", "ratio", "max_error", "target", "benchmark", "limit"}
        marks = ", ".join(key if value is True else f"{key}: {value}" for key, value in row.items()
                          if key not in known and value is not False)  # fmt: skip
        ratio = "" if row["ratio"] is None else f"{row['ratio']:.3g}×"
        table.add_row(
            row["workload"], row["peer"], seconds(row["ours_s"]), seconds(row["peer_s"]), ratio, error,
            target_text(row), marks,
        )  # fmt: skip
    return table


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("benchmarks", nargs="*", help="names of benchmarks; all unless some are given")
    parser.add_argument("--apart", action="store_true", help="run the peers that need an environment of their own")
    parser.add_argument("--json", action="store_true", help="print the rows as JSON lines instead of a table")
    options = parser.parse_args()
    if options.apart and not APART:
        print("No benchmark has a peer that needs an environment of its own: nothing to run apart.")
        return
    unknown = sorted(set(options.benchmarks) - set(names()))
    if unknown:
        parser.error(f"there is no benchmark {unknown[0]!r}; there are {', '.join(names())}")
    rows, crashed = [], []
    for name in options.benchmarks or names():
        print(f"running {name} ...", file=sys.stderr, flush=True)
        found, status = run_one(name)
        rows += found
        crashed += [name] if status else []
    if options.json:
        print("\n".join(json.dumps(row) for row in rows))
    else:
        console = Console()
        Console(width=max(console.width, 150) if not console.is_terminal else None).print(table_of(rows))
    if crashed:
        sys.exit(f"crashed: {', '.join(crashed)}")


if __name__ == "__main__":
    main()
