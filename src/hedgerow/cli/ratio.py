"""``hedgerow ratio``: how much of which futures hedges an exposure, methods compared out of sample."""

from __future__ import annotations

from pathlib import Path

from hedgerow._files import write_whole
from hedgerow.cli.console import console, csv_text, method_progress, print_json, require_place
from hedgerow.cli.options import (
    ChangeFlags,
    ColumnFlags,
    JudgingFlags,
    MethodFlags,
    OutputFlags,
    PathFlags,
    PositionFlags,
    ReadingFlags,
    takes,
)


@takes(ColumnFlags, ReadingFlags, PositionFlags, ChangeFlags, MethodFlags, JudgingFlags, OutputFlags, PathFlags)
def ratio(
    columns: ColumnFlags,
    reading: ReadingFlags,
    position: PositionFlags,
    change: ChangeFlags,
    methods: MethodFlags,
    judging: JudgingFlags,
    output: OutputFlags,
    paths: PathFlags,
) -> None:
    """Estimate hedge ratios, size the hedge, and judge each method on rows it had not seen."""
    from hedgerow.cli.words import linear_words, validated, whole_numbers
    from hedgerow.study import RatioStudy, method_words, run_ratio_study

    require_place(output.report, "--report")
    require_place(paths.path, "--path")
    words = linear_words(columns, reading, position, change, judging)
    words["judging"]["lags"] = whole_numbers(paths.lags, "--lags")
    words |= {"methods": method_words(methods.method, methods.ratio), "window": methods.window}
    study = validated(RatioStudy, words)
    chosen_for_them = methods.method.strip() in ("all", MethodFlags.method)
    with method_progress(quiet=output.quiet or output.json) as progress:
        outcome = run_ratio_study(study, progress=progress, lenient=chosen_for_them)
    if paths.path:
        write_whole(Path(paths.path), csv_text(outcome.ratio_paths()))
    if output.report:
        outcome.write_html(output.report)
    if output.json:
        print_json(outcome.to_dict())
        return
    from hedgerow.cli.ratio_text import print_outcome

    print_outcome(outcome, console())
    for what, where in (("Ratio paths", paths.path), ("Report", output.report)):
        if where:
            console().print(f"{what}: {Path(where).resolve()}", soft_wrap=True, markup=False)
