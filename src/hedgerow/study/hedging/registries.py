"""The names that a study may use for policies, costs, hedgers, scenarios and combinations of options."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields
from functools import reduce
from operator import add, and_, or_
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hedgerow.errors import InputError
from hedgerow.study.hedging.parts import made, name_and_values
from hedgerow.study.hedging.smiles import with_smile

if TYPE_CHECKING:
    from hedgerow.costs import CostModel
    from hedgerow.hedgers import BookHedger
    from hedgerow.instruments import MarketState
    from hedgerow.limits.exits import ExitRule
    from hedgerow.policies import Policy
    from hedgerow.scenarios import Scenario

SCENARIO_NAMES = {
    "gbm": "GBM",
    "heston": "Heston",
    "merton": "Merton",
    "kou": "Kou",
    "garch": "GarchPaths",
    "filtered_historical": "FilteredHistorical",
    "bootstrap": "StationaryBootstrap",
    "regimes": "RegimeSwitching",
    "stress": "StressPath",
}
"""Name in a study to the class in hedgerow.scenarios."""
COMBINATIONS = (
    "straddle",
    "strangle",
    "vertical",
    "call_spread",
    "put_spread",
    "butterfly",
    "calendar_spread",
    "protective_put",
    "collar",
)


def policy_of(words: Any) -> Policy:
    """Return the policy that words name; ``any`` and ``all`` join several.

    Parameters
    ----------
    words : str or mapping
        ``every_day``, ``{band: 0.1}``, ``{any: [{band: {width: 0.1}}, every_day]}``.

    Returns
    -------
    Policy

    Raises
    ------
    InputError
    """
    from hedgerow.policies import POLICIES

    name, inner = name_and_values(words, "policy")
    if name not in ("any", "all"):
        return made(words, POLICIES, "policy")  # type: ignore[no-any-return]
    if not isinstance(inner, list | tuple) or len(inner) < 2:
        raise InputError(f"{name} joins two policies or more; give a list of them, not {inner!r}")
    try:
        return reduce(or_ if name == "any" else and_, [policy_of(each) for each in inner])
    except TypeError as error:
        raise InputError(f"these policies cannot be joined by {name}; take one of them alone") from error


def costs_of(words: Any) -> CostModel:
    """Return the sum of the cost models that words name; a preset's name stands for all its parts.

    Parameters
    ----------
    words : str, mapping or list of both
        ``us_equity_retail``, or ``[{half_spread: 1}, {per_ticket: {fee: 1.5}}]``.

    Returns
    -------
    CostModel

    Raises
    ------
    InputError
    """
    from hedgerow.costs import COSTS, PRESETS, no_costs

    listed = list(words) if isinstance(words, list | tuple) else [words]
    known: dict[str, Callable[..., Any]] = {**COSTS}
    for name, preset in PRESETS.items():
        known[name] = preset if callable(preset) else _always(preset)
    return reduce(add, [made(each, known, "cost") for each in listed], no_costs())


def _always(preset: Any) -> Callable[..., Any]:
    return lambda: preset


def exits_of(words: Sequence[Any]) -> ExitRule | None:
    """Return the rule that closes what any of those that words name closes; None for none.

    Parameters
    ----------
    words : sequence of str or mapping
        ``[{before_expiry: 7}, {tracking_error: 0.05}]``.

    Raises
    ------
    InputError
    """
    from hedgerow.limits.exit_rules import EXITS

    rules = [made(each, EXITS, "exit") for each in words]
    return reduce(or_, rules) if rules else None


def hedger_of(words: Any) -> BookHedger:
    """Return the hedger that words name; InputError where they name none."""
    from hedgerow.hedgers import HEDGERS

    return made(words, HEDGERS, "hedger")  # type: ignore[no-any-return]


def scenario_of(words: Any, market: MarketState, folder: Path | None = None) -> Scenario:
    """Return the scenario that words name, starting from a market.

    Parameters
    ----------
    words : str or mapping
        ``returns`` of a bootstrap may be a list of log returns, or ``{file: prices.csv, column: close}``; ``implied``
        may hold a smile, ``{sticky_strike: {smile: {table: {strikes: [...], volatilities: [...]}}}}``.
    market : MarketState
    folder : path, optional
        Where the file's name starts.

    Raises
    ------
    HedgerowError
    """
    name, values = name_and_values(words, "scenario")
    values, source = with_smile(values), sample_file(words)
    if source is not None:
        values = {**values, "returns": _returns(source, folder or Path(), market)}
    return made({name: values}, scenario_classes(), "scenario", {"market": market})  # type: ignore[no-any-return]


def sample_file(words: Any) -> Mapping[str, Any] | None:
    """Return file and column of past prices, where a scenario's words name them."""
    _, values = name_and_values(words, "scenario")
    given = values.get("returns") if isinstance(values, Mapping) else None
    return given if isinstance(given, Mapping) and "file" in given else None


def _returns(source: Mapping[str, Any], folder: Path, market: MarketState) -> Any:
    from hedgerow.market import read_prices
    from hedgerow.scenarios.sample import log_returns, only_column

    if set(source) != {"file", "column"}:
        raise InputError(f"returns of a scenario are {{file: prices.csv, column: close}}, not {dict(source)!r}")
    column = str(source["column"])
    history = read_prices([str(folder / str(source["file"]))], [column]).history
    return log_returns(history, only_column(market, history, column))


def scenario_classes() -> dict[str, type]:
    """Return the scenarios that there are, by the names that a study gives them."""
    from hedgerow import scenarios

    return {name: getattr(scenarios, kind) for name, kind in SCENARIO_NAMES.items() if hasattr(scenarios, kind)}


def legs_of(words: Mapping[str, Any]) -> tuple[Any, ...]:
    """Return the legs of a combination: ``{straddle: {underlying: XYZ, strike: 100, expiry: 2027-02-19}}``.

    Parameters
    ----------
    words : mapping
        Name to values; what contracts have in common (style, multiplier, currency, ...) stands beside them.

    Returns
    -------
    tuple of (Instrument, float)

    Raises
    ------
    InputError
    """
    from hedgerow import instruments

    name, values = name_and_values(words, "combination")
    known = {each: getattr(instruments, each) for each in COMBINATIONS}
    if not isinstance(values, Mapping):
        raise InputError(f"combination {name} needs keys such as underlying, strike and expiry, not {values!r}")
    shared = {each.name for each in fields(instruments.ContractTerms)}
    own = {key: value for key, value in values.items() if key not in shared}
    common = {key: value for key, value in values.items() if key in shared}
    terms = made({"terms": common}, {"terms": instruments.ContractTerms}, "contract")
    return made({name: own}, known, "combination", {"terms": terms})  # type: ignore[no-any-return]
