"""The rate study: bonds, futures and a curve become a number of contracts and what it leaves at each node."""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from hedgerow.errors import InputError
from hedgerow.hedgers.contracts import Rounding
from hedgerow.hedgers.rates import RateHedge, hedge_rates
from hedgerow.instruments.bond import BondFuture, BondPosition
from hedgerow.market.dates import moment
from hedgerow.market.yield_curve import YieldCurve
from hedgerow.study.rates.files import read_bonds, read_curve, read_futures
from hedgerow.study.rates.words import RateStudy
from hedgerow.study.ratio.json import number
from hedgerow.units import to_percent

if TYPE_CHECKING:
    from plotly.graph_objects import Figure


@dataclass(frozen=True, eq=False)
class RateOutcome:
    """What a rate study found.

    Attributes
    ----------
    study : RateStudy
    bonds : tuple of BondPosition
    futures : tuple of BondFuture
    curve : YieldCurve
    curve_source : str
        Where the curve and the weights of its nodes come from.
    hedge : RateHedge
    warnings : tuple of str
    """

    study: RateStudy
    bonds: tuple[BondPosition, ...]
    futures: tuple[BondFuture, ...]
    curve: YieldCurve
    curve_source: str
    hedge: RateHedge
    warnings: tuple[str, ...]

    @property
    def verdict(self) -> str:
        """One plain sentence: the trade to do, and what DV01 it takes off."""
        hedge = self.hedge
        trades = [
            f"{'sell' if contracts < 0 else 'buy'} {abs(contracts):,.6g} {name}"
            for name, contracts in zip(hedge.futures, hedge.contracts, strict=True)
            if contracts
        ]
        if not trades:
            return f"Less than one contract would hedge a DV01 of {hedge.dv01:,.0f}: do nothing."
        trade = " and ".join(trades)
        said = f"{trade[0].upper()}{trade[1:]}: DV01 falls from {hedge.dv01:,.0f} to {hedge.hedged_dv01:,.0f}"
        before, after = hedge.yield_risk
        if isfinite(before) and before > 0.0:
            share = to_percent(1.0 - (after / before) ** 2)
            said += f"; {share:.1f} % of the daily variance goes, as the curve moved in the past"
        return said + "."

    @property
    def bond_table(self) -> pd.DataFrame:
        """By bond: face, clean price, yield, spread over the curve, and DV01 in money."""
        rows = {
            held.name: {
                "face": held.face,
                "clean_price": held.clean_price,
                "yield": held.yield_,
                "spread": held.spread_over(self.curve),
                "dv01": held.dv01,
            }
            for held in self.bonds
        }
        return pd.DataFrame.from_dict(rows, orient="index").rename_axis("bond")

    @property
    def future_table(self) -> pd.DataFrame:
        """By future: price, cheapest bond, its factor and implied repo, DV01 per contract, contracts."""
        rows = {}
        for number_, future in enumerate(self.futures):
            cheapest = future.cheapest
            rows[future.name] = {
                "price": future.price,
                "cheapest": cheapest.bond.name,
                "conversion_factor": cheapest.conversion_factor,
                "implied_repo": future.implied_repo(cheapest),
                "dv01": future.dv01,
                "exact_contracts": self.hedge.exact_contracts[number_],
                "contracts": self.hedge.contracts[number_],
            }
        return pd.DataFrame.from_dict(rows, orient="index").rename_axis("future")

    def tables(self) -> dict[str, pd.DataFrame]:
        """Return the tables to write beside the report, by name."""
        return {"bonds": self.bond_table, "futures": self.future_table, "key-rates": self.hedge.key_rates}

    def to_dict(self) -> dict[str, Any]:
        """Return the result as plain values for JSON; what is undefined is None."""
        hedge = self.hedge
        return {
            "at": self.study.at,
            "curve": {"source": self.curve_source, "years": self.curve.years, "zero_rates": self.curve.zero_rates},
            "bonds": _records(self.bond_table),
            "futures": _records(self.future_table),
            "key_rates": _records(hedge.key_rates),
            "dv01": hedge.dv01,
            "hedged_dv01": hedge.hedged_dv01,
            "daily_risk": {"unhedged": number(hedge.yield_risk[0]), "hedged": number(hedge.yield_risk[1])},
            "warnings": list(self.warnings),
            "verdict": self.verdict,
        }

    def figure(self, name: str = "key_rates") -> Figure:
        """Return the figure ``key_rates``; an unknown name is refused."""
        from hedgerow.study.rates.report import figure_of

        return figure_of(self, name)

    def write_html(self, path: str | Path) -> Path:
        """Write the self-contained report and return its path; nothing is left half-written."""
        from hedgerow.study.rates.report import write_rates_report

        return write_rates_report(self, Path(path))


def run_rate_study(study: RateStudy, folder: str | Path = ".") -> RateOutcome:
    """Hedge the bonds of a study with its futures; relative file names start at ``folder``.

    Raises
    ------
    HedgerowError
        One sentence where the study cannot be run.
    """
    folder, at = Path(folder), moment(study.at, "at").date()
    bonds = read_bonds(folder / study.bonds, at)
    futures = read_futures(folder / study.futures, at)
    for known, what in (([held.name for held in bonds], "bond"), ([one.name for one in futures], "future")):
        if len(set(known)) < len(known):
            raise InputError(f"two lines of the file name the same {what}; give each {what} one name and one line")
    curve, covariance, said = read_curve(study.curve, folder, at)
    weights = covariance if study.method == "dv01" or study.weigh else None
    hedge = hedge_rates(
        bonds, futures, curve, method=study.method, rounding=Rounding(study.rounding), yield_covariance=weights
    )
    warnings = [
        f"{future.name}: {repo:.1%} implied repo on its cheapest bond is no financing rate; check prices and delivery"
        for future in futures
        if not -0.05 < (repo := future.implied_repo(future.cheapest)) < 0.25
    ]
    if study.method == "key_rate" and weights is None and study.weigh:
        warnings.append("every node of the curve weighs the same, since no history of its moves was given")
    return RateOutcome(study, tuple(bonds), tuple(futures), curve, said, hedge, tuple(warnings))


def _records(table: pd.DataFrame) -> list[dict[str, Any]]:
    def plain(value: Any) -> Any:
        return number(value) if isinstance(value, float) else value

    rows = table.reset_index().to_dict(orient="records")
    return [{str(key): plain(value) for key, value in row.items()} for row in rows]
