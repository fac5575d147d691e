"""Time rivals in alternating rounds of one process, so that a slow moment of the machine hits them all."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping
from statistics import median
from time import perf_counter
from typing import Any

SHORTEST_TURN = 0.02
"""Seconds a rival's turn lasts at least: a shorter run is repeated, so that what the rival before it left in the caches
does not decide. The same for all."""


def interleave(runs: Mapping[str, Callable[[], Any]], rounds: int = 5) -> tuple[dict[str, float], dict[str, Any]]:
    """Return the median seconds and the last result of each run; the first round, which warms up, does not count."""
    seconds: dict[str, list[float]] = {name: [] for name in runs}
    results: dict[str, Any] = {}
    for round_number in range(rounds + 1):
        for name, run in runs.items():
            start, repeats = perf_counter(), 0
            while not repeats or perf_counter() - start < SHORTEST_TURN:
                results[name] = run()
                repeats += 1
            if round_number:
                seconds[name].append((perf_counter() - start) / repeats)
    return {name: median(times) for name, times in seconds.items()}, results


def print_row(
    workload: str,
    peer: str,
    ours_s: float,
    peer_s: float | None,
    max_error: float | None,
    target: float | None,
    **marks: Any,
) -> None:
    """Print one JSON line; ``ratio`` is how many times longer the peer takes, null where the peer is absent."""
    ratio = None if peer_s is None else peer_s / ours_s
    row = {"workload": workload, "peer": peer, "ours_s": ours_s, "peer_s": peer_s, "ratio": ratio}
    print(json.dumps(row | {"max_error": max_error, "target": target} | marks), flush=True)


def skip(peer: str) -> None:
    """Say on the error stream that a peer is not installed."""
    print(f"skipped {peer}: not installed", file=sys.stderr)
