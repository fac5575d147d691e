"""Delta hedging one short call and books of options, beside the peers that are installed.

``python benchmarks/delta_hedge.py`` runs all workloads or those named: ``every`` (trade at every step), ``band``
(Whalley-Wilmott), ``attribution`` (gains by Greek, against the same run without), ``book`` (100 and 1,000 options, in
option-path-steps per second against the rate of price and four Greeks), ``heston`` (band under Heston, against the band
under GBM and against NumPy), ``user`` (a policy in plain Python against the plain NumPy loop). 100,000 paths x 252
steps, 1 bp one way. ``max_error`` is the difference of the mean P&L in standard errors.

pfhedge (PyTorch) runs in an interpreter of its own, which ``HEDGEROW_PEERS_PYTHON`` names (requirements:
``apart_pfhedge.txt``): it runs this file with ``--pfhedge``; neither imports the other.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np

from interleave import interleave, print_row, skip

N, STEPS, VOL, YEARS, COST, AVERSION = 100_000, 252, 0.2, 1.0, 1e-4, 1.0
DT = YEARS / STEPS
TARGETS = {
    "every": {"jax": 8.0, "numpy": 12.0, "pfhedge float32": 25.0, "pfhedge float64": 150.0},
    "band": {"jax": 10.0, "numpy": 10.0, "pfhedge float32": 250.0, "pfhedge float64": 250.0},
}
PEER = "rate of price and four Greeks"
HESTON = {"kappa": 2.0, "theta": 0.04, "xi": 0.5, "rho": -0.7, "v0": 0.04}


def numpy_loop(band: bool, move: Callable[[Any, Any, Any], Any] | None = None) -> Any:
    """Return the P&L of the loop as one writes it in NumPy, with SciPy's normal distribution."""
    from scipy.special import ndtr

    rng = np.random.Generator(np.random.SFC64(1))
    x, spot, held, pnl = np.zeros(N), np.ones(N), np.zeros(N), np.zeros(N)
    state: dict[str, Any] = {"variance": np.full(N, HESTON["v0"])}
    for step in range(STEPS):
        root = VOL * np.sqrt(YEARS - step * DT)
        d1 = x / root + 0.5 * root
        holding = ndtr(d1)
        if band:
            gamma = np.exp(-0.5 * d1 * d1) / (2.5066282746310002 * spot * root)
            width = np.cbrt(1.5 * COST * gamma * gamma * spot / AVERSION)
            holding = np.clip(held, holding - width, holding + width)
        pnl -= COST * spot * np.abs(holding - held)
        if move is None:
            x += -0.5 * VOL * VOL * DT + VOL * np.sqrt(DT) * rng.standard_normal(N)
        else:
            move(x, state, rng)
        later = np.exp(x)
        pnl += holding * (later - spot)
        spot, held = later, holding
    return pnl - np.maximum(spot - 1.0, 0.0)


def heston_move(x: Any, state: dict[str, Any], rng: Any) -> None:
    """Move log spot and variance by Andersen's quadratic-exponential step, in NumPy."""
    kappa, theta, xi, rho = (HESTON[name] for name in ("kappa", "theta", "xi", "rho"))
    v = state["variance"]
    decay = np.exp(-kappa * DT)
    mean = theta + (v - theta) * decay
    spread = v * xi**2 * decay * (1 - decay) / kappa + theta * xi**2 * (1 - decay) ** 2 / (2 * kappa)
    psi = spread / mean**2
    z, w = rng.standard_normal(N), rng.standard_normal(N)
    inverse = 2.0 / psi
    b2 = np.maximum(inverse - 1.0, 0.0) + np.sqrt(inverse * np.maximum(inverse - 1.0, 0.0))
    low = mean / (1.0 + b2) * (np.sqrt(b2) + w) ** 2
    p = (psi - 1.0) / (psi + 1.0)
    u = rng.random(N)
    high = np.where(u <= p, 0.0, np.log(np.maximum((1.0 - p) / np.maximum(1.0 - u, 1e-300), 1e-300)) * mean / (1.0 - p))
    after = np.where(psi <= 1.5, low, np.maximum(high, 0.0))
    slope = rho / xi
    x += (
        -slope * kappa * theta * DT
        + (0.5 * DT * (kappa * slope - 0.5) - slope) * v
        + (0.5 * DT * (kappa * slope - 0.5) + slope) * after
        + np.sqrt(0.5 * DT * (1.0 - rho * rho) * (v + after)) * z
    )
    state["variance"] = after


