"""How the documentation is built; `make docs` runs it with warnings as errors."""

from __future__ import annotations

import inspect
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE / "_scripts"))

from offline_figures import use_offline_figures, write_script  # noqa: E402
from pydantic import BaseModel  # noqa: E402
from write_reference import write_models, write_reference  # noqa: E402

import hedgerow  # noqa: E402

use_offline_figures()
write_script(HERE / "_build" / "static")
write_reference(HERE / "reference" / "generated" / "names.rst")
write_models(HERE / "reference" / "generated" / "models.rst")

project = "Hedgerow"
author = "The Hedgerow developers"
copyright = author
version = release = hedgerow.__version__

extensions = [
    "sphinx.ext.autodoc",
    "sphinx.ext.autosummary",
    "numpydoc",
    "myst_nb",
    "sphinx_gallery.gen_gallery",
]
exclude_patterns = ["_build", "_scripts", "_templates", "gallery/*.ipynb", "gallery/*.py", "sg_execution_times.rst"]
templates_path = ["_templates"]
root_doc = "index"

# Reference: one page per public name, its own members only.
autosummary_generate = True
autodoc_typehints = "none"
autodoc_member_order = "bysource"
numpydoc_show_class_members = False
numpydoc_class_members_toctree = False

# Pages with code cells are executed, and a cell that fails fails the build.
myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 3
nb_execution_mode = "cache"
nb_execution_timeout = 60
nb_execution_raise_on_error = True
nb_execution_cache_path = str(HERE / "_build" / "jupyter_cache")

# Examples are executed too; what they return as HTML (tables, Plotly figures) is shown, no picture is scraped.
# This is their test: one that fails, warns or needs more than the core fails the build.
sphinx_gallery_conf = {
    "examples_dirs": ["../examples"],
    "gallery_dirs": ["gallery"],
    "within_subsection_order": "FileNameSortKey",
    "image_scrapers": (),
    "reset_modules": ("strict_examples.run_strictly",),
    "reset_modules_order": "both",
    "capture_repr": ("_repr_html_", "__repr__"),
    "download_all_examples": False,
    "remove_config_comments": True,
    "abort_on_example_error": True,
    "show_memory": False,
    "write_computation_times": False,
}

html_theme = "pydata_sphinx_theme"
html_title = f"Hedgerow {version}"
html_static_path = ["_static", "_build/static"]
html_css_files = ["hedgerow.css"]
html_show_sourcelink = False
# A page without pages below it needs no side bar.
html_sidebars = {page.stem: [] for page in HERE.glob("*.md")} | {"tutorials/*": []}
html_theme_options = {
    "navigation_with_keys": False,
    "secondary_sidebar_items": ["page-toc"],
    "footer_start": ["copyright"],
    "footer_end": [],
}


def add_study_keys(app, what, name, value, options, lines):
    """Append a study model's keys to its page in the reference, from the descriptions that the schema has too."""
    if not (inspect.isclass(value) and issubclass(value, BaseModel)):
        return
    lines += ["", "Attributes", "----------"]
    for key, field in value.model_fields.items():
        default = "needed" if field.is_required() else f"default {field.default!r}"
        shown = default if len(default) < 60 else "optional"
        lines += [f"{key} : {shown}", f"    {field.description}"]
    lines += [""]


def shorten_study_signature(app, what, name, value, options, signature, returned):
    """Replace the signature of a study model, which would repeat every rule of every key, by what a person writes."""
    if inspect.isclass(value) and issubclass(value, BaseModel):
        return "(**keys)", None
    return None


def setup(app):
    app.connect("autodoc-process-docstring", add_study_keys, priority=100)  # before numpydoc reads the sections
    app.connect("autodoc-process-signature", shorten_study_signature)
