"""Study files: YAML 1.2 read into plain Python values, with the line of every key.

The file is read as a stream of events and built here without recursion, so the limits on size, depth and number of
nodes hold *while* reading: a hostile file is refused before it costs memory. Scalars follow the core schema of YAML 1.2
(https://yaml.org/spec/1.2.2, section 10.3): ``NO`` and ``on`` are text, ``010`` is ten, ``1e3`` is a thousand, times
and dates are text. Tags, anchors and aliases are refused: a study has no need of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NoReturn

from hedgerow.errors import FileError, StudyError, did_you_mean

__all__ = ["Document", "KeyPath", "dotted", "load_yaml", "parse_yaml", "shortened"]

MAX_BYTES = 1_000_000
MAX_DEPTH = 32
MAX_NODES = 100_000

KeyPath = tuple[str | int, ...]

_INTEGER = re.compile(r"[-+]?[0-9]{1,400}")
_BASED = re.compile(r"0o[0-7]{1,400}|0x[0-9a-fA-F]{1,400}")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_SPECIAL: dict[str, Any] = dict.fromkeys(("", "~", "null", "Null", "NULL"))
_SPECIAL |= dict.fromkeys(("true", "True", "TRUE"), True) | dict.fromkeys(("false", "False", "FALSE"), False)
_SPECIAL |= dict.fromkeys((".nan", ".NaN", ".NAN"), float("nan"))
_SPECIAL |= {sign + word: float(sign + "inf") for sign in ("", "+", "-") for word in (".inf", ".Inf", ".INF")}


@dataclass(frozen=True)
class Document:
    """A study file as plain values that remember where they stand.

    Parameters
    ----------
    name
        The file's name as the user gave it; it opens every message.
    content
        Mappings, lists, text, numbers, booleans and ``None``.
    positions
        Key path to (line, column), both counted from 1; for a mapping's entry the position of its key.
    """

    name: str
    content: dict[str, Any]
    positions: dict[KeyPath, tuple[int, int]] = field(repr=False)

    def position(self, path: KeyPath) -> tuple[int, int]:
        """Return line and column of ``path``, or of the nearest enclosing key where it is not in the file."""
        while path not in self.positions:
            path = path[:-1]
        return self.positions[path]

    def line(self, path: KeyPath) -> int:
        """Return the line of ``path``, counted from 1, or of the nearest enclosing key."""
        return self.position(path)[0]


def load_yaml(path: str | Path) -> Document:
    """Read one study file.

    Parameters
    ----------
    path
        A file of at most 1 MB in UTF-8 whose top is a mapping.

    Returns
    -------
    Document
        The values and their positions.

    Raises
    ------
    FileError
        The file is missing, is a folder or cannot be read.
    StudyError
        The content is not a study: malformed, too large, too deep, a key twice, a tag, an anchor, not text.
    """
    name = str(path)
    try:
        with Path(path).open("rb") as file:
            raw = file.read(MAX_BYTES + 1)
    except FileNotFoundError:
        raise FileError(f"{name}: there is no such study file{_neighbours(Path(path))}") from None
    except IsADirectoryError:
        raise FileError(f"{name} is a folder, not a study file; name the YAML file inside it") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise FileError(f"{name}: the study file cannot be read ({reason})") from error
    if len(raw) > MAX_BYTES:
        raise StudyError(
            f"{name}: a study file may hold at most {MAX_BYTES:,} bytes; keep prices in files of their own"
        )
    return parse_yaml(raw, name)


def parse_yaml(raw: bytes, name: str) -> Document:
    """Read the bytes of a study file called ``name``; errors as in `load_yaml`."""
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        message = f"{name}, line {line}: byte 0x{raw[error.start]:02x} is not UTF-8; save the file with UTF-8 encoding"
        raise StudyError(message) from None
    unprintable = re.search(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]", text)
    if unprintable:
        line = text.count("\n", 0, unprintable.start()) + 1
        raise StudyError(f"{name}, line {line}: character {unprintable[0]!r} is not text; remove it")
    return _Builder(name).build(text)


def _neighbours(path: Path) -> str:
    """Return the study files beside a missing one whose names are close."""
    try:
        beside = [entry.name for entry in path.parent.iterdir() if entry.suffix in {".yaml", ".yml"}]
    except OSError:
        return "; check the path"
    return did_you_mean(path.name, beside) or "; check the path"


def _scalar(text: str) -> Any:
    """Return the value of an unquoted scalar under the core schema of YAML 1.2; what it does not know is text."""
    if text in _SPECIAL:
        return _SPECIAL[text]
    if _INTEGER.fullmatch(text):
        return int(text)
    if _BASED.fullmatch(text):
        return int(text[2:], 8 if text[1] == "o" else 16)
    return float(text) if _FLOAT.fullmatch(text) else text


@dataclass
class _Open:
    """A mapping or list whose end has not been read yet."""

    path: KeyPath
    values: dict[str, Any] | list[Any]
    key: str | None = None  # a mapping's key that waits for its value

    def next_path(self) -> KeyPath:
        return (*self.path, len(self.values) if isinstance(self.values, list) else self.key or "")

    def put(self, value: Any) -> None:
        if isinstance(self.values, list):
            self.values.append(value)
        else:
            self.values[self.key or ""] = value
            self.key = None


class _Builder:
    """Builds one document from the parser's events, with a stack of its own."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.positions: dict[KeyPath, tuple[int, int]] = {}
        self.stack: list[_Open] = []
        self.top: Any = None
        self.nodes = 0

    def build(self, text: str) -> Document:
        for event in self._events(text):
            self._take(event)
        if self.nodes == 0:
            raise StudyError(f"{self.name}: the study file is empty; `hedgerow schema` prints what it may hold")
        if not isinstance(self.top, dict):
            received = "a list" if isinstance(self.top, list) else repr(self.top)
            line, column = self.positions[()]
            self._refuse(line, column, f"the top of a study must be `key: value` entries, but is {shortened(received)}")
        return Document(self.name, self.top, self.positions)

    def _events(self, text: str) -> Iterator[Any]:
        from ruamel.yaml import YAML
        from ruamel.yaml.error import YAMLError

        try:
            yield from YAML(typ="safe", pure=True).parse(text)
        except YAMLError as error:
            mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
            problem = " ".join(str(getattr(error, "problem", None) or error).split())
            if r"'\t'" in problem:
                problem = "a tab stands where YAML allows only spaces; indent with spaces"
            self._refuse(mark.line + 1 if mark else 1, mark.column + 1 if mark else 1, f"not valid YAML: {problem}")
        except (ValueError, OverflowError) as error:
            raise StudyError(f"{self.name}: not valid YAML: {error}; check the escapes in quoted text") from error

    def _take(self, event: Any) -> None:
        kind = type(event).__name__.removesuffix("Event")
        line, column = event.start_mark.line + 1, event.start_mark.column + 1
        if kind == "DocumentStart":
            self._open_document(event, line, column)
        elif kind == "Alias" or getattr(event, "anchor", None) is not None:
            sign = "*" if kind == "Alias" else "&"
            self._refuse(line, column, f"{sign}{event.anchor}: anchors and aliases are not accepted; repeat the value")
        elif kind in {"Scalar", "MappingStart", "SequenceStart"}:
            self._node(kind, event, line, column)
        elif kind in {"MappingEnd", "SequenceEnd"}:
            self._put(self.stack.pop().values)

    def _open_document(self, event: Any, line: int, column: int) -> None:
        if self.nodes:
            self._refuse(line, column, "a second document begins here; a study file holds one")
        if event.version not in (None, (1, 2)):
            self._refuse(line, column, "a study is YAML 1.2; remove the %YAML directive")

    def _node(self, kind: str, event: Any, line: int, column: int) -> None:
        self.nodes += 1
        if self.nodes > MAX_NODES:
            self._refuse(
                line, column, f"a study may hold at most {MAX_NODES:,} values; keep prices in files of their own"
            )
        if event.tag is not None:
            self._refuse(line, column, f"tag {shortened(event.tag)} is not accepted; write the plain value")
        holder = self.stack[-1] if self.stack else None
        if holder is not None and isinstance(holder.values, dict) and holder.key is None:
            self._key(holder, kind, event, line, column)
            return
        path = holder.next_path() if holder else ()
        self.positions.setdefault(path, (line, column))
        if kind == "Scalar":
            self._put(self._value(event, line, column))
            return
        if len(self.stack) >= MAX_DEPTH:
            self._refuse(line, column, f"a study may nest at most {MAX_DEPTH} levels deep")
        self.stack.append(_Open(path, {} if kind == "MappingStart" else []))

    def _key(self, holder: _Open, kind: str, event: Any, line: int, column: int) -> None:
        key = self._value(event, line, column) if kind == "Scalar" else None
        if not isinstance(key, str):
            received = shortened(event.value) if kind == "Scalar" else "a list or mapping"
            self._refuse(line, column, f"a key must be text, but is {received}; put quotes round it if it is text")
        path = (*holder.path, key)
        if path in self.positions:
            first = self.positions[path][0]
            self._refuse(line, column, f"key {dotted(path)!r} stands twice, first on line {first}; keep one of them")
        self.positions[path] = (line, column)
        holder.key = key

    def _value(self, event: Any, line: int, column: int) -> Any:
        value = _scalar(event.value) if event.implicit[0] else event.value
        if isinstance(value, str) and re.search("[\x00\ud800-\udfff]", value):
            self._refuse(line, column, f"{shortened(ascii(value))} holds a character that is not text; remove it")
        return value

    def _put(self, value: Any) -> None:
        if self.stack:
            self.stack[-1].put(value)
        else:
            self.top = value

    def _refuse(self, line: int, column: int, sentence: str) -> NoReturn:
        raise StudyError(f"{self.name}, line {line}, column {column}: {sentence}") from None


def dotted(path: KeyPath) -> str:
    """Return a key path as a person writes it: ``data.files[0]``."""
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path).removeprefix(".")


def shortened(text: str, width: int = 80) -> str:
    """Return text cut to a width that fits in a message."""
    return text if len(text) <= width else text[: width - 1] + "…"
