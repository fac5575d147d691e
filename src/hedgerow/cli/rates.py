"""``hedgerow rates``: how many bond futures take off the rate risk of some bonds."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer

from hedgerow.cli.console import console, print_json, require_place
from hedgerow.cli.options import OutputFlags, flag, takes

CURVE, HEDGE = "Curve", "Hedge"


@dataclass(frozen=True)
class BondFlags:
    """What is held, and what hedges it."""

    bonds: Annotated[str, typer.Argument(help="CSV of bonds: name, coupon, maturity, price, face.", show_default=False)]
    futures: Annotated[
        str,
        flag("--futures", "FILE", "CSV, a line per deliverable: future, price, delivery, bond, coupon, ....", HEDGE),
    ]
    at: Annotated[str, flag("--at", "DATE", "Settlement date of all prices.", HEDGE)]
    method: Annotated[str, flag("--method", "NAME", "dv01: one future; key_rate: several, node by node.", HEDGE)] = (
        "dv01"
    )
    rounding: Annotated[str, flag("--rounding", "RULE", "nearest, down, up or none.", HEDGE)] = "nearest"


@dataclass(frozen=True)
class CurveFlags:
    """The yield curve."""

    curve: Annotated[str | None, flag("--curve", "FILE", "Par yields by date; columns such as 2Y, DGS10.", CURVE)] = (
        None
    )
    flat: Annotated[float | None, flag("--flat", "RATE", "One zero rate for all times, decimal.", CURVE)] = None
    node: Annotated[
        list[str] | None, flag("--node", "COL=YEARS", "Years of a column, where its name does not say; repeat.", CURVE)
    ] = None
    yields_in: Annotated[str, flag("--yields-in", "UNIT", "percent or decimal.", CURVE)] = "percent"
    window: Annotated[int, flag("--window", "N", "Daily changes of the curve that weigh its nodes.", CURVE)] = 250
    equal_weights: Annotated[bool, flag("--equal-weights", None, "Weigh every node the same.", CURVE)] = False


@takes(BondFlags, CurveFlags, OutputFlags)
def rates(bonds: BondFlags, curve: CurveFlags, output: OutputFlags) -> None:
    """Hedge the rate risk of bonds with bond futures: DV01, key rates, cheapest to deliver."""
    from hedgerow.cli.words import validated
    from hedgerow.study import RateStudy, run_rate_study

    require_place(output.report, "--report")
    outcome = run_rate_study(validated(RateStudy, rate_words(bonds, curve)))
    if output.report:
        outcome.write_html(output.report)
    if output.json:
        print_json(outcome.to_dict())
        return
    from hedgerow.cli.rates_text import print_rates

    print_rates(outcome, console())
    if output.report:
        console().print(f"Report: {Path(output.report).resolve()}", soft_wrap=True, markup=False)


def rate_words(bonds: BondFlags, curve: CurveFlags) -> dict[str, Any]:
    """Return what the flags say, in the words of a study."""
    from hedgerow.cli.price import decimals
    from hedgerow.cli.words import pairs

    nodes = pairs(curve.node, "--node", "COL=YEARS")
    return {
        "at": bonds.at,
        "bonds": bonds.bonds,
        "futures": bonds.futures,
        "method": bonds.method.strip().lower().replace("-", "_"),
        "rounding": bonds.rounding,
        "weigh": not curve.equal_weights,
        "curve": {
            "file": curve.curve,
            "flat": curve.flat,
            "columns": {name: decimals(text, "--node")[0] for name, text in nodes.items()},
            "yields_in": curve.yields_in,
            "window": curve.window,
        },
    }
