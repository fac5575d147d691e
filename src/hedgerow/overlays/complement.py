"""What is left of a share: the other side of a split between two hedges."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from hedgerow._types import FloatArray
from hedgerow.errors import InputError
from hedgerow.overlays.base import OverlayRule
from hedgerow.overlays.signals import Signals


@dataclass(frozen=True)
class Complement(OverlayRule):
    """One less the share that a rule gives, ``1 - f``: for the hedge that gets the rest.

    Parameters
    ----------
    rule : OverlayRule
        A rule whose result is a share from 0 to 1 (``is_share``), as the term-structure rule.

    Raises
    ------
    InputError
        For a rule whose result is a size and no share.
    """

    rule: OverlayRule

    def __post_init__(self) -> None:
        """Refuse a rule that gives no share."""
        if not self.rule.is_share:
            raise InputError(
                f"only a rule that gives a share between two hedges has a complement, and {self.rule!r} gives a size; "
                "use a term-structure rule"
            )

    @property
    def needs(self) -> tuple[str, ...]:
        """Signals of the rule."""
        return self.rule.needs

    @property
    def warm_up(self) -> int:
        """Rows before the rule's first share."""
        return self.rule.warm_up

    @property
    def memory(self) -> int | None:
        """That of the rule."""
        return self.rule.memory

    @property
    def is_share(self) -> bool:
        """It is a share too."""
        return True

    def multiplier(self, signals: Signals) -> FloatArray:
        """Return one less the rule's share by date; NaN in its warm-up."""
        return np.asarray(1.0 - self.rule.multiplier(signals))
