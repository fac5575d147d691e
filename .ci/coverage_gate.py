"""Hold line and branch coverage to their own limits; coverage's own limit knows only the two together."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path


def main() -> int:
    """Print both figures and the files that lack most; return 1 where a limit is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("report", type=Path, help="what `--cov-report=json` wrote")
    parser.add_argument("--lines", type=float, required=True, help="least line coverage, in per cent")
    parser.add_argument("--branches", type=float, required=True, help="least branch coverage, in per cent")
    arguments = parser.parse_args()

    report = json.loads(arguments.report.read_text(encoding="utf-8"))
    totals = report["totals"]
    lines = 100 * totals["covered_lines"] / max(totals["num_statements"], 1)
    branches = 100 * totals["covered_branches"] / totals["num_branches"] if totals["num_branches"] else 100.0
    files = sorted(report["files"].items(), key=lambda item: -item[1]["summary"]["missing_lines"])
    for name, entry in files[:10]:
        if entry["summary"]["missing_lines"]:
            print(f"{entry['summary']['missing_lines']:5d} lines missing in {name}: {entry['missing_lines'][:12]}")
    print(
        f"line coverage {lines:.1f} % (limit {arguments.lines} %), branch coverage {branches:.1f} % "
        f"(limit {arguments.branches} %)"
    )
    return int(lines < arguments.lines or branches < arguments.branches)


if __name__ == "__main__":
    sys.exit(main())
