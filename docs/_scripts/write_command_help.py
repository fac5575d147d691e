"""Write each command's --help text into docs/command-line.md, between its two markers."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

PAGE = Path(__file__).resolve().parents[1] / "command-line.md"
SOURCE = Path(__file__).resolve().parents[2] / "src"
BLOCK = re.compile(r"<!-- help: hedgerow ?([\w -]*?) -->\n.*?<!-- help ends -->", re.DOTALL)
PROGRAM = """
import contextlib, io, json, sys
from hedgerow.cli.main import main

texts = []
for words in json.load(sys.stdin):
    sys.argv = ["hedgerow", *words, "--help"]
    with contextlib.redirect_stdout(io.StringIO()) as text, contextlib.suppress(SystemExit):
        main()
    texts.append(text.getvalue())
print(json.dumps(texts))
"""

_asked: dict[tuple[str, ...], str] = {}


def ask(wanted: Iterable[tuple[str, ...]]) -> None:
    """Keep what ``hedgerow WORDS --help`` prints for each of several commands, from one process."""
    new = [words for words in wanted if words not in _asked]
    if not new:
        return
    environment = {name: value for name, value in os.environ.items() if name not in {"GITHUB_ACTIONS", "FORCE_COLOR"}}
    environment |= {"COLUMNS": "100", "TERMINAL_WIDTH": "100", "NO_COLOR": "1", "TERM": "dumb", "PYTHONUTF8": "1"}
    environment |= {"PYTHONPATH": str(SOURCE)}
    run = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        input=json.dumps(new),
        env=environment,
        check=True,
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    _asked.update(zip(new, json.loads(run.stdout), strict=True))


def help_text(words: tuple[str, ...]) -> str:
    """Return what ``hedgerow WORDS --help`` prints on a terminal of 100 columns without colour."""
    ask([words])
    return "\n".join(line.rstrip() for line in _asked[words].splitlines()).strip("\n")


def subcommands(words: tuple[str, ...]) -> list[str]:
    """Return the commands that a command's help lists in its panels titled "Commands"."""
    panels = re.findall(r"^╭─ [^─\n]*Commands[^\n]*\n(.*?)^╰", help_text(words), re.MULTILINE | re.DOTALL)
    return re.findall(r"^│ ([a-z][\w-]*)", "\n".join(panels), re.MULTILINE)


def commands(page: str) -> list[tuple[str, ...]]:
    """Return the commands that the page has a block for."""
    return [tuple(match[1].split()) for match in BLOCK.finditer(page)]


def with_help(page: str) -> str:
    """Return the page with every block holding the present help text."""
    ask(commands(page))

    def block(match: re.Match[str]) -> str:
        words = match[1].split()
        name = " ".join(["hedgerow", *words])
        return f"<!-- help: {name} -->\n```text\n{help_text(tuple(words))}\n```\n<!-- help ends -->"

    return BLOCK.sub(block, page)


if __name__ == "__main__":
    from write_study_keys import write_study_keys

    write_study_keys()
    PAGE.write_text(with_help(PAGE.read_text(encoding="utf-8")), encoding="utf-8", newline="\n")
    print(f"wrote the help of {len(commands(PAGE.read_text(encoding='utf-8')))} commands into {PAGE.name}")
