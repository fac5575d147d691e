"""Replay straddles on SPY and a crude oil put on real prices and write the tables of docs/replay-on-real-data.md.

The prices are not part of the project: HEDGEROW_DATA names the folder they lie in. Each block of the page, between two
markers, is written whole by this script, its sentences too; what stands between the blocks names no figure.
"""

from __future__ import annotations

import argparse
import os
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

import numpy as np
import pandas as pd

from hedgerow.attribution import explain
from hedgerow.effectiveness.long_run import stationary_bootstrap_variance
from hedgerow.effectiveness.resampling import choose_block_length
from hedgerow.engine import ReplayMarket, SimulationResult
from hedgerow.engine.history.replay_paths import ReplayPaths
from hedgerow.instruments import Book, EuropeanOption, MarketState, Underlying
from hedgerow.market import History
from hedgerow.study import load_study
from hedgerow.study.hedging.outcome import shown_parts
from hedgerow.study.replay.market import market_of_history
from hedgerow.study.replay.run import held_of, replayed
from hedgerow.study.replay.words import ReplayStudy

ROOT = Path(__file__).resolve().parents[2]
PAGE, STUDIES = ROOT / "docs" / "replay-on-real-data.md", ROOT / "examples" / "studies"
BLOCK = re.compile(r"(<!-- replay: ([a-z ]+) -->\n).*?(<!-- replay ends -->)", re.DOTALL)
DAILY, BANDED = "every_periods", {"band": 0.10}
WEEKS = (("October 2008", "2008-10-06", "2008-10-10"), ("August 2011", "2011-08-04", "2011-08-10"))
MOVES = ["carry", "spot", "volatility level", "rates", "dividends"]
POINTS = (0, 1, 2, 3, 4, 5, 6)
MAIN = ("gamma", "theta", "vega")
SECOND = ("vanna", "volga", "charm", "rho")


@dataclass(frozen=True, eq=False)
class Case:
    """A study with its market read once, to be replayed in variants.

    Attributes
    ----------
    study : ReplayStudy
    folder : Path
    """

    study: ReplayStudy
    folder: Path
    done: dict[str, Replayed] = field(default_factory=dict, repr=False)

    @cached_property
    def market(self) -> ReplayMarket:
        """The market of the study's files."""
        return market_of_history(self.study, self.folder)[0]

    def run(self, side: float, policy: object = DAILY, lag: int = 1, market: ReplayMarket | None = None) -> Replayed:
        """Replay it sold (-1) or bought (+1) once."""
        if self.study.programme is not None:
            changed = {"programme": self.study.programme.model_copy(update={"quantity": side})}
        else:
            changed = {"book": tuple({**each, "quantity": side} for each in self.study.book)}
        study = self.study.model_copy(update={**changed, "policy": policy})
        key = f"{side} {policy} {lag}"
        if market is not None:
            return Replayed(replayed(study, held_of(study, self.folder), market, lag))
        if key not in self.done:
            self.done[key] = Replayed(replayed(study, held_of(study, self.folder), self.market, lag))
        return self.done[key]

    def cheaper(self, points: float) -> ReplayMarket:
        """Return the market with the column of volatility ``points`` lower."""
        column = str(self.study.market.volatility)
        prices = self.market.history.prices
        return replace(self.market, history=History(prices.assign(**{column: prices[column] - points})))


@dataclass(frozen=True, eq=False)
class Replayed:
    """One replay, by its parts."""

    result: SimulationResult

    @cached_property
    def parts(self) -> pd.DataFrame:
        """Money of each step by part, the names of the page; ``total`` is their sum."""
        found = shown_parts(self.result.explained(1).by_part(0))
        second = [name for name in SECOND if name in found]
        paid = [name for name in ("financing", "dividends", "carry") if name in found]
        table = pd.DataFrame({name: found[name] for name in MAIN})
        if second:
            table["other Greeks"] = found[second].sum(axis=1)
        table["remainder"] = found["unexplained"]
        table["delta and hedge"] = found["delta and hedge"]
        table["interest, dividends"] = found[paid].sum(axis=1)
        return table.assign(costs=found["costs"], total=found["total"])

    @property
    def trades(self) -> int:
        """Times at which the hedge was traded."""
        return int(self.result.summary().loc["trades", "value"])

    @property
    def by_year(self) -> pd.DataFrame:
        """Parts by calendar year."""
        return self.parts.groupby(pd.DatetimeIndex(self.parts.index).year).sum()

    @cached_property
    def monthly(self) -> tuple[float, float]:
        """Mean monthly P&L and its standard error by the stationary bootstrap of months."""
        total = self.parts["total"]
        months = total.groupby(pd.DatetimeIndex(total.index).to_period("M")).sum().to_numpy()
        block = choose_block_length(months[None, :])
        variance = float(np.ravel(stationary_bootstrap_variance(months[:, None], block))[0])
        return float(months.mean()), float(np.sqrt(variance / len(months)))


