"""The report of a stress study: losses by scenario, what would be right then, contingency, margin."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from hedgerow.errors import InputError, did_you_mean
from hedgerow.report import MISSING, Picture, Report, Table, margin_figure, number_text, stress_bars_figure, write_html
from hedgerow.study.provenance import data_digest, versions
from hedgerow.study.stress.margin import HELD
from hedgerow.study.words import position_words, trade_words

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

    from hedgerow.compare import StressResult
    from hedgerow.study.stress.margin import MarginReview
    from hedgerow.study.stress.run import StressOutcome

FIGURES = ("losses", "margin")
LOSS_COLUMNS = {
    "loss_unhedged": "loss without",
    "loss_hedged": "loss with hedge",
    "hedge_gain": "hedge saves",
    "variance_reduction": "variance red.",
    "value_at_risk_hedged": "VaR normal",
    "cvar_hedged": "CVaR normal",
    "historical_value_at_risk_hedged": "VaR history",
    "historical_cvar_hedged": "CVaR history",
}
MONEY = ",.0f"


def figure_of(outcome: StressOutcome, name: str) -> Figure:
    """Return one figure by name.

    Raises
    ------
    InputError
        For an unknown name, or the margin of a study without it.
    """
    if name not in FIGURES:
        raise InputError(f"figure {name!r} is not known{did_you_mean(name, FIGURES)} (figures: {', '.join(FIGURES)})")
    if name == "losses":
        return stress_bars_figure(outcome.test.table, unit=outcome.unit)
    if outcome.margin is None:
        raise InputError("this study has no margin account to show; leave margin in, and give enough rows")
    return margin_figure(outcome.margin.sides[HELD].path.table, unit=outcome.unit)


def write_stress_report(outcome: StressOutcome, path: Path) -> Path:
    """Write the study's report as one self-contained HTML file and return its path."""
    return write_html(build_stress_report(outcome), path)


def build_stress_report(outcome: StressOutcome) -> Report:
    """Return everything the report says."""
    hedges = " and ".join(outcome.data.hedges)
    blocks: list[Table | Picture] = [
        Picture("Loss in each scenario", figure_of(outcome, "losses"), "Losses to the right, gains to the left."),
        losses_table(outcome),
        emergency_table(outcome),
        limits_table(outcome),
    ]
    if outcome.knock_in is not None:
        blocks.append(_knock_in_table(outcome))
    if outcome.margin is not None:
        caption = "The ratio held over all rows shown, as contracts were worth on the day."
        blocks += [margin_table(outcome), Picture("Margin account", figure_of(outcome, "margin"), caption)]
    return Report(
        title=outcome.study.title or f"Stress of {outcome.data.exposure} hedged with {hedges}",
        subtitle=f"{len(outcome.test.results)} scenarios as of {outcome.test.as_of.date()}",
        verdict=outcome.verdict,
        facts=_facts(outcome),
        notes=outcome.warnings,
        blocks=tuple(blocks),
    )


def losses_table(outcome: StressOutcome) -> Table:
    """Return the losses by scenario."""
    test = outcome.test
    shown = test.table[["what", *LOSS_COLUMNS]].rename(columns={"what": "what happens", **LOSS_COLUMNS})
    form, unit = money_form(outcome), f", {outcome.unit}" if outcome.unit else ""
    formats = dict.fromkeys(LOSS_COLUMNS.values(), form) | {"variance red.": ".3f"}
    note = (
        f"Money over one row (worst rows: over all of them) for the whole quantity, losses positive{unit}. "
        f"Where prices move the loss is that of the move; elsewhere {test.options.sigmas:g} standard deviations of the "
        f"stressed position. VaR and CVaR at {test.options.level:.0%}, with the hedge: normal with mean 0, and the "
        "known history given the stressed volatilities and correlations."
    )
    tooltips = {"variance red.": "what the hedge still removes; below 0 it adds variance"}
    return Table("What each scenario costs", shown, note, formats, tooltips, "in sample")


def emergency_table(outcome: StressOutcome) -> Table:
    """Return the ratio that would be right in each scenario, and what it would have cost then."""
    costs = outcome.emergency_costs
    rows = {one.scenario.name: _emergency_row(one, costs[one.scenario.name]) for one in outcome.test.results}
    table = pd.DataFrame.from_dict(rows, orient="index").rename_axis("scenario")
    table = table.dropna(axis=1, how="all")
    form = money_form(outcome)
    if not any(costs.values()):
        table = table.drop(columns="cost to go there")
    note = (
        "The ratio of least variance under the stressed volatilities and correlations; contracts negative = sold. The "
        "loss is without what it costs to trade there, at today's prices."
    )
    formats = {"variance red.": ".3f", "loss": form, "loss as held": form, "cost to go there": form}
    return Table("The ratio that would be right then", table, note, formats, sample="in sample")


def _emergency_row(result: StressResult, cost: float) -> dict[str, object]:
    contracts = result.emergency_contracts
    return {
        "emergency ratio": number_text(result.emergency_ratio, ".4f"),
        "contracts": None if contracts is None else number_text(contracts, ",.1f"),
        "variance red.": result.emergency_reduction,
        "cost to go there": cost,
        "loss": result.emergency_loss,
        "loss as held": result.hedged.loss,
    }


