"""Price, delta, gamma, vega and theta of European options, beside the peers that are installed.

jax compiles for one size and keeps arrays of its own; its time includes handing the results back as NumPy arrays.
financepy (GPL, and bound to old versions of Numba) runs in an interpreter of its own, which ``HEDGEROW_PEERS_PYTHON``
names (requirements: ``apart_financepy.txt``): it runs this file with the size as argument; neither imports the other.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import warnings
from typing import Any

import numpy as np

from interleave import interleave, print_row, skip

NAMES = ("price", "delta", "gamma", "vega", "theta")
TARGETS = {
    1_000_000: {"numpy": 10.0, "jax": 15.0, "financepy": 40.0},
    100_000: {"numpy": 15.0},
    10_000: {"numpy": 15.0},
    1: {},
}
LARGEST_SHARE_OF_TWELVE = 2.5
RATE = 0.02


def book(size: int) -> tuple[Any, ...]:
    """Return spots, strikes, years, volatilities and whether each is a call; scalars for one option."""
    rng = np.random.default_rng(7)
    spot, strike = rng.uniform(50.0, 150.0, size), rng.uniform(50.0, 150.0, size)
    years, vol, call = rng.uniform(0.05, 2.0, size), rng.uniform(0.1, 0.6, size), rng.random(size) < 0.5
    if size == 1:
        return float(spot[0]), float(strike[0]), float(years[0]), float(vol[0]), bool(call[0])
    return spot, strike, years, vol, call


def formulas(lib: Any, ndtr: Any, spot: Any, strike: Any, years: Any, vol: Any, sign: Any) -> Any:
    """Return the five figures by the textbook, as one writes them in NumPy or jax."""
    root = lib.sqrt(years)
    deviation = vol * root
    d1 = (lib.log(spot / strike) + (RATE + 0.5 * vol * vol) * years) / deviation
    discount = lib.exp(-RATE * years)
    first, second = ndtr(sign * d1), ndtr(sign * (d1 - deviation))
    density = lib.exp(-0.5 * d1 * d1) / 2.5066282746310002
    return (
        sign * (spot * first - strike * discount * second),
        sign * first,
        density / (spot * deviation),
        spot * density * root,
        -spot * density * vol / (2.0 * root) - sign * RATE * strike * discount * second,
    )


def with_numpy(size: int) -> Any:
    from scipy.special import ndtr

    *arrays, call = book(size)
    sign = np.where(call, 1.0, -1.0)
    return lambda: formulas(np, ndtr, *arrays, sign)


def with_jax(size: int) -> Any:
    import jax
    from jax.scipy.special import ndtr

    jax.config.update("jax_enable_x64", True)
    *arrays, call = book(size)
    there = [jax.numpy.asarray(array) for array in (*arrays, np.where(call, 1.0, -1.0))]
    compiled = jax.jit(lambda *given: formulas(jax.numpy, ndtr, *given))
    return lambda: [np.asarray(figure) for figure in compiled(*there)]


def with_ours(size: int, names: tuple[str, ...] | None = NAMES) -> Any:
    from hedgerow.pricing import black_scholes

    *arrays, call = book(size)
    sign = np.where(call, 1, -1).astype(np.int8)
    return lambda: black_scholes.greeks(sign, *arrays, RATE, names=names)


def in_this_interpreter_financepy(size: int) -> None:
    """Print one line of JSON with financepy's seconds and the largest error of its prices per spot."""
    from financepy.models import black_scholes_analytic as peer

    spot, strike, years, vol, call = book(size)
    kind = np.where(call, 1, 2).astype(np.int64)
    five = (peer.european_value, peer.delta, peer.gamma, peer.vega, peer.theta)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        seconds, results = interleave({"p": lambda: [one(spot, years, strike, RATE, 0.0, vol, kind) for one in five]})
    error = np.max(np.abs(np.asarray(results["p"][0]) - with_numpy(size)()[0]) / spot)
    print(json.dumps({"seconds": seconds["p"], "error": float(error)}))


def financepy_apart(size: int) -> dict[str, float] | None:
    """Return what the other interpreter printed last, None where there is none."""
    interpreter = os.environ.get("HEDGEROW_PEERS_PYTHON")
    if not interpreter:
        return None
    ran = subprocess.run([interpreter, __file__, str(size)], stdout=subprocess.PIPE, text=True, check=False)
    lines = [line for line in ran.stdout.splitlines() if line.startswith("{")]
    return json.loads(lines[-1]) if ran.returncode == 0 and lines else None


def largest_error(ours: Any, theirs: Any, spot: Any) -> float:
    return float(np.max(np.abs(np.asarray(ours.price) - np.asarray(theirs[0])) / spot))


def main() -> None:
    from importlib.util import find_spec

    peers = {"numpy": with_numpy} | ({"jax": with_jax} if find_spec("jax") else {})
    if "jax" not in peers:
        skip("jax")
    for size, targets in TARGETS.items():
        runs = {"ours": with_ours(size)} | {name: make(size) for name, make in peers.items()}
        if size == max(TARGETS):
            runs["twelve"] = with_ours(size, None)
        seconds, results = interleave(runs, rounds=9)
        workload = f"price + 4 Greeks, {size:.0e}".replace("e+0", "e") if size > 1 else "price + 4 Greeks, 1"
        for peer in peers:
            error = largest_error(results["ours"], results[peer], book(size)[0])
            print_row(workload, peer, seconds["ours"], seconds[peer], error, targets.get(peer))
        apart = financepy_apart(size) if size > 1 else None
        if apart:
            print_row(
                workload, "financepy", seconds["ours"], apart["seconds"], apart["error"], targets.get("financepy")
            )
        elif size > 1:
            skip("financepy")
        if "twelve" in runs:
            least = 1.0 / LARGEST_SHARE_OF_TWELVE
            print_row("all twelve Greeks, 1e6", "price + 4 Greeks", seconds["twelve"], seconds["ours"], None, least)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        in_this_interpreter_financepy(int(sys.argv[1]))
    else:
        main()
