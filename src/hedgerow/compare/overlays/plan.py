"""What is compared, and how it is judged.

>>> OverlayJudging(train_share=0.6).train_rows(1000)
600
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from hedgerow.compare.overlays.crises import CRISES, Crisis
from hedgerow.effectiveness import BootstrapOptions
from hedgerow.engine.overlay.checks import require_kinds
from hedgerow.errors import InputError
from hedgerow.overlays import OverlayRule, Shape
from hedgerow.programmes import HedgeProgramme, PricedProgramme

STATED, TRAIN, TEST, WALKED = "parameters stated beforehand", "train", "test", "walk-forward"
SAMPLES = (STATED, TRAIN, TEST, WALKED)
"""What the rows of a figure were to the parameters behind it."""

NO_HEDGE, STATIC = "no hedge", "static"
"""Names of the two plans that every comparison adds by itself."""


@dataclass(frozen=True)
class OverlayPlan:
    """One row of a comparison: a rule, the hedge that it sizes, and how its multiplier is shaped.

    Parameters
    ----------
    rule : OverlayRule
    hedge : HedgeProgramme or PricedProgramme
        Priced in the market of the comparison, unless it is priced already.
    shape : Shape
    """

    rule: OverlayRule
    hedge: HedgeProgramme | PricedProgramme
    shape: Shape = field(default_factory=Shape)

    def __post_init__(self) -> None:
        """Refuse what is no rule, no hedge or no shape."""
        require_kinds(rule=self.rule, hedge=self.hedge, shape=self.shape)


def require_names(given: object, example: str, strange: tuple[type, ...] = ()) -> None:
    """Refuse what is no mapping from names, and entries of a kind that cannot be compared.

    Raises
    ------
    InputError
        One sentence with the form that is taken.
    """
    if not isinstance(given, Mapping):
        raise InputError(f"give a mapping from names, such as {{'mine': {example}}}, not a {type(given).__name__}")
    for name, one in given.items():
        if isinstance(one, strange):
            raise InputError(f"{name!r} must be one such as {example}, not a {type(one).__name__}")


@dataclass(frozen=True)
class OverlayJudging:
    """How a comparison is judged.

    Parameters
    ----------
    bootstrap : BootstrapOptions, optional
        Of the intervals: stationary blocks, all plans under the same draws; its level is that of CVaR. None gives no
        intervals, and then no plan is said to beat another.
    crises : sequence of Crisis
    train_share : float
        Share of the steps that make the first of two halves, above 0 and below 1.
    sample : str
        What the rows were to the parameters of the plans, one of :data:`SAMPLES`; printed with every figure.
    free_parameters : mapping of str to int
        By plan, numbers that were chosen while looking at results; not judged for plans that are not named.
    beta_days : int
        Steps of a rolling beta.
    """

    bootstrap: BootstrapOptions | None = field(default_factory=BootstrapOptions)
    crises: tuple[Crisis, ...] = CRISES
    train_share: float = 0.5
    sample: str = STATED
    free_parameters: Mapping[str, int] = field(default_factory=dict)
    beta_days: int = 250

    def __post_init__(self) -> None:
        """Refuse what judges nothing."""
        if not 0.0 < self.train_share < 1.0:
            raise InputError(f"train_share must lie between 0 and 1, not {self.train_share!r}; 0.5 is the default")
        if self.sample not in SAMPLES:
            raise InputError(f"sample must be one of {', '.join(map(repr, SAMPLES))}, not {self.sample!r}")
        if self.beta_days < 2:
            raise InputError(f"a rolling beta needs 2 steps or more, not {self.beta_days!r}")

    @property
    def level(self) -> float:
        """Level of CVaR."""
        return 0.95 if self.bootstrap is None else self.bootstrap.level

    def train_rows(self, n_steps: int) -> int:
        """Return how many steps make the first half, at least 1 and leaving at least 1."""
        return min(max(int(self.train_share * n_steps), 1), max(n_steps - 1, 1))