def case(name: str, data: Path) -> Case:
    """Return an example study on the files of a folder."""
    study = load_study(STUDIES / f"{name}.yaml")
    return Case(ReplayStudy.model_validate(study), data)


def money(value: float) -> str:
    return f"{round(value):,}" if round(value) else "0"


def percent(value: float) -> str:
    return f"{value:.1f}" if np.isfinite(value) else "–"


def mean_text(run: Replayed) -> str:
    return "{:,.0f} ± {:,.0f}".format(*run.monthly)


def markdown(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """Return a table whose first column is text and whose others are numbers."""
    names = list(head)
    lines = [names, ["---", *["---:"] * (len(names) - 1)], *map(list, rows)]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def policies(found: Case) -> str:
    """Return a row per side, policy and lag: P&L by part over the whole history."""
    rows, head = [], []
    for side, side_name in ((-1.0, "sold"), (1.0, "bought")):
        for policy, name in ((DAILY, "every day"), (BANDED, "band 0.10")):
            for lag in (0, 1):
                run = found.run(side, policy, lag)
                totals = run.parts.sum()
                head = [*totals.index, "trades", "mean month"]
                figures = [*map(money, totals), f"{run.trades:,}", mean_text(run)]
                rows.append([f"{side_name}, {name}, lag {lag}", *figures])
    return markdown(["", *head], rows)


def years(found: Case) -> str:
    """Return a row per year of the seller who trades every day, and the totals of the others."""
    sold, bought = found.run(-1.0), found.run(1.0)
    table = sold.by_year
    others = {
        "bought": bought.by_year["total"],
        "sold, band": found.run(-1.0, BANDED).by_year["total"],
        "bought, band": found.run(1.0, BANDED).by_year["total"],
    }
    table = table.assign(**others)
    paths = found.market.paths()
    year = paths.grid.times.year
    implied = 100.0 * pd.Series(paths.vols[0, :, 0]).groupby(year).mean()
    realised = 100.0 * np.sqrt(252.0) * pd.Series(np.log(paths.spots[0, :, 0])).diff().groupby(year).std()
    rows = [
        [str(each), f"{implied[each]:.1f}", percent(realised[each]), *map(money, table.loc[each])]
        for each in table.index
    ]
    rows.append(["all", "", "", *map(money, table.sum())])
    return markdown(["year", "implied, %", "realised, %", *table.columns], rows)


def level(found: Case) -> str:
    """Return what is left of the seller's P&L where options were sold some points below the VIX."""
    rows, means = [], []
    for points in POINTS:
        market = found.cheaper(points) if points else None
        sold, bought = found.run(-1.0, market=market), found.run(1.0, market=market)
        means.append(sold.monthly[0])
        years_lost = int((sold.by_year["total"] < 0.0).sum())
        sums = [money(run.parts["total"].sum()) for run in (sold, bought)]
        rows.append(
            [
                f"VIX less {points}" if points else "VIX",
                sums[0],
                mean_text(sold),
                str(years_lost),
                sums[1],
                mean_text(bought),
            ]
        )
    head = ["options at", "sold, P&L", "mean month", "years lost", "bought, P&L", "mean month"]
    return "\n".join([markdown(head, rows), "", break_even(np.array(means))])


def break_even(means: np.ndarray) -> str:
    """Return at how many points below the VIX the seller's mean is zero, linear between the rows."""
    below = np.flatnonzero(means <= 0.0)
    if not len(below):
        return f"The seller breaks even only below the VIX less {POINTS[-1]} points."
    last = int(below[0])
    share = means[last - 1] / (means[last - 1] - means[last])
    at = POINTS[last - 1] + share * (POINTS[last] - POINTS[last - 1])
    return (
        f"The seller's mean is zero where options are sold {at:.1f} points below the VIX of the day: each point is "
        f"worth about {money((means[0] - means[last]) / (POINTS[last] - POINTS[0]))} a month."
    )


def weeks(found: Case) -> str:
    """Return two crash weeks of the seller who trades every day, day by day."""
    run = found.run(-1.0)
    path, parts = run.result.paths(0), run.parts
    shown = [name for name in parts.columns if name != "interest, dividends"]
    rows = []
    for name, first, last in WEEKS:
        days = parts.loc[first:last]
        moves = 100.0 * path["spot"].pct_change()
        for day in days.index:
            strike, _ = overnight(run, day)
            marks = [f"{strike:.2f}", f"{path['spot'].loc[day]:.2f}", f"{moves[day]:+.1f}"]
            rows.append([f"{day:%Y-%m-%d}", *marks, percent(100.0 * path["implied"].loc[day])])
            rows[-1] += map(money, days.loc[day, shown])
        rows.append([name, "", "", "", "", *map(money, days[shown].sum())])
    return markdown(["day", "strike", "close", "move, %", "VIX", *shown], rows)


def overnight(run: Replayed, day: pd.Timestamp) -> tuple[float, Book]:
    """Return the strike and the book of the options that were held into a day."""
    schedule = run.result.source.run(0, 1).schedule
    now = int(schedule.grid.times.get_loc(day))
    alive = np.flatnonzero((schedule.starts < now) & (schedule.ends >= now))[:2]
    columns = schedule.columns
    kinds = {1.0: "call", -1.0: "put"}
    options = [
        (
            EuropeanOption("SPY", kinds[columns.sign[row]], columns.strike[row], pd.Timestamp(columns.expiry[row]),
                           multiplier=100.0),
            columns.quantity[row],
        )
        for row in alive
    ]  # fmt: skip
    return float(columns.strike[alive[0]]), Book(options)


def revalued(found: Case) -> str:
    """Return the options of the same days valued again, one move of the market after the other."""
    run, paths = found.run(-1.0), found.market.paths()
    rows = []
    for name, first, last in WEEKS:
        sums = []
        for day in run.parts.loc[first:last].index:
            now = int(paths.grid.times.get_loc(day))
            told = explain(overnight(run, day)[1], state(paths, now - 1), state(paths, now)).explain_totals()
            sums.append([*told[MOVES], told["total"] - told[MOVES].sum(), told["total"]])
            rows.append([f"{day:%Y-%m-%d}", *map(money, sums[-1])])
        rows.append([name, *map(money, np.sum(sums, axis=0))])
    return markdown(["day", *MOVES, "left", "options"], rows)


def state(paths: ReplayPaths, time: int) -> MarketState:
    """Return the market of one close."""
    assert paths.rates is not None and paths.yields is not None  # noqa: S101, PT018 - a replay has both
    spot = Underlying(
        float(paths.spots[0, time, 0]),
        float(paths.vols[0, time, 0]),
        rate=float(paths.rates[time]),
        dividend_yield=float(paths.yields[time, 0]),
    )
    return MarketState(paths.grid.times[time], {"SPY": spot})


def fall(found: Case) -> str:
    """Return the months of the fall of 2014 of the seller who trades every day."""
    run = found.run(-1.0)
    parts, path = run.parts.loc["2014-08-01":], run.result.paths(0).loc["2014-08-01":]
    month = pd.DatetimeIndex(parts.index).to_period("M")
    sums, ends = parts.groupby(month).sum(), path.groupby(month).last()
    rows = []
    for each in sums.index:
        marks = [f"{ends.loc[each, 'spot']:.2f}", f"{100.0 * ends.loc[each, 'implied']:.1f}"]
        rows.append([str(each), *marks, *map(money, sums.loc[each])])
    rows.append(["all", "", "", *map(money, sums.sum())])
    return markdown(["month", "future", "its strike, %", *sums.columns], rows)


def facts(found: Case) -> str:
    """Return what the history is, and the best and worst days of the seller who trades every day."""
    run = found.run(-1.0)
    path, total = run.result.paths(0), run.parts["total"]
    opened = len(run.result.source.run(0, 1).positions)
    worst, best = total.idxmin(), total.idxmax()
    span, options = f"{path.index[0]:%Y-%m-%d} to {path.index[-1]:%Y-%m-%d}", "option" if opened == 1 else "options"
    gains = f"{int((total > 0.0).sum()):,} days of {len(total) - 1:,} were gains"
    return (
        f"{len(path) - 1:,} days from {span}, {opened} {options} sold. The worst day of the seller trading every day "
        f"was {worst:%Y-%m-%d} ({money(total[worst])}), the best {best:%Y-%m-%d} ({money(total[best])}); {gains}."
    )


SPY, CRUDE = "replay_spy_straddles", "replay_crude_puts"
BLOCKS: dict[str, tuple[str, Callable[[Case], str]]] = {
    "spy facts": (SPY, facts),
    "spy policies": (SPY, policies),
    "spy years": (SPY, years),
    "spy level": (SPY, level),
    "spy weeks": (SPY, weeks),
    "spy revalued": (SPY, revalued),
    "crude facts": (CRUDE, facts),
    "crude policies": (CRUDE, policies),
    "crude years": (CRUDE, years),
    "crude fall": (CRUDE, fall),
}
"""Block of the page to its study and what writes it."""


def with_block(page: str, name: str, text: str) -> str:
    """Return the page with one block holding ``text``."""

    def replaced(match: re.Match[str]) -> str:
        return f"{match[1]}\n{text}\n\n{match[3]}" if match[2] == name else match[0]

    return BLOCK.sub(replaced, page)


def main() -> None:
    """Write the blocks named, or all."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("blocks", nargs="*", help="Names of blocks; all of the page where none is given.")
    chosen = parser.parse_args().blocks or list(BLOCKS)
    data = Path(os.environ["HEDGEROW_DATA"])
    cases = {name: case(name, data) for name in (SPY, CRUDE)}
    for name in chosen:
        study, write = BLOCKS[name]
        text = write(cases[study])
        PAGE.write_text(with_block(PAGE.read_text(encoding="utf-8"), name, text), encoding="utf-8", newline="\n")
        print(f"wrote {name}")


if __name__ == "__main__":
    main()
