"""The report of an overlay study: verdict, today, costs, protection, crises, rivals, doubts, pictures."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from hedgerow.compare.overlays.diversified import static_levels
from hedgerow.report import Picture, Report, Sample, Table, write_html, write_markdown
from hedgerow.study.hedging.report import said
from hedgerow.study.overlays import tables
from hedgerow.study.overlays.claim_tables import claims, usual_claims
from hedgerow.study.overlays.further_tables import chosen, use_of_budget
from hedgerow.study.overlays.pictures import CAPTIONS, caption
from hedgerow.study.overlays.sentences import by_rule
from hedgerow.study.provenance import versions

if TYPE_CHECKING:
    from hedgerow.compare.overlays.comparison import OverlayComparison
    from hedgerow.study.overlays.market_words import OverlayData
    from hedgerow.study.overlays.run import OverlayStudyOutcome
    from hedgerow.study.overlays.words import RuleWords, TogetherWords

Block = Table | Picture
CONTRACTS = (
    "After the close of {day}. Contracts: of a swap money per volatility point, of options and futures listed "
    "contracts, of a trend units of the index. A roll that is due comes on top. "
)
"""Under the table of what to do today."""
SYNTHETIC = "Synthetic prices, modelled as the notes on top say. "
RULES = "Multiplier: times the base hedge, as the rule says it; what the shape makes of it is what is ordered. "
CARRY = (
    "Turnover: changes of the multiplier a year, times the base hedge, rolls apart. Carry: what the hedge earned a "
    "year outside crises before the costs of dealing, a share of the portfolio; below 0 it was paid. "
)
SHARES = "Shares are of the unhedged portfolio; costs and losses are positive. "


def write_overlay_study_report(outcome: OverlayStudyOutcome, path: Path) -> Path:
    """Write what an overlay study found as a self-contained HTML file and return its path."""
    return write_html(build_report(outcome), path)


def write_overlay_study_markdown(outcome: OverlayStudyOutcome, path: Path) -> Path:
    """Write the same without its pictures as Markdown and return its path."""
    return write_markdown(build_report(outcome), path)


def build_report(outcome: OverlayStudyOutcome) -> Report:
    """Return everything the report says."""
    comparison = outcome.comparison
    first, last = comparison.period.all_dates[[0, -1]]
    rules = "1 rule" if len(comparison.plans) == 1 else f"{len(comparison.plans)} rules"
    return Report(
        title=outcome.study.title or "Volatility overlays",
        subtitle=f"{rules}, {first:%Y-%m-%d} to {last:%Y-%m-%d}, lag {outcome.study.lag}, net of costs",
        verdict=outcome.verdict,
        facts=facts(outcome.study, outcome) | {"Versions": versions("numpy", "pandas", "numba")},
        notes=outcome.warnings,
        blocks=(
            _today(outcome),
            *_claims(outcome),
            *_first(outcome),
            *_pictures(outcome, ("multiplier", "hedge_size", "hedge_size_by_slope", "cost_and_gain")),
            *_crises(outcome),
            *_pictures(outcome, ("cost_of_protection",)),
            *_rivals(outcome),
            *_equal_cost(outcome),
            *_pictures(outcome, ("equity", "drawdowns", "rolling_beta")),
            *_doubts(outcome),
            *_chosen(outcome),
            *_usual_claims(outcome),
            *_budget(outcome),
        ),
    )


def facts(study: OverlayData, outcome: OverlayStudyOutcome) -> dict[str, str]:
    """Return what the numbers rest on."""
    market, portfolio, words = outcome.source.market, study.portfolio, outcome.study
    span = f"{market.dates[0]:%Y-%m-%d} to {market.dates[-1]:%Y-%m-%d}"
    judging = words.judging
    drawn = f"{judging.draws:,} draws of blocks, {judging.confidence:.0%} intervals, seed {judging.seed}"
    return {
        "Data": study.data.sample or ", ".join(Path(name).name for name in study.data.files),
        "Rows": f"{len(market):,}, {span}; {market.dropped:,} left out",
        "Portfolio": f"{portfolio.value:,.0f} {portfolio.currency}, {portfolio.exposure_weight:.0%} exposed",
        "Hedge at multiplier 1": said(words.hedge),
        **{f"Hedge of {rule.name}": said(own) for rule in words.rules if (own := _own_hedge(rule)) is not None},
        **{key: text for each in words.together for key, text in _at_once(each).items()},
        "Decided and traded": f"lag {words.lag}: decided at a close, filled at {_fill(words.lag)}",
        "Intervals": drawn if judging.draws else "none asked for",
        "Sample": outcome.comparison.judging.sample,
    }


def _fill(lag: int) -> str:
    return {0: "the same close", 1: "the next close"}.get(lag, f"the close {lag} dates later")


def _at_once(words: TogetherWords) -> dict[str, str]:
    budget = "" if words.budget is None else f"; budget {words.budget:.2%} of the portfolio a calendar year"
    return {f"At once: {words.name}": " and ".join(_rule(part) for part in words.parts) + budget}


def _own_hedge(words: RuleWords) -> object:
    return words.model_dump(exclude_defaults=True).get("hedge")


def _rule(words: object) -> str:
    given = words.model_dump(exclude_defaults=True)  # type: ignore[attr-defined]
    rule = given["rule"]
    text = " times ".join(map(said, rule)) if isinstance(rule, list | tuple) else said(rule)
    shape = f"; {said(given['shape'])}" if given.get("shape") else ""
    return text + shape + (f"; on {said(given['hedge'])}" if "hedge" in given else "")


def _label(outcome: OverlayStudyOutcome) -> Sample:
    return outcome.comparison.judging.sample  # type: ignore[return-value]


def _stamp(outcome: OverlayStudyOutcome) -> str:
    return SYNTHETIC if outcome.comparison.stamp else ""


def _whole_stamp(outcome: OverlayStudyOutcome) -> str:
    stamp = outcome.comparison.stamp
    return f"{stamp[:1].upper()}{stamp[1:]}." if stamp else ""


def _today(outcome: OverlayStudyOutcome) -> Table:
    last = outcome.comparison.results[next(iter(outcome.comparison.plans))].dates[-1]
    note = f"{CONTRACTS.format(day=last.date())}Decided and held: times the base hedge."
    return Table("What to do today", tables.today(outcome.comparison), note)


def _first(outcome: OverlayStudyOutcome) -> list[Block]:
    comparison, label = outcome.comparison, _label(outcome)
    table, stamp = comparison.table(), _stamp(outcome)
    blocks: list[Block] = [
        Table("In words", by_rule(comparison), f"Made of the figures below. {_whole_stamp(outcome)}", sample=label),
        Table("The rules", tables.rules(comparison), RULES, sample=label),
        Table(
            "What it costs",
            tables.shown(table, {name: tables.COSTS[name] for name in tables.SPENT}),
            f"{SHARES}{_static(outcome)}{stamp}",
            sample=label,
        ),
        Table(
            "How much was held, turnover and carry",
            tables.shown(table, {name: tables.COSTS[name] for name in tables.SIZES}),
            f"{CARRY}{stamp}",
            sample=label,
        ),
        Table(
            "What it protects",
            tables.shown(table, tables.protection_figures(comparison)),
            "Crash offset: gain of the hedge over loss of the portfolio, all crises of the data together. "
            f"{hedged_part(comparison)}{stamp}",
            sample=label,
        ),
        Table(
            "Up and down",
            tables.captures(comparison),
            "Capture: mean return of the account over the portfolio's, on the days on which that rose (up) and fell "
            f"(down). Less of the falls than of the rises is what a hedge is for. {stamp}",
            sample=label,
        ),
    ]
    beside = tables.both_lags(outcome)
    if beside is not None:
        note = f"Lag 0 fills at the very close that decides, which nobody can do: what the lag costs. {stamp}"
        blocks.append(Table("With the lag, and without it", beside, note, sample=label))
    return blocks


def _static(outcome: OverlayStudyOutcome) -> str:
    plans = outcome.comparison.plans.values()
    halves = ", half of each side of a split" if any(static_levels(plan) == (0.5, 0.5) for plan in plans) else ""
    kind = "its own hedge" if len(set(outcome.comparison.static.values())) > 1 else "the hedge"
    several = any(len(result.parts) > 1 for result in outcome.comparison.results.values())
    means = "Of several at once sizes are means. " if several else ""
    return f"Static is multiplier 1 of {kind} throughout{halves}. Outside crises: the bleed. {means}"


def _pictures(outcome: OverlayStudyOutcome, wanted: tuple[str, ...]) -> list[Block]:
    blocks: list[Block] = []
    label = _label(outcome)
    for name in wanted:
        if name not in outcome.figure_names:
            continue
        heading, said = CAPTIONS[name][0], f"{caption(outcome, name)} {_stamp(outcome)}"
        if name != "multiplier":
            sample: Sample = "in sample" if name == "sensitivity" else label
            blocks.append(Picture(heading, outcome.figure(name), said, sample))
            continue
        rules = list(outcome.comparison.plans)
        for rule in rules:
            title = heading if len(rules) == 1 else f"{heading}: {rule}"
            blocks.append(Picture(title, outcome.figure(name, rule), said, label))
    return blocks


def _crises(outcome: OverlayStudyOutcome) -> list[Block]:
    comparison, label, stamp = outcome.comparison, _label(outcome), _stamp(outcome)
    note = "Portfolio: its fall from peak to trough, dates fixed. Hedges: gain net of costs over the loss. "
    calm = "Calm: no crisis in the year and never 10 % below its own peak. Hedges: gain as a share of the portfolio. "
    return [
        *crisis_blocks(comparison, note + stamp, label),
        *_pictures(outcome, ("crises",)),
        Table("Every year", tables.years(comparison), calm + stamp, sample=label),
    ]


def crisis_blocks(comparison: OverlayComparison, note: str, label: Sample) -> list[Table]:
    """Return the table of crises, and beside it the one over the hedged part's loss where only part is exposed."""
    found = [Table("Every crisis", tables.offsets(comparison.crises()), note, sample=label)]
    if tables.is_partly_exposed(comparison):
        part = tables.offsets(comparison.crises(), "offset_of_hedged_part")
        found.append(
            Table("Every crisis, of the hedged part's loss", part, hedged_part(comparison) + note, sample=label)
        )
    return found


