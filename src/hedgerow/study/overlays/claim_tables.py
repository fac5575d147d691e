"""Claimed against measured, as a person reads it: no figure without data is left blank."""

from __future__ import annotations

from math import isfinite
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from hedgerow.report import MISSING, interval_text, number_text
from hedgerow.study.overlays.tables import unsigned_zeros

if TYPE_CHECKING:
    from hedgerow.study.overlays.run import OverlayStudyOutcome


def claims(outcome: OverlayStudyOutcome) -> pd.DataFrame:
    """Return the claims of the study; a figure of which the data have nothing says so."""
    return told_claims(outcome.claims, {claim.what for claim in outcome.study.claims if claim.measured is not None})


def usual_claims(table: pd.DataFrame) -> pd.DataFrame:
    """Return the usual claims as text: claimed, measured with its interval, whether both meet, and on what."""
    holds = [
        MISSING if value is None or pd.isna(value) else "within reach" if value else "no" for value in table["holds"]
    ]
    ends = zip(table["measured"], table["low"], table["high"], strict=True)
    found = {
        "claimed": table["claimed"].to_numpy(),
        "measured": [_measured(*each) for each in ends],
        "holds": holds,
        "what was measured": table["how"].to_numpy(),
        "sample": table["sample"].to_numpy(),
    }
    return pd.DataFrame(found, index=pd.Index(table["claim"], name="claim"))


def _measured(value: float, low: float, high: float) -> str:
    return unsigned_zeros(interval_text(value, low, high, ".2f")) if isfinite(value) else "no figure"


def told_claims(table: pd.DataFrame, asked: set[str]) -> pd.DataFrame:
    """Return claims as text: "no data" where a figure was asked for and the data have nothing to measure it."""
    found = table.copy()
    for column in ("claimed", "right arithmetic", "measured here"):
        found[column] = [number_text(float(value), _form(float(value))) for value in table[column]]
    nothing = [what in asked and not isfinite(value) for what, value in table["measured here"].items()]
    found["measured here"] = np.where(nothing, "no data", found["measured here"])
    if (found["right arithmetic"] == MISSING).all():
        found = found.drop(columns="right arithmetic")
    return found


def _form(value: float) -> str:
    return ",.0f" if abs(value) >= 1000.0 else ",.4g"
