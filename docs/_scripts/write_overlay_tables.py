"""Run volatility overlays and tail hedges on the S&P 500 of 1990-2016 and write docs/overlays-on-real-data.md's tables.

The prices are not part of the project: HEDGEROW_DATA names the folder they lie in; the index comes with the extra
``samples``. Each block of the page, between two markers, is written whole by this script, its sentences too; what
stands between the blocks says what was run and names no figure of a result.
"""

from __future__ import annotations

import argparse
import os
import re
from collections.abc import Callable, Iterable
from pathlib import Path

import pandas as pd
from overlay_study import (
    TAIL_BUDGET,
    Study,
    beaten_on,
    between,
    half_of_the_losses,
    judged,
    listed,
    markdown,
    percent,
    plain,
    tally,
)

import hedgerow as hg
from hedgerow.programmes import hedge_costs

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "overlays-on-real-data.md"
BLOCK = re.compile(r"(<!-- overlays: ([a-z ]+) -->\n).*?(<!-- overlays end -->)", re.DOTALL)
MONEY = ("budget", "spent")
"""What a share of the portfolio is held against: what may be spent, and what was."""
FAMILIES = {"variance swaps": "swaps", "index puts": "puts", "VIX futures": "futures"}


def facts(study: Study) -> str:
    """Return what the data are."""
    said = []
    for name, market in (("All but futures", study.market), ("With VIX futures", study.futures_market)):
        first, last = market.dates[0], market.dates[-1]
        said.append(
            f"{name}: {len(market):,} dates from {first:%Y-%m-%d} to {last:%Y-%m-%d}, {market.dropped:,} left out; the "
            f"VIX stood at {market.vix.mean():.1f} on average, interest at {percent(float(market.rate.mean()), 1)} %, "
            f"dividends at {percent(float(market.dividend_yield.mean()), 1)} % a year."
        )
    costs = {
        "one-month variance swaps": hedge_costs.variance_swap_costs(1),
        "index options": hedge_costs.index_option_costs(),
        "VIX futures": hedge_costs.vix_future_costs(),
        "VIX options": hedge_costs.vix_option_costs(),
    }
    said += [f"Costs of {name}: `{one!r}`." for name, one in costs.items()]
    return listed(said)


def found_in_all(study: Study) -> str:
    """Return how many plans did what, over all base hedges."""
    said = []
    for name, comparison in study.comparisons.items():
        table, rivals = comparison.table(), comparison.rivals()
        static = table.loc["static"]
        own = table.loc[list(comparison.plans)]
        cheaper = own[own["cost_per_year"] < static["cost_per_year"]]
        both = cheaper[cheaper["offset"] >= static["offset"]]
        words = rivals[rivals["figure"] == "all"].groupby("rival")["word"].value_counts()
        counts = {key: int(count) for key, count in words.items()}
        said += [
            f"**{name}**, {comparison.judged}: of {len(own)} rules, {len(cheaper)} cost less than the static hedge, "
            f"and {len(both)} of these offset as much of all crises together.",
            f"{name}, against the static hedge of the same mean multiplier: "
            f"{tally(counts, 'static, same mean multiplier')}; against holding less of the portfolio: "
            f"{tally(counts, 'holding less')}.",
            beaten_on(name, rivals),
            half_of_the_losses(name, table),
        ]
    return listed(said)


def figures(name: str) -> Callable[[Study], str]:
    """Return the block of figures of every rule on one base hedge."""

    def block(study: Study) -> str:
        comparison = study.comparisons[name]
        return "\n".join([figure_rows(comparison.table()), "", judged(comparison)])

    return block


def figure_rows(table: pd.DataFrame) -> str:
    rows = [
        [
            str(plan),
            between(row, "cost_per_year", percent, 2),
            percent(row["bleed_per_year"]),
            plain(row["mean_multiplier"]),
            between(row, "offset", percent, 1),
            between(row, "sharpe", plain, 3),
            percent(row["volatility"], 1),
            percent(row["max_drawdown"], 1),
            between(row, "cvar", percent, 2),
        ]
        for plan, row in table.iterrows()
    ]
    head = ["", "cost a year, %", "bleed, %", "mean multiplier", "offset, %", "Sharpe", "volatility, %", "drawdown, %"]
    return markdown([*head, "CVaR of a day, %"], rows)


