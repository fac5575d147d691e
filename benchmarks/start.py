"""Start-up in fresh processes: ``import hedgerow`` and ``hedgerow --help``.

Ours is the median of the whole process; the peer is an interpreter that does nothing, so ``ratio`` is below 1 and the
rest is what we add. ``target`` is the limit of ``ours_s`` in seconds.
"""

from __future__ import annotations

import subprocess
import sys

from interleave import interleave, print_row

IMPORT = "import hedgerow"
HELP = "import sys; sys.argv = ['hedgerow', '--help']; from hedgerow.cli.main import main; main()"
LIMIT_S = 0.5


def run(code: str) -> None:
    subprocess.run([sys.executable, "-c", code], check=True, stdout=subprocess.DEVNULL)


def main() -> None:
    programs = {"import hedgerow": IMPORT, "hedgerow --help": HELP}
    runs = {name: lambda code=code: run(code) for name, code in (programs | {"empty": "pass"}).items()}
    seconds, _ = interleave(runs, rounds=9)
    for name in programs:
        print_row(f"start: {name}", "python -c pass", seconds[name], seconds["empty"], None, LIMIT_S)


if __name__ == "__main__":
    main()
