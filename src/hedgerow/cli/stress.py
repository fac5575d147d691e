"""``hedgerow stress``: what a hedge loses when correlation, volatility or prices break away, and what margin asks."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer

from hedgerow.cli.console import console, print_json, require_place
from hedgerow.cli.options import (
    ChangeFlags,
    ColumnFlags,
    JudgingFlags,
    OutputFlags,
    PositionFlags,
    ReadingFlags,
    flag,
    takes,
)
from hedgerow.errors import InputError

HELD, STRESS, MARGIN = "Ratio held", "Stress", "Margin and contingency"
FACTORS = {
    "rho": "correlation",
    "vol": "",
    "exposure-vol": "exposure_volatility",
    "hedge-vol": "hedge_volatility",
    "sigma": "sigma",
    "worst": "worst_rows",
    "roll-gap": "roll_gap",
    "basis": "basis_shock",
}
"""Words of ``--scenario`` that are no columns, and the study's words for them."""


@dataclass(frozen=True)
class HeldFlags:
    """Which ratio is held."""

    ratio: Annotated[list[float] | None, flag("--ratio", "H", "Ratio held; repeat, one per hedge.", HELD)] = None
    method: Annotated[str, flag("--method", "NAME", "Method that finds it where no ratio is given.", HELD)] = "ols"
    window: Annotated[int, flag("--window", "N", "Rows of the method rolling.", HELD)] = 60
    whole_contracts: Annotated[bool, flag("--whole-contracts", None, "Margin path in whole contracts.", HELD)] = False


@dataclass(frozen=True)
class StressFlags:
    """What happens."""

    rho: Annotated[
        list[float] | None, flag("--rho", "X", "Correlation it breaks down to; repeat. Default 0.4 and 1.", STRESS)
    ] = None
    sigma: Annotated[
        list[float] | None, flag("--sigma", "K", "Size of moves in standard deviations; repeat. Default 7.", STRESS)
    ] = None
    index: Annotated[
        str, flag("--index", "FROM,TO", "Rise of a volatility index, for equity-like exposures; or none.", STRESS)
    ] = "12,60"
    scenario: Annotated[
        list[str] | None,
        flag("--scenario", "NAME:WORDS", "Your own: 'slump:COL=-10%,COL2=-3%' or 'panic:rho=0.3,vol=3'.", STRESS),
    ] = None
    presets: Annotated[bool, typer.Option("--presets/--no-presets", help="Presets too.", rich_help_panel=STRESS)] = True
    moments_window: Annotated[
        int | None, flag("--moments-window", "N", "Rows volatility and correlation come from; else all.", STRESS)
    ] = None
    var_level: Annotated[float, flag("--var-level", "X", "Level of VaR and CVaR.", STRESS)] = 0.95


@dataclass(frozen=True)
class MarginFlags:
    """What the margin account asks for, and what to do when it happens."""

    initial_margin: Annotated[
        list[float] | None, flag("--initial-margin", "MONEY", "Per contract; repeat. Else estimated.", MARGIN)
    ] = None
    margin_share: Annotated[
        list[float] | None, flag("--margin-share", "X", "Initial margin as a share of value; repeat.", MARGIN)
    ] = None
    maintenance: Annotated[float, flag("--maintenance", "X", "Share of it below which a call comes.", MARGIN)] = 1.0
    confidence: Annotated[float, flag("--confidence", "X", "Confidence of the liquidity buffer.", MARGIN)] = 0.99
    buffer_rows: Annotated[int, flag("--buffer-rows", "N", "Rows that the buffer lasts.", MARGIN)] = 10
    margin_rate: Annotated[float, flag("--margin-rate", "X", "Yearly cost of tied-up cash, decimal.", MARGIN)] = 0.0
    risk_aversion: Annotated[
        float | None, flag("--risk-aversion", "X", "Per unit of money: the ratio that pays for its margin.", MARGIN)
    ] = None
    stop_loss: Annotated[float | None, flag("--stop-loss", "MONEY", "Loss at which to act: stop levels.", MARGIN)] = (
        None
    )


