"""Results on disk: report, JSON and tables of a study, each file whole or not there."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from hedgerow._files import write_whole
from hedgerow.cli.console import csv_text, made_folder

if TYPE_CHECKING:
    from hedgerow.study import Outcome


def write_results(outcome: Outcome, folder: Path) -> tuple[Path, ...]:
    """Write ``report.html``, ``result.json`` and the study's tables; return their paths.

    Raises
    ------
    FileError
        Where the folder cannot be made or written.
    """
    made_folder(folder)
    written = [outcome.write_html(folder / "report.html")]
    texts = {"result.json": json.dumps(outcome.to_dict(), allow_nan=False, ensure_ascii=False, indent=2) + "\n"}
    texts |= {f"{name}.csv": csv_text(table) for name, table in outcome.tables().items()}
    for name, text in texts.items():
        write_whole(folder / name, text)
        written.append(folder / name)
    return tuple(path.resolve() for path in written)
