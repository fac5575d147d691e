"""The rules of thumb people know, as sentences; every threshold can be changed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import floor, isnan

from hedgerow.errors import InputError
from hedgerow.units import to_percent

DYNAMIC = ("rolling", "ewma", "ccc", "dcc", "adcc", "bekk", "kalman", "markov_switching")
"""How the names of methods whose ratio moves begin, alone or within another one: ``cost_aware(dcc)``."""
LONG_RUN = ("error_correction", "vecm")
REGIMES = ("markov_switching",)


@dataclass(frozen=True)
class EffectivenessThresholds:
    """Where a variance reduction counts as good or weak, and a correlation as low.

    Parameters
    ----------
    good : float
        From here on the hedge is good for an equity index (0.85).
    weak : float
        Below this a constant ratio is doubtful and a dynamic model worth a try (0.70).
    low_correlation : float
        Below this size of the correlation, look for cointegration or regimes (0.60).

    Examples
    --------
    >>> EffectivenessThresholds().advice(0.91, 0.97)
    ('Variance reduction 91 %: good for an equity index (85 % or more).',)
    """

    good: float = 0.85
    weak: float = 0.70
    low_correlation: float = 0.60

    def __post_init__(self) -> None:
        if not self.weak <= self.good <= 1.0:
            raise InputError(f"weak must not exceed good, nor good 1; got weak {self.weak} and good {self.good}.")
        if not 0.0 <= self.low_correlation <= 1.0:
            raise InputError(f"low_correlation must lie between 0 and 1, got {self.low_correlation}.")

    def advice(
        self,
        variance_reduction: float,
        correlation: float,
        *,
        dynamic_tried: bool = False,
        methods: Iterable[str] = (),
    ) -> tuple[str, ...]:
        """Return what the thresholds say, one sentence each; nothing for a figure that is NaN.

        Parameters
        ----------
        variance_reduction : float
            As a decimal, best out of sample.
        correlation : float
            Of exposure and hedge changes, -1 to 1; its sign does not matter.
        dynamic_tried : bool
            Whether a ratio that moves was among those tried, so that trying one is no advice.
        methods : iterable of str
            Names of the methods tried, which are not advised again.
        """
        names = tuple(methods)
        dynamic_tried = dynamic_tried or _among(names, DYNAMIC)
        sentences = [self._of_reduction(variance_reduction, dynamic_tried), self._of_correlation(correlation, names)]
        return tuple(sentence for sentence in sentences if sentence)

    def _of_reduction(self, reduction: float, dynamic_tried: bool) -> str:
        if isnan(reduction):
            return ""
        start = f"Variance reduction {self._shown(reduction)}"
        if reduction >= self.good:
            return f"{start}: good for an equity index ({_percent(self.good)} or more)."
        if reduction < self.weak:
            remedy = "rank nearer hedges against this one" if dynamic_tried else "try a dynamic model"
            return f"{start}: below {_percent(self.weak)}, {remedy}."
        return f"{start}: between {_percent(self.weak)} and {_percent(self.good)}, usable but not close."

    def _shown(self, reduction: float) -> str:
        """Return the figure rounded, or cut where rounding would carry it over a threshold it has not reached."""
        for limit in (self.good, self.weak):
            if reduction < limit <= round(reduction, 3):
                return f"{floor(to_percent(reduction) * 10) / 10:g} %"
        return _percent(reduction)

    def _of_correlation(self, correlation: float, methods: tuple[str, ...]) -> str:
        if isnan(correlation) or abs(correlation) >= self.low_correlation:
            return ""
        kinds = (("cointegration", LONG_RUN), ("regimes", REGIMES))
        left = [word for word, names in kinds if not _among(methods, names)]
        remedy = f"consider {' or '.join(left)}" if left else "cointegration and regimes were tried, rank nearer hedges"
        return f"Correlation {correlation:.2f} of the changes is below {self.low_correlation:.2f}: {remedy}."


def _among(methods: tuple[str, ...], beginnings: tuple[str, ...]) -> bool:
    """Return whether a method's name begins like one of those given, also within another method's brackets."""
    return any(part.startswith(beginnings) for name in methods for part in name.split("("))


def _percent(share: float) -> str:
    return f"{to_percent(share):.1f}".removesuffix(".0") + " %"
