"""Tables of what stands beside the rules: keys chosen walk-forward, and the use of a budget that hedges share."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from hedgerow.report import number_text
from hedgerow.study.overlays.tables import COSTS, PROTECTION, shown, unsigned_zeros

if TYPE_CHECKING:
    from hedgerow.compare.overlays.choice import OverlayChoice
    from hedgerow.study.overlays.run import OverlayStudyOutcome


def chosen(choice: OverlayChoice) -> dict[str, pd.DataFrame]:
    """Return figures, choices and doubts of a rule whose keys were chosen walk-forward, as text with samples."""
    table = choice.table()
    figures = {
        name: (COSTS | PROTECTION)[name] for name in ("cost_per_year", "mean_multiplier", "offset", "cvar", "sharpe")
    }
    dated = choice.chosen.drop(columns="sample")
    picked = pd.DataFrame({str(name): [_said(value) for value in dated[name]] for name in dated.columns})
    flags_found = choice.red_flags()
    judged = flags_found[[value is not None and not pd.isna(value) for value in flags_found["raised"]]]
    return {
        "figures": shown(table, figures).assign(sample=table["sample"].to_numpy()),
        "choices": picked.set_axis(pd.Index([f"{date:%Y-%m-%d}" for date in dated.index], name="date"), axis=0),
        "doubts": pd.DataFrame(
            {
                "raised": np.where(judged["raised"].astype(bool), "yes", "no"),
                "what was found": [unsigned_zeros(said) for said in judged["sentence"]],
                "sample": judged["sample"].to_numpy(),
            },
            index=pd.Index(judged["flag"].str.replace("_", " ").to_numpy(), name="flag"),
        ),
    }


def _said(value: object) -> str:
    return number_text(value) if not isinstance(value, str) else value


def use_of_budget(outcome: OverlayStudyOutcome) -> dict[str, pd.DataFrame]:
    """Return what several hedges at once used of their budget by calendar year, money, by the name of their row."""
    bound = [words.name for words in outcome.study.together if words.budget is not None]
    return {name: outcome.together[name].budget_use for name in bound}
