"""American options: price, delta, gamma, vega and theta of 1 to 1e5, beside QuantLib where it is installed.

QuantLib's fixed point engine gives the price only, its binomial engine (Cox, Ross, Rubinstein, 801 steps) price, delta,
gamma and theta. Both are timed on some of the options and scaled to all. ``max_error`` is the largest difference of
prices on a strike of 100. The row against ``limit`` holds a time in seconds, 2: its ratio is limit over time.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from hedgerow.pricing import american
from interleave import interleave, print_row, skip

NAMES = ("price", "delta", "gamma", "vega", "theta")
SIZES = {100_000: "1e5", 10_000: "1e4", 1: "1"}
SAMPLE = {"QuantLib QdFp": 50, "QuantLib binomial": 10}
STEPS = 801
LIMIT_S = 2.0


def book(count: int) -> dict[str, Any]:
    rng = np.random.default_rng(7)
    days, vol = rng.integers(10, 731, count), rng.uniform(0.1, 0.6, count)
    years = days / 365.0
    return {
        "kind": rng.choice([1, -1], count),
        "spot": 100.0 * np.exp(rng.uniform(-1.0, 1.0, count) * vol * np.sqrt(years)),
        "strike": np.full(count, 100.0),
        "years": years,
        "vol": vol,
        "rate": rng.uniform(0.005, 0.08, count),
        "dividend_yield": rng.uniform(0.0, 0.06, count),
    }


def installed() -> bool:
    from importlib.util import find_spec

    if find_spec("QuantLib") is None:
        skip("QuantLib")
        return False
    return True


def with_quantlib(book: dict[str, Any], engine: str, count: int) -> list[float]:
    import QuantLib as ql  # noqa: N813 - the name its manual uses

    today = ql.Date(1, 1, 2024)
    ql.Settings.instance().evaluationDate = today
    counter, calendar = ql.Actual365Fixed(), ql.NullCalendar()
    prices = []
    for i in range(count):
        spot = ql.QuoteHandle(ql.SimpleQuote(float(book["spot"][i])))
        curves = [
            ql.YieldTermStructureHandle(ql.FlatForward(today, float(book[name][i]), counter))
            for name in ("dividend_yield", "rate")
        ]
        vol = ql.BlackVolTermStructureHandle(ql.BlackConstantVol(today, calendar, float(book["vol"][i]), counter))
        process = ql.BlackScholesMertonProcess(spot, *curves, vol)
        kind = ql.Option.Call if book["kind"][i] > 0 else ql.Option.Put
        expiry = today + round(float(book["years"][i]) * 365.0)
        option = ql.VanillaOption(ql.PlainVanillaPayoff(kind, 100.0), ql.AmericanExercise(today, expiry))
        if engine == "QuantLib QdFp":
            option.setPricingEngine(ql.QdFpAmericanEngine(process, ql.QdFpAmericanEngine.accurateScheme()))
            prices.append(option.NPV())
        else:
            option.setPricingEngine(ql.BinomialVanillaEngine(process, "crr", STEPS))
            prices.append(option.NPV())
            option.delta(), option.gamma(), option.theta()
    return prices


def main() -> None:
    peers = list(SAMPLE) if installed() else []
    for count, name in SIZES.items():
        options = book(count)
        arguments = options if count > 1 else {field: values[0].item() for field, values in options.items()}
        runs: dict[str, Any] = {"ours": lambda a=arguments: american.greeks(**a, names=NAMES)}
        timed = {peer: min(count, SAMPLE[peer]) for peer in peers}
        for peer, some in timed.items():
            runs[peer] = lambda o=options, p=peer, n=some: with_quantlib(o, p, n)
        seconds, results = interleave(runs, rounds=2)
        ours = np.atleast_1d(results["ours"].price)
        if count == max(SIZES):
            print_row(f"American, five figures, {name}", "limit", seconds["ours"], LIMIT_S, None, 1.0)
        for peer, some in timed.items():
            error = float(np.abs(ours[:some] - np.array(results[peer])).max())
            scale = count / some
            marks = {"scaled": True} if scale > 1.0 else {}
            print_row(
                f"American, five figures, {name}", peer, seconds["ours"], seconds[peer] * scale, error, None, **marks
            )


if __name__ == "__main__":
    main()
