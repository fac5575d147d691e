"""The words of a simulate study."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from hedgerow.study.hedging.words import DrawnWords, ExitWords


class SimulateStudy(ExitWords, DrawnWords):
    """What hedging a book costs and what risk it leaves, on many drawn paths."""

    kind: Literal["simulate"] = Field("simulate", description="What the study does: hedges a book on drawn paths.")
