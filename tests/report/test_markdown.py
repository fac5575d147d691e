"""Reports as Markdown: the same content, nothing taken for markup, no trace of when it was written."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from hedgerow.errors import FileError
from hedgerow.report import Picture, Report, Table, render_markdown, write_markdown
from hedgerow.report.markdown import markdown_text
from hedgerow.report.style import new_figure


def report(**words: object) -> Report:
    frame = pd.DataFrame({"value": [0.5, None], "text": ["a|b", ""]}, index=pd.Index(["one", "two"], name="name"))
    picture = Picture("Line", new_figure("", "x", "y"), "As drawn.")
    given: dict[str, object] = {
        "title": "T <b>", "subtitle": "", "verdict": "All [well](x).", "facts": {"Rows": "3"}, "notes": ("Beware *.",),
        "blocks": (Table("Figures", frame, "A note.", {"value": ".1%"}), picture),
    }  # fmt: skip
    return Report(**(given | words))  # type: ignore[arg-type]


def test_everything_stands_in_the_text_and_markup_is_only_text() -> None:
    text = render_markdown(report())
    assert text.startswith("# T \\<b\\>\n\n**All \\[well\\](x).**\n")
    assert "* Beware \\*." in text
    assert "| Rows | 3 |" in text
    assert "| name | value | text |\n| --- | --- | --- |\n| one | 50.0% | a\\|b |\n| two | – |   |" in text
    assert "## Line\n\n*Figure in the HTML document.* As drawn." in text
    assert text.endswith("\n")
    assert text == render_markdown(report())


def test_parts_that_are_empty_leave_no_heading() -> None:
    assert render_markdown(report(facts={}, notes=(), blocks=())) == "# T \\<b\\>\n\n**All \\[well\\](x).**\n"


def test_text_of_several_lines_stays_in_its_cell() -> None:
    assert markdown_text("a\n| b\x1b[31m") == "a \\| b\ufffd\\[31m"


def test_file_is_written_whole_or_refused(tmp_path: Path) -> None:
    path = write_markdown(report(), tmp_path / "r.md")
    assert path.read_text("utf-8") == render_markdown(report())
    with pytest.raises(FileError):
        write_markdown(report(), tmp_path / "none" / "r.md")
