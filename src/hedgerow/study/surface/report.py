"""The report of a surface study: smiles with their bids and asks, the surface, forwards, and what was dropped."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from hedgerow.market.dates import written
from hedgerow.report import Picture, Report, Table, smile_figure, surface_figure, term_structure_figure, write_html
from hedgerow.report.option_figures import greek_curves_figure
from hedgerow.study.provenance import versions
from hedgerow.study.surface.fit import SVI_NAMES
from hedgerow.study.surface.json import discount_source, worst_violations

if TYPE_CHECKING:
    from hedgerow.study.surface.run import SurfaceOutcome

Block = Table | Picture
MOST_QUOTES = 120
"""Quotes of one expiry that a picture shows; more are thinned evenly."""
MOST_SMILES = 24
MOST_LINES = 6
"""Expiries in one plot of lines; more are chosen evenly, first and last among them."""
FORMATS = {
    "years": ".4f", "forward": ",.3f", "discount": ".6f", "rate": ".3%", "atm_vol": ".2%", "forward_error": ".3f",
    "half_spread": ".3f", "pairs": ",.0f", "off": ",.0f", "quotes": ",.0f", "beyond": ",.0f", "mean_miss": ".2f",
    "inside": ".1%", "rms_error": ".3%", "dividend_yield": ".2%", "volatility": ".2%", "shifted": ".2%",
}  # fmt: skip
TOOLTIPS = {
    "years": "calendar days / 365",
    "rate": "continuously compounded, from the discount factor; noisy for short expiries",
    "forward_error": "standard error, money",
    "half_spread": "what one strike pins the forward to, money",
    "pairs": "strikes quoted on both sides near the spot",
    "off": "strikes whose call and put disagree by more than their spreads",
    "beyond": "quotes too far from the forward to be fitted",
    "mean_miss": "mean distance of the fit from the mid, in half-spreads",
    "inside": "share of fitted quotes whose bid and ask hold the fit",
    "rms_error": "root mean square of fit less mid, volatility",
}


def write_surface_report(outcome: SurfaceOutcome, path: Path) -> Path:
    """Write what a surface study found as a self-contained HTML file and return its path."""
    blocks = (*_tables(outcome), *_pictures(outcome), *_smiles(outcome))
    report = Report(
        title=outcome.study.title or "Volatility surface",
        subtitle=f"{Path(outcome.study.chain.file).name} on {written(outcome.chain.at)}",
        verdict=outcome.verdict,
        facts=_facts(outcome),
        notes=outcome.warnings,
        blocks=blocks,
    )
    return write_html(report, path)


def _facts(outcome: SurfaceOutcome) -> dict[str, str]:
    kept, total = outcome.counts["kept"], sum(outcome.counts.values())
    return {
        "Quotes": f"{total:,}, {kept:,} kept, {outcome.bad_share:.1%} bad",
        "Style": str(outcome.chain.style or "not stated"),
        "Spot": f"{outcome.fitted.surface.spot:,.6g}",
        "Model": outcome.study.model.upper(),
        "Discount factors": discount_source(outcome),
        "Looked at for arbitrage": outcome.fitted.arbitrage.scope,
        "Versions": versions("numpy", "pandas", "scipy"),
    }


def _tables(outcome: SurfaceOutcome) -> list[Block]:
    table = _by_expiry(outcome.expiries)
    fit = [name for name in table if name not in SVI_NAMES and name != "discount_error"]
    reasons = pd.DataFrame({"quotes": outcome.counts}).rename_axis("reason")
    parameters = table[list(SVI_NAMES)]
    found: list[Block] = [
        Table("Expiries", table[fit], "Fit error in half-spreads of bid to ask.", FORMATS, TOOLTIPS, "in sample"),
        Table("Quotes kept and dropped", reasons, "Each dropped quote is in dropped_quotes.csv of --out.", FORMATS),
    ]
    worst = worst_violations(outcome.fitted.arbitrage)
    if len(worst):
        found.append(Table("Arbitrage", worst.set_index("kind"), "The worst strike of each kind and time.", FORMATS))
    if len(outcome.strikes_off):
        off = _by_expiry(outcome.strikes_off)
        found.append(Table("Strikes off parity", off, "Residual of C - P - D (F - K), money.", FORMATS))
    if outcome.marks is not None:
        found.append(Table("Marks of held options", _by_expiry(outcome.marks), "Money per unit; low and high: band."))
    if outcome.volatilities is not None:
        found.append(Table("Volatilities", outcome.volatilities.set_index("strike"), _shift_note(outcome), FORMATS))
    note = "total variance(k) = level + slope (correlation (k - shift) + root((k - shift)² + curvature²)), k = ln(K/F)"
    return [*found, Table("SVI parameters", parameters, note, sample="in sample")]


def _shift_note(outcome: SurfaceOutcome) -> str:
    words = outcome.study.shifted
    return "" if words is None else f"shifted: spot at {words.spot:g}, {words.rule.replace('_', ' ')}."


def _by_expiry(table: pd.DataFrame) -> pd.DataFrame:
    return table.assign(expiry=[written(end) for end in table["expiry"]]).set_index("expiry")


def _pictures(outcome: SurfaceOutcome) -> list[Block]:
    surface, table = outcome.fitted.surface, outcome.expiries
    index = pd.Index(table["years"], name="years")
    money = pd.DataFrame({"at the money": table["atm_vol"].to_numpy()}, index)
    forwards = pd.DataFrame({"forward": table["forward"].to_numpy()}, index)
    found: list[Block] = []
    if len(surface.years) > 1:
        figure = surface_figure(_matrix(outcome), title="")
        found.append(Picture("Surface", figure, "Each expiry as far as it is quoted, within two standard deviations."))
    caption = "Lines of total variance that do not cross: no calendar arbitrage. Density above zero: no butterfly."
    return [
        *found,
        Picture("At the money", term_structure_figure(money, title=""), "Implied volatility at the forward."),
        Picture("Forwards", term_structure_figure(forwards, percent=False, title=""), discount_source(outcome)),
        Picture("Total variance and density", greek_curves_figure(_curves(outcome), x_title="ln(K/F)"), caption),
    ]


def _reach(outcome: SurfaceOutcome) -> pd.DataFrame:
    """Return lowest and highest log-moneyness quoted, per expiry fitted."""
    known = outcome.fitted.quotes[outcome.fitted.quotes["mid_vol"].notna()]
    return known.groupby("expiry")["log_moneyness"].agg(["min", "max"]).loc[list(outcome.fitted.slices)]


def _span(outcome: SurfaceOutcome) -> tuple[float, float]:
    """Return the log-moneyness that pictures show: two standard deviations of the last expiry, as far as quoted."""
    reach, table = _reach(outcome), outcome.expiries
    deviation = float((table["atm_vol"] * np.sqrt(table["years"])).iloc[-1])
    return max(float(reach["min"].min()), -2.0 * deviation), min(float(reach["max"].max()), 2.0 * deviation)


def _matrix(outcome: SurfaceOutcome) -> pd.DataFrame:
    surface, reach = outcome.fitted.surface, _reach(outcome)
    k = np.linspace(*_span(outcome), 61)
    vol = np.sqrt(surface.total_variance(k[None, :], surface.years[:, None]) / surface.years[:, None])
    inside = (k[None, :] >= reach["min"].to_numpy()[:, None]) & (k[None, :] <= reach["max"].to_numpy()[:, None])
    columns = pd.Index(k.round(6), name="log-moneyness")
    return pd.DataFrame(np.where(inside, vol, np.nan).round(6), pd.Index(surface.years, name="years"), columns)


def _curves(outcome: SurfaceOutcome) -> dict[str, pd.DataFrame]:
    """Return total variance and density of ln(S/F) over log-moneyness, a column per expiry shown."""
    from hedgerow.pricing import svi

    k = np.linspace(*_span(outcome), 161)
    variance, density = {}, {}
    for expiry in _chosen(list(outcome.fitted.slices), MOST_LINES):
        slice = outcome.fitted.slices[expiry].parameters
        total = np.asarray(svi.total_variance(k, slice))
        exponent = -0.5 * np.square(k / np.sqrt(total) + 0.5 * np.sqrt(total))
        variance[written(expiry)] = total
        density[written(expiry)] = svi.density_factor(k, slice) * np.exp(exponent) / np.sqrt(2.0 * np.pi * total)
    index = pd.Index(k.round(5), name="ln(K/F)")
    return {"total variance": pd.DataFrame(variance, index), "density of ln(S/F)": pd.DataFrame(density, index)}


def _chosen(items: list[pd.Timestamp], most: int) -> list[pd.Timestamp]:
    places = np.unique(np.linspace(0, len(items) - 1, min(most, len(items))).round().astype(int))
    return [items[place] for place in places]


def _smiles(outcome: SurfaceOutcome) -> list[Block]:
    found: list[Block] = []
    surface, table = outcome.fitted.surface, outcome.expiries
    years, misses = (dict(zip(table["expiry"], table[name], strict=True)) for name in ("years", "mean_miss"))
    for expiry in _chosen(list(outcome.fitted.slices), MOST_SMILES):
        quotes = outcome.fitted.quotes
        here = quotes[(quotes["expiry"] == expiry) & quotes["mid_vol"].notna()].sort_values("strike")
        shown = here.iloc[np.unique(np.linspace(0, len(here) - 1, min(MOST_QUOTES, len(here))).round().astype(int))]
        strikes = np.linspace(here["strike"].min(), here["strike"].max(), 121)
        vols = np.asarray(surface.volatility(strikes, years[expiry]))
        line = pd.DataFrame({"expiry": expiry, "strike": strikes.round(4), "vol": vols.round(6)})
        thin = f"; {len(shown)} of {len(here)} quotes shown" if len(shown) < len(here) else ""
        caption = f"Bars: bid to ask. Line: fit, {misses[expiry]:.2f} half-spreads from the mids on average{thin}."
        picture = smile_figure(shown.round({"bid_vol": 6, "ask_vol": 6}), line, title="")
        found.append(Picture(f"Smile of {written(expiry)}", picture, caption, "in sample"))
    return found
