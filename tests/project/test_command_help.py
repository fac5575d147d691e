"""The help texts in the documentation are those of the program."""

from __future__ import annotations

import importlib.metadata
import re
from pathlib import Path
from types import ModuleType

import pytest

from docs_scripts import script

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "command-line.md"

pytestmark = pytest.mark.skipif(
    importlib.util.find_spec("hedgerow.cli.main") is None, reason="the command line does not exist yet"
)


def writer() -> ModuleType:
    """Return the script that writes the page."""
    return script("write_command_help")


def drawn_by_the_newest_typer() -> bool:
    pinned = re.search(r"^typer==(\d+\.\d+)", (ROOT / "constraints" / "newest.txt").read_text("utf-8"), re.MULTILINE)
    return pinned is not None and importlib.metadata.version("typer").startswith(pinned[1])


needs_the_newest_typer = pytest.mark.skipif(
    not drawn_by_the_newest_typer(), reason="another typer draws the same help with other boxes"
)


@needs_the_newest_typer
def test_help_in_the_documentation_is_what_the_program_prints() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert page == writer().with_help(page), "run `make docs-help`"


@needs_the_newest_typer
def test_every_command_stands_in_the_documentation() -> None:
    help_page = writer()
    documented = set(help_page.commands(PAGE.read_text(encoding="utf-8")))
    help_page.ask(documented)
    assert help_page.subcommands(())
    assert set(help_page.subcommands(())) <= {words[0] for words in documented if words}
    for words in documented:
        assert {(*words, name) for name in help_page.subcommands(words)} <= documented
