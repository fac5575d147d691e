"""The report of a volatility study: histories, estimators, cone, rank, premium, index and term structure."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from hedgerow.report import (
    Picture,
    Report,
    Table,
    cone_figure,
    level_history_figure,
    term_structure_figure,
    write_html,
)
from hedgerow.report.thinning import thinned
from hedgerow.study.provenance import versions
from hedgerow.study.volatility.json import KNOWN, NOT_KNOWN, PERCENTILE_MEANS, RANK_MEANS

if TYPE_CHECKING:
    from hedgerow.study.volatility.run import VolatilityOutcome

Block = Table | Picture
PERCENT = ("volatility", "low", "high", "latest", "standard_error")
SHARES = ("drift_bias", "gap_share", "jump_share", "discrete_bias")


def write_volatility_report(outcome: VolatilityOutcome, path: Path) -> Path:
    """Write what a volatility study found as a self-contained HTML file and return its path."""
    blocks = [*_realised(outcome), *_cone(outcome), *_rank(outcome), *_premium(outcome), *_index(outcome)]
    report = Report(
        title=outcome.study.title or "Volatility",
        subtitle="realised and implied volatility, annual",
        verdict=outcome.verdict,
        facts=_facts(outcome),
        notes=outcome.warnings,
        blocks=(*blocks, *_curve(outcome)),
    )
    return write_html(report, path)


def _facts(outcome: VolatilityOutcome) -> dict[str, str]:
    facts = {}
    study, series = outcome.study, outcome.series
    if study.data is not None:
        facts["Data"] = study.data.sample or ", ".join(Path(name).name for name in study.data.files)
    for name, held in (("Prices", series.bars), ("Implied volatility", series.implied)):
        if held is not None:
            facts[name] = f"{len(held):,} rows, {held.index[0].date()} to {held.index[-1].date()}"
    if outcome.index is not None and study.index is not None:
        facts["Options"] = f"{Path(study.index.file).name} at {outcome.index.at}"
    if outcome.curve is not None and study.curve is not None:
        dates = outcome.curve.measures.index
        facts["Futures"] = f"{Path(study.curve.file).name}, {dates[0].date()} to {dates[-1].date()}"
    return facts | {"Rows a year": f"{study.periods_per_year:g}", "Versions": versions("numpy", "pandas")}


def _realised(outcome: VolatilityOutcome) -> list[Block]:
    part = outcome.realised
    if part is None:
        return []
    lead = part.estimates[0].estimator
    lines = part.rolling[[lead]].dropna().rename(columns={lead: f"realised ({lead})"})
    if outcome.series.implied is not None:
        lines = lines.join(outcome.series.implied.rename("implied"), how="left")
    figure = level_history_figure(thinned(lines), unit="annual volatility", percent=True)
    formats = dict.fromkeys(PERCENT, ".2%") | dict.fromkeys(SHARES, ".1%") | {"efficiency": ".2f"}
    note = (
        f"low and high: {outcome.study.confidence:.0%} interval of the whole sample, errors robust to clustering. "
        f"latest: over the last {outcome.study.window} rows. Efficiency against close to close; biases and shares are "
        "of variance."
    )
    return [
        Picture("Volatility through time", figure, f"Realised over the last {outcome.study.window} rows."),
        Table("Estimators", part.table, note, formats),
    ]


def _cone(outcome: VolatilityOutcome) -> list[Block]:
    part = outcome.cone
    if part is None:
        return []
    levels = [str(name) for name in part.table if name not in ("windows", "independent_windows", "latest_percentile")]
    implied = None if part.implied is None else pd.Series([part.implied], [part.implied_horizon])
    figure = cone_figure(part.table[levels], implied=implied, title="")
    caption = (
        f"Realised volatility ({part.estimator}) over windows of each length, overlap {outcome.study.cone.overlap}."
    )
    formats = dict.fromkeys(levels, ".1%") | {"latest_percentile": ".0%"}
    note = "Long horizons rest on few independent windows. latest_percentile: share of windows strictly below latest."
    return [Picture("Volatility cone", figure, caption), Table("Cone", part.table, note, formats)]


def _rank(outcome: VolatilityOutcome) -> list[Block]:
    part = outcome.rank
    if part is None:
        return []
    found = part.standing
    days = f"low on {found.low_date.date()}, high on {found.high_date.date()}"
    row = {
        "level": found.level,
        "low": found.low,
        "high": found.high,
        "rank": found.rank,
        "percentile": found.percentile,
    }
    table = pd.DataFrame([row], pd.Index([str(found.date.date())], name="date"))
    today = "today among them" if found.count_today else "before today"
    meaning = f"rank: {RANK_MEANS}; percentile: {PERCENTILE_MEANS}; {found.window} observations, {today}; {days}."
    formats = dict.fromkeys(("level", "low", "high"), ".2%") | dict.fromkeys(("rank", "percentile"), ".3f")
    figure = level_history_figure(thinned(part.history), unit="0 lowest, 1 highest")
    return [Table("Rank of implied volatility", table, meaning, formats), Picture("Rank through time", figure, meaning)]


def _premium(outcome: VolatilityOutcome) -> list[Block]:
    part = outcome.premium
    if part is None:
        return []
    both = {"ex ante (known at the date)": part.ex_ante, "ex post (not known at the date)": part.ex_post}
    held = {name: found for name, found in both.items() if found is not None}
    columns = ("dates", "left_out", "mean_points", "mean_variance", "share_positive")
    table = pd.DataFrame(
        {name: [len(found.table), *(getattr(found, key) for key in columns[1:])] for name, found in held.items()},
        index=list(columns),
    ).T
    formats = {
        "dates": ",.0f",
        "left_out": ",.0f",
        "mean_points": ".2f",
        "mean_variance": ".4f",
        "share_positive": ".1%",
    }
    lines = pd.DataFrame({name: found.table["points"] for name, found in held.items()})
    figure = level_history_figure(thinned(lines), unit="volatility points", marks={"none": 0.0})
    note = f"Ex ante: {KNOWN}. Ex post: {NOT_KNOWN}. Points: implied less realised volatility."
    return [Table("Variance risk premium", table, note, formats), Picture("Premium through time", figure, note)]


def _index(outcome: VolatilityOutcome) -> list[Block]:
    part = outcome.index
    if part is None:
        return []
    found = part.found
    ends = {part.near_expiry: found.near, part.next_expiry: found.next_term}
    names = ("years", "rate", "forward", "centre_strike", "variance", "volatility")
    table = pd.DataFrame(
        {
            str(end): [*(getattr(strip, key) for key in names), len(strip.quotes), len(strip.left_out)]
            for end, strip in ends.items()
        },
        index=[*names, "used", "left_out"],
    ).T.rename_axis("settles")
    formats = {"volatility": ".2%", "rate": ".3%", "variance": ".5f", "used": ",.0f", "left_out": ",.0f"}
    note = f"The index is {found.index:.3f}; the near expiry's total variance has the weight {found.weight_near:.3f}."
    blocks: list[Block] = [Table(f"Model-free index: {found.index:.2f}", table, note, formats)]
    lost = [Table("Quotes left out", part.left_out_counts, "Each of them is in index_left_out.csv of --out.")]
    return [*blocks, *(lost if len(part.left_out) else [])]


def _curve(outcome: VolatilityOutcome) -> list[Block]:
    part = outcome.curve
    if part is None:
        return []
    day = part.prices.index[-1]
    latest = pd.DataFrame({str(day.date()): part.prices.iloc[-1].to_numpy()}, part.days.iloc[-1].to_numpy())
    figure = term_structure_figure(latest, x_title="calendar days to expiry", percent=False, title="")
    row = part.measures.iloc[[-1]].set_axis([str(day.date())])
    formats = {"slope_relative": ".2%", "roll_yield_month": ".2%", "roll_yield_year": ".2%", "ratio_1_3": ".3f"}
    history = level_history_figure(
        thinned(part.measures[["ratio_1_3"]]), unit="first / third contract", marks={"flat": 1.0}
    )
    constant = part.maturity[["price"]].rename(columns={"price": f"{part.target_days:g} days"})
    note = f"Contango on {part.contango_share:.1%} of {len(part.measures):,} dates."
    return [
        Picture("Futures by time to expiry", figure, f"On {day.date()}."),
        Table("Front of the curve", row, note, formats),
        Picture("First over third contract", history, "Above 1: backwardation."),
        Picture(
            "Constant maturity", level_history_figure(thinned(constant), unit="price"), "Gaps: not between contracts."
        ),
    ]