def crises(name: str) -> Callable[[Study], str]:
    """Return the block of what each hedge offset in each crisis."""

    def block(study: Study) -> str:
        return crisis_rows(study.comparisons[name].crises())

    return block


def crisis_rows(table: pd.DataFrame) -> str:
    plans = list(table["plan"].unique())
    rows = []
    for crisis, part in table.groupby("crisis", sort=False):
        status = str(part["status"].iloc[0])
        offsets = [percent(value, 0) for value in part.set_index("plan")["offset"].reindex(plans)]
        rows.append([str(crisis), status, percent(part["portfolio_return"].iloc[0], 1), *offsets])
    return markdown(["crisis", "data", "portfolio, %", *(f"{plan}, %" for plan in plans)], rows, words=2)


def rivals(name: str) -> Callable[[Study], str]:
    """Return the block of every rule against its two rivals."""

    def block(study: Study) -> str:
        table = study.comparisons[name].rivals()
        rows = []
        for (plan, rival), part in table.groupby(["plan", "rival"], sort=False):
            by = part.set_index("figure")
            size = percent(by.loc["all", "of_rival"], 1) + " %" if rival == "holding less" else ""
            rows.append([
                str(plan), str(rival), size or plain(by.loc["all", "of_rival"]),
                *(apart(by.loc[figure], show, digits) for figure, show, digits in (
                    ("cost_per_year", percent, 2), ("offset", percent, 1), ("sharpe", plain, 3), ("cvar", percent, 3))),
                str(by.loc["all", "word"]),
            ])  # fmt: skip
        head = ["rule", "rival", "its size", "cost a year, %", "offset, %", "Sharpe", "CVaR, %", "word"]
        return markdown(head, rows, words=2)

    return block


def apart(row: pd.Series, show: Callable[..., str], digits: int) -> str:
    """Return a difference with its interval."""
    text, low, high = (show(float(row[name]), digits) for name in ("difference", "low", "high"))
    return text if low == "–" else f"{text} [{low}, {high}]"


def said(name: str) -> Callable[[Study], str]:
    """Return the block of the comparison's own sentences."""

    def block(study: Study) -> str:
        return listed(study.comparisons[name].verdict())

    return block


def equal_cost(study: Study) -> str:
    """Return every rule at the bleed of the static hedge."""
    rows = []
    for name, comparison in study.comparisons.items():
        for plan, row in comparison.equal_cost().iterrows():
            rows.append([
                name, str(plan), plain(row["scale"]), percent(row["bleed_per_year"]), percent(row["cost_per_year"]),
                between(row, "offset", percent, 1), between(row, "sharpe", plain, 3), percent(row["max_drawdown"], 1),
                percent(row["cvar"]), str(row["scaling"]),
            ])  # fmt: skip
    head = ["hedge", "rule", "times the base", "bleed, %", "cost a year, %", "offset, %", "Sharpe", "drawdown, %"]
    return markdown([*head, "CVaR of a day, %", "how"], rows, words=2)


def claims(study: Study) -> str:
    """Return what is said of such hedges beside what was measured, for the first rule on each base hedge."""
    rows = []
    for number, (name, comparison) in enumerate(study.comparisons.items()):
        for _, row in hg.measure_claims(comparison).iterrows():
            about_hedges = row["sample"] == comparison.judging.sample
            if not about_hedges and number:
                continue
            rows.append([
                str(row["claim"]), name if about_hedges else "–", str(row["claimed"]), plain(row["measured"], 3),
                f"{plain(row['low'], 3)} to {plain(row['high'], 3)}",
                {True: "yes", False: "no"}.get(row["holds"], "not judged"), str(row["how"]), str(row["sample"]),
            ])  # fmt: skip
    head = ["claim", "hedge", "claimed", "measured", "interval", "compatible", "how", "sample"]
    return markdown(head, sorted(rows, key=lambda row: row[1] == "–"), words=3)