def jax_loop(band: bool) -> Callable[[], Any] | None:
    """Return the same loop as one writes it in jax, compiled, in float64; None where jax is absent."""
    try:
        import jax
    except ImportError:
        return None
    jax.config.update("jax_enable_x64", True)
    import jax.numpy as jnp
    from jax import lax
    from jax.scipy.special import ndtr

    def step(carry: Any, number: Any) -> Any:
        x, spot, held, pnl, key = carry
        root = VOL * jnp.sqrt(YEARS - number * DT)
        d1 = x / root + 0.5 * root
        holding = ndtr(d1)
        if band:
            gamma = jnp.exp(-0.5 * d1 * d1) / (2.5066282746310002 * spot * root)
            width = jnp.cbrt(1.5 * COST * gamma * gamma * spot / AVERSION)
            holding = jnp.clip(held, holding - width, holding + width)
        normal = jax.random.normal(jax.random.fold_in(key, number), (N,))
        moved = x - 0.5 * VOL * VOL * DT + VOL * np.sqrt(DT) * normal
        later = jnp.exp(moved)
        gained = pnl - COST * spot * jnp.abs(holding - held) + holding * (later - spot)
        return (moved, later, holding, gained, key), None

    @jax.jit
    def run(key: Any) -> Any:
        zero = jnp.zeros(N)
        (_, spot, _, pnl, _), _ = lax.scan(step, (zero, zero + 1.0, zero, zero, key), jnp.arange(STEPS))
        return pnl - jnp.maximum(spot - 1.0, 0.0)

    key = jax.random.key(1)
    return lambda: np.asarray(run(key))


def hedge(policy: Any = None, scenario: Any = None, attribution: bool = False, book: Any = None) -> Any:
    """Return our result for the short call, or for a book."""
    from hedgerow.costs import HalfSpread
    from hedgerow.engine import SimulateOptions, simulate

    options = SimulateOptions(attribution=attribution, drawdown=False, variance=False)
    return simulate(
        book or short_call(),
        scenario=scenario or gbm(),
        policy=policy,
        costs=HalfSpread(1.0),
        n_paths=N,
        n_steps=STEPS,
        seed=1,
        options=options,
    )


def market() -> Any:
    from hedgerow.instruments import MarketState, Underlying

    return MarketState("2026-11-20", {"X": Underlying(1.0, VOL)})


def gbm() -> Any:
    from hedgerow.scenarios import GBM

    return GBM(market())


def short_call() -> Any:
    from hedgerow.instruments import Book, EuropeanOption

    return Book([(EuropeanOption("X", "call", 1.0, "2027-11-20"), -1.0)])


def whalley_wilmott() -> Any:
    from hedgerow.policies import WhalleyWilmott

    return WhalleyWilmott(risk_aversion=AVERSION)


def in_errors(ours: Any, theirs: Any) -> float:
    """Return the difference of mean P&L in standard errors; ours keeps the premium, theirs does not."""
    from hedgerow.pricing import black_scholes

    premium = float(black_scholes.price("call", 1.0, 1.0, YEARS, VOL))
    theirs = np.asarray(theirs) + premium
    error = np.sqrt(ours.var() / len(ours) + theirs.var() / len(theirs))
    return float(abs(ours.mean() - theirs.mean()) / error)


