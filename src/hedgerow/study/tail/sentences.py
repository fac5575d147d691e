"""What a tail study says in words, made of its figures alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from hedgerow.study.overlays.sentences import breached, missing_crises
from hedgerow.study.overlays.tables import unsigned_zeros

if TYPE_CHECKING:
    from hedgerow.compare.overlays.tail import TailComparison
    from hedgerow.study.overlays.market import StudyMarket
    from hedgerow.study.tail.run import TailOutcome

UNEVEN = 0.5
"""Share of the mean size below which the median one is far from even: a budget that the first weeks use up."""
BEST = {
    "convexity_20": ("a sudden fall of 20 % pays most for what it bleeds with {name}, {value:.1f} years of it", 1.0),
    "cvar_cut_per_cost": ("CVaR is cut most for the cost with {name}", 1.0),
    "offset": ("{name} offset most of the losses in the crises of the data, {value:.1f} %", 100.0),
}
"""Figure to the words about its best hedge, and what the figure is multiplied by in them."""


def verdict(outcome: TailOutcome) -> str:
    """Return one sentence on the best hedge by each measure that the data allow."""
    table = outcome.tail.table().loc[list(outcome.tail.hedges)]
    said = []
    for column, (words, factor) in BEST.items():
        values = table[column].dropna()
        if len(values) and float(values.max()) > 0.0:
            said.append(words.format(name=values.idxmax(), value=factor * float(values.max())))
    if not said:
        return "No hedge paid in a crisis or cut the worst days: by these data none is worth its cost."
    joined = "; ".join(said)
    starts_with_name = any(joined.startswith(name) for name in outcome.tail.hedges)
    return f"{joined if starts_with_name else joined[0].upper() + joined[1:]}."


def in_words(tail: TailComparison) -> pd.DataFrame:
    """Return the sentence of every hedge."""
    said = tail.verdict()
    rows = {name: unsigned_zeros(said[place].removeprefix(name).strip()) for place, name in enumerate(tail.hedges)}
    return pd.DataFrame(
        {"what it did": {name: f"{text[:1].upper()}{text[1:]}" for name, text in rows.items()}}
    ).rename_axis("hedge")


def _held_unevenly(name: str, tail: TailComparison) -> list[str]:
    """Return a sentence where the budget is used up early each year, and little is held for the rest of it."""
    result = tail.comparison.results[name]
    if tail.budget is None or len(result.parts) > 1:
        return []
    held = result.held.to_numpy()
    mean, median = float(held.mean()), float(np.median(held))
    if not median < UNEVEN * mean:
        return []
    return [
        f"{name}: its full size does not fit the budget, so that it is held unevenly: {mean:.1%} of it on average, and "
        f"at most {median:.1%} on half of the days; make the hedge itself smaller, options by premium_budget"
    ]


def warnings_of(source: StudyMarket, tail: TailComparison) -> tuple[str, ...]:
    """Return what to beware of: what was left out, assumed and modelled, breaches, and what cannot be repriced."""
    payoffs = tail.payoffs()
    refused = payoffs[payoffs["gain"].isna()].drop_duplicates("hedge")
    return tuple(
        dict.fromkeys(
            (
                *source.notes,
                *(f"{clause[:1].upper()}{clause[1:]}" for clause in tail.comparison.stated),
                *(said for name in tail.hedges for said in breached(name, tail.comparison.results[name])),
                *(said for name in tail.hedges for said in _held_unevenly(name, tail)),
                *(f"{row['hedge']}: no figure for sudden falls: {row['status']}" for _, row in refused.iterrows()),
                *missing_crises(tail.comparison),
            )
        )
    )