@takes(ColumnFlags, ReadingFlags, PositionFlags, ChangeFlags, HeldFlags, StressFlags, MarginFlags, OutputFlags)
def stress(
    columns: ColumnFlags,
    reading: ReadingFlags,
    position: PositionFlags,
    change: ChangeFlags,
    held: HeldFlags,
    stressed: StressFlags,
    margin: MarginFlags,
    output: OutputFlags,
) -> None:
    """Stress a hedge: losses with and without it, the ratio right then, stop levels, margin calls and a cash buffer."""
    from hedgerow.cli.words import linear_words, validated
    from hedgerow.study import StressStudy, method_words, run_stress_study

    require_place(output.report, "--report")
    words = linear_words(columns, reading, position, change, JudgingFlags())
    del words["walk_forward"]  # a stress test judges no method on later rows
    words["trading"]["whole_contracts"] = held.whole_contracts
    words["judging"]["level"] = stressed.var_level
    named = method_words(held.method)
    if len(named) != 1:
        raise InputError("--method of a stress test names one method, whose ratio is held; give one, or --ratio")
    words |= {"ratio": held.ratio, "method": named[0], "window": held.window}
    words |= {"stress": _stress_words(stressed, margin), "margin": _margin_words(margin)}
    words["scenarios"] = [scenario_words(text, (columns.exposure, *columns.hedge)) for text in stressed.scenario or ()]
    outcome = run_stress_study(validated(StressStudy, words))
    if output.report:
        outcome.write_html(output.report)
    if output.json:
        print_json(outcome.to_dict())
        return
    from hedgerow.cli.stress_text import print_stress

    print_stress(outcome, console())
    if output.report:
        console().print(f"Report: {Path(output.report).resolve()}", soft_wrap=True, markup=False)


def _stress_words(flags: StressFlags, margin: MarginFlags) -> dict[str, Any]:
    words: dict[str, Any] = {"presets": flags.presets, "stop_loss": margin.stop_loss, "window": flags.moments_window}
    words["index"] = None if flags.index.strip() == "none" else _levels(flags.index)
    if flags.rho:
        words["correlations"] = flags.rho
    if flags.sigma:
        words |= {"moves": [abs(size) for size in flags.sigma], "sigmas": abs(flags.sigma[0])}
    return words


def _levels(text: str) -> list[float]:
    parts = text.split(",")
    try:
        before, after = map(float, parts)
    except ValueError as error:
        raise InputError(f"--index takes two levels, such as 12,60, or none; not {text!r}") from error
    return [before, after]


def _margin_words(flags: MarginFlags) -> dict[str, Any]:
    return {
        "initial": flags.initial_margin,
        "share": flags.margin_share,
        "maintenance": flags.maintenance,
        "confidence": flags.confidence,
        "horizon": flags.buffer_rows,
        "rate": flags.margin_rate,
        "risk_aversion": flags.risk_aversion,
    }


def scenario_words(text: str, held: tuple[str, ...]) -> dict[str, Any]:
    """Return a ``--scenario`` as a study has it: a name, a colon, and words with commas between.

    Raises
    ------
    InputError
        Where it does not read so.

    Examples
    --------
    >>> scenario_words("slump:jet=-10%,oil=-3%", ("jet", "oil"))
    {'name': 'slump', 'moves': {'jet': -0.1, 'oil': -0.03}, 'moves_in': 'percent'}
    >>> scenario_words("panic:rho=0.3,vol=3", ("jet", "oil"))
    {'name': 'panic', 'correlation': 0.3, 'exposure_volatility': 3.0, 'hedge_volatility': 3.0}
    """
    name, colon, rest = text.partition(":")
    pairs = [part.rpartition("=") for part in rest.split(",") if part.strip()]
    if not colon or not name.strip() or not pairs or not all(key.strip() and value for key, _, value in pairs):
        raise InputError(f"--scenario {text!r} is not of the form NAME:WORD=VALUE,..., such as panic:rho=0.3,vol=3")
    words: dict[str, Any] = {"name": name.strip()}
    for key, _, value in ((key.strip(), mark, value.strip()) for key, mark, value in pairs):
        if key in held:
            _add_move(words, key, value, text)
        elif key in FACTORS:
            size = _number(value, text)
            names = [FACTORS[key]] if FACTORS[key] else ["exposure_volatility", "hedge_volatility"]
            words |= dict.fromkeys(names, int(size) if key == "worst" and size.is_integer() else size)
        else:
            known = ", ".join(FACTORS)
            raise InputError(f"--scenario {text!r}: {key!r} is neither a column that is held nor one of {known}")
    return words


def _add_move(words: dict[str, Any], column: str, value: str, text: str) -> None:
    percent = value.endswith("%")
    unit = "percent" if percent else "change"
    if words.setdefault("moves_in", unit) != unit:
        raise InputError(f"--scenario {text!r} mixes moves in per cent and in price units; use one of them")
    size = _number(value.removesuffix("%"), text)
    words.setdefault("moves", {})[column] = size / 100.0 if percent else size
    words["moves_in"] = words.pop("moves_in")


def _number(value: str, text: str) -> float:
    try:
        return float(value)
    except ValueError as error:
        raise InputError(f"--scenario {text!r} has {value!r} where a number belongs") from error
