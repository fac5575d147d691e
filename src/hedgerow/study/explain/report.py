"""The report of an explanation: prediction beside revaluation, waterfall, moves, positions, history and event."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from hedgerow.report import (
    Picture,
    Report,
    Table,
    attribution_waterfall_figure,
    level_history_figure,
    scatter_figure,
    write_html,
)
from hedgerow.study.explain.sentences import counted, event_sentence, history_sentence
from hedgerow.study.explain.tables import MONEY, beside, by_position, vega_by_expiry
from hedgerow.study.provenance import versions

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

    from hedgerow.study.explain.day_by_day import HistoryExplained
    from hedgerow.study.explain.run import ExplainOutcome

Block = Table | Picture
MOST_ROWS = 250
"""Positions and days that a report lists; the CSV files beside it have all."""
MOVES = {
    "realised_move": ("move", "+,.4g"),
    "break_even_move": ("break-even", ",.4g"),
    "daily_break_even": ("break-even a day", ",.4g"),
    "realised": ("realised", ".1%"),
    "implied": ("implied", ".1%"),
    "gamma": ("gamma", MONEY),
    "theta": ("theta", MONEY),
    "net": ("net", MONEY),
}
"""Columns of the moves: head and format."""


def write_explain_report(outcome: ExplainOutcome, path: Path) -> Path:
    """Write an explanation as a self-contained HTML file and return its path."""
    return write_html(build_explain_report(outcome), path)


def build_explain_report(outcome: ExplainOutcome) -> Report:
    """Return everything the report says."""
    sentences = (history_sentence(outcome), event_sentence(outcome))
    return Report(
        title=outcome.study.title or f"What {', '.join(outcome.book.columns.names)} made, and why",
        subtitle=subtitle(outcome),
        verdict=outcome.verdict,
        facts={
            "Before": f"{outcome.before.moment}",
            "After": f"{outcome.after.moment}",
            "Currency": outcome.currency,
            "Order of moves": ", ".join(outcome.explained.order),
            "Model": outcome.study.model,
            "Versions": versions("numpy", "scipy", "pandas"),
        },
        notes=(*(sentence for sentence in sentences if sentence), *outcome.warnings),
        blocks=(*_day(outcome), *_positions(outcome), *_history(outcome), *_event(outcome)),
    )


def subtitle(outcome: ExplainOutcome) -> str:
    """Return what was explained, in a few words."""
    traded = int(outcome.explained.positions["trade"].sum())
    trades = f" and {counted(traded, 'trade')}" if traded else ""
    return f"{counted(len(outcome.book), 'position')}{trades}, {outcome.before.moment} to {outcome.after.moment}"


def moves_table(outcome: ExplainOutcome) -> pd.DataFrame:
    """Return realised and break-even moves with the heads that people read."""
    return outcome.moves[list(MOVES)].rename(columns={name: head for name, (head, _) in MOVES.items()})


def residual_table(outcome: ExplainOutcome) -> pd.DataFrame:
    """Return what each explanation leaves, dust as 0."""
    frame = outcome.residuals.rename(columns={"share": "share of profit"})
    dust = frame["share of profit"] < 1e-9
    return frame.assign(**{name: frame[name].mask(dust, 0.0) for name in ("residual", "share of profit")})


def _day(outcome: ExplainOutcome) -> list[Block]:
    both = beside(outcome.explained)
    closing = outcome.explained.explain_totals().drop("residual")
    closing = closing[(closing != 0.0) | (closing.index == "total")]
    predicted = outcome.explained.predict_totals()
    predicted = predicted[(predicted != 0.0) | (predicted.index == "total")]
    note = (
        "Left: Greeks at the start times the moves, and what they leave. Right: the book revalued after one move at a "
        "time in the order above, which closes; another order moves money between the lines, never the total."
    )
    moves = moves_table(outcome)
    return [
        Table("Predicted and revalued", both, note, dict.fromkeys(("predicted", "revalued"), MONEY)),
        Picture(
            "Revaluation, move by move",
            attribution_waterfall_figure(closing, unit=outcome.currency, title="From nothing to the profit"),
            "Each bar is the change of value when one more move is made and the earlier ones stay made.",
        ),
        Picture(
            "Prediction, Greek by Greek",
            attribution_waterfall_figure(predicted, unit=outcome.currency, title="Greeks, and what they leave"),
            "The bar unexplained is the profit less all Greeks: shown, never spread.",
        ),
        Table(
            "What is left",
            residual_table(outcome),
            "The revaluation closes by construction.",
            dict.fromkeys(("pnl", "explained", "residual"), MONEY) | {"share of profit": ".2%"},
        ),
        Table(
            "Moves and break-even moves",
            moves,
            "The break-even move is that at which gamma earns theta at the implied volatility, over the time between "
            "the two markets and over one trading day. A book that is long options wants to move further.",
            dict(MOVES.values()),
        ),
    ]


def _positions(outcome: ExplainOutcome) -> list[Block]:
    blocks: list[Block] = []
    for which, title in (("predict", "Positions, predicted"), ("explain", "Positions, revalued")):
        table = by_position(outcome, which)
        note = f"The {MOST_ROWS} largest of {len(table):,}." if len(table) > MOST_ROWS else "Largest profits first."
        blocks.append(Table(title, table.head(MOST_ROWS), note, dict.fromkeys(map(str, table.columns), MONEY)))
    vega = vega_by_expiry(outcome.explained)
    if len(vega):
        note = "Where along the term structure volatility was made and lost."
        blocks.append(Table("Volatility by expiry", vega, note, dict.fromkeys(map(str, vega.columns), MONEY)))
    return blocks


def _history(outcome: ExplainOutcome) -> list[Block]:
    history = outcome.history
    if history is None:
        return []
    days = history.days.tail(MOST_ROWS)
    more = f" The last {MOST_ROWS} of {len(history.days):,} days." if len(history.days) > MOST_ROWS else ""
    test = history.test
    figures = {} if test is None else {
        "Spearman": (test.spearman, test.spearman_zone),
        "Kolmogorov-Smirnov": (test.smirnov, test.smirnov_zone),
        "Unexplained ratio": (test.unexplained_ratio, ""),
    }  # fmt: skip
    table = pd.DataFrame.from_dict(figures, orient="index", columns=["figure", "zone"]).rename_axis("statistic")
    note = "Green, amber, red as in MAR32: Spearman 0.80 and 0.70, Kolmogorov-Smirnov 0.09 and 0.12."
    return [
        *([Table("Does the prediction follow the profit?", table, note, {"figure": ".3f"})] if test else []),
        Picture("Residual day by day", _residual_figure(history, outcome.currency), "Lines: two standard deviations."),
        Picture("Profit against prediction", _scatter(history, outcome.currency), "On the line all is explained."),
        Table("Day by day", days, f"The same book in every market, money.{more}", dict.fromkeys(days.columns, MONEY)),
    ]


def _residual_figure(history: HistoryExplained, currency: str) -> Figure:
    low, high = history.band
    return level_history_figure(
        history.days[["residual"]], unit=currency, marks={"lower": low, "upper": high} if low < high else None,
        title="What the Greeks leave",
    )  # fmt: skip


def _scatter(history: HistoryExplained, currency: str) -> Figure:
    figure = scatter_figure(
        history.days["pnl"], history.days["predicted"], ratio=1.0, title="Profit against prediction"
    )
    figure.update_xaxes(title_text=f"predicted by Greeks ({currency})")
    figure.update_yaxes(title_text=f"profit ({currency})")
    figure.data[0].name, figure.data[1].name = "days", "as predicted"
    return figure


def _event(outcome: ExplainOutcome) -> list[Block]:
    if outcome.event is None:
        return []
    table = outcome.event.table.copy()
    table.index = pd.Index([f"{move:+.1%}" for move in table.index], name="move of spot")
    return [Table("An event to come", table, event_sentence(outcome), dict.fromkeys(map(str, table.columns), MONEY))]