def limits_table(outcome: StressOutcome) -> Table:
    """Return where the hedge stops helping, and the stop levels."""
    reverse, stops = outcome.test.reverse, outcome.stops
    rows = {
        "correlation as estimated": number_text(reverse.correlation_now, ".3f"),
        "correlation below which the hedge adds variance": number_text(reverse.correlation_limit, ".3f"),
        "factor of the hedge's volatility beyond which it does": number_text(reverse.volatility_limit, ".2f"),
    }
    if stops is not None:
        loss = number_text(stops.loss)
        rows[f"{outcome.data.exposure} at which {loss} is lost, hedge standing still"] = number_text(
            stops.exposure_alone
        )
        rows[f"{outcome.data.exposure} at which it is lost, hedge following"] = number_text(stops.exposure_hedged)
        for name, level in zip(outcome.data.hedges, stops.hedges, strict=True):
            rows[f"{name} at which the hedge alone has lost it"] = number_text(level)
    table = pd.DataFrame({"level": rows}).rename_axis("limit")
    return Table(
        "Where the hedge stops helping, and where to act", table, "Stop levels are prices, in the exposure's unit."
    )


def _knock_in_table(outcome: StressOutcome) -> Table:
    plan = outcome.knock_in
    assert plan is not None  # noqa: S101  (the caller has looked)
    table = plan.table.rename(columns=lambda name: str(name).replace("_", " "))
    form = money_form(outcome)
    note = (
        f"{plan.barrier_kind} {plan.kind} on {plan.terms.instrument}, barrier {plan.terms.barrier:g}, strike "
        f"{plan.strike:g}, volatility {plan.terms.vol:.1%}, {plan.terms.years:g} years, on {number_text(plan.units)} "
        f"units: costs {number_text(plan.cost)}; without a barrier {number_text(plan.plain_cost)}. Payoff as if at "
        "expiry after the move; loss with the hedge, less payoff, plus cost."
    )
    return Table("Contingent protection", table, note, {"payoff": form, "loss with option": form})


def margin_table(outcome: StressOutcome) -> Table:
    """Return margin, calls, buffer and cost at the ratio held and at one for one."""
    review = outcome.margin
    assert review is not None  # noqa: S101  (the caller has looked)
    side = review.sides[HELD]
    need = side.need
    named = {
        name: f"{name} ({number_text(one.ratio, '.4g')}; {number_text(one.contracts, ',.6g')} contracts)"
        for name, one in review.sides.items()
    }
    called = side.path.worst_call_date
    terms = review.terms.words
    note = (
        f"{terms[0].upper()}{terms[1:]}; maintenance at {review.terms.maintenance:.0%} of it. Path from "
        f"{side.path.held.times[0].date()} to {side.path.held.times[-1].date()}"
        + (f", worst call on {called.date()}" if called is not None else "")
        + f". Buffer from {need.windows:,} overlapping windows, {need.options.interval:.0%} interval from "
        f"{need.options.draws} draws of blocks of {need.block_length:.0f} rows."
        + _capital_words(review)
        + ("" if review.per_contract else " No contract size is given: one unit of hedge counts as a contract.")
    )
    table = review.table.rename(columns=named)
    return Table("Margin and cash", table, note, dict.fromkeys(table.columns, money_form(outcome)))


def _capital_words(review: MarginReview) -> str:
    if review.capital_aware is None:
        return ""
    ratio = number_text(review.capital_aware, ".4f")
    return f" Weighing variance against the cost of margin and buffer, the ratio is {ratio}."


def money_form(outcome: StressOutcome) -> str:
    """Return how money is written: whole units where the losses are large."""
    size = outcome.test.table["loss_unhedged"].abs().max()
    return MONEY if size >= 1000.0 else ",.4g"


def _facts(outcome: StressOutcome) -> dict[str, str]:
    study, data, test = outcome.study, outcome.data, outcome.test
    times = data.history.times
    held = MISSING
    if outcome.sizings is not None:
        trades = [one.trade_from(hedge.held) for one, hedge in zip(outcome.sizings, study.hedges, strict=True)]
        words = (
            f"{position_words(one)}, to trade: {trade_words(trade)}"
            for one, trade in zip(outcome.sizings, trades, strict=True)
        )
        held = "; ".join(words)
    return {
        "Prices": f"{data.rows:,} rows, {times[0].date()} to {times[-1].date()}, every {study.data.every}",
        "Left out": f"{data.dropped} rows with a missing value, {data.unmatched} dates not in all files",
        "Changes": f"{study.changes}, horizon {study.horizon}; moments from the last {test.rows:,} of them",
        "Ratio held": f"{number_text(test.position.ratio, '.4f')} ({outcome.method})",
        "Contracts": held,
        "Quantity": number_text(study.exposure.quantity),
        "Data digest": data_digest(data),
        "Versions": versions("numpy", "pandas"),
    }
