"""Files of prices as found on disk: there or not, text or not, in which encoding."""

from __future__ import annotations

import codecs
import io
from collections.abc import Iterator
from pathlib import Path

from hedgerow.errors import DataError, FileError, did_you_mean

_SAMPLE = 65_536
_BLOCK = 1 << 23
_LONGEST_RECORD = 1 << 26
_QUOTE = '"'
_KNOWN_BINARY = {
    b"PK\x03\x04": "is an Excel workbook or a zip archive",
    b"\xd0\xcf\x11\xe0": "is an old Excel workbook",
    b"\x1f\x8b": "is compressed with gzip",
    b"%PDF": "is a PDF document",
}


def existing_file(file: str | Path) -> Path:
    """Return the path of a readable, non-empty file, or say in one sentence why there is none.

    Raises
    ------
    FileError
        If it is absent (naming close names in that folder), a folder, empty, or may not be read.
    """
    path = Path(file)
    try:
        if path.is_dir():
            raise FileError(f"{path} is a folder; name a file in it{_some_tables(path)}")
        if not path.exists():
            shown = str(path) if str(path).isprintable() else repr(str(path))
            raise FileError(f"there is no file {shown}{_close_files(path)}")
        if not path.is_file():
            raise FileError(f"{path} is no ordinary file; name a CSV or Parquet file")
        with path.open("rb") as stream:
            start = stream.read(1)
    except FileError:
        raise
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise FileError(f"cannot read {str(path)!r}: {reason}; check its name and permissions") from error
    if not start:
        raise FileError(f"{path} is empty; it needs a line of column names and rows of prices")
    return path


def is_parquet(path: Path) -> bool:
    """Return whether a file begins like Parquet, or claims by its name to be."""
    with path.open("rb") as stream:
        return stream.read(4) == b"PAR1" or path.suffix.casefold() in (".parquet", ".pq")


def text_encoding(path: Path) -> str:
    """Return the encoding of a text file: by its mark, else UTF-8, else Windows-1252.

    Raises
    ------
    DataError
        If the file holds bytes that no text has; NUL bytes are named with their line.
    """
    with path.open("rb") as stream:
        start = stream.read(_SAMPLE)
    for magic, what in _KNOWN_BINARY.items():
        if start.startswith(magic):
            raise DataError(f"{path} {what}, not a CSV file; save the table as CSV or Parquet")
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    odd, even = start[1::2].count(0), start[::2].count(0)
    if max(odd, even) > len(start) // 4 and min(odd, even) == 0:
        return "utf-16-le" if odd else "utf-16-be"
    controls = sum(start.count(bytes([code])) for code in range(32) if code not in (0, 9, 10, 11, 12, 13, 26))
    if controls > 8 or start.count(0) > len(start) // 8:
        raise DataError(f"{path} is not a text file; save the table as CSV or Parquet")
    return _eight_bit_encoding(path)


def _eight_bit_encoding(path: Path) -> str:
    decoder = codecs.getincrementaldecoder("utf-8")()
    line, is_utf8 = 1, True
    with path.open("rb") as stream:
        while block := stream.read(_BLOCK):
            if b"\0" in block:
                at = line + block[: block.index(b"\0")].count(b"\n")
                raise DataError(f"line {at} of {path} holds a NUL byte, which no text has; export the table again")
            line += block.count(b"\n")
            try:
                decoder.decode(block)
            except UnicodeDecodeError:
                is_utf8 = False
    return "utf-8-sig" if is_utf8 else "cp1252"


def line_blocks(path: Path, encoding: str) -> Iterator[str]:
    r"""Yield the text of a file in blocks of whole records, every line end made ``\n``.

    A block never ends inside quotes, so that a quoted cell may hold line ends.
    """
    rest = ""
    with path.open(encoding=encoding, errors="replace", newline=None) as stream:
        while block := stream.read(_BLOCK):
            text = rest + block
            cut = text.rfind("\n") + 1
            if cut == 0 or (_QUOTE in text and text.count(_QUOTE, 0, cut) % 2):
                if len(text) > _LONGEST_RECORD:
                    raise DataError(f"{path} has a line or a quoted cell without end; check its quotes")
                rest = text
                continue
            rest = text[cut:]
            yield text[:cut]
    if rest:
        yield rest


def first_lines(path: Path, encoding: str) -> str:
    """Return the beginning of a file, enough to see its columns."""
    with path.open(encoding=encoding, errors="replace", newline=None) as stream:
        text = stream.read(_SAMPLE * 4)
    whole = text.rfind("\n") + 1
    return text[:whole] if whole and len(text) == _SAMPLE * 4 else text


def as_stream(text: str) -> io.StringIO:
    """Return text as a stream that keeps its line ends."""
    return io.StringIO(text, newline="")


def _close_files(path: Path) -> str:
    folder = path.parent
    if not folder.is_dir():
        return f" and no folder {folder}; check the path"
    names = [entry.name for entry in folder.iterdir()]
    return did_you_mean(path.name, names) or f"; check the path (folder: {folder.resolve()})"


def _some_tables(folder: Path) -> str:
    tables = sorted(entry.name for entry in folder.iterdir() if entry.suffix.casefold() in (".csv", ".parquet", ".pq"))
    more = f" and {len(tables) - 5} more" if len(tables) > 5 else ""
    return f" ({', '.join(tables[:5])}{more})" if tables else ""
