"""Every figure of a tail study under one name each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hedgerow.study.overlays.figures_by_name import comparison_figures, crisis_losses, market_figures

if TYPE_CHECKING:
    from hedgerow.study.tail.run import TailOutcome


def figures_of(outcome: TailOutcome) -> dict[str, float]:
    """Return figures by name, as :func:`hedgerow.study.overlays.figures_by_name.figures_of`.

    On top of them, after the hedge's name and a colon: ``cvar cut``, ``cvar cut per cost``, ``gain 20`` and
    ``convexity 20`` (sudden falls of 10, 20 and 30 %), and ``gain at NAME`` for every stress.
    """
    tail = outcome.tail
    found = market_figures(outcome.source.market) | crisis_losses(tail.comparison)
    found |= comparison_figures(tail.comparison)
    for hedge, row in tail.table().select_dtypes("number").iterrows():
        found |= {f"{hedge}: {str(name).replace('_', ' ')}": float(value) for name, value in row.items()}
    for each in tail.stress().to_dict(orient="records"):
        found[f"{each['hedge']}: gain at {each['shock']}"] = float(each["gain"])
    return found
