"""What a study breaks, as one sentence with file, line, key, rule and value."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from hedgerow.errors import StudyError, did_you_mean
from hedgerow.study.yaml_file import Document, KeyPath, dotted, shortened

if TYPE_CHECKING:
    from pydantic import BaseModel, ValidationError
    from pydantic_core import ErrorDetails

__all__ = ["explain_validation_error"]

KINDS = {
    "string_type": "text",
    "dict_type": "keys with their values",
    "model_type": "keys with their values",
    "tuple_type": "a list",
    "float_type": "a number",
    "finite_number": "a finite number",
    "float_parsing": "a number",
    "int_type": "a whole number",
    "int_parsing": "a whole number",
    "bool_type": "true or false",
}
"""What a value may be, by the problem of one that is not."""


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
    problems = _own_problems(error.errors(include_url=False), document)
    unknown = [problem for problem in problems if problem["type"] == "extra_forbidden"]
    first = (unknown or problems)[0]
    at = first.get("ctx", {}).get("at")
    path = _path_in_file((*first["loc"], *((at,) if at else ())), document.content)
    alike = [each for each in problems if _place(each, document) == _place(first, document)]
    line, column = document.position(path)
    if first["type"] == "extra_forbidden":
        known = _known_keys(model.model_json_schema(), first["loc"][:-1])
        suggestion = did_you_mean(str(first["loc"][-1]), known) or f"; known here: {', '.join(sorted(known))}"
        sentence = f"unknown key {dotted(path)!r}{suggestion}"
    elif first["type"] == "told":
        sentence = f"{dotted(path) or 'the study'}: {first['msg']}"
    elif first["type"] == "missing":
        sentence = f"key {dotted((*path, str(first['loc'][-1])))!r} is missing; add it"
    elif len(alike) > 1 and all(each["type"] in KINDS for each in alike):
        kinds = " or ".join(dict.fromkeys(KINDS[each["type"]] for each in alike))
        sentence = f"{dotted(path)!r}: must be {kinds}, but is {shortened(repr(first['input']))}"
    else:
        rule = first["msg"].removeprefix("Value error, ").replace("Input should", "must").split(", unable to")[0]
        rule = _plainly(rule[:1].lower() + rule[1:])
        whole = first["type"] == "value_error" and isinstance(first["input"], dict)  # a sentence on several keys
        received = "" if whole else f", but is {shortened(repr(first['input']))}"
        sentence = f"{dotted(path) or 'the study'!r}: {rule}{received}"
    more = len({_place(each, document) for each in problems}) - 1
    also = f" ({more} more problem{'s' if more > 1 else ''} after this one)" if more else ""
    return StudyError(f"{document.name}, line {line}, column {column}: {sentence}{also}")


def _own_problems(problems: list[ErrorDetails], document: Document) -> list[ErrorDetails]:
    """Return problems without those that follow from others inside them.

    A list is not too short where an entry is wrong, and where keys are given that hold a problem nobody meant text.
    """
    places = [_place(problem, document) for problem in problems]

    def follows(problem: ErrorDetails) -> bool:
        place = _place(problem, document)
        inside = any(len(other) > len(place) and other[: len(place)] == place for other in places)
        return inside and problem["type"] in ("too_short", *KINDS)

    return [problem for problem in problems if not follows(problem)]


def _place(problem: ErrorDetails, document: Document) -> KeyPath:
    """Return where a problem stands in the file; members of a union stand in one place."""
    path = _path_in_file(problem["loc"], document.content)
    alone = problem["type"] in ("missing", "extra_forbidden")
    return (*path, problem["loc"][-1]) if alone and path != problem["loc"] else path


def _plainly(rule: str) -> str:
    """Return a rule without the validator's own words for what a file calls keys and entries."""
    rule = re.sub(r"must be a valid dictionary or instance of \w+", "must be keys with their values", rule)
    rule = rule.replace("must be a valid tuple", "must be a list").replace("a valid boolean", "true or false")
    rule = rule.replace("must be a valid dictionary", "must be keys with their values")
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
