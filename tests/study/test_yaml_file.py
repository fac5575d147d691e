"""Study files: what is read, what is refused, and where the messages point."""

from __future__ import annotations

import math
import tracemalloc
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, strategies as st

from hedgerow.errors import FileError, StudyError
from hedgerow.study.yaml_file import Document, load_yaml, parse_yaml


def read(text: str) -> Document:
    return parse_yaml(text.encode(), "study.yaml")


def refusal(text: str | bytes) -> str:
    raw = text if isinstance(text, bytes) else text.encode()
    with pytest.raises(StudyError) as caught:
        parse_yaml(raw, "study.yaml")
    return str(caught.value)


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("NO", "NO"),
        ("on", "on"),
        ("yes", "yes"),
        ("12:30:00", "12:30:00"),
        ("2020-01-31", "2020-01-31"),
        ("W-FRI", "W-FRI"),
        ("010", 10),
        ("0o10", 8),
        ("0x1F", 31),
        ("-7", -7),
        ("1e3", 1000.0),
        ("1.5", 1.5),
        (".5", 0.5),
        ("1_000", "1_000"),
        ("1.2.3", "1.2.3"),
        ("true", True),
        ("False", False),
        ("null", None),
        ("~", None),
        ("", None),
        ("-.inf", -math.inf),
        ("'010'", "010"),
        ('"true"', "true"),
        ("''", ""),
        ("1_000 # per lot", "1_000"),
    ],
)
def test_scalar_follows_the_core_schema_of_yaml_1_2(written: str, value: Any) -> None:
    received = read(f"key: {written}\n").content["key"]
    assert received == value
    assert type(received) is type(value)


def test_scalar_not_a_number_is_a_float() -> None:
    assert math.isnan(read("key: .nan").content["key"])


@given(
    st.recursive(
        st.none()
        | st.booleans()
        | st.integers()
        | st.floats(allow_nan=False, allow_infinity=False)
        | st.text("aN:o -1.é", max_size=5),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("abc ", max_size=3), inner, max_size=3),
        max_leaves=10,
    )
)
def test_json_is_yaml_any_value_comes_back_the_same(value: Any) -> None:
    import json

    assert read(json.dumps({"value": value})).content == {"value": value}


def test_lines_are_those_of_the_keys() -> None:
    document = read("# a study\ndata:\n  files:\n    - a.csv\n    - b.csv\n  every: W-FRI\nhedge: [HO2, CL1]\n")
    assert document.content == {"data": {"files": ["a.csv", "b.csv"], "every": "W-FRI"}, "hedge": ["HO2", "CL1"]}
    assert document.line(("data",)) == 2
    assert document.line(("data", "files", 0)) == 4
    assert document.line(("data", "files", 1)) == 5
    assert document.position(("data", "every")) == (6, 3)
    assert document.position(("hedge", 1)) == (7, 14)


def test_line_of_a_key_that_is_absent_is_the_nearest_enclosing_one() -> None:
    document = read("a: 1\ndata:\n  every: W-FRI\n")
    assert document.line(("data", "start", "year")) == 2
    assert document.line(("nothing",)) == 1


@pytest.mark.parametrize(
    ("text", "where", "what"),
    [
        ("a: [1, 2\nb: 3\n", "line 2, column 2", "not valid YAML"),
        ("a: b: c\n", "line 1, column 5", "not valid YAML"),
        ("a: 'open\n", "line 2, column 1", "not valid YAML"),
        ('a: "\\UFFFFFFFF"\n', "study.yaml", "not valid YAML"),
        ("a: 1\nb:\n  c: 1\n  c: 2\n", "line 4, column 3", "key 'b.c' stands twice, first on line 3"),
        ("a: {x: 1, x: 2}\n", "line 1, column 11", "key 'a.x' stands twice"),
        ("a:\n\tb: 1\n", "line 2, column 1", "indent with spaces"),
        ("a: &x 1\n", "line 1, column 4", "&x: anchors and aliases are not accepted"),
        ("a: 1\nb: *x\n", "line 2, column 4", "*x: anchors and aliases are not accepted"),
        ("a: !!python/object:os.system {}\n", "line 1, column 4", "python/object:os.system is not accepted"),
        ("a: !!python/object/apply:os.system ['true']\n", "line 1, column 4", "is not accepted"),
        ("a: !!str 1\n", "line 1, column 4", "is not accepted"),
        ("- a\n- b\n", "line 1, column 1", "the top of a study must be `key: value` entries, but is a list"),
        ("only text\n", "line 1, column 1", "but is 'only text'"),
        ("1: a\n", "line 1, column 1", "a key must be text, but is 1"),
        ("a:\n  ? [1, 2]\n  : b\n", "line 2, column 5", "a key must be text, but is a list or mapping"),
        ("~: a\n", "line 1, column 1", "a key must be text"),
        ("a: 1\n---\nb: 2\n", "line 2, column 1", "a second document begins here"),
        ("%YAML 1.1\n---\na: 1\n", "line 2, column 1", "a study is YAML 1.2"),
        ("", "study.yaml", "is empty"),
        ("# only a comment\n", "study.yaml", "is empty"),
        ("a: 1\nb: x\0y\n", "line 2", "'\\x00' is not text"),
        ('a: "\\0"\n', "line 1, column 4", "not text"),
        ('a: "\\ud800"\n', "line 1, column 4", "not text"),
        (b"a: 1\nb: caf\xe9\n", "line 2", "byte 0xe9 is not UTF-8"),
        ("a: 1\n".encode("utf-16"), "line 1", "not UTF-8"),
    ],
)
def test_malformed_study_is_refused_with_its_place(text: str | bytes, where: str, what: str) -> None:
    sentence = refusal(text)
    assert sentence.startswith("study.yaml")
    assert where in sentence
    assert what in sentence
    assert "\n" not in sentence


