"""The report of a hedged book: verdict, figures with their errors, claims, pictures, accounts."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from hedgerow.report import Picture, Report, Table, counted, write_html
from hedgerow.study.hedging.measures import LAW, quantile_table, with_measures
from hedgerow.study.hedging.pictures import caption
from hedgerow.study.provenance import versions

if TYPE_CHECKING:
    from hedgerow.study.hedging.outcome import HedgeOutcome
    from hedgerow.study.replay.words import ProgrammeWords

Block = Table | Picture
MONEY = ",.2f"
SPREAD = ("standard deviation", "value at risk", "cvar", "worst", "best", "share of losses")
"""Figures that one path does not have."""
EXPLAINED = {
    "break-even volatility": " Break-even volatility: the realised one at which the profit would be 0.",
    LAW: f" {LAW[:1].upper()}{LAW[1:]}: of an option at the money hedged as many times, evenly, at the volatility that "
    "is realised, at no cost.",
}
MOST_ROWS = 250
"""Moments of the first path that a report lists; the CSV beside it has all."""


def write_hedge_report(outcome: HedgeOutcome, path: Path) -> Path:
    """Write what a simulation or replay found as a self-contained HTML file and return its path."""
    return write_html(build_hedge_report(outcome), path)


def build_hedge_report(outcome: HedgeOutcome) -> Report:
    """Return everything the report says."""
    names = ", ".join(outcome.book.columns.names)
    return Report(
        title=outcome.study.title or f"Hedging {counted(len(outcome.book), 'position')} in {names}",
        subtitle=subtitle(outcome),
        verdict=outcome.verdict,
        facts=facts(outcome),
        notes=outcome.warnings,
        blocks=(*_figures(outcome), *_claims(outcome), *_pictures(outcome), *_rest(outcome)),
    )


def subtitle(outcome: HedgeOutcome) -> str:
    """Return what was run, in a few words."""
    path, result = outcome.path, outcome.result
    drawn = "1 path drawn" if result.n_paths == 1 else f"{result.n_paths:,} paths"
    paths = "history" if outcome.is_replay else drawn
    return f"{paths}, {len(path) - 1:,} steps, {path.index[0].date()} to {path.index[-1].date()}, lag {result.lag}"


def facts(outcome: HedgeOutcome) -> dict[str, str]:
    """Return what the numbers rest on."""
    study, result = outcome.study, outcome.result
    programme = getattr(study, "programme", None)
    book = f"{counted(len(outcome.book), 'position')} at {outcome.market.moment}"
    found = {
        **({"Book": book} if programme is None else {"Programme": programme_words(programme)}),
        "Hedger": said(study.hedger),
        "Policy": said(study.policy),
        "Costs": "; ".join(map(said, study.costs)) or "none",
    }
    option_costs = getattr(study, "option_costs", ())
    if option_costs:
        found |= {"Costs of options": "; ".join(map(said, option_costs))}
    exits = getattr(study, "exits", ())
    if exits:
        found |= {"Exits": "; ".join(map(said, exits))}
    if hasattr(study, "scenario"):
        found |= {"Scenario": said(study.scenario), "Seed": f"{result.seed}"}
    return found | {
        "Decided and traded": f"lag {result.lag}",
        "Computed": str(result.how),
        "Versions": versions("numpy", "pandas", "numba"),
    }


def programme_words(words: ProgrammeWords) -> str:
    """Return a programme as one line: ``straddle, -1 x 100, every month, expiring 1 ahead``."""
    size = f"{words.quantity:g} x {words.multiplier:g}"
    return f"{words.combination}, {size}, every month, expiring {words.months} ahead"


def said(words: object) -> str:
    """Return the words of a part as one line.

    Examples
    --------
    >>> said({"any": [{"band": {"width": 0.1}}, "every_day"]}), said({"half_spread": 1})
    ('any(band(width 0.1), every_day)', 'half_spread 1')
    """
    if isinstance(words, dict):
        return ", ".join(_said_pair(str(name), inner) for name, inner in words.items())
    if isinstance(words, list | tuple):
        return ", ".join(map(said, words))
    return f"{words}"


def _said_pair(name: str, inner: object) -> str:
    if isinstance(inner, dict | list | tuple):
        return f"{name}({said(inner)})" if inner else name
    return f"{name} {said(inner)}"


def result_table(outcome: HedgeOutcome) -> Table:
    """Return the figures of the result, with their standard errors where there are many paths."""
    summary = outcome.result.summary()
    single = outcome.result.n_paths == 1
    shown = summary[["value"]].drop(index=SPREAD, errors="ignore").rename({"mean": "profit"}) if single else summary
    for what, other in outcome.beside.items():
        beside = other.summary()["value"].rename({"mean": "profit"} if single else {})
        shown = shown.assign(**{what: beside.reindex(shown.index)})
    shown = _spaced(with_measures(shown, outcome))
    note = (
        "Money, gains positive, costs and drawdown positive. One path has no standard error."
        if single
        else "Money, gains positive, costs positive; value at risk, CVaR and drawdown are losses. Standard errors are "
        "those of the average over paths."
    ) + "".join(each for name, each in EXPLAINED.items() if name in shown.index)
    form = ",.4f" if float(shown.loc[shown["unit"] == outcome.market.currency, "value"].abs().max()) < 100.0 else MONEY
    return Table("Result", shown, note, {str(name): form for name in shown.columns if name != "unit"})


def _figures(outcome: HedgeOutcome) -> list[Block]:
    attribution = outcome.result.attribution()
    single = outcome.result.n_paths == 1
    attribution = _spaced(attribution[["mean"]].set_axis([outcome.market.currency], axis=1) if single else attribution)
    note = "The parts and the remainder add up to the profit; a short book loses on gamma and earns theta."
    forms = dict.fromkeys(map(str, attribution.columns), MONEY)
    return [
        result_table(outcome),
        *_quantiles(outcome),
        Table("Where the profit comes from", attribution, note, forms),
    ]


def _quantiles(outcome: HedgeOutcome) -> list[Block]:
    table = quantile_table(outcome)
    if table is None:
        return []
    return [Table("Quantiles of the profit", table, f"{outcome.market.currency}, after costs.", {"profit": MONEY})]


def _claims(outcome: HedgeOutcome) -> list[Block]:
    if not len(outcome.claims):
        return []
    note = "What is claimed, what the claim's own arithmetic gives where it errs, and what this study measured."
    formats = dict.fromkeys(("claimed", "right arithmetic", "measured here"), ",.6g")
    return [Table("Claimed against measured", outcome.claims, note, formats)]


def _pictures(outcome: HedgeOutcome) -> list[Block]:
    drawn = ((name, *caption(name, outcome)) for name in outcome.figure_names)
    return [Picture(heading, outcome.figure(name), said) for name, heading, said in drawn]


def _rest(outcome: HedgeOutcome) -> list[Block]:
    blocks: list[Block] = []
    if outcome.by_year is not None:
        table = outcome.by_year.set_axis([str(year) for year in outcome.by_year.index]).rename_axis("year")
        blocks.append(
            Table(
                "By year",
                table,
                "Money; the parts of a row add up to its total.",
                dict.fromkeys(map(str, table.columns), MONEY),
            )
        )
    if outcome.exits is not None:
        table = outcome.exits.head(MOST_ROWS).set_index("instrument")
        note = (
            f"What rules closed {'' if outcome.is_replay else 'on the first path'} and why; profit is of options plus "
            "hedge since the book was last empty, before costs."
        )
        forms = {"left": ".0%", "profit": MONEY, "costs": MONEY}
        blocks.append(Table("Exits", table, " ".join(note.split()), forms))
    if outcome.account is not None:
        table = outcome.account.table.head(MOST_ROWS).rename_axis("moment")
        note = "Equity is capital and profit; long options are no collateral; a call is what is missing."
        blocks.append(Table("The account", table, note, dict.fromkeys(map(str, table.columns), MONEY)))
    path = outcome.path.head(MOST_ROWS).rename_axis("moment")
    more = "" if len(outcome.path) <= MOST_ROWS else f" The first {MOST_ROWS} of {len(outcome.path):,} moments."
    formats = {name: MONEY for name in ("value", "cash", "wealth", "pnl", "cost") if name in path.columns}
    heading = "Step by step" if outcome.is_replay else "First path"
    blocks.append(Table(heading, path, f"What the book and the account did at each moment.{more}", formats))
    return blocks


def _spaced(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.rename(
        columns=lambda name: str(name).replace("_", " "), index=lambda name: str(name).replace("_", " ")
    )
