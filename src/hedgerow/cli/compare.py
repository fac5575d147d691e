"""``hedgerow compare``: which hedge-ratio method is worth its costs, with tests that count all that were tried."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from hedgerow._files import write_whole
from hedgerow.cli.console import console, csv_text, method_progress, print_json, require_place
from hedgerow.cli.options import (
    ESTIMATION,
    JUDGING,
    ChangeFlags,
    ColumnFlags,
    JudgingFlags,
    MethodFlags,
    OutputFlags,
    PathFlags,
    PositionFlags,
    ReadingFlags,
    flag,
    takes,
)

DEFAULT = "the usual ten"


@dataclass(frozen=True)
class RaceMethodFlags(MethodFlags):
    """Which methods are compared."""

    method: Annotated[
        str, flag("--method", "NAMES", "Methods, comma-separated, cost_aware(dcc) among them; or all.", ESTIMATION)
    ] = DEFAULT


@dataclass(frozen=True)
class RaceJudgingFlags(JudgingFlags):
    """How the past is cut from the future: fitted monthly, following the data between."""

    refit: Annotated[
        str, flag("--refit", "N|PERIOD", "Rows between two fits, or weekly, monthly, quarterly.", JUDGING)
    ] = "monthly"
    between: Annotated[str, flag("--between", "RULE", "Ratio between fits: hold or update.", JUDGING)] = "update"


@dataclass(frozen=True)
class EvidenceFlags:
    """How much a difference must show, and how many processes share the work."""

    risk_aversion: Annotated[
        float | None, flag("--risk-aversion", "X", "Absolute, per unit of money; else 4 / value of exposure.", JUDGING)
    ] = None
    significance: Annotated[float, flag("--significance", "X", "Size of the test against the reference.", JUDGING)] = (
        0.05
    )
    set_level: Annotated[float, flag("--set-level", "X", "Level of the model confidence set.", JUDGING)] = 0.90
    periods: Annotated[str, flag("--periods", "N|years", "Parts in which methods are ranked again.", JUDGING)] = "3"
    look_ahead: Annotated[
        bool, flag("--check-look-ahead", None, "Ask each method again with other futures.", JUDGING)
    ] = False
    workers: Annotated[int | None, flag("--workers", "N", "Processes that share the fits.", JUDGING)] = None


@takes(
    ColumnFlags, ReadingFlags, PositionFlags, ChangeFlags, RaceMethodFlags, RaceJudgingFlags, EvidenceFlags,
    OutputFlags, PathFlags,
)  # fmt: skip
def compare(
    columns: ColumnFlags,
    reading: ReadingFlags,
    position: PositionFlags,
    change: ChangeFlags,
    methods: RaceMethodFlags,
    judging: RaceJudgingFlags,
    evidence: EvidenceFlags,
    output: OutputFlags,
    paths: PathFlags,
) -> None:
    """Compare hedge-ratio methods out of sample: refits, costs, tests that count all methods, and a verdict."""
    from hedgerow.cli.words import linear_words, validated, whole_numbers
    from hedgerow.study import CompareStudy, method_words, run_compare_study

    require_place(output.report, "--report")
    require_place(paths.path, "--path")
    words = linear_words(columns, reading, position, change, judging)
    words["judging"]["lags"] = whole_numbers(paths.lags, "--lags")
    words |= {"window": methods.window, "evidence": evidence_words(evidence)}
    chosen_for_them = methods.method.strip() in ("all", DEFAULT)
    if methods.method.strip() != DEFAULT:
        words["methods"] = method_words(methods.method, methods.ratio)
    study = validated(CompareStudy, words)
    with method_progress(quiet=output.quiet or output.json) as progress:
        outcome = run_compare_study(study, progress=progress, lenient=chosen_for_them)
    if paths.path:
        write_whole(Path(paths.path), csv_text(outcome.race.ratio_paths()))
    if output.report:
        outcome.write_html(output.report)
    if output.json:
        print_json(outcome.to_dict())
        return
    from hedgerow.cli.compare_text import print_comparison

    print_comparison(outcome, console())
    for what, where in (("Ratio paths", paths.path), ("Report", output.report)):
        if where:
            console().print(f"{what}: {Path(where).resolve()}", soft_wrap=True, markup=False)


def evidence_words(flags: EvidenceFlags) -> dict[str, object]:
    """Return what the flags say, in the words of a study."""
    periods = flags.periods.strip()
    return {
        "risk_aversion": flags.risk_aversion,
        "significance": flags.significance,
        "set_level": flags.set_level,
        "periods": int(periods) if periods.isdigit() else periods,
        "look_ahead": flags.look_ahead,
        "workers": flags.workers,
    }