def halves(study: Study) -> str:
    """Return cost, offset and Sharpe ratio in each half of the data."""
    rows = []
    for name, comparison in study.comparisons.items():
        table = comparison.halves()
        for plan in ("no hedge", "static", *comparison.plans):
            first, second = table.loc[("first", plan)], table.loc[("second", plan)]
            cells = [
                show(part[figure], digits)
                for figure, show, digits in (
                    ("cost_per_year", percent, 2), ("offset", percent, 1), ("sharpe", plain, 3), ("cvar", percent, 2))
                for part in (first, second)
            ]  # fmt: skip
            rows.append([name, plan, *cells])
    names = ("cost a year, %", "offset, %", "Sharpe", "CVaR, %")
    return markdown(["hedge", "rule", *(f"{one}, {half}" for one in names for half in ("1st", "2nd"))], rows, words=2)


def late(study: Study) -> str:
    """Return what is left when decisions come late."""
    comparison = study.comparisons["variance swaps"]
    table = comparison.lag_decay()
    rows = [
        [str(plan), str(lag), percent(row["cost_per_year"]), percent(row["offset"], 1), plain(row["sharpe"], 3),
         plain(row["timing_sharpe"], 2), str(row["label"]) or "–"]
        for (plan, lag), row in table.iterrows()
    ]  # fmt: skip
    head = ["rule", "dates later", "cost a year, %", "offset, %", "Sharpe", "Sharpe of the timing", "label"]
    return "\n".join([markdown(head, rows), "", judged(comparison)])


def flags(study: Study) -> str:
    """Return how many rules raised each red flag, and what the worst of them says."""
    rows = []
    for name, comparison in study.comparisons.items():
        table = comparison.red_flags()
        for flag, part in table[table["raised"].eq(True)].groupby("flag", sort=False):
            worst = part.loc[part["value"].astype(float).idxmax()]
            count = f"{len(part)} of {len(comparison.plans)}"
            rows.append([name, str(flag), count, f"{worst['plan']}: {worst['sentence']}"])
    return markdown(["hedge", "flag", "rules", "the most of them"], rows, words=4) if rows else "No flag was raised."


def choice(study: Study) -> str:
    """Return parameters chosen walking forward, and what to believe of them."""
    parts = []
    for name, found in study.choices.items():
        table = found.table()
        rows = [
            [str(plan), str(row["sample"]), between(row, "cost_per_year", percent, 2), percent(row["bleed_per_year"]),
             between(row, "offset", percent, 1), between(row, "sharpe", plain, 3), between(row, "cvar", percent, 2)]
            for plan, row in table.iterrows()
        ]  # fmt: skip
        head = ["", "sample", "cost a year, %", "bleed, %", "offset, %", "Sharpe", "CVaR of a day, %"]
        parts += [f"**{name}**, `vix_linear`, {len(found.plans)} sets", "", markdown(head, rows, words=2), ""]
        parts += [listed(found.verdict()), ""]
    return "\n".join(parts[:-1])


def sensitivity(study: Study) -> str:
    """Return the objective over the grid before and after the first choice."""
    found = study.choices["variance swaps"]
    parts = []
    for sample in ("train", "test"):
        table = found.sensitivity(sample=sample)
        rows = [[f"{key:g}", *(plain(float(value), 3) for value in row)] for key, row in table.iterrows()]
        head = [f"{table.index.name} \\ {table.columns.name}", *(f"{key:g}" for key in table.columns)]
        parts += [f"{found.choosing.objective}, sample: {sample}", "", markdown(head, rows), ""]
    return "\n".join(parts[:-1])


def tail_figures(study: Study) -> str:
    """Return every tail hedge as it stands."""
    table = study.tails.table()
    rows = [
        [str(plan), between(row, "cost_per_year", percent, 2), percent(row["bleed_per_year"]),
         between(row, "offset", percent, 1), between(row, "sharpe", plain, 3), percent(row["max_drawdown"], 1),
         percent(row["cvar_cut"], 3), percent(row["gain_20"], 1), plain(row["convexity_20"], 1),
         percent(row["marked_by_model"], 0), percent(row["stale_quotes"], 1)]
        for plan, row in table.iterrows()
    ]  # fmt: skip
    head = ["", "cost a year, %", "bleed, %", "offset, %", "Sharpe", "drawdown, %", "CVaR cut, %"]
    marks = ["marked by model, % of days held", "stale quotes, % of days held"]
    shown = markdown([*head, "gain at −20 %, %", "years of bleed", *marks], rows)
    return "\n".join([shown, "", judged(study.tails.comparison)])


