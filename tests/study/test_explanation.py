"""Broken studies explained: one sentence with file, line, key, rule and value."""

from __future__ import annotations

from typing import Annotated, Literal

import pytest
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from hedgerow.study.explanation import explain_validation_error
from hedgerow.study.yaml_file import parse_yaml


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Rolling(Strict):
    name: Literal["rolling"]
    window: int = Field(default=60, gt=2)


class Fixed(Strict):
    name: Literal["fixed"]
    ratio: float


class Data(Strict):
    files: list[str]
    every: str = "1D"

    @field_validator("every")
    @classmethod
    def known_period(cls, value: str) -> str:
        if value not in {"1D", "W-FRI", "ME"}:
            raise ValueError("every must be 1D, W-FRI or ME")
        return value


class Study(Strict):
    data: Data
    methods: list[Annotated[Rolling | Fixed, Field(discriminator="name")]] = []
    costs: dict[str, float] = {}
    second: Data | None = None


def sentence(text: str) -> str:
    document = parse_yaml(text.encode(), "jet.yaml")
    with pytest.raises(ValidationError) as caught:
        Study.model_validate(document.content)
    message = str(explain_validation_error(caught.value, document, Study))
    assert "\n" not in message
    return message


def test_unknown_key_names_the_nearest_known_one_of_its_mapping() -> None:
    said = sentence("data:\n  files: [a.csv]\n  evry: W-FRI\n")
    assert said == "jet.yaml, line 3, column 3: unknown key 'data.evry'; did you mean 'every'?"


def test_unknown_key_like_nothing_lists_what_is_known() -> None:
    said = sentence("data: {files: [a.csv]}\nzzz: 1\n")
    assert said == "jet.yaml, line 2, column 1: unknown key 'zzz'; known here: costs, data, methods, second"


def test_unknown_key_in_a_union_member_is_compared_with_that_member_only() -> None:
    said = sentence("data: {files: [a.csv]}\nmethods:\n  - name: rolling\n    windw: 60\n  - {name: fixed, ratio: 1}\n")
    assert said == "jet.yaml, line 4, column 5: unknown key 'methods[0].windw'; did you mean 'window'?"
    assert "known here: name, ratio" in sentence("data: {files: [a.csv]}\nmethods: [{name: fixed, ratio: 1, xq: 2}]\n")


def test_unknown_key_in_an_optional_model_is_compared_with_its_keys() -> None:
    assert "did you mean 'files'?" in sentence("data: {files: [a.csv]}\nsecond: {files: [b.csv], fils: []}\n")


def test_misspelt_required_key_is_told_as_misspelt_and_the_rest_counted() -> None:
    said = sentence("data:\n  fles: [a.csv]\n")
    assert (
        said
        == "jet.yaml, line 2, column 3: unknown key 'data.fles'; did you mean 'files'? (1 more problem after this one)"
    )


def test_missing_key_points_at_the_mapping_that_lacks_it() -> None:
    assert sentence("# jet\ndata:\n  every: 1D\n") == "jet.yaml, line 2, column 1: key 'data.files' is missing; add it"


def test_wrong_type_gives_rule_and_value() -> None:
    said = sentence("data: {files: [a.csv]}\nmethods:\n  - name: rolling\n    window: sixty\n")
    assert said.startswith("jet.yaml, line 4, column 5: 'methods[0].window': must be a valid integer")
    assert said.endswith("but is 'sixty'")


def test_value_out_of_range_gives_rule_and_value() -> None:
    said = sentence("data: {files: [a.csv]}\nmethods: [{name: rolling, window: 2}]\n")
    assert said == "jet.yaml, line 2, column 27: 'methods[0].window': must be greater than 2, but is 2"


def test_own_rule_is_quoted_without_the_librarys_prefix() -> None:
    said = sentence("data:\n  files: [a.csv]\n  every: weekly\n")
    assert said == "jet.yaml, line 3, column 3: 'data.every': every must be 1D, W-FRI or ME, but is 'weekly'"


def test_wrong_value_in_a_free_mapping_names_its_key() -> None:
    assert "line 3, column 3: 'costs.HO2'" in sentence("data: {files: [a.csv]}\ncosts:\n  HO2: dear\n")


def test_unknown_member_of_a_union_is_told_at_its_place() -> None:
    said = sentence("data: {files: [a.csv]}\nmethods:\n  - {name: magic}\n")
    assert "line 3, column 5: 'methods[0]'" in said
    assert "'rolling', 'fixed'" in said


def test_long_value_is_cut() -> None:
    assert len(sentence(f"data:\n  files: [a.csv]\n  every: {'x' * 5000}\n")) < 250
