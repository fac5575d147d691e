"""The reports of a book and of a list of options: tables in money, scenario maps, the ladder of strikes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from hedgerow.report import Picture, Report, Table, counted, heat_map_figure, write_html
from hedgerow.study.provenance import versions

if TYPE_CHECKING:
    from hedgerow.study.price.option_book import BookOutcome
    from hedgerow.study.price.option_list import OptionListOutcome

MOST_ROWS = 500
"""Positions that a report lists; the CSV beside it has all."""
SHOWN = (
    "value", "dollar_delta", "dollar_gamma_per_percent", "vega_per_point", "theta_per_calendar_day",
    "rho_per_basis_point",
)  # fmt: skip
LISTED = ("price", "delta", "gamma", "vega", "theta", "rho")
MONEY = ",.2f"


def write_book_report(outcome: BookOutcome, path: Path) -> Path:
    """Write a book's value, Greeks in money and scenarios as a self-contained HTML file and return its path."""
    greeks = outcome.greeks
    words = outcome.study.book
    groups = [
        _money_table("By underlying", greeks.in_money("underlying")),
        _money_table("By underlying and expiry", greeks.in_money("expiry")),
        _money_table("By expiry and strike", greeks.in_money("expiry_and_strike")),
    ]
    positions = greeks.in_money()
    note = f"The first {MOST_ROWS} of {len(positions):,} positions." if len(positions) > MOST_ROWS else ""
    labels = [name for name in positions.columns if name not in greeks.in_money("total").columns]
    listed = positions[[*labels, *SHOWN]].head(MOST_ROWS)
    report = Report(
        title=outcome.study.title or "Book of options",
        subtitle=f"{counted(len(positions), 'position')} at {greeks.market.moment}, by {outcome.study.model}",
        verdict=outcome.verdict,
        facts={
            "File": words.file if words else "",
            "Valued at": str(greeks.market.moment),
            "Currency": outcome.scenarios.currency,
            "Versions": versions("numpy", "scipy", "pandas", "numba"),
        },
        notes=outcome.warnings,
        blocks=(
            _money_table("The whole book", greeks.in_money("total")),
            *_scenario_pictures(outcome),
            *_stress_tables(outcome),
            *groups,
            *_ladders(outcome),
            Table("Positions", _spaced(listed), note, dict.fromkeys(map(_words, SHOWN), MONEY)),
        ),
    )
    return write_html(report, path)


def write_list_report(outcome: OptionListOutcome, path: Path) -> Path:
    """Write a list of options with their prices and Greeks as a self-contained HTML file and return its path."""
    table = outcome.table.head(MOST_ROWS)
    note = f"The first {MOST_ROWS} of {len(outcome.table):,} options." if len(outcome.table) > MOST_ROWS else ""
    words = outcome.study.book
    report = Report(
        title=outcome.study.title or "Options",
        subtitle=f"{len(outcome.table):,} options by {outcome.study.model}",
        verdict=outcome.verdict,
        facts={"File": words.file if words else "", "Versions": versions("numpy", "scipy", "pandas", "numba")},
        notes=outcome.warnings,
        blocks=(
            Table("Totals", outcome.totals.to_frame(), "Raw figures times quantity and multiplier where given."),
            Table("Options", table, note, dict.fromkeys(LISTED, ",.6g")),
        ),
    )
    return write_html(report, path)


def _scenario_pictures(outcome: BookOutcome) -> list[Picture]:
    pictures = []
    for days in outcome.scenarios.days:
        table = outcome.scenarios.table(float(days))
        matrix = table.set_axis([f"{move:+.1%}" for move in table.index], axis=0)
        matrix = matrix.set_axis([f"{100 * move:+.3g}" for move in table.columns], axis=1)
        figure = heat_map_figure(
            matrix, x_title="move of volatility (points)", y_title="move of spot", unit=outcome.scenarios.currency
        )
        when = f"after {days:g} calendar days" if days else "at once"
        caption = "Profit against now; each position keeps its own volatility plus the move."
        pictures.append(Picture(f"Spot and volatility move {when}", figure, caption))
    return pictures


def _stress_tables(outcome: BookOutcome) -> list[Table]:
    """Return the worst cell at each correlation and the named scenarios."""
    stress = outcome.stress
    if stress is None:
        return []
    forms = {"spot move": "+.1%", "vol move": "+.3f", "days": "g", "correlation": "g", "profit": MONEY}
    note = (
        f"{stress.currency} against now. {stress.driver} moves by the cell, others by their beta at the correlation: "
        "1 + move = (1 + move of the driver) to the power of correlation x volatility / volatility of the driver."
    )
    tables = [Table("Named scenarios", _spaced(stress.named), note, forms)]
    if len(stress.correlations) > 1:
        worst = _spaced(stress.by_correlation())
        worst.index = pd.Index([f"{each:g}" for each in worst.index], name="correlation")
        tables.insert(0, Table("Worst cell at each correlation", worst, note, forms))
    return tables


def _ladders(outcome: BookOutcome) -> list[Picture]:
    """Return dollar gamma by expiry and strike of each underlying: where the book is long and short options."""
    long = outcome.greeks.in_money("expiry_and_strike")["dollar_gamma_per_percent"].reset_index()
    long = long.dropna(subset=["strike", "expiry"])
    long["expiry"] = long["expiry"].dt.strftime("%Y-%m-%d")
    pictures = []
    for name, part in long.groupby("underlying", observed=True):
        matrix = part.pivot_table(index="expiry", columns="strike", values="dollar_gamma_per_percent", aggfunc="sum")
        matrix = matrix.set_axis([f"{strike:,.10g}" for strike in matrix.columns], axis=1)
        figure = heat_map_figure(matrix, x_title="strike", y_title="expiry", unit="money per 1 %")
        title = f"Dollar gamma of {name} by expiry and strike"
        pictures.append(Picture(title, figure, "Blue: long gamma; red: short gamma."))
    return pictures


def _money_table(title: str, table: pd.DataFrame) -> Table:
    shown = table[[name for name in SHOWN if name in table.columns]].reset_index()
    formats = dict.fromkeys(map(_words, SHOWN), MONEY)
    return Table(title, _spaced(shown).set_index(_words(shown.columns[0])), "", formats)


def _spaced(table: pd.DataFrame) -> pd.DataFrame:
    return table.rename(columns=_words)


def _words(name: object) -> str:
    return str(name).replace("_", " ")
