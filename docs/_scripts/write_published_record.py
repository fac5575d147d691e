"""Run the programmes that Cboe publishes as indices and write docs/tail-hedges.md's tables of ours against published.

The prices are not part of the project: HEDGEROW_DATA names the folder they lie in; the index comes with the extra
``samples``. What was published is written down here with its source; nothing of a programme was set by it.
"""

from __future__ import annotations

import argparse
import os
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import numpy as np
import pandas as pd
from overlay_study import Study, markdown, percent

import hedgerow as hg

PAGE = Path(__file__).resolve().parents[1] / "tail-hedges.md"
BLOCK = re.compile(r"(<!-- published: ([a-z]+) -->\n).*?(<!-- published end -->)", re.DOTALL)
QUARTERS = "[Cboe, index protection](https://www.cboe.com/us/index_protection/)"
CONSULTANTS = "[Asset Consulting Group, 2012](https://it.scribd.com/document/261294391/Asset-Consulting-Group-Tail-Risk-March-7-Final)"
LEVELS = (
    "levels of 158.11 ([Cboe, 2013-03-29](http://www.spvixviews.com/2013/03/29/all-time-high-closing-values-today-for-"
    "vpd-vpn-and-6-other-indexes-by-matt-moran/)) and 188.83 ([Cboe](http://www.cboe.com/micro/VXTH/), during the day, "
    "dated by the VIX beside it)"
)
PUBLISHED: tuple[tuple[str, str, str, float, str], ...] = (
    ("VXTH", "2007-12-31", "2008-12-31", -0.193, CONSULTANTS),
    ("VXTH", "2008-09-30", "2008-12-31", 0.002, QUARTERS),
    ("VXTH", "2011-06-30", "2011-09-30", -0.068, QUARTERS),
    ("VXTH", "2013-03-28", "2014-09-18", 188.83 / 158.11 - 1.0, LEVELS),
    ("PPUT", "2001-06-29", "2001-09-28", -0.041, QUARTERS),
    ("PPUT", "2002-06-28", "2002-09-30", -0.091, QUARTERS),
    ("PPUT", "2008-09-30", "2008-12-31", 0.002, QUARTERS),
    ("PPUT", "2011-06-30", "2011-09-30", -0.080, QUARTERS),
    ("CLL", "2001-06-29", "2001-09-28", -0.007, QUARTERS),
    ("CLL", "2002-06-28", "2002-09-30", -0.081, QUARTERS),
    ("CLL", "2007-12-31", "2008-12-31", -0.236, CONSULTANTS),
    ("CLL", "2008-09-30", "2008-12-31", -0.059, QUARTERS),
    ("CLL", "2011-06-30", "2011-09-30", -0.116, QUARTERS),
)
"""Index, last date before the period, last date of it, total return, source."""

QUARTERLY = "1990-03-16"
"""From this third Friday on, options of a quarter fall on the cycle of March."""


@dataclass(frozen=True, eq=False)
class Record:
    """Programmes as the indices are described, without commissions, and what they returned.

    Attributes
    ----------
    study : Study
    """

    study: Study

    @cached_property
    def quarterly(self) -> hg.OverlayMarket:
        """The index from a third Friday of a quarter on."""
        market = self.study.market
        return market.at(np.flatnonzero(market.dates >= QUARTERLY))

    @cached_property
    def returned(self) -> dict[tuple[str, str], pd.Series]:
        """Wealth of each index by model, with the unhedged portfolio beside it."""
        puts = {"moneyness": 0.95, "days": 25, "roll_days_before": 0}
        collar = {"put_moneyness": 0.95, "call_moneyness": 1.10, "days": 84, "roll_days_before": 0}
        found = {}
        for model, skew, smile in (("ours", "average", "smile"), ("other", "week", "flat")):
            vxth = replace(hg.vxth(), roll_days_before=1)
            calls = replace(vxth, vol_of_vol=hg.VolOfVol.flat()) if smile == "flat" else vxth
            programmes = {
                "VXTH": (calls, self.study.futures_market),
                "PPUT": (hg.hedge_by_name("index_puts", skew=skew, **puts), self.quarterly),
                "CLL": (hg.hedge_by_name("collars", skew=skew, **collar), self.quarterly),
            }
            for name, (programme, market) in programmes.items():
                free = replace(programme, costs=replace(programme.costs, commission=0.0))
                run = hg.run_overlay(hg.Static(1.0), free, market)
                found[name, model] = resized(run)
                found[name, "unhedged"] = run.unhedged_wealth
        return found


