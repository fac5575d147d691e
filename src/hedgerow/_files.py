"""Files written whole or not at all."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from hedgerow.errors import FileError


def write_whole(path: Path, text: str) -> None:
    """Write a text file so that a reader sees the old one or the whole new one, never half of one.

    Parameters
    ----------
    path : Path
        Its folder must exist.
    text : str
        Written as UTF-8 with the line ends it has.

    Raises
    ------
    FileError
        Where the folder is not there or cannot be written.
    """
    try:
        handle, beside = tempfile.mkstemp(prefix=".hedgerow-", dir=path.parent)
        try:
            with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as stream:
                stream.write(text)
            Path(beside).chmod(0o644)
            Path(beside).replace(path)
        except BaseException:
            Path(beside).unlink(missing_ok=True)
            raise
    except OSError as error:
        reason = error.strerror or error
        raise FileError(f"cannot write {path}: {reason}; choose a folder that exists and can be written") from error
