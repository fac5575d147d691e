"""Write the page that lists every public name, grouped by the folder that defines it."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

import hedgerow

TITLES = {
    "market": "What is known and when",
    "ratios": "Hedge ratios",
    "hedgers": "What to hold",
    "policies": "When to trade",
    "costs": "What trading costs",
    "engine": "The loop",
    "ledger": "The record",
    "compare": "Comparing methods and instruments",
    "effectiveness": "Did it work",
    "attribution": "Where the money came from",
    "report": "Figures and reports",
    "study": "Studies",
    "units": "Conversions",
    "errors": "Errors",
}


def folder_of(name: str) -> str:
    """Return the folder that defines a public name; a plain value is taken to belong to the one that lists it."""
    value = getattr(hedgerow, name)
    module = getattr(value, "__module__", None) if callable(value) else None
    if module is None:
        known = getattr(hedgerow, "_SOURCES", {})
        module = known.get(name, "hedgerow.values")
    return module.split(".")[1]


def write_reference(page: Path) -> None:
    """Write the page, unless it already says the same."""
    groups: dict[str, list[str]] = defaultdict(list)
    for name in getattr(hedgerow, "__all__", ()):
        if not name.startswith("__"):
            groups[folder_of(name)].append(name)
    order = [*TITLES, *sorted(set(groups) - set(TITLES))]
    lines = ["Public names", "============", "", ".. currentmodule:: hedgerow", ""]
    for folder in filter(groups.__contains__, order):
        title = TITLES.get(folder, folder.capitalize())
        lines += [title, "-" * len(title), "", ".. autosummary::", "   :toctree:", ""]
        lines += [f"   {name}" for name in sorted(groups[folder])] + [""]
    text = "\n".join(lines)
    page.parent.mkdir(parents=True, exist_ok=True)
    if not page.exists() or page.read_text(encoding="utf-8") != text:
        page.write_text(text, encoding="utf-8")
