"""How the outcome of a surface study reads in a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hedgerow.report import plain_table, visible

if TYPE_CHECKING:
    import pandas as pd
    from rich.console import Console

    from hedgerow.study.surface.run import SurfaceOutcome

MOST_ROWS = 40
MOST_STRIKES = 8
HEADS = {
    "years": ("years", ".3f"),
    "forward": ("forward", ",.2f"),
    "rate": ("rate", ".2%"),
    "atm_vol": ("ATM vol", ".2%"),
    "quotes": ("quotes", ",.0f"),
    "mean_miss": ("miss", ".2f"),
    "inside": ("inside", ".1%"),
    "off": ("off", ",.0f"),
}
"""Columns of the expiries that a terminal has room for: head and format."""


def print_surface(outcome: SurfaceOutcome, out: Console) -> None:
    """Print expiries, quotes dropped, what was asked for beside them, warnings and the verdict."""
    _print_expiries(outcome, out)
    reasons = ", ".join(f"{name.replace('_', ' ')} {count:,}" for name, count in outcome.counts.items())
    red = " (RED)" if outcome.red else ""
    out.print(f"quotes: {reasons}; bad {outcome.bad_share:.1%}{red}", markup=False, soft_wrap=True)
    _print_off(outcome, out)
    _print_volatilities(outcome, out)
    _print_marks(outcome, out)
    for sentence in outcome.warnings:
        out.print(visible(f"! {sentence}"), markup=False, soft_wrap=True)
    out.print(visible(outcome.verdict), markup=False, soft_wrap=True, style="bold")


def _print_expiries(outcome: SurfaceOutcome, out: Console) -> None:
    from hedgerow.study.surface.json import discount_source

    shown = _by_expiry(outcome.expiries)
    shown = shown[[name for name in HEADS if name in shown]].rename(
        columns={name: head for name, (head, _) in HEADS.items()}
    )
    at = f"{outcome.chain.at:%Y-%m-%d}"
    title = f"{outcome.study.model.upper()} on {at}, spot {outcome.fitted.surface.spot:,.6g}"
    out.print(plain_table(shown, title=title, formats=dict(HEADS.values())))
    note = (
        "miss: mean distance of fit from mid, half-spreads; inside: share within bid and ask; off: strikes off parity"
    )
    out.print(note, markup=False, soft_wrap=True)
    out.print(f"discount factors: {discount_source(outcome)}", markup=False, soft_wrap=True)


def _by_expiry(table: pd.DataFrame) -> pd.DataFrame:
    from hedgerow.market.dates import written

    return table.assign(expiry=[written(end) for end in table["expiry"]]).set_index("expiry")


def _print_off(outcome: SurfaceOutcome, out: Console) -> None:
    off = outcome.strikes_off
    if len(off):
        formats = {"strike": ",.6g", "residual": ",.3f", "half_spread": ",.3f", "half_spreads": ",.1f"}
        title = "strikes whose call and put disagree with the others by more than their spreads"
        out.print(plain_table(_by_expiry(off.head(MOST_ROWS)), title=title, formats=formats))


def _print_volatilities(outcome: SurfaceOutcome, out: Console) -> None:
    table = outcome.volatilities
    if outcome.shifted is not None and outcome.study.shifted is not None and outcome.shifted_check is not None:
        words = outcome.study.shifted
        proof = "no arbitrage" if outcome.shifted_check.free else "NOT free of arbitrage"
        moved = f"spot moved to {words.spot:g}, {words.rule.replace('_', ' ')}: {proof}"
        out.print(moved, markup=False, soft_wrap=True)
    if table is None:
        return
    for name in [name for name in ("volatility", "shifted") if name in table]:
        title = "volatility" if name == "volatility" else "volatility after the move"
        _print_grid(table.pivot_table(index="years", columns="strike", values=name), title, out)


def _print_grid(grid: pd.DataFrame, title: str, out: Console) -> None:
    """Print volatilities, a row per time and a column per strike, eight strikes to a table."""
    grid = grid.set_axis([f"{years:.3f}" for years in grid.index]).rename_axis("years")
    for first in range(0, grid.shape[1], MOST_STRIKES):
        part = grid.iloc[:, first : first + MOST_STRIKES]
        part = part.set_axis([f"{strike:.6g}" for strike in part.columns], axis=1)
        heading = f"{title} by time and strike" if first == 0 else ""
        out.print(plain_table(part, title=heading, formats=dict.fromkeys(part.columns, ".2%")))


def _print_marks(outcome: SurfaceOutcome, out: Console) -> None:
    if outcome.marks is None:
        return
    columns = ["strike", "kind", "mark", "low", "high", "code"]
    shown = _by_expiry(outcome.marks)[columns].head(MOST_ROWS)
    formats = {"strike": ",.6g"} | dict.fromkeys(("mark", "low", "high"), ",.4f")
    out.print(plain_table(shown, title="marks of held options, money per unit", formats=formats))
