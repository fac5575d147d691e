"""Studies: what a YAML file or a command line asks for, from words to objects to results."""

from __future__ import annotations

from hedgerow.study.candidates import CandidateOutcome, run_candidate_study
from hedgerow.study.load import load_study, method_words, run_study, study_schema
from hedgerow.study.models import CandidateStudy, DataSource, Exposure, Hedge, Method, RatioStudy
from hedgerow.study.ratio import MethodResult, RatioOutcome, run_ratio_study

__all__ = [
    "CandidateOutcome",
    "CandidateStudy",
    "DataSource",
    "Exposure",
    "Hedge",
    "Method",
    "MethodResult",
    "RatioOutcome",
    "RatioStudy",
    "load_study",
    "method_words",
    "run_candidate_study",
    "run_ratio_study",
    "run_study",
    "study_schema",
]