def hedged_part(comparison: OverlayComparison) -> str:
    """Return the sentence on the two offsets where only part of the portfolio is exposed, else nothing."""
    if not tables.is_partly_exposed(comparison):
        return ""
    weight = comparison.setting.portfolio.exposure_weight
    return (
        f"The hedge is there for {weight:.0%} of the portfolio: the crash offset is over the whole portfolio's loss, "
        "and the offset of the hedged part's loss over what that part alone lost. "
    )


def _rivals(outcome: OverlayStudyOutcome) -> list[Block]:
    if not outcome.study.judging.rivals:
        return []
    note = (
        "A rule must beat the static hedge that held as much on average, else it only hedges more or less, and holding "
        "less of the portfolio at the same CVaR. Differences are the rule's less the rival's, under common draws. "
    )
    table = tables.rivals(outcome.comparison)
    return [Table("Two rivals that must be beaten", table, note + _stamp(outcome), sample=_label(outcome))]


def _equal_cost(outcome: OverlayStudyOutcome) -> list[Block]:
    if not outcome.study.judging.equal_cost:
        return []
    found = tables.equal_cost(outcome.comparison)
    note = (
        "Every hedge scaled to bleed as much a year outside crises as the static one, so that only protection differs. "
    )
    block = Table("At the same cost", found, note + _stamp(outcome), sample=_label(outcome))
    return [block, *_pictures(outcome, ("equal_cost",))]


