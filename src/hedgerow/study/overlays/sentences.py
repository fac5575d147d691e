"""What an overlay study says in words, made of its figures alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from hedgerow.overlays.triggers import TIE
from hedgerow.study.overlays.tables import unsigned_zeros

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hedgerow.compare.overlays.comparison import OverlayComparison
    from hedgerow.engine.overlay import OverlayResult
    from hedgerow.overlays import Signals
    from hedgerow.study.overlays.run import OverlayStudyOutcome


def verdict(outcome: OverlayStudyOutcome) -> str:
    """Return one sentence: which rules beat the static hedge of their own mean size, and which beat holding less."""
    comparison = outcome.comparison
    if comparison.judging.bootstrap is None or not outcome.study.judging.rivals:
        return comparison.verdict()[0]
    from hedgerow.compare.overlays.rivals import HOLDING_LESS, SAME_MEAN

    words = comparison.rivals()
    words = words[words["figure"] == "all"].pivot(index="plan", columns="rival", values="word")
    first_date, last_date = comparison.period.all_dates[[0, -1]]
    years = f"{first_date:%Y}" if first_date.year == last_date.year else f"{first_date:%Y} to {last_date:%Y}"
    span = f"{years}, after costs"
    same, less = (_of_rules(words[rival], list(comparison.plans)) for rival in (SAME_MEAN, HOLDING_LESS))
    rivals = ("the static hedge of the same mean size", "simply holding less of the portfolio")
    if same == less:
        joined = f"{same} {' or '.join(rivals) if 'not' in same or 'none' in same else ' and '.join(rivals)}"
    else:
        joined = f"{same} {rivals[0]}, and {less} {rivals[1]}"
    starts_with_name = any(joined.startswith(name) for name in comparison.plans)
    return f"{joined if starts_with_name else joined[0].upper() + joined[1:]}, {span}."


def _of_rules(words: pd.Series, rules: Sequence[str]) -> str:
    """Return who beats a rival: ``none of the 3 rules beats``, ``only VIX linear beats``, ``all 2 rules beat``."""
    winners = [name for name in rules if words[name] == "beats"]
    unknown = [name for name in rules if words[name] not in ("beats", "does not beat")]
    count = len(rules)
    if winners and len(winners) < count:
        return f"only {_and(winners)} {'beats' if len(winners) == 1 else 'beat'}"
    if count == 1:
        name = rules[0]
        return f"{name} beats" if winners else f"chance cannot tell {name} from" if unknown else f"{name} does not beat"
    if winners:
        return f"all {count} rules beat"
    return (
        f"chance cannot tell any of the {count} rules from"
        if len(unknown) == count
        else f"none of the {count} rules beats"
    )


def _and(names: Sequence[str]) -> str:
    return " and ".join(part for part in (", ".join(names[:-1]), names[-1]) if part)


def by_rule(comparison: OverlayComparison) -> pd.DataFrame:
    """Return the two sentences of every rule: against the static hedge, and against holding less."""
    said = comparison.verdict()
    rows = {
        name: {
            "against the static hedge": _after(name, said[2 * place]),
            "against holding less": _after(name, said[2 * place + 1]),
        }
        for place, name in enumerate(comparison.plans)
    }
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("rule")


def _after(name: str, sentence: str) -> str:
    words = unsigned_zeros(sentence.removeprefix(name).lstrip(": "))
    return f"{words[:1].upper()}{words[1:]}"


def warnings_of(outcome: OverlayStudyOutcome, signals: Signals | None) -> tuple[str, ...]:
    """Return what to beware of: what was left out, assumed and modelled, breaches, and signals that never fired."""
    comparison = outcome.comparison
    dropped = 0 if signals is None else signals.dropped
    further = (f"{dropped:,} rows lack a further signal or precede its delay: no decision on them",) if dropped else ()
    runs = [(name, comparison.results[name]) for name in comparison.plans]
    return tuple(
        dict.fromkeys(
            (
                *outcome.source.notes,
                *further,
                *(f"{clause[:1].upper()}{clause[1:]}" for clause in comparison.stated),
                *(sentence for name, result in runs for sentence in breached(name, result)),
                *(sentence for name, result in runs for sentence in _never_fired(name, result)),
                *missing_crises(comparison),
            )
        )
    )


def breached(name: str, result: OverlayResult) -> list[str]:
    """Return the first breach of each kind in a run, and how many spells there are."""
    said = []
    for kind, rows in result.breaches.groupby("kind", sort=False):
        more = f" ({len(rows):,} such spells)" if len(rows) > 1 else ""
        said.append(f"{name}: {kind}: {rows['sentence'].iloc[0]}{more}")
    return said


def _never_fired(name: str, result: OverlayResult) -> list[str]:
    """Return a sentence where a rule never changed what is held: its timing is not tested by these data."""
    if all(type(part.rule).__name__ == "Static" for part in result.parts):
        return []
    held = result.held.to_numpy()
    if not held.any():
        return [f"{name} never held anything: these data say nothing about it"]
    decided = result.multiplier.dropna().to_numpy()
    if len(decided) > 1 and float(np.ptp(decided)) <= TIE:
        return [f"{name} held {decided[0]:.2f} on every date, so that nothing here tests its timing"]
    return []


def missing_crises(comparison: OverlayComparison) -> list[str]:
    """Return a sentence on crises that the data lack, and one on those that they hold in part."""
    table = comparison.crises()
    missing, partly = (
        list(dict.fromkeys(table.loc[table["status"] == status, "crisis"])) for status in ("no data", "partly covered")
    )
    said = [f"No data for {_crises(missing)}: nothing is said about {_them(missing)}"] if missing else []
    return said + ([f"The data hold only part of {_crises(partly)}"] if partly else [])


def _crises(names: Sequence[str]) -> str:
    return f"the {'crisis' if len(names) == 1 else 'crises'} {', '.join(names)}"


def _them(names: Sequence[str]) -> str:
    return "it" if len(names) == 1 else "them"
