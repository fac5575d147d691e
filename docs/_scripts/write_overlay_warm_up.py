"""Measure how much past each overlay rule needs, on real signals, and write docs/volatility-overlays.md's tables.

The prices are not part of the project: HEDGEROW_DATA names the folder they lie in. Each block of the page, between two
markers, is written whole by this script.
"""

from __future__ import annotations

import argparse
import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import pandas as pd

from hedgerow.compare import overlay_warm_up_drift
from hedgerow.overlays import (
    CorrelationAdjusted,
    CrashIntensity,
    DrawdownTriggered,
    EveryDays,
    FilteredCrashIntensity,
    FittedCrashIntensity,
    Monthly,
    OverlayRule,
    Percentile,
    RealisedVolatility,
    Shape,
    SignalMove,
    Signals,
    SmoothedSignal,
    Steps,
    VixLinear,
    Weekly,
)

PAGE = Path(__file__).resolve().parents[1] / "volatility-overlays.md"
BLOCK = re.compile(r"(<!-- warm-up: ([a-z]+) -->\n).*?(<!-- warm-up ends -->)", re.DOTALL)
WINDOWS = (199, 399, 499, 999, 1999)
ENDS = 12
"""Dates on which each rule is asked again with less past."""

LINEAR = VixLinear(10, 15)
RULES: Mapping[str, OverlayRule] = {
    "`VixLinear`, `Steps`, `Sigmoid`, `TermStructure`, `PutCount`": LINEAR,
    "`CrashIntensity()`": CrashIntensity(),
    "`RealisedVolatility(window=20)`": RealisedVolatility(0.15, 20),
    "`CorrelationAdjusted(window=60)`": CorrelationAdjusted(0.4, 60, ("price", "gold", "euro")),
    "`SmoothedSignal(…, 5)`": SmoothedSignal(LINEAR, 5),
    "`Percentile(…, 252)`": Percentile(Steps((50, 90), (0, 0.5, 1)), 252),
    "`DrawdownTriggered(0.05, 10)`": DrawdownTriggered(0.05, 10),
    "`FilteredCrashIntensity()`": FilteredCrashIntensity(),
    "`FittedCrashIntensity()`": FittedCrashIntensity(),
    "`FittedCrashIntensity(window=2520)`": FittedCrashIntensity(window=2520),
    "`FittedCrashIntensity(window=1008, refit_every='quarterly')`": FittedCrashIntensity(
        window=1008, refit_every="quarterly"
    ),
    "`FittedCrashIntensity(window=None)`": FittedCrashIntensity(window=None),
    "`FittedCrashIntensity(window=None, refit_every=252)`": FittedCrashIntensity(window=None, refit_every=252),
}
SHAPES: Mapping[str, tuple[Shape, str]] = {
    "`smooth=5`": (Shape(smooth=5), "5"),
    "`persist=2`": (Shape(persist=2), "–"),
    "`threshold=Weekly()`": (Shape(threshold=(Weekly(),)), "a week"),
    "`threshold=Monthly()`": (Shape(threshold=(Monthly(),)), "a month"),
    "`threshold=SignalMove(3)`": (Shape(threshold=(SignalMove(3.0),)), "–"),
    "`threshold=EveryDays(7)`": (Shape(threshold=(EveryDays(7),)), "–"),
}
FITS: Mapping[str, FittedCrashIntensity] = {
    "all so far": FittedCrashIntensity(window=None),
    "2,520": FittedCrashIntensity(window=2520),
    "2,016": FittedCrashIntensity(window=2016),
    "1,512": FittedCrashIntensity(),
    "1,008": FittedCrashIntensity(window=1008),
    "504": FittedCrashIntensity(window=504),
}
FROM = "1999"
"""First year of fits and multipliers that are compared: windows are full, the longest nearly."""


@dataclass(frozen=True)
class Data:
    """Real signals from one folder."""

    folder: Path

    def column(self, name: str, column: str) -> pd.Series:
        """Return one column of a file by date."""
        return pd.read_csv(self.folder / f"{name}.csv", index_col=0, parse_dates=True)[column].dropna()

    @cached_property
    def vix(self) -> Signals:
        """The index of volatility, 1990 to 2016."""
        return Signals.of({"vix": self.column("vix_index_daily", "close")})

    @cached_property
    def price(self) -> Signals:
        """A fund on the index of shares, dividends included, 1998 to 2016."""
        return Signals.of({"price": self.column("spy_daily", "adj_close")})

    @cached_property
    def several(self) -> Signals:
        """The same with gold and the euro from 2007 on."""
        of = {"price": ("spy_daily", "adj_close"), "gold": ("gold_spot_daily", "mid_close")}
        of["euro"] = ("eurusd_spot_daily", "mid_close")
        return Signals.of({name: self.column(*where) for name, where in of.items()})

    def of(self, rule: OverlayRule) -> Signals:
        """Return the signals of a rule."""
        return self.vix if "vix" in rule.needs else self.price if rule.needs == ("price",) else self.several


