"""Claimed against measured: figures of others beside those of a study."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import pandas as pd

from hedgerow.errors import InputError, did_you_mean

if TYPE_CHECKING:
    from hedgerow.study.hedging.words import ClaimWords

COLUMNS = ("claimed", "right arithmetic", "measured here", "note")
MOST_NAMED = 12
"""Figures that a refusal names."""


def claim_table(claims: Sequence[ClaimWords], figures: Mapping[str, float]) -> pd.DataFrame:
    """Return each claim with its own arithmetic put right, and the figure of the study that answers it.

    Parameters
    ----------
    claims : sequence of ClaimWords
    figures : mapping of str to float
        Figures of the study by name.

    Returns
    -------
    DataFrame
        Index: what is claimed; ``claimed``, ``right arithmetic``, ``measured here`` (NaN where a claim has none),
        ``note``.

    Raises
    ------
    InputError
        Where a claim names a figure that the study has not.
    """
    rows = {}
    for claim in claims:
        if claim.measured is not None and claim.measured not in figures:
            hint = did_you_mean(claim.measured, figures)
            known = ", ".join(list(figures)[:MOST_NAMED])
            more = f" and {len(figures) - MOST_NAMED:,} more" if len(figures) > MOST_NAMED else ""
            raise InputError(f"claims: there is no figure {claim.measured!r}{hint} (this study has {known}{more})")
        measured = float("nan") if claim.measured is None else figures[claim.measured]
        right = float("nan") if claim.right is None else claim.right
        rows[claim.what] = dict(zip(COLUMNS, (claim.claimed, right, measured, claim.note), strict=True))
    return pd.DataFrame.from_dict(rows, orient="index", columns=list(COLUMNS)).rename_axis("claim")
