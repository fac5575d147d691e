"""The report of one option: its figures, Greeks against spot at several times, and maps over spot and time."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from hedgerow.errors import InputError
from hedgerow.report import Picture, Report, Table, greek_curves_figure, heat_map_figure, write_html
from hedgerow.study.price.option_price import CURVED, MAPPED, RAW_UNITS
from hedgerow.study.provenance import versions

if TYPE_CHECKING:
    from hedgerow.study.price.option_price import OptionOutcome

SPOTS = 81
TIMES = 25


def write_option_report(outcome: OptionOutcome, path: Path) -> Path:
    """Write the figures of one option as a self-contained HTML file and return its path."""
    words = outcome.study.option
    assert words is not None  # noqa: S101 - an option outcome has an option
    facts = {name: f"{value}" for name, value in outcome.study.arguments().items()}
    facts |= {name: f"{value}" for name, value in outcome.study.parameters.items()}
    shown = outcome.table.assign(value=[f"{value:,.10g}" for value in outcome.table["value"]])
    report = Report(
        title=outcome.study.title or f"{words.kind.capitalize()} on {words.spot:g} struck at {words.strike:g}",
        subtitle=f"{outcome.study.model}: price, Greeks, and how they move",
        verdict=outcome.verdict,
        facts={"Model": outcome.study.model, **facts, "Versions": versions("numpy", "scipy", "numba")},
        notes=outcome.warnings,
        blocks=(Table("Price and Greeks", shown, "Raw derivatives, and the units people quote."), *_pictures(outcome)),
    )
    return write_html(report, path)


def _pictures(outcome: OptionOutcome) -> list[Picture]:
    words = outcome.study.option
    assert words is not None  # noqa: S101 - an option outcome has an option
    if words.years <= 0.0 or words.spot <= 0.0:
        return []
    reach = max(0.15, min(0.6, 3.0 * (words.vol or 0.2) * words.years**0.5))
    spots = words.spot * np.linspace(1.0 - reach, 1.0 + reach, SPOTS)
    try:
        return [_curves(outcome, spots, words.years), *_maps(outcome, spots[::2], words.years)]
    except InputError:  # a model that refuses some of these spots (beyond a barrier, say) is drawn nowhere
        return []


def _curves(outcome: OptionOutcome, spots: np.ndarray, years: float) -> Picture:
    times = {f"{years:.3g} years": years, f"{years / 4:.3g} years": years / 4, f"{years / 20:.3g} years": years / 20}
    found = [outcome.greeks_at(spots, time, CURVED) for time in times.values()]
    index = pd.Index(spots, name="spot")
    curves = {
        name: pd.DataFrame({label: getattr(greeks, name) for label, greeks in zip(times, found, strict=True)}, index)
        for name in CURVED
    }
    figure = greek_curves_figure(curves, units=RAW_UNITS)
    return Picture("Greeks against spot", figure, "All else as above, at three times to expiry.")


def _maps(outcome: OptionOutcome, spots: np.ndarray, years: float) -> list[Picture]:
    times = years * np.linspace(1.0, 0.02, TIMES)
    found = outcome.greeks_at(spots[None, :], times[:, None], MAPPED)
    pictures = []
    for name in MAPPED:
        matrix = pd.DataFrame(getattr(found, name), index=np.round(times, 6), columns=np.round(spots, 6))
        signed = bool((matrix.to_numpy() < 0).any())
        figure = heat_map_figure(
            matrix, x_title="spot", y_title="years to expiry", unit=RAW_UNITS[name], diverging=signed
        )
        pictures.append(Picture(f"{name.capitalize()} over spot and time", figure))
    return pictures
