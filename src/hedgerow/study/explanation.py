"""What a study breaks, as one sentence with file, line, key, rule and value."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from hedgerow.errors import StudyError, did_you_mean
from hedgerow.study.yaml_file import Document, KeyPath, dotted, shortened

if TYPE_CHECKING:
    from pydantic import BaseModel, ValidationError

__all__ = ["explain_validation_error"]


def explain_validation_error(error: ValidationError, document: Document, model: type[BaseModel]) -> StudyError:
    """Say in one sentence what a study breaks, and where.

    Parameters
    ----------
    error
        What pydantic raised for ``document.content``.
    document
        The study as read.
    model
        The model that refused it; its keys are offered where an unknown key looks like one of them.

    Returns
    -------
    StudyError
        File, line, column, key, rule and value of the first problem, and how many more there are. An unknown key is
        told before any other problem, since a misspelt key is also a missing one.
    """
    problems = error.errors(include_url=False, include_context=False)
    unknown = [problem for problem in problems if problem["type"] == "extra_forbidden"]
    first = (unknown or problems)[0]
    path = _path_in_file(first["loc"], document.content)
    line, column = document.position(path)
    if first["type"] == "extra_forbidden":
        known = _known_keys(model.model_json_schema(), first["loc"][:-1])
        suggestion = did_you_mean(str(first["loc"][-1]), known) or f"; known here: {', '.join(sorted(known))}"
        sentence = f"unknown key {dotted(path)!r}{suggestion}"
    elif first["type"] == "told":
        sentence = f"{dotted(path) or 'the study'}: {first['msg']}"
    elif first["type"] == "missing":
        sentence = f"key {dotted((*path, str(first['loc'][-1])))!r} is missing; add it"
    else:
        rule = first["msg"].removeprefix("Value error, ").replace("Input should", "must").split(", unable to")[0]
        rule = _plainly(rule[:1].lower() + rule[1:])
        whole = first["type"] == "value_error" and isinstance(first["input"], dict)  # a sentence on several keys
        received = "" if whole else f", but is {shortened(repr(first['input']))}"
        sentence = f"{dotted(path) or 'the study'!r}: {rule}{received}"
    more = len(problems) - 1
    also = f" ({more} more problem{'s' if more > 1 else ''} after this one)" if more else ""
    return StudyError(f"{document.name}, line {line}, column {column}: {sentence}{also}")


def _plainly(rule: str) -> str:
    """Return a rule without the validator's own words for what a file calls keys and entries."""
    rule = re.sub(r"must be a valid dictionary or instance of \w+", "must be keys with their values", rule)
    rule = rule.replace("must be a valid tuple", "must be a list")
    return re.sub(
        r"^(?:tuple|list|dictionary) should have at (least|most) (\d+) items? after validation, not \d+",
        r"must have at \1 \2 entries",
        rule,
    ).replace(" 1 entries", " 1 entry")


def _path_in_file(location: KeyPath, content: Any) -> KeyPath:
    """Return the part of pydantic's location that stands in the file; it also names members of unions, which do not."""
    path: KeyPath = ()
    for part in location:
        in_mapping = isinstance(content, dict) and part in content
        in_list = isinstance(content, list) and isinstance(part, int) and part < len(content)
        if in_mapping or in_list:
            path, content = (*path, part), content[part]
    return path


def _known_keys(schema: dict[str, Any], location: KeyPath) -> list[str]:
    """Return the keys that a model's JSON schema allows at a location; union members narrow where they are named."""
    definitions = schema.get("$defs", {})
    candidates = _alternatives(schema, definitions)
    for part in location:
        below = [inner for one in candidates for inner in _inside(one, part)]
        named = [one for one in candidates if part in (one.get("title"), *_constants(one))]
        candidates = [flat for one in below or named or candidates for flat in _alternatives(one, definitions)]
    return list(dict.fromkeys(key for one in candidates for key in one.get("properties", {})))


def _alternatives(schema: dict[str, Any], definitions: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the plain schemas that a schema stands for, following references and unions."""
    if "$ref" in schema:
        return _alternatives(definitions.get(schema["$ref"].rsplit("/", 1)[-1], {}), definitions)
    members = [member for word in ("anyOf", "oneOf", "allOf") for member in schema.get(word, ())]
    return [flat for member in members for flat in _alternatives(member, definitions)] or [schema]


def _inside(schema: dict[str, Any], part: str | int) -> list[dict[str, Any]]:
    if isinstance(part, int):
        found = schema.get("items", {})
    else:
        found = schema.get("properties", {}).get(part, schema.get("additionalProperties", {}))
    return [found] if isinstance(found, dict) and found else []


def _constants(schema: dict[str, Any]) -> list[Any]:
    """Return the constant values of a schema's properties: the names of a discriminated union's members."""
    return [inner["const"] for inner in schema.get("properties", {}).values() if "const" in inner]
