"""From the words of a study to rules, shapes, hedges and crises."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from functools import reduce
from operator import mul
from typing import TYPE_CHECKING, Any

from hedgerow.errors import HedgerowError, InputError, did_you_mean
from hedgerow.study.hedging.parts import bare_field, made, name_and_values

if TYPE_CHECKING:
    from hedgerow.compare.overlays.crises import Crisis
    from hedgerow.compare.overlays.diversified import Plan
    from hedgerow.effectiveness import BootstrapOptions
    from hedgerow.overlays import OverlayRule, Shape
    from hedgerow.programmes import HedgeProgramme, OverlayMarket, Portfolio
    from hedgerow.study.overlays.market_words import Crises, HedgeJudgingWords, PortfolioWords
    from hedgerow.study.overlays.words import RuleWords, ShapeWords, TogetherWords
    from hedgerow.study.tail.words import TailHedgeWords


def rule_of(words: Any, signals: tuple[str, ...] = ()) -> OverlayRule:
    """Return the rule that words name, or the product of several.

    Parameters
    ----------
    words : str, mapping, or list of both
        ``{vix_linear: {low: 10, width: 15}}``; ``static``; a list is the product of its rules.
    signals : tuple of str
        Further signals of the study: a correlation takes its constituents from them.

    Raises
    ------
    InputError

    Examples
    --------
    >>> rule_of([{"vix_linear": {"low": 10, "width": 15}}, {"static": 0.5}])
    VixLinear(low=10, width=15) * 0.5
    """
    if isinstance(words, list | tuple):
        if not words:
            raise InputError("a product of rules needs at least one rule; the list is empty")
        return reduce(mul, [rule_of(each, signals) for each in words])
    from hedgerow.overlays import rule_by_name
    from hedgerow.overlays.by_name import rule_arguments

    name, values = name_and_values(words, "rule")
    if not isinstance(values, Mapping):
        values = {bare_field(rule_arguments(name), values, f"the rule {name}"): values}
    keys = {str(key): value for key, value in values.items()}
    rule: OverlayRule = _told(f"the rule {name}", lambda: rule_by_name(name, signals=signals, **keys))
    return rule


def shape_of(words: ShapeWords) -> Shape:
    """Return the shape that words say.

    Raises
    ------
    InputError
    """
    from hedgerow.overlays import shape_from_text

    return shape_from_text(stages_of(words))


def stages_of(words: ShapeWords) -> dict[str, Any]:
    """Return the stages that words say, as :func:`hedgerow.overlays.shape_from_text` reads them."""
    stages = {"smooth": words.smooth, "persist": words.persist, "floor": words.floor, "cap": words.cap}
    return {**stages, "threshold": trigger_text(words.threshold), "budget": words.budget}


def trigger_text(triggers: Any) -> str:
    """Return triggers as one text, with commas between."""
    listed = triggers if isinstance(triggers, list | tuple) else (triggers,)
    return ",".join(f"{each:g}" if isinstance(each, float) else str(each) for each in listed)


def hedge_of(words: Any) -> HedgeProgramme:
    """Return the hedge that words name, its costs, skew and monetisation among its keys.

    Parameters
    ----------
    words : str or mapping
        ``{index_puts: {delta: 0.15, costs: {half_spread: 0.05}, monetise: {take_profit: {multiple: 3}}}}``.

    Raises
    ------
    InputError

    Examples
    --------
    >>> hedge_of({"variance_swaps": {"vega_notional": 1000, "months": 3}}).name
    'variance swaps 3 months'
    """
    from hedgerow.programmes.by_name import HEDGES

    name, values = name_and_values(words, "hedge")
    if isinstance(values, Mapping) and values.get("monetise") is not None and name in HEDGES:
        values = {**values, "monetise": _monetised(values["monetise"])}
    return made({name: values}, HEDGES, "hedge")  # type: ignore[no-any-return]


def _monetised(words: Any) -> tuple[Any, ...]:
    from hedgerow.programmes import monetise

    rules = {
        "take_profit": monetise.TakeProfit, "volatility_above": monetise.VolatilityAbove,
        "after_days": monetise.AfterDays, "after_life": monetise.AfterLife,
    }  # fmt: skip
    listed = words if isinstance(words, list | tuple) else [words]
    return tuple(made(each, rules, "monetisation") for each in listed)


def hedges_of(words: Any) -> tuple[HedgeProgramme, ...]:
    """Return the one hedge that words name, or the short-dated and the long-dated one of a split.

    Parameters
    ----------
    words : str or mapping
        As :func:`hedge_of`, or ``{short: {vix_futures: {position: 1}}, long: {vix_futures: {position: 4}}}``.

    Raises
    ------
    InputError
    """
    if not isinstance(words, Mapping) or not {"short", "long"} & set(words):
        return (hedge_of(words),)
    if set(words) != {"short", "long"}:
        raise InputError(
            f"a split hedge has two sides, short and long, and no more; given: {', '.join(map(str, words))}"
        )
    return hedge_of(words["short"]), hedge_of(words["long"])


def on_index(hedge: HedgeProgramme, index: str | None, indices: Mapping[str, OverlayMarket] | None) -> HedgeProgramme:
    """Return a hedge on the index that is named; as it is without a name, or where no market is read yet."""
    from hedgerow.programmes import OnIndex

    return hedge if index is None or indices is None else OnIndex(hedge, indices[index], index)


def require_indices(words: Iterable[RuleWords | TailHedgeWords], known: Collection[str]) -> None:
    """Refuse an index that the study does not have.

    Raises
    ------
    InputError
    """
    for each in words:
        if each.index is not None and each.index not in known:
            listed = ", ".join(known) or "none"
            raise InputError(
                f"{each.name}: there is no index {each.index!r}{did_you_mean(each.index, known)} (indices: {listed}); "
                "name its columns under indices"
            )


def plan_of(
    words: RuleWords,
    hedge: Any,
    signals: tuple[str, ...] = (),
    indices: Mapping[str, OverlayMarket] | None = None,
) -> Plan:
    """Return the row of a comparison that a rule's words make: on its own hedge, or the study's.

    Raises
    ------
    InputError
        For a split hedge under a rule that gives no share.
    """
    return plan_from(words, rule_of(words.rule, signals), shape_of(words.shape), hedge, indices)


def plan_from(
    words: RuleWords, rule: OverlayRule, shape: Shape, hedge: Any, indices: Mapping[str, OverlayMarket] | None
) -> Plan:
    """Return the row of a comparison that a rule and a shape make on the hedge that words, or else the study, name.

    Raises
    ------
    InputError
        For a split hedge under a rule that gives no share.
    """
    from hedgerow.compare.overlays.diversified import DiversifiedPlan
    from hedgerow.compare.overlays.plan import OverlayPlan

    sides = [on_index(side, words.index, indices) for side in hedges_of(hedge if words.hedge is None else words.hedge)]
    if len(sides) == 1:
        return OverlayPlan(rule, sides[0], shape)
    from hedgerow.programmes.split_hedge import splits

    if not splits(rule):
        raise InputError(
            f"{words.name}: {rule!r} gives a size and no share, so it cannot split a hedge in short and long; take the "
            "rule term_structure, alone or in a product, or give one hedge"
        )
    return DiversifiedPlan.split(rule, sides[0], sides[1], shape)


def together_of(
    words: TogetherWords,
    hedge: Any,
    signals: tuple[str, ...] = (),
    indices: Mapping[str, OverlayMarket] | None = None,
) -> Plan:
    """Return several rules with their hedges as one row of a comparison, under one budget.

    Raises
    ------
    InputError
    """
    return joined([plan_of(each, hedge, signals, indices) for each in words.parts], words.budget)


def joined(plans: Iterable[Plan], budget: float | None) -> Plan:
    """Return plans held at once, under one budget."""
    from hedgerow.compare.overlays.diversified import DiversifiedPlan, parts_of, static_levels

    listed = list(plans)
    parts = tuple(part for plan in listed for part in parts_of(plan))
    return DiversifiedPlan(parts, budget, tuple(level for plan in listed for level in static_levels(plan)))


def crises_of(words: Crises) -> tuple[Crisis, ...]:
    """Return the crises that a study names, or all that are known.

    Raises
    ------
    InputError
    """
    from hedgerow.compare.overlays.crises import CRISES, Crisis

    known = {crisis.name: crisis for crisis in CRISES}
    found = []
    for each in words:
        if not isinstance(each, str):
            found.append(_told(f"the crisis {each.name}", lambda own=each: Crisis(own.name, own.start, own.end)))  # type: ignore[misc]
        elif each in known:
            found.append(known[each])
        else:
            hint = did_you_mean(each, known)
            raise InputError(f"there is no crisis {each!r}{hint} (known: {', '.join(known)}; or give name, start, end)")
    return tuple(found) or CRISES


def portfolio_of(words: PortfolioWords) -> Portfolio:
    """Return the portfolio that words describe."""
    from hedgerow.programmes import Portfolio

    return Portfolio(words.value, words.exposure_weight, words.currency)


def bootstrap_of(words: HedgeJudgingWords) -> BootstrapOptions | None:
    """Return how intervals are drawn; None where the study wants none."""
    from hedgerow.effectiveness import BootstrapOptions

    if not words.draws:
        return None
    return BootstrapOptions(words.confidence, words.draws, words.seed, words.block_length, words.level)


def objective_of(name: str) -> object:
    """Return the objective of a name; InputError for one that is none."""
    from hedgerow.compare.overlays import objectives

    return objectives.objective_of(name)


def _told(what: str, make: Callable[[], Any]) -> Any:
    try:
        return make()
    except (TypeError, ValueError) as error:
        if isinstance(error, HedgerowError):
            raise
        raise InputError(f"{what} cannot take these values: {error}") from error