def resized(run: hg.OverlayRun) -> pd.Series:
    """Return the wealth of a portfolio whose hedge follows its own value, as an index's does."""
    before = run.unhedged_wealth.shift()
    return (1.0 + (run.unhedged_wealth.diff() + run.hedge_pnl) / before).fillna(1.0).cumprod()


def over(wealth: pd.Series, first: str, last: str) -> float:
    """Return the total return from the last date known at one day's end to that at another's."""
    return float(wealth.loc[:last].iloc[-1] / wealth.loc[:first].iloc[-1] - 1.0)


def record(study: Study) -> str:
    """Return what was published beside what the programmes returned over the same dates."""
    returned = Record(study).returned
    rows = []
    for name, first, last, published, source in PUBLISHED:
        cells = [percent(over(returned[name, model], first, last), 1) for model in ("ours", "other", "unhedged")]
        rows.append([name, f"{first} to {last}", source, percent(published, 1), *cells])
    head = [
        "index",
        "from close to close",
        "source",
        "published, %",
        "ours, %",
        "flat, or week's skew, %",
        "S&P 500, %",
    ]
    dates = returned["PPUT", "ours"].index
    whole = [percent(yearly(returned["PPUT", model]), 1) for model in ("ours", "other", "unhedged")]
    said = (
        f"PPUT over all of {dates[0]:%Y-%m-%d} to {dates[-1]:%Y-%m-%d}, a year: ours {whole[0]} %, with the week's "
        f"skew {whole[1]} %, the S&P 500 {whole[2]} %."
    )
    return "\n".join([markdown(head, rows, words=3), "", said])


def yearly(wealth: pd.Series) -> float:
    """Return the compound return a year."""
    return float((wealth.iloc[-1] / wealth.iloc[0]) ** (365.25 / (wealth.index[-1] - wealth.index[0]).days) - 1.0)


def sensitivity(study: Study) -> str:
    """Return what put programmes cost a year under each skew."""
    programmes = {
        "puts 25 delta, 90 days, 0.25 % a purchase": {"delta": 0.25, "premium_budget": 0.0025},
        "puts 10 delta, 90 days, 0.25 % a purchase": {"delta": 0.10, "premium_budget": 0.0025},
        "puts at 90 %, 90 days, all covered": {"moneyness": 0.90},
        "puts at 95 %, one month to expiry, all covered": {"moneyness": 0.95, "days": 25, "roll_days_before": 0},
    }
    rows = []
    for name, keys in programmes.items():
        costs = []
        for skew in ("week", "average"):
            run = hg.run_overlay(hg.Static(1.0), hg.hedge_by_name("index_puts", skew=skew, **keys), study.market)
            costs.append(float(run.summary().loc["net cost a year of the portfolio", "value"]))
        rows.append([name, *(percent(cost) for cost in costs), percent(costs[1] - costs[0])])
    dates = study.market.dates
    head = ["", "week of 2011, % a year", "long-run average, % a year", "difference"]
    said = f"Net of costs, share of the unhedged portfolio, {dates[0]:%Y-%m-%d} to {dates[-1]:%Y-%m-%d}. Synthetic."
    return "\n".join([markdown(head, rows), "", said])


BLOCKS = {"record": record, "skew": sensitivity}


def write(page: Path, study: Study, only: Iterable[str] = ()) -> None:
    """Write the blocks of the page, all of them or those named."""
    names = set(only) or set(BLOCKS)

    def filled(match: re.Match[str]) -> str:
        return f"{match[1]}\n{BLOCKS[match[2]](study)}\n\n{match[3]}" if match[2] in names else match[0]

    page.write_text(BLOCK.sub(filled, page.read_text(encoding="utf-8")), encoding="utf-8")


def main() -> None:
    """Read the folder from the command line or HEDGEROW_DATA and write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", default=os.environ.get("HEDGEROW_DATA"), help="folder with the prices")
    parser.add_argument("blocks", nargs="*", help="write only these blocks")
    given = parser.parse_args()
    if not given.data:
        parser.error("name the folder with the prices: --data or HEDGEROW_DATA")
    write(PAGE, Study(Path(given.data), draws=False), given.blocks)


if __name__ == "__main__":
    main()
