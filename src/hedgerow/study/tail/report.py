"""The report of a tail study: verdict, cost, protection, sudden falls, crises, equal cost, pictures."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from hedgerow.report import Picture, Report, Sample, Table
from hedgerow.study.hedging.report import said
from hedgerow.study.overlays import tables as shared
from hedgerow.study.overlays.claim_tables import told_claims
from hedgerow.study.overlays.report import SYNTHETIC
from hedgerow.study.provenance import versions
from hedgerow.study.tail import tables
from hedgerow.study.tail.sentences import in_words

if TYPE_CHECKING:
    from hedgerow.study.tail.run import TailOutcome
    from hedgerow.study.tail.words import TailHedgeWords

Block = Table | Picture
CAPTIONS = {
    "payoff_fan": (
        "What a sudden fall pays",
        "Gain of every hedge, each scaled to bleed 1 % of the portfolio a year outside crises; no time passes.",
    ),
    "cost_and_gain": (
        "What the hedges cost and brought in",
        "Running sum, net of costs, interest on the cash included.",
    ),
    "cumulative_bleed": ("What the hedges bled outside crises", "The same, crises left out."),
    "crises": (
        "Crash offset by crisis",
        "Gain of the hedge over the loss of the portfolio; a crisis that the data lack is named and has no bar.",
    ),
    "equal_cost": (
        "At the same bleed a year",
        "Every hedge scaled to cost as much outside crises as the first; left and down is better.",
    ),
    "drawdowns": ("Drawdown, with and without the hedge", "Fall of each account below its own peak."),
    "rolling_beta": ("Rolling beta", "Against the unhedged portfolio: what exposure the hedge left."),
}
"""Heading and caption of each picture."""
SHARES = "Shares are of the unhedged portfolio; costs and losses are positive. "


def build_report(outcome: TailOutcome) -> Report:
    """Return everything the report says."""
    comparison = outcome.tail.comparison
    first, last = comparison.period.all_dates[[0, -1]]
    hedges = "1 hedge" if len(outcome.tail.hedges) == 1 else f"{len(outcome.tail.hedges)} hedges"
    return Report(
        title=outcome.study.title or "Tail hedges",
        subtitle=f"{hedges}, {first:%Y-%m-%d} to {last:%Y-%m-%d}, lag {outcome.study.lag}, net of costs",
        verdict=outcome.verdict,
        facts=_facts(outcome),
        notes=outcome.warnings,
        blocks=(
            *_claims(outcome),
            *_first(outcome),
            *_pictures(outcome, "payoff_fan"),
            *_shocks(outcome),
            *_crises(outcome),
            *_pictures(outcome, "cost_and_gain", "cumulative_bleed"),
            *_equal_cost(outcome),
            *_pictures(outcome, "drawdowns", "rolling_beta"),
        ),
    )


def _facts(outcome: TailOutcome) -> dict[str, str]:
    study, market, judging = outcome.study, outcome.source.market, outcome.study.judging
    portfolio, span = study.portfolio, f"{market.dates[0]:%Y-%m-%d} to {market.dates[-1]:%Y-%m-%d}"
    drawn = f"{judging.draws:,} draws of blocks, {judging.confidence:.0%} intervals, seed {judging.seed}"
    return {
        "Data": study.data.sample or ", ".join(Path(name).name for name in study.data.files),
        "Rows": f"{len(market):,}, {span}; {market.dropped:,} left out",
        "Portfolio": f"{portfolio.value:,.0f} {portfolio.currency}, {portfolio.exposure_weight:.0%} exposed",
        **{each.name: _hedge(each) for each in study.hedges},
        "Budget": tables.stated_budget(outcome),
        "Decided and traded": f"lag {study.lag}",
        "Intervals": drawn if judging.draws else "none asked for",
        "Sample": outcome.tail.comparison.judging.sample,
        "Versions": versions("numpy", "pandas", "numba"),
    }


def _hedge(words: TailHedgeWords) -> str:
    if not isinstance(words.hedge, tuple):
        return said(words.hedge)
    shares = words.shares or (1.0 / len(words.hedge),) * len(words.hedge)
    return " and ".join(f"{share:.3g} x {said(each)}" for share, each in zip(shares, words.hedge, strict=True))


def _label(outcome: TailOutcome) -> Sample:
    return outcome.tail.comparison.judging.sample  # type: ignore[return-value]


def _stamp(outcome: TailOutcome) -> str:
    return SYNTHETIC if outcome.tail.stamp else ""


def _whole_stamp(outcome: TailOutcome) -> str:
    stamp = outcome.tail.stamp
    return f"{stamp[:1].upper()}{stamp[1:]}." if stamp else ""


def _first(outcome: TailOutcome) -> list[Block]:
    label, stamp = _label(outcome), _stamp(outcome)
    cut = "CVaR cut: of a day, against no hedge; per cost: of a share of the portfolio a year. "
    return [
        Table("In words", in_words(outcome.tail), f"Made of the figures below. {_whole_stamp(outcome)}", sample=label),
        Table("What it costs", tables.costs(outcome), f"{SHARES}Outside crises: the bleed. {stamp}", sample=label),
        Table("What it protects", tables.protection(outcome), cut + stamp, sample=label),
    ]


def _shocks(outcome: TailOutcome) -> list[Block]:
    label, stamp = _label(outcome), _stamp(outcome)
    mean = "Mean over all dates of what was held on them, before costs; the VIX rises 1.5 points a per cent. "
    spread = "Mean over all dates, and between which gains 90 % of the dates lie. "
    blocks: list[Block] = [
        Table("Sudden falls", tables.convexity(outcome), mean + stamp, sample=label),
        Table("Stress", tables.stress(outcome), spread + stamp, sample=label),
    ]
    found = tables.per_budget(outcome)
    if found is not None:
        note = f"Per unit of budget ({tables.stated_budget(outcome)}). {stamp}"
        blocks.append(Table("For each unit of budget", found, note, sample=label))
    return blocks


def _crises(outcome: TailOutcome) -> list[Block]:
    comparison, label, stamp = outcome.tail.comparison, _label(outcome), _stamp(outcome)
    note = "Portfolio: its fall from peak to trough, dates fixed. Hedges: gain net of costs over the loss. "
    calm = "Calm: no crisis in the year and never 10 % below its own peak. Hedges: gain as a share of the portfolio. "
    return [
        Table("Every crisis", shared.offsets(outcome.tail.crises()), note + stamp, sample=label),
        *_pictures(outcome, "crises"),
        Table("Every year", shared.years(comparison), calm + stamp, sample=label),
    ]


def _equal_cost(outcome: TailOutcome) -> list[Block]:
    if not outcome.study.judging.equal_cost:
        return []
    found = shared.equal_cost(outcome.tail.comparison)
    note = "Every hedge scaled to bleed as much a year outside crises as the first, so that only protection differs. "
    block = Table("At the same cost", found, note + _stamp(outcome), sample=_label(outcome))
    return [block, *_pictures(outcome, "equal_cost")]


def _pictures(outcome: TailOutcome, *names: str) -> list[Block]:
    known = outcome.figure_names
    return [
        Picture(CAPTIONS[name][0], outcome.figure(name), f"{CAPTIONS[name][1]} {_stamp(outcome)}", _label(outcome))
        for name in names
        if name in known
    ]


def _claims(outcome: TailOutcome) -> list[Block]:
    if not len(outcome.claims):
        return []
    asked = {claim.what for claim in outcome.study.claims if claim.measured is not None}
    note = "What is claimed, what the claim's own arithmetic gives where it errs, and what this study measured. "
    found = told_claims(outcome.claims, asked)
    return [Table("Claimed against measured", found, note + _stamp(outcome), sample=_label(outcome))]
