"""The accounting study: one document on a hedging relationship, by every framework that is asked for."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from hedgerow.accounting import (
    ADVICE,
    Criterion,
    EffectivenessRegression,
    Framework,
    HedgeRelationship,
    JournalLine,
    PeriodResult,
)
from hedgerow.study.accounting.data import AccountingData, read_accounting_data
from hedgerow.study.accounting.words import AccountingStudy

if TYPE_CHECKING:
    from plotly.graph_objects import Figure


@dataclass(frozen=True, eq=False)
class FrameworkResult:
    """What one framework makes of the relationship.

    Attributes
    ----------
    framework : Framework
    criteria : tuple of Criterion
        At the date of the document.
    conclusion : str
        What is met, what is not, what a person has to judge.
    retrospective : tuple of bool or None
        Per reporting period; None where nothing decides.
    periods : tuple of PeriodResult
        Measurement and roll-forward of the reserve.
    journal : tuple of JournalLine
    """

    framework: Framework
    criteria: tuple[Criterion, ...]
    conclusion: str
    retrospective: tuple[bool | None, ...]
    periods: tuple[PeriodResult, ...] = field(repr=False)
    journal: tuple[JournalLine, ...] = field(repr=False)


@dataclass(frozen=True, eq=False)
class AccountingOutcome:
    """What an accounting study found.

    Attributes
    ----------
    study : AccountingStudy
    data : AccountingData
    relationship : HedgeRelationship
        The file with everything the study could fill in.
    inception, latest : EffectivenessRegression or None
        On changes up to designation, and up to the date of the document; None where there were too few.
    tests : DataFrame
        Regression, offsets and variance reduction at inception and at the end of every period.
    offsets : DataFrame
        Dollar offset per period and cumulative.
    results : tuple of FrameworkResult
    warnings : tuple of str
        The first says that this is no advice.
    relationship_hash, document_hash : str
        Of the file as stated, for locking it; of the whole input, words and data.
    """

    study: AccountingStudy
    data: AccountingData
    relationship: HedgeRelationship
    inception: EffectivenessRegression | None
    latest: EffectivenessRegression | None
    tests: pd.DataFrame = field(repr=False)
    offsets: pd.DataFrame = field(repr=False)
    results: tuple[FrameworkResult, ...]
    warnings: tuple[str, ...]
    relationship_hash: str
    document_hash: str

    @property
    def verdict(self) -> str:
        """One plain sentence; with several frameworks, how many criteria each finds met."""
        if len(self.results) == 1:
            return self.results[0].conclusion
        parts = []
        for result in self.results:
            outcomes = [row.outcome for row in result.criteria]
            met, failed = outcomes.count("met"), outcomes.count("not met")
            unknown = outcomes.count("not assessable") + outcomes.count("to be judged")
            parts.append(f"{result.framework.title} {met} met, {failed} not met, {unknown} open")
        return f"Criteria on {self.data.as_of}: {'; '.join(parts)}."

    def tables(self) -> dict[str, pd.DataFrame]:
        """Return the tables to write beside the report, by name."""
        from hedgerow.study.accounting.tables import all_tables

        return all_tables(self)

    def to_dict(self) -> dict[str, Any]:
        """Return the result as plain values for JSON: amounts as exact text, what is undefined as None."""
        from hedgerow.study.accounting.json import plain_result

        return plain_result(self)

    def figure(self, name: str) -> Figure:
        """Return one of the document's figures by name; an unknown name is refused with the list of names."""
        from hedgerow.study.accounting.report import figure_of

        return figure_of(self, name)

    def write_html(self, path: str | Path) -> Path:
        """Write the document as one self-contained HTML file and return its path."""
        from hedgerow.report import write_html
        from hedgerow.study.accounting.report import document

        return write_html(document(self), path)

    def write_markdown(self, path: str | Path) -> Path:
        """Write the same document as Markdown, for the file; figures stand in it by name only."""
        from hedgerow.report import write_markdown
        from hedgerow.study.accounting.report import document

        return write_markdown(document(self), path)


def run_accounting_study(study: AccountingStudy, folder: str | Path = ".") -> AccountingOutcome:
    """Test, measure and book a hedging relationship; relative file names start at ``folder``.

    Parameters
    ----------
    study : AccountingStudy
    folder : path

    Returns
    -------
    AccountingOutcome

    Raises
    ------
    HedgerowError
        One sentence where the study cannot be run, a locked file was changed, or a date lies outside the
        relationship's life.
    """
    from hedgerow.accounting import framework_named
    from hedgerow.study.accounting import file as accounting_file, tests as accounting_tests

    stated = accounting_file.checked_hash(study)
    data = read_accounting_data(study, Path(folder))
    tested = accounting_tests.run_tests(study, data)
    frameworks = tuple(framework_named(name) for name in study.frameworks)
    relationship = accounting_file.relationship_file(study, data, frameworks, tested)
    results = tuple(accounting_tests.apply_framework(each, study, data, relationship, tested) for each in frameworks)
    warnings = (ADVICE, *data.warnings, *accounting_tests.remarks(results, tested, study))
    digest = accounting_file.document_hash(study, data)
    return AccountingOutcome(
        study, data, relationship, tested.inception, tested.latest, tested.table, tested.offsets, results, warnings,
        stated, digest,
    )  # fmt: skip
