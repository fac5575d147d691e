"""A small book between two markets, as the words of a study and as files, for tests."""

from __future__ import annotations

from pathlib import Path
from typing import Any

BOOK = [
    {
        "underlying": "SPX",
        "type": "european",
        "kind": kind,
        "strike": 4000,
        "expiry": "2026-12-18",
        "quantity": -10,
        "multiplier": 100,
    }
    for kind in ("call", "put")
]


def market(day: str, spot: float = 4000.0, vol: float = 0.18, **more: float) -> dict[str, Any]:
    return {"at": day, "underlyings": {"SPX": {"spot": spot, "vol": vol, "rate": 0.035, **more}}}


DAY: dict[str, Any] = {
    "kind": "explain",
    "book": BOOK,
    "before": market("2026-11-18"),
    "after": market("2026-11-19", 3900.0, 0.215),
}
BOOK_CSV = "underlying,type,kind,strike,expiry,quantity,multiplier\n" + "".join(
    f"SPX,european,{kind},4000,2026-12-18,-10,100\n" for kind in ("call", "put")
)
TRADES_CSV = "underlying,type,quantity,price,fee\nSPX,spot,-200,3935,60\n"


def market_text(day: str, spot: float, vol: float, name: str = "SPX") -> str:
    return f"at: {day}\nunderlyings: {{{name}: {{spot: {spot}, vol: {vol}, rate: 0.035}}}}\n"


def write_files(folder: Path) -> None:
    """Write book.csv, trades.csv, before.yaml and after.yaml."""
    (folder / "book.csv").write_text(BOOK_CSV)
    (folder / "trades.csv").write_text(TRADES_CSV)
    (folder / "before.yaml").write_text(market_text("2026-11-18", 4000.0, 0.18))
    (folder / "after.yaml").write_text(market_text("2026-11-19", 3900.0, 0.215))


def history_text(n_days: int, amplitude: float = 20.0) -> str:
    """Return a history of n days: spots that swing, volatility that swings against them."""
    rows = ["date,underlying,spot,vol,rate"]
    for number in range(n_days):
        swing = (number * 7 % 5 - 2) * amplitude
        rows.append(f"2026-10-{number + 1:02d},SPX,{4000 + swing},{0.18 - swing / 1e4},0.035")
    return "\n".join(rows) + "\n"
