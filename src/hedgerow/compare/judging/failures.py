"""What a verdict says of fits that failed, and whom it may not call best."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping

from hedgerow.ratios.refits import Failure

MOST_SENTENCES = 3
"""Methods whose failures are told one by one, the worst first."""
TOO_MANY = 0.5
"""A method that failed at more than this share of its refits is not ranked."""


def unusable(failures: Mapping[str, tuple[Failure, ...]], refits: Mapping[str, int]) -> frozenset[str]:
    """Return the methods that failed at more than half of their refits: what they show is an old ratio."""
    return frozenset(name for name, lost in failures.items() if len(lost) > TOO_MANY * max(refits.get(name, 0), 1))


def failure_sentences(failures: Mapping[str, tuple[Failure, ...]], refits: Mapping[str, int]) -> list[str]:
    """Return a sentence per method whose refits failed, the worst first, and one for all beyond the third."""
    lost = {name: found for name, found in failures.items() if found}
    out = unusable(lost, refits)
    order = sorted(lost, key=lambda name: (-len(lost[name]) / max(refits.get(name, 0), 1), name))
    said = [_sentence(name, lost[name], refits.get(name, len(lost[name])), name in out) for name in order]
    if len(said) > MOST_SENTENCES:
        return [*said[:MOST_SENTENCES], f"{_more(len(said) - MOST_SENTENCES)} failed at some refits."]
    return said


FIGURE = re.compile(r"[-+]?\d[\d.,]*(e[-+]?\d+)?\s?%?")


def alike(reason: str) -> str:
    """Return a reason without its figures, by which failures of one sort are known.

    Examples
    --------
    >>> alike("a regime emptied: regime 2 holds 4.8% of the rows") == alike(
    ...     "a regime emptied: regime 2 holds 5.0% of the rows"
    ... )
    True
    """
    return FIGURE.sub("#", reason)


def _more(count: int) -> str:
    return f"{count} more method{'s' if count > 1 else ''}"


def _sentence(name: str, lost: tuple[Failure, ...], refits: int, out: bool) -> str:
    sorts = Counter(alike(failure.reason) for failure in lost)
    usual = sorts.most_common(1)[0][0]
    reason = next(failure.reason for failure in lost if alike(failure.reason) == usual)
    why = f" ({'most often: ' if len(sorts) > 1 else ''}{reason})" if reason else ""
    end = ", more than half, so that it is not ranked" if out else "; the ratio before was kept"
    return f"{name} failed at {len(lost)} of {refits} refits{why}{end}."


def judged_failures(
    failures: Mapping[str, tuple[Failure, ...]], refits: Mapping[str, int], first: int
) -> tuple[dict[str, tuple[Failure, ...]], dict[str, int]]:
    """Return failures from row ``first`` on, and refits less those that failed before it.

    Before the first judged row a long window merely waits for its rows, which is no failure.
    """
    kept = {name: tuple(failure for failure in lost if failure.row >= first) for name, lost in failures.items()}
    counts = {name: count - len(failures.get(name, ())) + len(kept.get(name, ())) for name, count in refits.items()}
    return kept, counts
