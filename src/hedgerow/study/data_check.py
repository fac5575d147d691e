"""The hygiene report of a file, without hedging anything."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from hedgerow.errors import ColumnError, DataError, did_you_mean
from hedgerow.market import HygieneReport, ReadingOptions, check_prices, read_table


@dataclass(frozen=True)
class CheckedFile:
    """What was found in one file.

    Attributes
    ----------
    path : Path
    rows : int
    first, last : str
        Dates, ISO.
    missing : mapping of str to int
        Missing values by column, where there are any.
    report : HygieneReport
    """

    path: Path
    rows: int
    first: str
    last: str
    missing: dict[str, int]
    report: HygieneReport

    @property
    def sentences(self) -> tuple[str, ...]:
        """Everything there is to say, missing values first."""
        said = [f"{name}: {count} of {self.rows} values are missing" for name, count in self.missing.items()]
        return (*said, *self.report.sentences)

    def to_dict(self) -> dict[str, object]:
        """Return the findings as plain values for JSON."""
        findings = [
            {
                "kind": finding.kind,
                "instrument": finding.instrument,
                "count": finding.count,
                "dates": [str(moment.date()) for moment in finding.dates],
                "action": finding.action,
                "sentence": finding.sentence,
            }
            for finding in self.report.findings
        ]
        return {
            "file": str(self.path),
            "rows": self.rows,
            "first": self.first,
            "last": self.last,
            "missing": self.missing,
            "findings": findings,
            "sentences": list(self.sentences),
        }


def check_file(path: Path, columns: Sequence[str] | None, options: ReadingOptions) -> CheckedFile:
    """Read a file's price columns (all numeric ones unless some are named) and say what looks odd.

    Raises
    ------
    DataError
        Where there is no numeric column or a named one is not there.
    """
    table = read_table(path, columns, options)
    for name in columns or ():
        if name not in table.columns:
            known = [str(column) for column in table.columns]
            raise ColumnError(f"column {name!r} not found in {path}{did_you_mean(name, known)}")
    prices = table.select_dtypes("number").astype(float)
    if prices.empty:
        raise DataError(f"{path}: there is no column of numbers to check")
    missing = {str(name): int(count) for name, count in prices.isna().sum().items() if count}
    span = prices.index
    return CheckedFile(
        path, len(prices), str(span[0].date()), str(span[-1].date()), missing, check_prices(prices.dropna(how="all"))
    )
