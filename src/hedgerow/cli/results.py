"""Results on disk: report, JSON and tables of a study, all of them or none."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hedgerow.cli.console import csv_text, made_folder, require_place
from hedgerow.errors import FileError, HedgerowError

if TYPE_CHECKING:
    from hedgerow.study import AnyStudy, Outcome


@dataclass(frozen=True)
class Places:
    """Where a result is written: a folder of everything, a report, the report as Markdown."""

    out: str | None = None
    report: str | None = None
    markdown: str | None = None

    def __post_init__(self) -> None:
        """Refuse a place that could not be written, before the work whose result it is to hold; FileError."""
        require_place(self.report, "--report")
        require_place(self.markdown, "--markdown")
        if self.out is None:
            return
        if not self.out.strip() or "\0" in self.out:
            raise FileError(f"--out {self.out!r} is no folder name; name a folder, which is made where it is not there")
        if Path(self.out).exists() and not Path(self.out).is_dir():
            raise FileError(f"--out {self.out!r} is a file; name a folder, which is made where it is not there")


def write_results(
    outcome: Outcome, places: Places, inputs: Collection[Path] = (), *, markdown: bool = False
) -> tuple[Path, ...]:
    """Write what was asked for and return the paths: all files, or where one fails none.

    Parameters
    ----------
    outcome : Outcome
    places : Places
        The folder gets ``report.html``, ``result.json`` and the tables.
    inputs : collection of Path
        Files that were read, which nothing may overwrite.
    markdown : bool
        The folder gets ``report.md`` too.

    Raises
    ------
    FileError
        Where a folder cannot be made or written, or a result would overwrite what it was made of.
    """
    texts = _texts(outcome) if places.out else {}
    names = ("report.html", *texts, *(("report.md",) if markdown else ()))
    wanted = [Path(places.out) / name for name in names] if places.out else []
    wanted += [Path(name) for name in (places.report, places.markdown) if name]
    _refuse_overwriting(wanted, inputs)
    moves: list[tuple[Path, Path]] = []
    with _stage(places.out) as folder, _stage_beside(places.report) as page, _stage_beside(places.markdown) as plain:
        if folder is not None:
            moves.append((outcome.write_html(folder / "report.html"), Path(places.out or "") / "report.html"))
            if markdown:
                moves.append((_markdown(outcome, folder / "report.md"), Path(places.out or "") / "report.md"))
            for name, text in texts.items():
                (folder / name).write_text(text, encoding="utf-8", newline="\n")
                moves.append((folder / name, Path(places.out or "") / name))
        if page is not None:
            drawn = moves[0][0] if moves else outcome.write_html(page / "report.html")
            moves.append((Path(shutil.copyfile(drawn, page / "staged.html")), Path(places.report or "")))
        if plain is not None:
            moves.append((_markdown(outcome, plain / "staged.md"), Path(places.markdown or "")))
        for staged, target in moves:
            staged.replace(target)
    return tuple(target.resolve() for _, target in moves)


def files_of(study: AnyStudy, file: str | Path) -> set[Path]:
    """Return the study's own file and the files that it names."""
    folder, found = Path(file).parent, {Path(file)}
    waiting: list[Any] = [study.model_dump()]
    while waiting:
        each = waiting.pop()
        if isinstance(each, Mapping):
            waiting += each.values()
        elif isinstance(each, list | tuple):
            waiting += each
        elif isinstance(each, str) and len(each) < 300 and "\0" not in each and "\n" not in each:
            found |= {folder / each} if _is_file(folder / each) else set()
    return found


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:
        return False


def _texts(outcome: Outcome) -> dict[str, str]:
    texts = {"result.json": json.dumps(outcome.to_dict(), allow_nan=False, ensure_ascii=False, indent=2) + "\n"}
    return texts | {f"{name}.csv": csv_text(table) for name, table in outcome.tables().items()}


def _markdown(outcome: Any, path: Path) -> Path:
    written: Path = outcome.write_markdown(path)
    return written


def _refuse_overwriting(wanted: Collection[Path], inputs: Collection[Path]) -> None:
    read = {path.resolve() for path in inputs}
    lost = next((path for path in wanted if path.resolve() in read), None)
    if lost is not None:
        raise FileError(f"{lost} is what the result is made of and would be overwritten; choose another name or folder")


@contextmanager
def _stage(name: str | None) -> Iterator[Path | None]:
    """Yield a folder within a folder, which is made; where the work fails, what was made is taken away again."""
    if not name:
        yield None
        return
    folder = Path(name)
    new = [each for each in (folder, *folder.parents) if not each.exists()]
    made_folder(folder)
    try:
        with _staged(folder) as inside:
            yield inside
    except BaseException:
        for each in new:
            each.rmdir()
        raise


@contextmanager
def _stage_beside(name: str | None) -> Iterator[Path | None]:
    if not name:
        yield None
        return
    with _staged(Path(name).parent) as inside:
        yield inside


@contextmanager
def _staged(folder: Path) -> Iterator[Path]:
    try:
        with tempfile.TemporaryDirectory(prefix=".hedgerow-", dir=folder) as inside:
            yield Path(inside)
    except OSError as error:
        if isinstance(error, HedgerowError):
            raise
        reason = error.strerror or error
        raise FileError(f"cannot write into {folder}: {reason}; choose a folder that can be written") from error