def test_byte_order_mark_and_windows_line_ends_are_read() -> None:
    document = parse_yaml(b"\xef\xbb\xbfa: 1\r\nb: 2\r\n", "study.yaml")
    assert document.content == {"a": 1, "b": 2}
    assert document.line(("b",)) == 2


def test_alias_bomb_is_refused_before_it_expands() -> None:
    bomb = "a: &a [lol, lol]\n" + "".join(
        f"{k}: &{k} [*{j}, *{j}, *{j}]\n" for j, k in zip("abcdefgh", "bcdefghi", strict=True)
    )
    assert "line 1, column 4: &a: anchors and aliases are not accepted" in refusal(bomb)


@pytest.mark.parametrize("text", ["a: " + "[" * 20_000, "a: " + "{x: " * 20_000, "a:\n" + "- " * 20_000])
def test_nesting_20000_deep_is_refused_without_recursion_and_in_little_memory(text: str) -> None:
    tracemalloc.start()
    try:
        sentence = refusal(text)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert "at most 32 levels deep" in sentence
    assert peak < 20e6


def test_nesting_32_deep_is_read_and_33_deep_is_refused() -> None:
    assert read("a: " + "[" * 31 + "]" * 31).line(("a",)) == 1
    assert "at most 32 levels deep" in refusal("a: " + "[" * 32 + "]" * 32)


def test_node_limit_holds_while_reading(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hedgerow.study.yaml_file.MAX_NODES", 50)
    assert len(read("a: [" + "1," * 47 + "]").content["a"]) == 47
    assert "at most 50 values" in refusal("a: [" + "1," * 48 + "]")


def test_integer_of_too_many_digits_is_infinite_and_never_an_error() -> None:
    assert read("a: " + "9" * 5000).content["a"] == float("inf")


def test_file_is_read_and_named_as_the_user_named_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("jet.yaml").write_text("method: ols\n", encoding="utf-8")
    document = load_yaml("jet.yaml")
    assert (document.name, document.content) == ("jet.yaml", {"method": "ols"})


def test_missing_file_names_the_close_one(tmp_path: Path) -> None:
    (tmp_path / "jet_fuel.yaml").write_text("a: 1", encoding="utf-8")
    with pytest.raises(FileError, match=r"there is no such study file; did you mean 'jet_fuel\.yaml'\?"):
        load_yaml(tmp_path / "jetfuel.yaml")
    with pytest.raises(FileError, match="there is no such study file; check the path"):
        load_yaml(tmp_path / "nowhere" / "a.yaml")


def test_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileError, match="is a folder, not a study file"):
        load_yaml(tmp_path)


def test_file_over_one_megabyte_is_refused_and_one_at_the_limit_is_read(tmp_path: Path) -> None:
    path = tmp_path / "large.yaml"
    path.write_bytes(b"a: 1 #" + b"x" * (1_000_000 - 6))
    assert load_yaml(path).content == {"a": 1}
    path.write_bytes(b"a: 1 #" + b"x" * (1_000_000 - 5))
    with pytest.raises(StudyError, match="at most 1,000,000 bytes"):
        load_yaml(path)
