"""What the page on overlays on real data runs, each comparison once, and how its figures are written."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import pandas as pd

import hedgerow as hg

LAST = "2016-12-30"
RULES: dict[str, hg.OverlayRule] = {
    "vix_linear 10/15": hg.VixLinear(10, 15),
    "vix_linear 12/8": hg.VixLinear(12, 8),
    "steps 0/0.5/1": hg.Steps((15, 25), (0.0, 0.5, 1.0)),
    "sigmoid": hg.Sigmoid(),
    "realised_volatility": hg.RealisedVolatility(),
    "drawdown": hg.DrawdownTriggered(0.05, 10),
    "crash_intensity": hg.CrashIntensity(0.05, 0.15),
}
SHAPE = hg.Shape(persist=2, floor=0.2, cap=2.0)
GRID = {"low": [6, 8, 10, 12, 14, 16], "width": [5, 8, 10, 15, 20]}
TAILS: dict[str, hg.HedgeProgramme] = {
    "puts 25 delta": hg.IndexPuts(delta=0.25, premium_budget=0.0025),
    "puts 10 delta": hg.IndexPuts(delta=0.10, premium_budget=0.0025),
    "puts, profit taken": hg.IndexPuts(delta=0.25, premium_budget=0.0025, monetise=(hg.TakeProfit(3.0),)),
    "put spreads": hg.PutSpreads(premium_budget=0.0025),
    "straddles": hg.Straddles(premium_budget=0.0025),
    "VIX calls": hg.VixCalls(premium_budget=0.0015),
    "VXTH schedule": hg.vxth(),
    "VIX futures": hg.VixFutures(vega_notional=2_000, constant_maturity_days=30, follow_wealth=True),
    "variance swaps": hg.VarianceSwaps(vega_notional=2_000, follow_wealth=True),
    "trend following": hg.TrendFollowing(),
}
TAIL_BUDGET = 0.01
DEAREST = 0.20
"""Cost a year beyond which a hedge counts as one that no portfolio can pay."""


@dataclass(frozen=True, eq=False)
class Study:
    """What all blocks share: markets and comparisons, each made once.

    Attributes
    ----------
    folder : Path
    first, last : str
        Cut of the dates; the page has all of them.
    draws : bool
        Whether intervals are drawn.
    """

    folder: Path
    first: str = "1990-01-02"
    last: str = LAST
    draws: bool = True

    def read(self, name: str) -> pd.DataFrame:
        """Return one file of the folder."""
        return pd.read_csv(self.folder / name, index_col=0, parse_dates=True)

    @property
    def judging(self) -> hg.OverlayJudging:
        """Intervals where asked for."""
        return hg.OverlayJudging() if self.draws else hg.OverlayJudging(bootstrap=None)

    def market_from(self, first: str, quotes: hg.MarketQuotes | None = None) -> hg.OverlayMarket:
        """Return the market from a date on."""
        index = hg.load_sample("equity").prices["S&P 500"].loc[first : self.last]
        shiller = self.read("shiller_monthly.csv")
        known_yield = (shiller["Dividend"] / shiller["SP500"]).shift(3).dropna()  # earnings reports lag a quarter
        rate = self.read("us_treasury_par_yields_daily.csv")["BC_3MONTH"].dropna() / 100.0
        vix = self.read("vix_index_daily.csv")["close"].loc[first : self.last]
        return hg.OverlayMarket.of(index, vix, rate=rate, dividend_yield=known_yield, quotes=quotes)

    @cached_property
    def market(self) -> hg.OverlayMarket:
        """The index and its volatility."""
        return self.market_from(self.first)

    @cached_property
    def futures_market(self) -> hg.OverlayMarket:
        """The same on the dates on which futures on the VIX are quoted."""
        table = self.read("vix_futures_m1_m8_daily.csv")
        prices = table[[f"M{place}" for place in range(1, 9)]]
        expiries = table[[f"exp{place}" for place in range(1, 9)]].apply(pd.to_datetime)
        first = max(self.first, f"{table.index[0]:%Y-%m-%d}")
        return hg.on_futures_dates(self.market_from(first, hg.MarketQuotes(futures=prices, expiries=expiries)))

    @cached_property
    def comparisons(self) -> dict[str, hg.OverlayComparison]:
        """Every rule on every base hedge."""
        bases: dict[str, tuple[hg.HedgeProgramme, hg.OverlayMarket]] = {
            "variance swaps": (TAILS["variance swaps"], self.market),
            "index puts": (TAILS["puts 25 delta"], self.market),
            "VIX futures": (TAILS["VIX futures"], self.futures_market),
        }
        found = {}
        for name, (hedge, market) in bases.items():
            rules = dict(RULES)
            if name == "VIX futures":
                rules["term_structure"] = hg.TermStructure()
            plans = {rule: hg.OverlayPlan(one, hedge, SHAPE) for rule, one in rules.items()}
            found[name] = hg.compare_overlays(plans, market, judging=self.judging)
        return found

    @cached_property
    def choices(self) -> dict[str, hg.OverlayChoice]:
        """Parameters of one rule chosen walking forward, on two base hedges."""
        bases = {"variance swaps": TAILS["variance swaps"], "index puts": TAILS["puts 25 delta"]}
        choosing = hg.OverlayChoosing(shape=SHAPE)
        return {
            name: hg.choose_overlay("vix_linear", GRID, self.market, hedge=hedge, choosing=choosing)
            for name, hedge in bases.items()
        }

    @cached_property
    def tails(self) -> hg.TailComparison:
        """Every tail hedge on the dates with futures."""
        return hg.compare_tail_hedges(TAILS, self.futures_market, judging=self.judging)

    @cached_property
    def budgeted(self) -> hg.TailComparison:
        """Every tail hedge under one budget a year."""
        judging = hg.OverlayJudging(bootstrap=None)
        return hg.compare_tail_hedges(TAILS, self.futures_market, budget_per_year=TAIL_BUDGET, judging=judging)


def percent(value: float, digits: int = 2) -> str:
    """Return a share in per cent, a dash where there is none."""
    shown = round(100.0 * value, digits) + 0.0 if np.isfinite(value) else value
    return f"{shown:.{digits}f}" if np.isfinite(shown) else "–"


def plain(value: float, digits: int = 2) -> str:
    return f"{round(value, digits) + 0.0:.{digits}f}" if np.isfinite(value) else "–"


def between(row: pd.Series, figure: str, show: Callable[..., str], digits: int) -> str:
    """Return a figure with its interval, without one where none was drawn."""
    text, low, high = (show(float(row[name]), digits) for name in (figure, f"{figure}_low", f"{figure}_high"))
    return text if low == "–" else f"{text} [{low}, {high}]"


def markdown(head: Iterable[str], rows: Iterable[Iterable[str]], words: int = 1) -> str:
    """Return a table whose first columns are words and whose others are numbers."""
    names = list(head)
    lines = [names, [*["---"] * words, *["---:"] * (len(names) - words)], *map(list, rows)]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def listed(sentences: Iterable[str]) -> str:
    return "\n".join(f"* {sentence}" for sentence in sentences)


def judged(comparison: hg.OverlayComparison) -> str:
    stamp = f" {comparison.stamp[0].upper()}{comparison.stamp[1:]}." if comparison.stamp else " Every price is a quote."
    return f"Sample: {comparison.judged}.{stamp}"


def beaten_on(name: str, rivals: pd.DataFrame) -> str:
    """Return on which figures rules were better and worse than the static hedge of the same mean, beyond intervals."""
    same = rivals[(rivals["rival"] == "static, same mean multiplier") & (rivals["figure"] != "all")]
    said = []
    for figure, words in (
        ("cost_per_year", "cost"), ("offset", "offset"), ("sharpe", "Sharpe ratio"), ("cvar", "CVaR of a day"),
    ):  # fmt: skip
        part = same.loc[same["figure"] == figure, "word"]
        said.append(f"{words} {int((part == 'beats').sum())} and {int((part == 'does not beat').sum())}")
    return f"{name}, rules better and worse than that hedge beyond the interval, by figure: {', '.join(said)}."


def half_of_the_losses(name: str, table: pd.DataFrame) -> str:
    """Return what hedges that offset half of the losses would cost, in proportion to their size."""
    said, dear = [], 0
    for plan, row in table.drop(index="no hedge").iterrows():
        times = 0.5 / row["offset"] if row["offset"] > 0.0 else np.inf
        if times * max(row["cost_per_year"], 0.0) <= DEAREST:
            said.append(f"{plan} {percent(times * row['cost_per_year'], 1)} % ({times:.0f} times its size)")
        else:
            dear += 1
    said += [f"{dear} {'others ' if said else ''}more than {percent(DEAREST, 0)} %"] if dear else []
    return f"{name}, scaled in proportion to offset half of the losses in all crises, cost a year: {', '.join(said)}."


def tally(counts: dict[tuple[str, str], int], rival: str) -> str:
    """Return how many rules beat a rival, did not, or cannot be told from it."""
    words = ("beats", "does not beat", "cannot tell", "not judged")
    names = {"beats": "beat it", "does not beat": "did not", "cannot tell": "cannot be told from it"}
    return ", ".join(f"{counts[rival, word]} {names.get(word, word)}" for word in words if (rival, word) in counts)