def drift_cells(data: Data, rule: OverlayRule, shape: Shape | None = None) -> list[str]:
    """Return the drift at each window, in per cent."""
    table = overlay_warm_up_drift(rule, data.of(rule), shape, WINDOWS, ENDS)
    return [per_cent(float(value)) for value in table["relative"]]


def per_cent(share: float) -> str:
    """Return a share in per cent, with nothing said where there is none and a plain 0 where it is 0 to the last bit."""
    if not np.isfinite(share):
        return "–"
    if share == 0.0:
        return "0"
    return "< 0.01" if share < 5e-5 else f"{100.0 * share:.2g}" if share < 0.1 else f"{100.0 * share:.0f}"


def at_memory(data: Data, rule: OverlayRule) -> str:
    """Return the drift with as many rows as a rule remembers."""
    if rule.memory is None:
        return "–"
    return per_cent(float(overlay_warm_up_drift(rule, data.of(rule), None, (rule.memory,), ENDS)["relative"].iloc[0]))


def markdown(head: list[str], rows: list[list[str]], words: int = 1) -> str:
    """Return a table whose first columns are words and whose others are numbers."""
    rule = ["---"] * words + ["---:"] * (len(head) - words)
    return "\n".join("| " + " | ".join(row) + " |" for row in (head, rule, *rows)).replace("| ---:", "|---:")


def rules(data: Data) -> str:
    """Return the drift of every rule and of every stage."""
    head = ["", "first decides after", "`memory`", *(f"{window}" for window in WINDOWS), "at `memory`"]
    rows = [
        [
            name,
            f"{rule.warm_up:,}",
            "–" if rule.memory is None else f"{rule.memory:,}",
            *drift_cells(data, rule),
            at_memory(data, rule),
        ]
        for name, rule in RULES.items()
    ]
    for name, (shape, rows_needed) in SHAPES.items():
        after = str((shape.smooth or 1) - 1)
        rows.append([f"`VixLinear` with {name}", after, rows_needed, *drift_cells(data, LINEAR, shape), "–"])
    return markdown(head, rows)


def fits(data: Data) -> str:
    """Return how steady the parameters and the multiplier of yearly fits are, by the length of the window."""
    rows = []
    for name, rule in FITS.items():
        models = pd.Series(rule.models(data.vix))
        models.index = pd.DatetimeIndex(models.index)
        used = models.loc[FROM:]
        chances = pd.DataFrame(
            {"low": [one.chain.p_low_high for one in used], "high": [one.chain.p_high_low for one in used]}
        )
        share = pd.Series([one.chain.high_share for one in used])
        multiplier = pd.Series(rule.multiplier(data.vix), data.vix.dates).loc[FROM:]
        means, spread = chances.mean(), chances.std()
        rows.append([
            name, f"{len(used)}", f"{means['low']:.4f}", f"{100.0 * spread['low'] / means['low']:.0f}",
            f"{means['high']:.4f}", f"{100.0 * spread['high'] / means['high']:.0f}", f"{share.min():.2f} to "
            f"{share.max():.2f}", f"{multiplier.mean():.2f}", f"{multiplier.max():.1f}",
            f"{multiplier.diff().abs().mean():.3f}",
        ])  # fmt: skip
    head = ["values of a fit", "fits", "p_LH", "its spread, %", "p_HL", "its spread, %", "long-run share of high"]
    return markdown([*head, "multiplier, mean", "largest", "mean move a day"], rows)


BLOCKS: dict[str, Callable[[Data], str]] = {"rules": rules, "fits": fits}


def write(page: Path, data: Data) -> None:
    """Write the blocks of the page."""
    text = page.read_text(encoding="utf-8")
    filled = BLOCK.sub(lambda match: f"{match[1]}\n{BLOCKS[match[2]](data)}\n\n{match[3]}", text)
    page.write_text(filled, encoding="utf-8")


def main() -> None:
    """Read the folder from the command line or HEDGEROW_DATA and write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", default=os.environ.get("HEDGEROW_DATA"), help="folder with the prices")
    given = parser.parse_args()
    if not given.data:
        parser.error("name the folder with the prices: --data or HEDGEROW_DATA")
    write(PAGE, Data(Path(given.data)))


if __name__ == "__main__":
    main()
