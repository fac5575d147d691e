"""``hedgerow candidates``: which of several instruments hedges an exposure best, each alone."""

from __future__ import annotations

from pathlib import Path

from hedgerow.cli.console import console, print_json, require_place
from hedgerow.cli.options import (
    ChangeFlags,
    ColumnFlags,
    JudgingFlags,
    OutputFlags,
    PositionFlags,
    ReadingFlags,
    takes,
)


@takes(ColumnFlags, ReadingFlags, PositionFlags, ChangeFlags, JudgingFlags, OutputFlags)
def candidates(
    columns: ColumnFlags,
    reading: ReadingFlags,
    position: PositionFlags,
    change: ChangeFlags,
    judging: JudgingFlags,
    output: OutputFlags,
) -> None:
    """Rank candidate hedges, each alone, by what they remove out of sample after their own costs."""
    from hedgerow.cli.words import linear_words, validated
    from hedgerow.study import CandidateStudy, run_candidate_study

    require_place(output.report, "--report")
    study = validated(CandidateStudy, linear_words(columns, reading, position, change, judging))
    outcome = run_candidate_study(study)
    if output.report:
        outcome.write_html(output.report)
    if output.json:
        print_json(outcome.to_dict())
        return
    from hedgerow.cli.ratio_text import print_candidates

    print_candidates(outcome, console())
    if output.report:
        console().print(f"Report: {Path(output.report).resolve()}", soft_wrap=True, markup=False)