def against_peers(workload: str) -> None:
    band = workload == "band"
    policy = whalley_wilmott() if band else None
    runs: dict[str, Callable[[], Any]] = {"ours": lambda: hedge(policy).pnl, "numpy": lambda: numpy_loop(band)}
    jax_run = jax_loop(band)
    if jax_run is None:
        skip("jax")
    else:
        runs["jax"] = jax_run
    seconds, results = interleave(runs)
    text = "trade at every step" if not band else "Whalley-Wilmott band"
    text = f"{text}, {N:,} paths x {STEPS} steps"
    rate = f"{N * STEPS / seconds['ours'] / 1e6:.0f} M path-steps/s"
    for peer in ("numpy", "jax"):
        if peer in runs:
            error = in_errors(results["ours"], results[peer])
            target = TARGETS[workload][peer]
            print_row(text, peer, seconds["ours"], seconds[peer], error, target, rate=rate)
    for row in pfhedge_apart(band):
        error = abs(results["ours"].std() / row["sd"] - 1.0)
        peer = f"pfhedge {row['kind']}"
        print_row(
            text, peer, seconds["ours"], row["seconds"], error, TARGETS[workload][peer], error_is="ratio of sd - 1"
        )


def attribution() -> None:
    for name, policy in (("every step", None), ("band", whalley_wilmott())):
        runs = {"with": lambda p=policy: hedge(p, attribution=True), "without": lambda p=policy: hedge(p)}
        seconds, results = interleave(runs)
        share = seconds["with"] / seconds["without"]
        parts = results["with"].attribution()["mean"]
        gap = abs(float(parts.drop("total").sum() - parts["total"]))
        print_row(
            f"attribution, {name}",
            "time without",
            seconds["with"],
            seconds["without"],
            gap,
            1.0 / 1.5,
            share=f"{share:.2f}x",
        )


def book() -> None:
    from hedgerow.instruments import Book, EuropeanOption
    from hedgerow.pricing import black_scholes

    rng = np.random.default_rng(2)
    spots = rng.uniform(0.7, 1.4, 1_000_000)
    names = ("price", "delta", "gamma", "vega", "theta")

    def greeks() -> Any:
        return black_scholes.greeks("call", spots, 1.0, 0.5, 0.2, rate=0.02, names=names)

    for count in (100, 1000):
        strikes, vols = rng.uniform(0.7, 1.4, count), rng.uniform(0.15, 0.3, count)
        kinds, units = np.where(rng.random(count) < 0.5, "call", "put"), rng.standard_normal(count)
        options = [
            (EuropeanOption("X", str(kind), float(strike), "2027-11-20"), float(unit))
            for kind, strike, unit in zip(kinds, strikes, units, strict=True)
        ]
        from hedgerow.instruments import Position

        held = Book([Position(each, unit, float(vol)) for (each, unit), vol in zip(options, vols, strict=True)])
        seconds, _ = interleave({"ours": lambda b=held: hedge(book=b), "greeks": greeks}, rounds=3)
        rate = count * N * STEPS / seconds["ours"]
        greeks_rate = len(spots) / seconds["greeks"]
        print_row(
            f"book of {count} options, table", PEER, 1.0 / rate, 1.0 / greeks_rate, None, 2.0,
            rate=f"{rate / 1e6:.0f} M option-path-steps/s",
        )  # fmt: skip
        direct = direct_rate(held)
        print_row(
            f"book of {count} options, sum", PEER, 1.0 / direct, 1.0 / greeks_rate, None, 2.0,
            rate=f"{direct / 1e6:.0f} M option-path-steps/s",
        )  # fmt: skip


def direct_rate(held: Any, few: int = 4096) -> float:
    """Return option-path-steps per second where the options are added up on each of a few paths."""
    from time import perf_counter

    from hedgerow.costs import HalfSpread
    from hedgerow.engine import SimulateOptions, simulate

    options = SimulateOptions(attribution=False, drawdown=False, variance=False)
    best = np.inf
    for _ in range(3):
        start = perf_counter()
        simulate(held, scenario=gbm(), costs=HalfSpread(1.0), n_paths=few, n_steps=STEPS, seed=1, options=options)
        best = min(best, perf_counter() - start)
    return len(held) * few * STEPS / best


