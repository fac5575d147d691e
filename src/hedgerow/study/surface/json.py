"""The outcome of a surface study as plain values, and as one sentence."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from hedgerow.market.dates import written
from hedgerow.study.surface.fit import SVI_NAMES
from hedgerow.study.volatility.json import plain

if TYPE_CHECKING:
    from hedgerow.market.surface import ArbitrageReport
    from hedgerow.study.surface.run import SurfaceOutcome

ERRORS = ("quotes", "beyond", "mean_miss", "inside", "rms_error")


def records(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Return a table's rows as mappings."""
    return [{str(name): plain(cell) for name, cell in row.items()} for row in table.to_dict(orient="records")]


def plain_result(outcome: SurfaceOutcome) -> dict[str, Any]:
    """Return an outcome as plain values; a part that was not asked for is left out."""
    study, fitted = outcome.study, outcome.fitted
    fit = fit_totals(outcome)
    found: dict[str, Any] = {
        "file": Path(study.chain.file).name,
        "at": plain(outcome.chain.at),
        "style": outcome.chain.style,
        "spot": plain(fitted.surface.spot),
        "model": study.model,
        "discount_from": discount_source(outcome),
        "counts": outcome.counts,
        "bad_share": outcome.bad_share,
        "red": outcome.red,
        "expiries": [_expiry(row) for row in records(outcome.expiries)],
        "strikes_off": records(outcome.strikes_off),
        "fit": fit,
        "arbitrage": _arbitrage(fitted.arbitrage),
    }
    if outcome.volatilities is not None:
        found["volatilities"] = records(outcome.volatilities)
    if outcome.shifted is not None and study.shifted is not None and outcome.shifted_check is not None:
        found["shifted"] = study.shifted.model_dump() | {"arbitrage": _arbitrage(outcome.shifted_check)}
    if outcome.marks is not None:
        found["marks"] = records(outcome.marks)
    return found | {"warnings": list(outcome.warnings), "verdict": outcome.verdict}


def _expiry(row: dict[str, Any]) -> dict[str, Any]:
    """Return one expiry with its parameters and its fit error apart."""
    kept = {name: value for name, value in row.items() if name not in SVI_NAMES + ERRORS}
    return kept | {"svi": {name: row[name] for name in SVI_NAMES}, "errors": {name: row[name] for name in ERRORS}}


def _arbitrage(report: ArbitrageReport) -> dict[str, Any]:
    """Return what the check found, violations as the worst of each kind and time."""
    return {"free": report.free, "scope": report.scope, "violations": records(worst_violations(report))}


def worst_violations(report: ArbitrageReport) -> pd.DataFrame:
    """Return one row per kind and time: kind, years, strikes (how many), and the worst of them."""
    rows = []
    for (kind, years), found in report.violations.groupby(["kind", "years"], sort=True):
        worst = found.iloc[int(found["amount"].abs().argmax())]
        rows.append({"kind": kind, "years": years, "strikes": len(found), "worst_strike": worst["strike"],
                     "worst_log_moneyness": worst["log_moneyness"], "worst_amount": worst["amount"]})  # fmt: skip
    columns = ("kind", "years", "strikes", "worst_strike", "worst_log_moneyness", "worst_amount")
    return pd.DataFrame(rows, columns=list(columns))


def strikes_off(outcome: SurfaceOutcome) -> pd.DataFrame:
    """Return expiry, strike, residual (money), half_spread, half_spreads (residual in them) of strikes off parity."""
    columns = ["expiry", "strike", "residual", "half_spread", "half_spreads"]
    parity = outcome.fitted.parity
    if parity is None:
        return pd.DataFrame(columns=columns)
    off = parity.off.assign(half_spreads=lambda rows: rows["residual"] / rows["half_spread"])
    return off[columns].reset_index(drop=True)


def fit_totals(outcome: SurfaceOutcome) -> dict[str, Any]:
    """Return quotes fitted, share of them inside bid and ask, and the median of the expiries' mean misses."""
    table = outcome.expiries
    quotes = int(table["quotes"].sum())
    inside = float((table["inside"] * table["quotes"]).sum() / quotes)
    return {"quotes": quotes, "inside": inside, "median_miss_half_spreads": float(table["mean_miss"].median())}


def discount_source(outcome: SurfaceOutcome) -> str:
    """Return where discount factors come from, in words."""
    study = outcome.study
    if study.rates or study.rate is not None:
        return "rates given by expiry" if study.rates else f"the rate given, {study.rate:g}"
    return f"put-call parity, strikes within {study.discount_window:.0%} of the spot"


def verdict(outcome: SurfaceOutcome) -> str:
    """Return the finding as one plain sentence."""
    fit, report = fit_totals(outcome), outcome.fitted.arbitrage
    count = len(outcome.expiries)
    smiles = "1 smile" if count == 1 else f"{count} smiles"
    if report.free:
        proof = "no butterfly or calendar arbitrage found" if count > 1 else "no butterfly arbitrage found"
    else:
        kinds = ", ".join(sorted(set(report.violations["kind"])))
        proof = f"NOT free of arbitrage ({kinds}): do not price between quotes with it"
    red = f"; {outcome.bad_share:.1%} of the quotes were bad" if outcome.red else ""
    return (
        f"{smiles} ({outcome.study.model.upper()}) on {written(outcome.chain.at)}: {proof}; {fit['inside']:.1%} of "
        f"{fit['quotes']:,} fitted quotes inside bid and ask, typical miss {fit['median_miss_half_spreads']:.2f} "
        f"half-spreads{red}."
    )