def tail_budget(study: Study) -> str:
    """Return every tail hedge under one budget."""
    table = study.budgeted.table().drop(index="no hedge")
    rows = [
        [str(plan), percent(row["cost_per_year"]), percent(row["bleed_per_year"]), plain(row["mean_multiplier"]),
         percent(row["spent_per_year"]), percent(row["offset"], 1),
         *(plain(row[f"{name}_per_{money}"]) for name in ("offset", "gain_20", "cvar_cut") for money in MONEY)]
        for plan, row in table.iterrows()
    ]  # fmt: skip
    per = [f"{name} / {money}" for name in ("offset", "gain at −20 %", "CVaR cut") for money in MONEY]
    head = ["", "cost a year, %", "bleed, %", "mean multiplier", "spent a calendar year, %", "offset, %", *per]
    spent = f"Budget: {percent(TAIL_BUDGET, 0)} % of the portfolio a year for each. {judged(study.budgeted.comparison)}"
    return "\n".join([markdown(head, rows), "", spent])


def tail_equal(study: Study) -> str:
    """Return every tail hedge at the bleed of the first."""
    rows = [
        [str(plan), plain(row["scale"]), percent(row["bleed_per_year"]), percent(row["cost_per_year"]),
         between(row, "offset", percent, 1), between(row, "sharpe", plain, 3), percent(row["max_drawdown"], 1),
         percent(row["cvar"]), str(row["scaling"])]
        for plan, row in study.tails.comparison.equal_cost().iterrows()
    ]  # fmt: skip
    head = ["", "times the base", "bleed, %", "cost a year, %", "offset, %", "Sharpe", "drawdown, %"]
    return markdown([*head, "CVaR of a day, %", "how"], rows)


def tail_crises(study: Study) -> str:
    """Return what every tail hedge offset in each crisis."""
    return crisis_rows(study.tails.crises())


def tail_stress(study: Study) -> str:
    """Return what the worst days on record would pay today's holdings, on average over all dates."""
    table = study.tails.stress()
    shocks = list(table["shock"].unique())
    rows = []
    for hedge, part in table.groupby("hedge", sort=False):
        by = part.set_index("shock")
        gains = [f"{percent(by.loc[one, 'gain'], 1)} ({percent(by.loc[one, 'offset'], 0)})" for one in shocks]
        known = str(part["status"].iloc[0])
        rows.append([str(hedge), *gains, known])
    return markdown(["", *(f"{one}, % (offset, %)" for one in shocks), "how"], rows)


def tail_said(study: Study) -> str:
    """Return the comparison's own sentences."""
    return listed(study.tails.verdict())


BLOCKS: dict[str, Callable[[Study], str]] = {
    "facts": facts,
    "found": found_in_all,
    "claims": claims,
    **{
        f"{short} {part}": make(name)
        for name, short in FAMILIES.items()
        for part, make in (("figures", figures), ("said", said), ("crises", crises), ("rivals", rivals))
    },
    "equal cost": equal_cost,
    "halves": halves,
    "late": late,
    "flags": flags,
    "choice": choice,
    "sensitivity": sensitivity,
    "tail figures": tail_figures,
    "tail said": tail_said,
    "tail crises": tail_crises,
    "tail equal": tail_equal,
    "tail budget": tail_budget,
    "tail stress": tail_stress,
}
"""What writes each block of the page, by its name."""


def write(page: Path, study: Study, only: Iterable[str] = ()) -> None:
    """Write the blocks of the page, all of them or those named."""
    text = page.read_text(encoding="utf-8")
    names = set(only) or set(BLOCKS)

    def filled(match: re.Match[str]) -> str:
        if match[2] not in names:
            return match[0]
        return f"{match[1]}\n{BLOCKS[match[2]](study)}\n\n{match[3]}"

    page.write_text(BLOCK.sub(filled, text), encoding="utf-8")


def main() -> None:
    """Read the folder from the command line or HEDGEROW_DATA and write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", default=os.environ.get("HEDGEROW_DATA"), help="folder with the prices")
    parser.add_argument("blocks", nargs="*", help="write only these blocks")
    given = parser.parse_args()
    if not given.data:
        parser.error("name the folder with the prices: --data or HEDGEROW_DATA")
    write(PAGE, Study(Path(given.data)), given.blocks)


if __name__ == "__main__":
    main()
