"""``hedgerow accounting``: the hedge accounting document of a relationship."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from hedgerow.cli.console import console, print_json
from hedgerow.cli.options import takes


@dataclass(frozen=True)
class AccountingFlags:
    """Which relationship, as of when, and where its document goes."""

    study: Annotated[str, typer.Argument(help="YAML file of kind accounting.", show_default=False)]
    as_of: Annotated[
        str | None, typer.Option("--as-of", metavar="DATE", help="Date of the document; nothing later is used.")
    ] = None
    report: Annotated[str | None, typer.Option("--report", metavar="FILE.html", help="Write the document.")] = None
    markdown: Annotated[
        str | None, typer.Option("--markdown", metavar="FILE.md", help="Write the document as Markdown.")
    ] = None
    out: Annotated[
        str | None, typer.Option("--out", metavar="DIR", help="Folder for document, Markdown, result.json and tables.")
    ] = None
    json: Annotated[bool, typer.Option("--json", help="Print one JSON object and nothing else.")] = False


@takes(AccountingFlags)
def accounting(flags: AccountingFlags) -> None:
    """Test a hedging relationship and write its hedge accounting document; not legal or accounting advice."""
    from hedgerow.cli.accounting_text import print_accounting
    from hedgerow.cli.results import Places, files_of, write_results
    from hedgerow.errors import InputError
    from hedgerow.study import load_study
    from hedgerow.study.accounting.run import run_accounting_study
    from hedgerow.study.accounting.words import AccountingStudy

    places = Places(flags.out, flags.report, flags.markdown)
    study = load_study(flags.study)
    if not isinstance(study, AccountingStudy):
        raise InputError(f"{flags.study} is a study of kind {study.kind}; run it with hedgerow run")
    if flags.as_of is not None:
        study = study.model_copy(update={"as_of": flags.as_of})
    outcome = run_accounting_study(study, Path(flags.study).parent)
    written = write_results(outcome, places, files_of(study, flags.study), markdown=True)
    if flags.json:
        print_json(outcome.to_dict())
        return
    print_accounting(outcome, console())
    for path in written:
        console().print(f"Written: {path}", soft_wrap=True, markup=False)
