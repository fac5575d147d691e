"""Run the comparisons of examples/studies on real prices and write them into docs/methods-on-real-data.md.

The prices are not part of the project: HEDGEROW_DATA names the folder they lie in. Each study's block of the page,
between two markers, holds its span, its verdict and a row per method; what is said about it is written by hand.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import tempfile
from math import isfinite
from pathlib import Path

import pandas as pd

from hedgerow.cli.compare_text import break_even_text
from hedgerow.compare import Comparison
from hedgerow.compare.judging.options import exposure_level
from hedgerow.errors import DataError
from hedgerow.study import CompareOutcome, CompareStudy, load_study, run_compare_study

ROOT = Path(__file__).resolve().parents[2]
PAGE, STUDIES = ROOT / "docs" / "methods-on-real-data.md", ROOT / "examples" / "studies"
BLOCK = re.compile(r"(<!-- study: ([a-z0-9_]+) -->\n).*?(<!-- study ends -->)", re.DOTALL)
ENERGY = "energy_futures_contract1_4_daily.csv"
ROLLS = {"rolls_ho.csv": ("HO2",), "rolls_cl.csv": ("CL2",), "rolls_ho_cl.csv": ("HO2", "CL2")}
HEAD = (
    "method", "variance removed, %", "95 % interval", "CVaR removed, %", "turnover", "cost, bp a year", "DM p", "CW p",
    "in set", "better than OLS at costs", "failed fits",
)  # fmt: skip


def roll_dates(times: pd.DatetimeIndex, column: str) -> list[pd.Timestamp]:
    """Return the dates on which a position is the next contract for the first time.

    Heating oil's first contract ends on the last trading day of a month; crude oil's on the third trading day before
    the 25th, or before the last trading day up to the 25th where that is a holiday.
    """
    months = times.to_period("M")
    if column.startswith("HO"):
        return list(times[1:][months[1:] != months[:-1]])
    found = []
    for month in months.unique():
        to_25th = times[(months == month) & (times.day <= 25)]
        after = times[times > to_25th[-4]] if len(to_25th) >= 4 else times[:0]
        found += list(after[:1])
    return found


def comparisons() -> list[Path]:
    """Return the files of the example studies that compare methods."""
    return [path for path in sorted(STUDIES.glob("*.yaml")) if isinstance(load_study(path), CompareStudy)]


def gather(data: Path, folder: Path) -> None:
    """Copy into ``folder`` the studies and the prices they name, and write the lists of roll dates."""
    for path in comparisons():
        shutil.copy(path, folder)
        for name in study_at(path).data.files:
            shutil.copy(data / name, folder)
    times = pd.DatetimeIndex(pd.read_csv(folder / ENERGY, usecols=["date"], parse_dates=True, index_col="date").index)
    for name, columns in ROLLS.items():
        rows = [(column, date.date()) for column in columns for date in roll_dates(times, column)]
        pd.DataFrame(rows, columns=["instrument", "date"]).to_csv(folder / name, index=False)


def study_at(path: Path) -> CompareStudy:
    """Return the comparison that a file describes."""
    return CompareStudy.model_validate(load_study(path))


def block(outcome: CompareOutcome) -> str:
    """Return span, verdict and table of a comparison in Markdown."""
    race = judged(outcome)
    span = f"{race.times[0].date()} to {race.times[-1].date()}"
    told = (
        f"{race.market.n_steps:,} changes, the last {len(race.times):,} judged ({span}); superior predictive "
        f"ability of any method over OLS: p {equals(race.spa_p_value)}."
    )
    rows = [HEAD, ("---",) + ("---:",) * (len(HEAD) - 1), *table(race)]
    lines = ["| " + " | ".join(row) + " |" for row in rows]
    return "\n".join([told, "", f"> {outcome.verdict}", "", *lines])


def judged(outcome: CompareOutcome) -> Comparison:
    """Return the race of a comparison that had rows to judge."""
    if outcome.comparison is None:
        raise DataError(" ".join(outcome.warnings))
    return outcome.comparison


def table(race: Comparison) -> list[tuple[str, ...]]:
    """Return a row of text per method, the best first; methods that failed too often come last, in brackets."""
    tests, worth = race.tests, race.break_even_costs()
    years = (len(race.times) - 1) / race.judging.rows_per_year(race.times)
    yearly = 1e4 / (years * exposure_level(race.market, race.first_row))
    rows = []
    for method, found in race.ranked.iterrows():
        name, test = str(method), tests.loc[method]
        lost = sum(failure.row >= race.first_row for failure in race.failures[name])
        rows.append(
            (
                f"({name})" if name in race.not_ranked else name,
                f"{100.0 * found['variance_reduction']:.2f}",
                f"{percent(found['low'])} to {percent(found['high'])}",
                percent(found["cvar_reduction"]),
                f"{found['turnover']:.2f}",
                f"{found['cost'] * yearly:.2f}",
                "" if name == race.reference else small(test["dm_p_value"]),
                "" if name == race.reference else small(test["clark_west_p_value"]),
                "yes" if test["in_confidence_set"] else "no",
                break_even_text(str(worth["case"][method]), float(worth["cost_bps"][method])),
                f"{lost} of {race.refits[name]}" if lost else "0",
            )
        )
    return rows


def percent(share: float) -> str:
    return f"{100.0 * share:,.1f}"


def small(p: float) -> str:
    """Return a p-value, or a dash where there is none."""
    if not isfinite(p):
        return "–"
    return "<0.001" if p < 0.0005 else f"{p:.3f}"


def equals(p: float) -> str:
    """Return a p-value as a sentence has it."""
    text = small(p)
    return text.replace("<", "< ") if text.startswith("<") else f"= {text}"


def written(page: str) -> list[str]:
    """Return the studies that the page has a block for."""
    return [match[2] for match in BLOCK.finditer(page)]


def with_block(page: str, name: str, text: str) -> str:
    """Return the page with the block of one study holding ``text``."""

    def replaced(match: re.Match[str]) -> str:
        return f"{match[1]}\n{text}\n\n{match[3]}" if match[2] == name else match[0]

    return BLOCK.sub(replaced, page)


def main() -> None:
    """Run the studies named, or all, and bring their blocks up to date."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("studies", nargs="*", help="Names of studies; all of the page where none is given.")
    parser.add_argument("--keep", type=Path, help="Gather studies, prices and roll dates here, for hedgerow run.")
    options = parser.parse_args()
    names = options.studies or written(PAGE.read_text(encoding="utf-8"))
    with tempfile.TemporaryDirectory() as place:
        folder = options.keep or Path(place)
        folder.mkdir(parents=True, exist_ok=True)
        gather(Path(os.environ["HEDGEROW_DATA"]), folder)
        for name in names:
            text = block(run_compare_study(study_at(folder / f"{name}.yaml"), folder))
            PAGE.write_text(with_block(PAGE.read_text(encoding="utf-8"), name, text), encoding="utf-8", newline="\n")
            print(f"wrote {name}")


if __name__ == "__main__":
    main()
