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
    "overlays": "How large a volatility hedge is: rules, triggers, shapes",
    "programmes": "What a volatility or tail hedge holds, and its market",
    "costs": "What trading costs",
    "scenarios": "Where paths come from",
    "engine": "The loop",
    "ledger": "The record",
    "limits": "Margin and cash",
    "compare": "Comparing methods and instruments",
    "effectiveness": "Did it work",
    "accounting": "Hedge accounting",
    "attribution": "Where the money came from",
    "report": "Figures and reports",
    "instruments": "What can be held, and books of it",
    "study": "Studies",
    "units": "Conversions",
    "errors": "Errors",
}


PRICING = (
    "price",
    "greeks",
    "implied_volatility",
    "volatility",
    "exercise_boundary",
    "fair_variance",
    "total_variance",
)
"""Functions of pricing modules that the page on models lists, where a module has them."""


def write_models(page: Path) -> None:
    """Write the page on the modules of ``hedgerow.pricing``, unless it already says the same."""
    from importlib import import_module

    from hedgerow.pricing.models import MODEL_NAMES

    lines = ["Pricing models", "==============", ""]
    for name in (*MODEL_NAMES, "variance_swap"):
        module = import_module(f"hedgerow.pricing.{name}")
        title = f"hedgerow.pricing.{name}"
        lines += [title, "-" * len(title), "", f".. automodule:: {title}", "   :no-members:", ""]
        for function in PRICING:
            if hasattr(module, function):
                lines += [f".. autofunction:: {title}.{function}", ""]
    lines += ["Records", "-------", "", ".. autoclass:: hedgerow.pricing.record.Greeks", ""]
    lines += [".. autoclass:: hedgerow.pricing.implied.ImpliedVolatility", ""]
    text = "\n".join(lines)
    page.parent.mkdir(parents=True, exist_ok=True)
    if not page.exists() or page.read_text(encoding="utf-8") != text:
        page.write_text(text, encoding="utf-8")


def folder_of(name: str) -> str:
    """Return the folder that defines a public name; a plain value is taken to belong to the one that lists it."""
    value = getattr(hedgerow, name)
    module = getattr(value, "__module__", None) if callable(value) else None
    if module is None:
        known = hedgerow.SOURCES
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
