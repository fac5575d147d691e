"""Start-up in fresh processes: ``import hedgerow``, ``hedgerow --help`` and a first simulation from Numba's cache.

Ours is the median of the whole process; the peer is an interpreter that does nothing, so ``ratio`` is below 1 and the
rest is what we add. ``target`` is the limit of ``ours_s`` in seconds.
"""

from __future__ import annotations

import subprocess
import sys

from interleave import interleave, print_row

IMPORT = "import hedgerow"
HELP = "import sys; sys.argv = ['hedgerow', '--help']; from hedgerow.cli.main import main; main()"
FIRST = """
import hedgerow as hg
market = hg.MarketState("2026-11-20", {"XYZ": hg.Underlying(100.0, 0.2, rate=0.03)})
book = hg.Book([(hg.EuropeanOption("XYZ", "call", 100.0, "2027-02-19", multiplier=100), -10)])
hg.simulate(book, scenario=hg.GBM(market), policy=hg.Band(0.05), costs=hg.HalfSpread(5), n_paths=1000, n_steps=63)
"""
LIMITS_S = {"import hedgerow": 0.5, "hedgerow --help": 0.5, "first simulation": 1.0}


def run(code: str) -> None:
    subprocess.run([sys.executable, "-c", code], check=True, stdout=subprocess.DEVNULL)


def main() -> None:
    programs = {"import hedgerow": IMPORT, "hedgerow --help": HELP, "first simulation": FIRST}
    run(FIRST)  # compiles what the cache lacks
    runs = {name: lambda code=code: run(code) for name, code in (programs | {"empty": "pass"}).items()}
    seconds, _ = interleave(runs, rounds=9)
    for name in programs:
        print_row(f"start: {name}", "python -c pass", seconds[name], seconds["empty"], None, LIMITS_S[name])


if __name__ == "__main__":
    main()
