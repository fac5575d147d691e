"""The best interval and the best band by search on common random numbers, beside what the laws say."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from hedgerow.compare.choice.frontiers import Frontier, FrontierOptions, figures_of
from hedgerow.compare.choice.laws import BookAtStart, laws_of, prescribed_policies
from hedgerow.compare.choice.objective import Objective
from hedgerow.compare.choice.policy_choice import PolicyChoice
from hedgerow.compare.choice.search import Evaluate, SearchOptions, least
from hedgerow.compare.grid.cells import CellFigures
from hedgerow.compare.grid.run import GridOptions
from hedgerow.compare.path_statistics import Figure as PathFigure
from hedgerow.costs import CostModel
from hedgerow.engine.parts import checked_book, checked_scenario
from hedgerow.engine.simulation_times import time_grid
from hedgerow.errors import InputError
from hedgerow.hedgers import BookHedger
from hedgerow.instruments import Book
from hedgerow.market.time_grid import TimeGrid
from hedgerow.policies import Band, EveryPeriods, Policy
from hedgerow.scenarios import Scenario


@dataclass(frozen=True)
class PolicyFamily:
    """Policies that differ in one number.

    Attributes
    ----------
    make : callable
        Returns the policy of a number.
    low, high : float
        Range to search, above 0.
    whole : bool
        Whether only whole numbers count.
    unit : str
        Of the number, for sentences.
    """

    make: Callable[[float], Policy]
    low: float
    high: float
    whole: bool = False
    unit: str = ""


@dataclass(frozen=True)
class ChoiceOptions:
    """How the best policy is looked for.

    Attributes
    ----------
    search : SearchOptions
    frontier : FrontierOptions
        How simulations are run, kept and shared out.
    """

    search: SearchOptions = field(default_factory=SearchOptions)
    frontier: FrontierOptions = field(default_factory=FrontierOptions)


def best_policy(
    book: Book,
    *,
    scenario: Scenario,
    costs: CostModel,
    hedger: BookHedger | None = None,
    objective: Objective | None = None,
    families: Mapping[str, PolicyFamily] | None = None,
    n_paths: int = 10_000,
    n_steps: int | None = None,
    seed: int = 0,
    options: ChoiceOptions | None = None,
) -> PolicyChoice:
    """Search each family of policies for its best on the same paths, and say which policy to use.

    Parameters
    ----------
    book : Book
    scenario : Scenario
    costs : CostModel
    hedger : BookHedger, optional
        As for ``simulate``: the book's delta unless said.
    objective : Objective, optional
        Costs and half the variance unless said, with a risk aversion that suits the book.
    families : mapping of str to PolicyFamily, optional
        ``interval`` (every so many steps) and ``band`` (half-width per share) unless said. The laws' numbers are given
        for these, and the bands of Whalley-Wilmott and Zakamouline are tried where costs are proportional.
    n_paths, n_steps, seed
        As for ``simulate``.
    options : ChoiceOptions, optional

    Returns
    -------
    PolicyChoice

    Raises
    ------
    InputError
        For no family, a range that is none, and whatever ``simulate`` refuses.
    """
    how, book, scenario = options or ChoiceOptions(), checked_book(book), checked_scenario(scenario)
    aim, said = (objective or Objective()).of_book(book, scenario.market)
    grid = _clock(book, scenario, n_steps, how)
    searched = usual_families(grid.n_steps) if families is None else dict(families)
    if not searched:
        raise InputError("the best policy of no family cannot be found; give at least one, or leave families out")
    tries = _Tries((book, scenario, hedger, costs), (n_paths, n_steps, seed), (aim, said), how.frontier)
    optima = {
        name: least(tries.of(name, each.make), each.low, each.high, whole=each.whole, options=how.search)
        for name, each in searched.items()
    }
    start = BookAtStart.of(book, scenario.market)
    laws: Mapping[str, Mapping[str, float]] = {}
    prescribed: dict[str, Policy] = {}
    if start is not None:
        laws = laws_of(start, costs, aim.aversion, grid.n_steps / float(grid.years[-1]))
        prescribed = prescribed_policies(start, costs, aim.aversion)
    losses = {name: found.loss for name, found in optima.items()}
    losses |= {name: tries.losses(name, [policy])[0] for name, policy in prescribed.items()}
    return PolicyChoice(
        optima,
        losses,
        {name: searched[name].make(found.value) for name, found in optima.items()} | prescribed,
        {name: each.unit for name, each in searched.items()},
        tries.frontier(),
        {name: said for name, said in laws.items() if name in searched},
    )


def usual_families(n_steps: int) -> dict[str, PolicyFamily]:
    """Return the families searched unless said: every so many of ``n_steps`` steps, and bands of 0.002 to 0.5.

    Examples
    --------
    >>> usual_families(63)["interval"].high
    63
    """
    families = {"band": PolicyFamily(Band, 0.002, 0.5, unit="per share")}
    if n_steps > 1:
        families["interval"] = PolicyFamily(_every, 1, n_steps, whole=True, unit="steps")
    return families


def _every(periods: float) -> Policy:
    return EveryPeriods(round(periods))


def _clock(book: Book, scenario: Scenario, n_steps: int | None, how: ChoiceOptions) -> TimeGrid:
    """Return the moments of decision that ``simulate`` will take."""
    simulation = (how.frontier.grid or GridOptions()).simulate
    return simulation.times or time_grid(book, scenario.market, n_steps, simulation.horizon)


class _Tries:
    """The policies tried so far, all on the same paths."""

    def __init__(
        self,
        parts: tuple[Book, Scenario, BookHedger | None, CostModel],
        draws: tuple[int, int | None, int],
        objective: tuple[Objective, str],
        how: FrontierOptions,
    ) -> None:
        self.parts, self.draws, self.how = parts, draws, how
        self.objective, self.assumed = objective
        self.families: dict[str, str] = {}
        self.figures: dict[str, CellFigures] = {}
        self.notes: list[str] = []

    def of(self, family: str, make: Callable[[float], Policy]) -> Evaluate:
        """Return what gives the loss of each number of a family."""
        return lambda values: self.losses(family, [make(value) for value in values])

    def losses(self, family: str, policies: Sequence[Policy]) -> list[PathFigure]:
        """Return the loss of each policy, one figure for those that print alike."""
        named = {repr(policy): policy for policy in policies}
        book, scenario, hedger, costs = self.parts
        found, notes = figures_of((book, scenario, hedger, named, costs), self.draws, self.how)
        self.figures |= found
        self.families |= dict.fromkeys(found, family)
        self.notes += notes
        return [self.objective.loss(each.by_path(), each.cost()) for each in (found[repr(p)] for p in policies)]

    def frontier(self) -> Frontier:
        """Return all of them by cost and risk."""
        return Frontier(self.objective, self.families, self.figures, self.parts[1], tuple(self.notes), self.assumed)


def _unit(family: PolicyFamily) -> str:
    return f" {family.unit}" if family.unit else ""
