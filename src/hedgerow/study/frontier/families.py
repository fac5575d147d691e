"""Families of policies: one key of a policy, with the values to try."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from hedgerow.errors import InputError
from hedgerow.policies import POLICIES, Policy
from hedgerow.study.hedging.parts import named_arguments
from hedgerow.study.hedging.registries import policy_of

Families = Mapping[str, Mapping[str, Sequence[Any]]]


def check_families(words: Families) -> None:
    """Refuse a family that is no policy, a key that it has not, or values that it refuses.

    Raises
    ------
    InputError
    """
    families_of(words)


def families_of(words: Families) -> dict[str, dict[str, Policy]]:
    """Return family to label to policy.

    Parameters
    ----------
    words : mapping
        ``{"band": {"width": [0.05, 0.1]}}``.

    Returns
    -------
    dict of str to dict of str to Policy
        Labels such as ``0.05``; the key stands before where it is not the policy's first.

    Raises
    ------
    InputError
    """
    found: dict[str, dict[str, Policy]] = {}
    for family, keys in words.items():
        if len(keys) != 1:
            raise InputError(f"family {family} varies one key, not {len(keys)}; give {{{family}: {{key: [values]}}}}")
        key, values = next(iter(keys.items()))
        if not values:
            raise InputError(f"family {family} has no values of {key} to try; give at least one")
        policies = [policy_of({family: {key: value}}) for value in values]
        labels = [_label(family, key, value) for value in values]
        twice = [label for label in labels if labels.count(label) > 1]
        if twice:
            raise InputError(f"family {family} tries {twice[0]} twice; give each value once")
        found[family] = dict(zip(labels, policies, strict=True))
    return found


def policy_words(words: Families) -> dict[str, dict[str, Any]]:
    """Return the words of each policy by the name that a comparison gives it: ``band 0.05``."""
    return {
        f"{family} {_label(family, key, value)}": {family: {key: value}}
        for family, keys in words.items()
        for key, values in keys.items()
        for value in values
    }


def _label(family: str, key: str, value: Any) -> str:
    own = "" if key == next(iter(named_arguments(POLICIES[family])), key) else f"{key} "
    return f"{own}{_short(value)}"


def _short(value: Any) -> str:
    return f"{value:.12g}" if isinstance(value, int | float) else str(value)
