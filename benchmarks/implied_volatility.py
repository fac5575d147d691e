"""Implied volatilities of out-of-the-money European options, beside the peers that are installed.

Options whose price is above a millionth of the spot, so that every peer can solve them. QuantLib solves one option a
call, numpy is our own NumPy form: each is timed on some thousands and scaled. py_vollib_vectorized needs an old NumPy
and runs in an interpreter of its own, which ``HEDGEROW_PEERS_PYTHON`` names (requirements:
``apart_py_vollib_vectorized.txt``): it runs this file with a file of options as argument.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import warnings
from pathlib import Path
from typing import Any

import numpy as np

from interleave import interleave, print_row, skip

TARGETS: dict[int, dict[str, float]] = {1_000_000: {"py_vollib_vectorized": 20.0}, 100_000: {}, 10_000: {}, 1: {}}
TIMED = {"QuantLib": 5_000, "numpy": 20_000}
FIELDS = ("price", "sign", "spot", "strike", "years", "rate")
ROUNDS = 9


def book(size: int) -> tuple[dict[str, Any], Any]:
    """Return options by field, and the volatilities that made their prices."""
    from hedgerow.pricing import black_scholes

    rng = np.random.default_rng(7)
    count = 2 * size + 20
    spot, strike = rng.uniform(50.0, 150.0, count), rng.uniform(50.0, 150.0, count)
    years, vol = rng.uniform(0.05, 2.0, count), rng.uniform(0.1, 0.6, count)
    rate = rng.uniform(0.0, 0.06, count)
    sign = np.where(strike * np.exp(-rate * years) > spot, 1.0, -1.0)
    price = black_scholes.price(sign, spot, strike, years, vol, rate)
    kept = np.flatnonzero(price > 1e-6 * spot)[:size]
    made = dict(zip(FIELDS, (price, sign, spot, strike, years, rate), strict=True))
    return {name: values[kept] for name, values in made.items()}, vol[kept]


def with_ours(options: dict[str, Any]) -> Any:
    from hedgerow.pricing import black_scholes

    if len(options["price"]) == 1:
        options = {name: float(values[0]) for name, values in options.items()}
    return lambda: black_scholes.implied_volatility(*options.values()).volatility


def with_numpy(options: dict[str, Any]) -> Any:
    from hedgerow.pricing.implied_kernels import solved_lognormal

    in_numpy, dividend_yield = solved_lognormal.definition, np.zeros(1)

    def run() -> Any:
        with np.errstate(all="ignore"):
            return in_numpy(*options.values(), dividend_yield)[0]

    return run


def with_quantlib(options: dict[str, Any]) -> Any:
    import QuantLib as ql  # noqa: N813

    discount = np.exp(-options["rate"] * options["years"])
    forward = options["spot"] / discount
    sides = [ql.Option.Call if sign > 0.0 else ql.Option.Put for sign in options["sign"]]
    rows = [*zip(sides, *(options[n].tolist() for n in ("strike",)), forward.tolist(), options["price"].tolist(),
                 discount.tolist(), strict=True)]  # fmt: skip
    solve = ql.blackFormulaImpliedStdDevLiRS

    def run() -> Any:
        totals = [solve(*row, 0.0, 0.3, 1.0, 1e-12, 100) for row in rows]
        return np.array(totals) / np.sqrt(options["years"])

    return run


def in_this_interpreter_vollib(path: str) -> None:
    """Print one line of JSON with py_vollib_vectorized's seconds and its largest error."""
    import py_vollib_vectorized as peer

    stored = np.load(path)
    price, sign, spot, strike, years, rate = (stored[name] for name in FIELDS)
    flag = np.where(sign > 0.0, "c", "p")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        seconds, results = interleave(
            {
                "p": lambda: peer.vectorized_implied_volatility(
                    price, spot, strike, years, rate, flag, model="black_scholes", return_as="numpy"
                )
            },
            rounds=3,
        )
    error = np.nanmax(np.abs(np.asarray(results["p"]) - stored["vol"]))
    print(json.dumps({"seconds": seconds["p"], "error": float(error)}))


def vollib_apart(options: dict[str, Any], vol: Any) -> dict[str, float] | None:
    """Return what the other interpreter printed last, None where there is none or it lacks the peer."""
    interpreter = os.environ.get("HEDGEROW_PEERS_PYTHON")
    if not interpreter:
        return None
    with tempfile.TemporaryDirectory() as folder:
        path = str(Path(folder) / "options.npz")
        np.savez(path, vol=vol, **options)
        command = [interpreter, __file__, path]
        ran = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, check=False)
    lines = [line for line in ran.stdout.splitlines() if line.startswith("{")]
    return json.loads(lines[-1]) if ran.returncode == 0 and lines else None


def main() -> None:
    from importlib.util import find_spec

    makers = {"numpy": with_numpy} | ({"QuantLib": with_quantlib} if find_spec("QuantLib") else {})
    if "QuantLib" not in makers:
        skip("QuantLib")
    for size, targets in TARGETS.items():
        options, vol = book(size)
        ours = with_ours(options)
        workload = f"implied volatility, {size:.0e}".replace("e+0", "e") if size > 1 else "implied volatility, 1"
        shares = {peer: min(size, TIMED[peer]) for peer in makers}
        runs = {peer: make({n: v[: shares[peer]] for n, v in options.items()}) for peer, make in makers.items()}
        seconds, results = interleave({"ours": ours} | runs, rounds=ROUNDS)
        error = float(np.max(np.abs(results["ours"] - vol)))
        for peer, share in shares.items():
            scaled = seconds[peer] * size / share
            print_row(workload, peer, seconds["ours"], scaled, error, targets.get(peer), scaled=share < size)
        apart = vollib_apart(options, vol) if size > 1 else None
        if apart:
            ours_s = interleave({"ours": ours}, rounds=ROUNDS)[0]["ours"]
            peer = "py_vollib_vectorized"
            print_row(workload, peer, ours_s, apart["seconds"], error, targets.get(peer), peers_error=apart["error"])
        elif size > 1:
            skip("py_vollib_vectorized")


if __name__ == "__main__":
    if len(sys.argv) > 1:
        in_this_interpreter_vollib(sys.argv[1])
    else:
        main()