def _doubts(outcome: OverlayStudyOutcome) -> list[Block]:
    comparison, words, stamp = outcome.comparison, outcome.study.judging, _stamp(outcome)
    blocks: list[Block] = []
    if words.halves:
        note = "The first half is called train and the second test; nothing was chosen on the first here. "
        blocks.append(Table("Both halves", tables.halves(comparison), note + stamp, sample="train and test"))
    if words.late:
        note = "Timing: the rule less the static hedge of its mean size. A timing that one date undoes is suspicious. "
        table = tables.late(comparison, words.late)
        blocks.append(Table("Decided later still", table, note + stamp, sample=_label(outcome)))
    if words.red_flags:
        note = "Flags that could not be judged for want of figures are left out; the CSV has them. "
        blocks.append(Table("Red flags", tables.flags(comparison), note + stamp, sample=_label(outcome)))
    return blocks


def _chosen(outcome: OverlayStudyOutcome) -> list[Block]:
    choice, words = outcome.choice, outcome.study.walk_forward
    if choice is None or words is None:
        return []
    found, stamp, heading = chosen(choice), _stamp(outcome), f"Walk-forward: {words.name}"
    picked = f"{len(choice.plans):,} sets of keys by {words.objective}, chosen {words.refit} on the past only. "
    hindsight = "Best in hindsight knows all dates: what a careless backtest would show. "
    blocks: list[Block] = [
        Table(heading, found["figures"], picked + hindsight + stamp, sample="train and test"),
        Table(
            f"{heading}, what was chosen",
            found["choices"],
            f"Score: the objective on the past. {stamp}",
            sample="in sample",
        ),
    ]
    blocks += _pictures(outcome, ("sensitivity",))
    doubts = Table(
        f"{heading}, doubts", found["doubts"], f"{' '.join(choice.verdict())} {stamp}", sample="train and test"
    )
    return [*blocks, doubts]


def _budget(outcome: OverlayStudyOutcome) -> list[Block]:
    parts = {words.name: ", ".join(part.name for part in words.parts) for words in outcome.study.together}
    blocks: list[Block] = []
    for name, use in use_of_budget(outcome).items():
        shown = use.set_axis(use.index.astype(str), axis=0).rename_axis("year")
        forms = dict.fromkeys(map(str, use.columns), ",.0f") | {"share": ".1%"}
        note = f"{parts[name]}, under one budget; money. {_stamp(outcome)}"
        blocks.append(Table(f"Use of the budget: {name}", shown, note, forms, sample=_label(outcome)))
    return blocks


def _claims(outcome: OverlayStudyOutcome) -> list[Block]:
    blocks: list[Block] = []
    label, stamp = _label(outcome), _stamp(outcome)
    if len(outcome.claims):
        note = "What is claimed, what the claim's own arithmetic gives where it errs, and what this study measured. "
        blocks.append(Table("Claimed against measured", claims(outcome), note + stamp, sample=label))
    return blocks


def _usual_claims(outcome: OverlayStudyOutcome) -> list[Block]:
    blocks: list[Block] = []
    label, stamp = _label(outcome), _stamp(outcome)
    if outcome.usual_claims is not None:
        note = "What is often written of volatility overlays, beside what these data give. "
        blocks.append(Table("Usual claims, measured", usual_claims(outcome.usual_claims), note + stamp, sample=label))
    return blocks
