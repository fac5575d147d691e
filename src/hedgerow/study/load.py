"""From a study file to a checked study, from a study to its outcome, and the schema that editors read."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from hedgerow.errors import InputError, StudyError, did_you_mean
from hedgerow.study.explanation import explain_validation_error
from hedgerow.study.kinds import RUNNERS, STUDY_KINDS, AnyStudy, Outcome, Progress, Study
from hedgerow.study.method_choice import METHOD_NAMES, WRAPPED
from hedgerow.study.yaml_file import load_yaml

NEEDS_WORDS = ("fixed",)
"""Methods that ``all`` leaves to those who give their parameters."""


def load_study(path: str | Path) -> AnyStudy:
    """Read a YAML study.

    Parameters
    ----------
    path : str or path
        A YAML file; its ``kind`` says which study it is.

    Returns
    -------
    RatioStudy, CandidateStudy, PriceStudy or VolatilityStudy

    Raises
    ------
    StudyError
        Naming file, line and key of the first thing that breaks a rule.
    FileError
        Where the file cannot be read.
    """
    document = load_yaml(path)
    kind = document.content.get("kind")
    if not isinstance(kind, str) or kind not in STUDY_KINDS:
        known = ", ".join(STUDY_KINDS)
        line = f", line {document.line(('kind',))}" if "kind" in document.content else ""
        hint = did_you_mean(kind, STUDY_KINDS) if isinstance(kind, str) else ""
        what = f"kind {kind!r} is not known" if "kind" in document.content else "the key 'kind' is missing"
        raise StudyError(f"{path}{line}: {what}{hint} (kinds: {known})")
    model = STUDY_KINDS[kind]
    try:
        return model.model_validate(document.content)  # type: ignore[return-value]
    except ValidationError as error:
        raise explain_validation_error(error, document, model) from error


def run_study(study: AnyStudy, folder: str | Path = ".", *, progress: Progress | None = None) -> Outcome:
    """Run a study of any kind.

    Parameters
    ----------
    study : RatioStudy, CandidateStudy, PriceStudy or VolatilityStudy
        From :func:`load_study`, or made in Python.
    folder : path
        Where relative file names of the study start.
    progress : callable, optional
        Called with a method's name and the share of its work that is done, 0 to 1; ratio studies only.

    Returns
    -------
    Outcome
        With ``verdict``, ``warnings``, ``tables()``, ``to_dict()`` and ``write_html(path)``; what else it has depends
        on the kind of study.

    Raises
    ------
    HedgerowError
        One sentence where the study cannot be run: a file, a column, the data or an option.
    """
    return RUNNERS[study.kind](study, Path(folder), progress)


def study_schema() -> dict[str, Any]:
    """Return the JSON schema (draft 2020-12) of a study file.

    Returns
    -------
    dict
        Plain values, as ``hedgerow schema`` prints them; every key has a description.
    """
    schema = TypeAdapter(Study).json_schema(mode="validation")
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Hedgerow study",
        **schema,
    }


def method_words(text: str, ratio: Sequence[float] | None = None) -> list[dict[str, Any]]:
    """Return the methods of a comma-separated list, or of ``all``, as a study names them.

    Raises
    ------
    InputError
        Where a name is unknown or ``fixed`` has no ratio.
    """
    known = METHOD_NAMES
    names = [name.strip().replace("-", "_") for name in text.split(",") if name.strip()]
    if names == ["all"]:
        names = [name for name in known if name not in NEEDS_WORDS or ratio]
    if not names:
        raise InputError(f"no method is named; give one or more of {', '.join(known)}, or all")
    words = []
    for name in names:
        wrapped = WRAPPED.match(name)
        inner = wrapped[1] if wrapped else name
        if inner not in known:
            raise InputError(f"method {inner!r} is not known{did_you_mean(inner, known)} (methods: {', '.join(known)})")
        own: dict[str, Any] = {"ratio": list(ratio)} if inner == "fixed" and ratio else {}
        words.append({"name": inner, **own, **({"cost_aware": {}} if wrapped else {})})
    if ratio and all(word["name"] != "fixed" for word in words):
        raise InputError("--ratio belongs to the method fixed; add fixed to --method")
    return words
