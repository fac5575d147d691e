"""The report of a tail study: verdict, cost, protection, sudden falls, crises, equal cost, pictures."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from hedgerow.report import Picture, Report, Sample, Table
from hedgerow.study.hedging.report import said
from hedgerow.study.overlays import tables as shared
from hedgerow.study.overlays.claim_tables import told_claims
from hedgerow.study.overlays.report import CONTRACTS, SYNTHETIC, crisis_blocks, hedged_part
from hedgerow.study.provenance import versions
from hedgerow.study.tail import tables
from hedgerow.study.tail.pictures import CAPTIONS, caption, mapped
from hedgerow.study.tail.sentences import in_words

if TYPE_CHECKING:
    from hedgerow.study.tail.run import TailOutcome
    from hedgerow.study.tail.words import TailHedgeWords

Block = Table | Picture
SHARES = "Shares are of the unhedged portfolio; costs and losses are positive. "
COSTS = "Outside crises: the bleed; carry: earned there before the costs of dealing. "
MARKS = (
    "Marked by model: share of the days held on which a contract had no quote and was priced by a model (a swap struck "
    "at a volatility index is); stale quotes: on which one was marked from a quote of an earlier date. "
)
CAPTURES = (
    "Capture: mean return of the account over the portfolio's, on the days on which that rose (up) and fell (down). "
)
SPENT = (
    "Spent: of each calendar year the premium and costs of options bought and the loss of swaps, futures and options "
    "sold, over the portfolio. For 1 % a year of it, and of the budget, of which less may have been spent. "
)


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
            _today(outcome),
            *_claims(outcome),
            *_first(outcome),
            *_pictures(outcome, "cost_of_protection"),
            *_how_much(outcome),
            *_pictures(outcome, "payoff_fan"),
            *_shocks(outcome),
            *_crises(outcome),
            *_pictures(outcome, "cost_and_gain", "cumulative_bleed"),
            *_equal_cost(outcome),
            *_pictures(outcome, "convexity_map"),
            *_pictures(outcome, "equity", "drawdowns", "rolling_beta"),
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


def _today(outcome: TailOutcome) -> Table:
    comparison = outcome.tail.comparison
    last = comparison.results[next(iter(comparison.plans))].dates[-1]
    found = shared.today(comparison, "plan").drop(columns=["hedge", "decided", "held", "why"])
    note = f"{CONTRACTS.format(day=last.date())}{_stamp(outcome)}"
    return Table("What to hold today", found, note, sample=_label(outcome))


def _first(outcome: TailOutcome) -> list[Block]:
    label, stamp = _label(outcome), _stamp(outcome)
    comparison = outcome.tail.comparison
    cut = (
        "CVaR cut: of a day, against no hedge; basis points of it for each basis point of cost a year, none where the "
        f"hedge earned. {hedged_part(comparison)}"
    )
    return [
        Table("In words", in_words(outcome.tail), f"Made of the figures below. {_whole_stamp(outcome)}", sample=label),
        Table("What it costs", tables.costs(outcome), f"{SHARES}{COSTS}{MARKS}{stamp}", sample=label),
        Table("What it protects", tables.protection(outcome), cut + stamp, sample=label),
        Table("Up and down", tables.captures(outcome), f"{CAPTURES}{stamp}", sample=label),
    ]


def _shocks(outcome: TailOutcome) -> list[Block]:
    label, stamp = _label(outcome), _stamp(outcome)
    mean = "Mean over all dates of what was held on them, before costs; the VIX rises 1.5 points a per cent. "
    spread = "Mean over all dates, and between which gains 90 % of the dates lie. "
    blocks: list[Block] = [
        Table("Sudden falls", tables.convexity(outcome), mean + stamp, sample=label),
        Table("Stress", tables.stress(outcome), spread + stamp, sample=label),
    ]
    note = f"{SPENT}Budget: {tables.stated_budget(outcome)}. {stamp}"
    blocks.append(Table("For the money", tables.for_money(outcome), note, sample=label))
    return blocks


def _how_much(outcome: TailOutcome) -> list[Block]:
    if outcome.by_bleed is None:
        return []
    unsized = tables.unsized(outcome.by_bleed)
    left = f"Left out, for no size of it costs so much: {', '.join(unsized)}. " if unsized else ""
    note = (
        "Every hedge at the size that costs so much a year outside crises, without a cap and in fractions of "
        f"contracts; times the base: of the hedge as the study states it. {left}{_stamp(outcome)}"
    )
    block = Table("How much to hold", tables.how_much(outcome.by_bleed), note, sample=_label(outcome))
    return [block, *_pictures(outcome, "by_bleed")]


def _crises(outcome: TailOutcome) -> list[Block]:
    comparison, label, stamp = outcome.tail.comparison, _label(outcome), _stamp(outcome)
    note = "Portfolio: its fall from peak to trough, dates fixed. Hedges: gain net of costs over the loss. "
    calm = "Calm: no crisis in the year and never 10 % below its own peak. Hedges: gain as a share of the portfolio. "
    return [
        *crisis_blocks(comparison, note + stamp, label),
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
    blocks: list[Block] = []
    for name in (each for each in names if each in outcome.figure_names):
        heading, said = CAPTIONS[name][0], f"{caption(outcome, name)} {_stamp(outcome)}"
        if name != "convexity_map":
            blocks.append(Picture(heading, outcome.figure(name), said, _label(outcome)))
            continue
        for hedge in mapped(outcome):
            blocks.append(Picture(f"{heading}: {hedge}", outcome.figure(name, hedge), said, _label(outcome)))
    return blocks


def _claims(outcome: TailOutcome) -> list[Block]:
    if not len(outcome.claims):
        return []
    asked = {claim.what for claim in outcome.study.claims if claim.measured is not None}
    note = "What is claimed, what the claim's own arithmetic gives where it errs, and what this study measured. "
    found = told_claims(outcome.claims, asked)
    return [Table("Claimed against measured", found, note + _stamp(outcome), sample=_label(outcome))]