def heston() -> None:
    from hedgerow.scenarios import Heston

    scenario = Heston(market(), **HESTON)
    runs = {
        "ours": lambda: hedge(whalley_wilmott(), scenario),
        "gbm": lambda: hedge(whalley_wilmott()),
        "numpy": lambda: numpy_loop(True, heston_move),
    }
    seconds, results = interleave(runs, rounds=3)
    text = "Whalley-Wilmott band under Heston"
    ratio = seconds["ours"] / seconds["gbm"]
    print_row(text, "band under GBM", seconds["ours"], seconds["gbm"], None, 1.0 / 3.5, times_gbm=f"{ratio:.2f}x")
    error = in_errors(results["ours"].pnl, results["numpy"])
    print_row(text, "numpy", seconds["ours"], seconds["numpy"], error, 10.0)


def user() -> None:
    from hedgerow.policies import Moment, Policy

    class EdgeOfBand(Policy):
        """The band as a user writes it."""

        def holding(self, now: Moment) -> Any:
            width = np.cbrt(1.5 * COST * np.exp(2.0 * now.log_gamma) * now.spot / AVERSION)
            return np.clip(now.held, now.target - width, now.target + width)

    seconds, results = interleave({"ours": lambda: hedge(EdgeOfBand()), "numpy": lambda: numpy_loop(True)}, rounds=3)
    error = in_errors(results["ours"].pnl, results["numpy"])
    print_row("band written in Python by a user", "numpy", seconds["ours"], seconds["numpy"], error, 0.5)


def pfhedge_apart(band: bool) -> list[dict[str, Any]]:
    """Return what the other interpreter printed, none where there is none."""
    interpreter = os.environ.get("HEDGEROW_PEERS_PYTHON")
    if not interpreter:
        return []
    command = [interpreter, __file__, "--pfhedge", "band" if band else "every"]
    ran = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, check=False)
    return [json.loads(line) for line in ran.stdout.splitlines() if line.startswith("{")]


def run_pfhedge(band: bool) -> None:
    """Time pfhedge in this interpreter; float64 and the band are run once, since they take minutes."""
    from time import perf_counter

    import torch
    from pfhedge.instruments import BrownianStock, EuropeanOption
    from pfhedge.nn import BlackScholes, Hedger, WhalleyWilmott

    warnings.simplefilter("ignore")
    torch.manual_seed(1)
    for kind, dtype in (("float32", torch.float32), ("float64", torch.float64)):
        stock = BrownianStock(sigma=VOL, cost=COST, dt=1 / STEPS, dtype=dtype)
        option = EuropeanOption(stock, maturity=YEARS, strike=1.0)
        model = WhalleyWilmott(option, a=AVERSION) if band else BlackScholes(option)
        hedger = Hedger(model, model.inputs())
        seconds = []
        for _ in range(1 if band else 3):
            start = perf_counter()
            with torch.no_grad():
                option.simulate(n_paths=N)
                pnl = hedger.compute_pl(option)
            seconds.append(perf_counter() - start)
        found = {"kind": kind, "seconds": float(np.median(seconds)), "sd": float(pnl.double().std())}
        print(json.dumps(found), flush=True)


WORKLOADS: dict[str, Callable[[], None]] = {
    "every": lambda: against_peers("every"),
    "band": lambda: against_peers("band"),
    "attribution": attribution,
    "book": book,
    "heston": heston,
    "user": user,
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("workloads", nargs="*", help=f"of {', '.join(WORKLOADS)}; all unless some are given")
    parser.add_argument(
        "--pfhedge", choices=("every", "band"), help="time pfhedge in this interpreter and nothing else"
    )
    options = parser.parse_args()
    if options.pfhedge:
        run_pfhedge(options.pfhedge == "band")
        return
    for name in options.workloads or WORKLOADS:
        if name not in WORKLOADS:
            parser.error(f"there is no workload {name!r}; there are {', '.join(WORKLOADS)}")
        WORKLOADS[name]()


if __name__ == "__main__":
    sys.exit(main())
