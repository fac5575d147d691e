"""The answer to "which policy should I use", with its reason, in one sentence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from hedgerow.compare.choice.edge import CLEAR
from hedgerow.compare.choice.objective import Objective
from hedgerow.compare.path_statistics import Figure

NAMED = 3
"""Policies that cannot be told from the best which are named; more are counted."""


def answer_of(objective: Objective, losses: Mapping[str, Figure], families: Mapping[str, str]) -> str:
    """Return which policy to use, what it reaches, and which others do as well or clearly worse.

    Parameters
    ----------
    objective : Objective
    losses : mapping of str to Figure
        By policy, on the same paths; small is good.
    families : mapping of str to str
        Family of each policy.

    Examples
    --------
    >>> import numpy as np
    >>> at = lambda value: Figure(value, np.array([-1.0, 1.0]))
    >>> answer_of(Objective(), {"daily": at(1.0), "weekly": at(2.0)}, {"daily": "interval", "weekly": "interval"})
    'Use daily: its mean cost + 1/2 x variance of 1 ± 1 is the lowest of 2 policies; weekly, next, is 1 ± 0 behind.'
    """
    ranked = sorted(losses, key=lambda name: losses[name].value)
    best = ranked[0]
    said = f"Use {best}: its {objective.formula} of {_reached(objective, losses[best])}"
    if len(ranked) == 1:
        return f"{said} stands alone, with nothing to compare."
    most = "lowest" if objective.aim == "risk" else "highest"
    said += f" is the {most} of {len(ranked)} policies"
    level = [name for name in ranked[1:] if _is_level(losses, name, best)]
    if level:
        return (
            f"{said}, but {_listed(level)} cannot be told from it on these paths{_told_apart(ranked, losses, level)}."
        )
    others = [name for name in ranked if families[name] != families[best]]
    said += f"; {ranked[1]}, next, is {_behind(losses, ranked[1], best)}"
    if others and others[0] != ranked[1]:
        said += f", and {others[0]}, the best of {families[others[0]]}, {_behind(losses, others[0], best)}"
    return f"{said}."


def _told_apart(ranked: Sequence[str], losses: Mapping[str, Figure], level: Sequence[str]) -> str:
    """Return what is said of the first policy that is clearly worse."""
    worse = [name for name in ranked[1:] if name not in level]
    if not worse:
        return ": none is clearly worse, so take the one that is simplest to run"
    return f"; {worse[0]} is {_behind(losses, worse[0], ranked[0])}"


def _is_level(losses: Mapping[str, Figure], name: str, best: str) -> bool:
    gap = losses[name].less(losses[best])
    return gap.value <= CLEAR * gap.standard_error


def _listed(names: Sequence[str]) -> str:
    if len(names) > NAMED:
        return f"{', '.join(names[:NAMED])} and {len(names) - NAMED} more"
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def _behind(losses: Mapping[str, Figure], name: str, best: str) -> str:
    gap = losses[name].less(losses[best])
    return f"{gap.value:.4g} ± {gap.standard_error:.2g} behind"


def _reached(objective: Objective, loss: Figure) -> str:
    return f"{objective.signed(loss.value):.4g} ± {loss.standard_error:.2g}"
