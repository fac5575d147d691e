"""Plotly figures in pages that open without a network: one copy of plotly.js beside the pages, no upload button."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import plotly.io as pio
from plotly.io.base_renderers import MimetypeRenderer
from plotly.offline import get_plotlyjs

SCRIPT = "plotly.min.js"


class OfflineRenderer(MimetypeRenderer):
    """Renders a figure as a piece of a page; ``static`` is where the script lies, as seen from that page."""

    def __init__(self, static: str) -> None:
        self.static = static

    def to_mimebundle(self, fig_dict: Any) -> dict[str, str]:
        html = pio.to_html(
            fig_dict,
            config={"showSendToCloud": False, "displaylogo": False, "responsive": True},
            include_plotlyjs=f"{self.static}/{SCRIPT}",
            include_mathjax=False,
            full_html=False,
            default_width="100%",
            default_height=420,
            validate=False,
        )
        return {"text/html": html}


def use_offline_figures(static: str = "../_static") -> None:
    """Show figures this way from here on; for the process that builds the documentation and its notebooks.

    A page at the root gives ``_static``; the default is for those one folder below.
    """
    pio.renderers["offline"] = OfflineRenderer(static)
    pio.renderers.default = "offline"


def write_script(folder: Path) -> Path:
    """Write plotly.js into a folder of static files, unless it is there; return the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    script, text = folder / SCRIPT, get_plotlyjs()
    if not script.exists() or script.stat().st_size != len(text.encode()):
        script.write_text(text, encoding="utf-8")
    return folder
