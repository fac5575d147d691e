"""The candidate study: several instruments, each alone, ranked by what they remove out of sample."""

from __future__ import annotations

from dataclasses import dataclass
from math import nan
from pathlib import Path

import pandas as pd

from hedgerow.compare import Candidate, CandidateRanking, rank_candidates
from hedgerow.study.execution import bootstrap_of, shared_execution_of, walk_forward_of
from hedgerow.study.models import CandidateStudy
from hedgerow.study.prepare import Prepared, prepare
from hedgerow.study.ratio.json import number


@dataclass(frozen=True, eq=False)
class CandidateOutcome:
    """What a candidate study found.

    Attributes
    ----------
    study : CandidateStudy
    data : Prepared
    ranking : CandidateRanking
    warnings : tuple of str
    """

    study: CandidateStudy
    data: Prepared
    ranking: CandidateRanking
    warnings: tuple[str, ...]

    @property
    def verdict(self) -> str:
        """One plain sentence: the best candidate and how far ahead it is."""
        return self.ranking.verdict

    def tables(self) -> dict[str, pd.DataFrame]:
        """Return the tables to write beside the report, by name."""
        return {"candidates": self.ranking.table}

    def to_dict(self) -> dict[str, object]:
        """Return the result as plain values for JSON; what is undefined is None."""
        times = self.data.history.times
        rows = self.ranking.table.to_dict(orient="index")
        return {
            "data": {
                "rows": self.data.rows,
                "first": str(times[0].date()),
                "last": str(times[-1].date()),
                "dropped": self.data.dropped,
                "unmatched": self.data.unmatched,
            },
            "warnings": list(self.warnings),
            "candidates": [
                {"candidate": name, **{key: number(float(value)) for key, value in row.items()}}
                for name, row in rows.items()
            ],
            "verdict": self.verdict,
        }

    def write_html(self, path: str | Path) -> Path:
        """Write the self-contained report and return its path; nothing is left half-written."""
        from hedgerow.study.candidates.report import write_candidates_report

        return write_candidates_report(self, Path(path))


def run_candidate_study(study: CandidateStudy, folder: str | Path = ".") -> CandidateOutcome:
    """Rank the study's hedges, each alone, on common rows; relative file names start at ``folder``."""
    data = prepare(study, Path(folder))
    candidates = [
        Candidate(
            hedge.column,
            data.market(study, (hedge.column,)),
            hedge.half_spread_bps,
            hedge.commission,
            nan if hedge.daily_volume is None else hedge.daily_volume,
        )
        for hedge in study.hedges
    ]
    ranking = rank_candidates(
        candidates,
        walk_forward=walk_forward_of(study),
        execution=shared_execution_of(study),
        bootstrap=bootstrap_of(study, len(data.changes.values) // 2),
    )
    return CandidateOutcome(study, data, ranking, data.warnings)
