"""How a tail study reads in a terminal of 80 columns."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hedgerow.cli.overlays_text import figures_shown, in_parts, say, say_table
from hedgerow.report import visible

if TYPE_CHECKING:
    from rich.console import Console

    from hedgerow.study.tail.run import TailOutcome

SHOWN = ("cost_per_year", "days_hedged", "offset", "cvar", "max_drawdown", "sharpe")


def print_tail(outcome: TailOutcome, out: Console) -> None:
    """Print figures, sudden falls, crises, stress, claims, what to beware of, and the verdict."""
    from hedgerow.study.overlays.claim_tables import told_claims
    from hedgerow.study.overlays.tables import offsets, shown, today
    from hedgerow.study.tail.tables import CONVEXITY, MARKS, for_money, how_much, stress

    tail = outcome.tail
    title = visible(outcome.study.title or "tail hedges")
    say_table(out, figures_shown(tail.table(), SHOWN), f"{title}; {tail.comparison.judged}")
    heads = {
        name: (head.removeprefix("gain ").removeprefix("years of bleed ").removesuffix(" (years)"), form)
        for name, (head, form) in CONVEXITY.items()
    }
    table = tail.table().drop(index="no hedge")
    gains = {name: each for name, each in heads.items() if name.startswith("gain")}
    say_table(out, shown(table, gains), "what a sudden fall pays, share of the portfolio")
    years = {name: each for name, each in heads.items() if name.startswith("convexity")}
    say_table(out, shown(table, years), "the same in years of bleed")
    crises = offsets(tail.crises())
    covered = crises[crises["status"] != "no data"].drop(columns="status")
    for part in in_parts(covered) if len(covered) else ():
        say_table(out, part, "hedge gain over portfolio loss, by crisis (portfolio: its fall)")
    if outcome.by_bleed is not None:
        sized = how_much(outcome.by_bleed).drop(columns=["worst fall", "Sharpe"])
        sized = sized.map(lambda text: str(text).split(" [")[0])
        say_table(out, sized, "how much to hold: sizes that bleed so much a year outside crises")
    shocks = stress(outcome).map(lambda text: str(text).split(" [")[0])
    for part in in_parts(shocks.drop(columns="VIX points")):
        say_table(out, part, "what sudden days would pay, share of the portfolio")
    say_table(out, shown(table, MARKS), "share of the days held")
    money = for_money(outcome)
    for words in ("1 % spent", "1 % of budget"):
        own = {name: str(name).removesuffix(f" for {words}") for name in money if str(name).endswith(words)}
        if own:
            table = money[["spent a calendar year", *own]].rename(columns=own)
            say_table(out, table, f"protection for {words}, of the portfolio a year")
    if len(outcome.claims):
        asked = {claim.what for claim in outcome.study.claims if claim.measured is not None}
        say_table(out, told_claims(outcome.claims, asked).drop(columns="note"), "claimed against measured")
    for sentence in outcome.warnings:
        say(out, f"! {sentence}")
    held = today(tail.comparison, "plan")[["contract", "contracts held", "to trade"]]
    say_table(out, held, "what to hold today")
    out.print(visible(outcome.verdict), markup=False, style="bold", soft_wrap=True)
