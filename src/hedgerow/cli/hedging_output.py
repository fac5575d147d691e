"""From a study of a hedged book to what the reader sees: JSON, report, or text; shared by three verbs."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hedgerow.cli.console import console, method_progress, print_json, require_place
from hedgerow.cli.options import OutputFlags
from hedgerow.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Collection

    from hedgerow.cli.price import PriceOutputFlags
    from hedgerow.study import AnyStudy


def is_study(name: str | None) -> bool:
    """Return whether a file name is that of a study.

    Examples
    --------
    >>> is_study("a.yaml"), is_study("prices.csv"), is_study(None)
    (True, False, False)
    """
    return name is not None and Path(name).suffix.lower() in (".yaml", ".yml")


def loaded(name: str, kind: str) -> AnyStudy:
    """Return the study of a file, of the kind that a verb runs.

    Raises
    ------
    InputError
        Where it is of another kind.
    """
    from hedgerow.study import load_study

    study = load_study(name)
    if study.kind != kind:
        raise InputError(
            f"{name} is {_article(study.kind)} study, not {_article(kind)} study; hedgerow run {name} runs any kind"
        )
    return study


def _article(kind: str) -> str:
    return f"{'an' if kind[0] in 'aeiou' else 'a'} {kind}"


def show(study: Any, folder: Path, output: OutputFlags, engine: AbstractContextManager[None] | None = None) -> None:
    """Run a study, then print its result as JSON or text, and write the report where one is asked for."""
    from hedgerow.cli.run import print_study
    from hedgerow.study import run_study

    require_place(output.report, "--report")
    with engine or nullcontext(), method_progress(quiet=output.quiet or output.json) as progress:
        outcome = run_study(study, folder, progress=progress)
    report = outcome.write_html(output.report).resolve() if output.report else None
    if output.json:
        print_json(outcome.to_dict())
        return
    print_study(study.kind, outcome, console())
    if report is not None:
        console().print(f"Report: {report}", soft_wrap=True, markup=False)


def show_written(
    study: Any, folder: Path, output: PriceOutputFlags, *, quiet: bool = False, inputs: Collection[Path] = ()
) -> None:
    """Run a study, print its result, and write report, folder of results, or both; never over ``inputs``."""
    from hedgerow.cli.results import Places, write_results
    from hedgerow.cli.run import print_study
    from hedgerow.study import run_study

    places = Places(output.out, output.report)
    with method_progress(quiet=quiet or output.json) as progress:
        outcome = run_study(study, folder, progress=progress)
    written = write_results(outcome, places, inputs)
    if output.json:
        print_json(outcome.to_dict())
        return
    print_study(study.kind, outcome, console())
    for path in written:
        console().print(f"Written: {path}", soft_wrap=True, markup=False)


def refuse_beside_study(flags: Any, *kept: str, what: str = "one option") -> None:
    """Refuse flags of ``what`` beside a study file, which says them itself.

    Raises
    ------
    InputError
    """
    from dataclasses import MISSING, fields

    for each in fields(flags):
        default = None if each.default is MISSING else each.default
        if each.name not in kept and getattr(flags, each.name) != default:
            name = {"option_kind": "kind"}.get(each.name, each.name).replace("_", "-")
            raise InputError(f"--{name} is for {what} given by flags; a study file says it itself, leave one out")
