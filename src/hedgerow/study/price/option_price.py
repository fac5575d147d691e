"""A price study of one option: price, every Greek with its unit, and how they move with spot and time."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from hedgerow.errors import InputError
from hedgerow.pricing.models import check_parameters, greeks_of
from hedgerow.pricing.record import FIELD_NAMES, Greeks
from hedgerow.study.price.words import PriceStudy
from hedgerow.units import per_calendar_day, per_point

if TYPE_CHECKING:
    import pandas as pd

RAW_UNITS = {
    "price": "money",
    "delta": "per 1 of spot",
    "gamma": "per spot squared",
    "vega": "per 1.00 of vol",
    "theta": "per year",
    "rho": "per 1.00 of rate",
    "dividend_rho": "per 1.00 of yield",
    "vanna": "delta per 1.00 of vol",
    "volga": "vega per 1.00 of vol",
    "charm": "delta per year",
    "speed": "gamma per 1 of spot",
    "color": "gamma per year",
    "zomma": "gamma per 1.00 of vol",
}
CURVED = ("delta", "gamma", "vega", "theta", "vanna", "charm")
"""Greeks drawn against spot."""
MAPPED = ("delta", "gamma", "vega", "theta")
"""Greeks drawn against spot and time."""


@dataclass(frozen=True, eq=False)
class OptionOutcome:
    """Price and Greeks of one option.

    Attributes
    ----------
    study : PriceStudy
    greeks : Greeks
        Raw derivatives, floats.
    warnings : tuple of str
    """

    study: PriceStudy
    greeks: Greeks
    warnings: tuple[str, ...]

    @property
    def verdict(self) -> str:
        """One plain sentence: what the option costs and what a small move does to it."""
        words, found = self.study.option, self.greeks
        assert words is not None  # noqa: S101 - an option outcome has an option
        vol = "" if words.vol is None else f", volatility {words.vol:g}"
        return (
            f"A {words.kind} struck at {words.strike:g}, {words.years:g} years to run, spot {words.spot:g}{vol}, is "
            f"worth {found.price:,.6g} ({self.study.model}); it changes by {found.delta:+,.4g} per 1 of spot and by "
            f"{per_calendar_day(found.theta):+,.4g} per calendar day."
        )

    @cached_property
    def table(self) -> pd.DataFrame:
        """Figure by figure: raw value with its unit, and the value in the units people quote."""
        import pandas as pd

        rows = {}
        for name in FIELD_NAMES:
            value = float(getattr(self.greeks, name))
            quoted, unit = _quoted(name, value)
            rows[name] = {"value": value, "unit": RAW_UNITS[name], "quoted": quoted, "quoted unit": unit}
        return pd.DataFrame.from_dict(rows, orient="index").rename_axis("figure")

    def tables(self) -> dict[str, pd.DataFrame]:
        """Return the tables to write beside the report, by name."""
        return {"greeks": self.table}

    def to_dict(self) -> dict[str, Any]:
        """Return the result as plain values for JSON: raw, per unit; what is infinite is None."""
        found = {name: float(value) for name, value in self.greeks.to_dict().items()}
        return {
            "model": self.study.model,
            "parameters": dict(self.study.parameters),
            **self.study.arguments(),
            **{name: value if np.isfinite(value) else None for name, value in found.items()},
            "limit": bool(self.greeks.limit),
            "warnings": list(self.warnings),
        }

    def write_html(self, path: str | Path) -> Path:
        """Write the self-contained report and return its path; nothing is left half-written."""
        from hedgerow.study.price.option_price_report import write_option_report

        return write_option_report(self, Path(path))

    def greeks_at(self, spots: Any, years: Any, names: tuple[str, ...]) -> Greeks:
        """Return the named figures of the same option at other spots and times to expiry (arrays that broadcast)."""
        return _greeks(self.study, {"spot": spots, "years": years}, names)


def run_option_study(study: PriceStudy) -> OptionOutcome:
    """Price the study's option.

    Parameters
    ----------
    study : PriceStudy
        With ``option`` given.

    Returns
    -------
    OptionOutcome

    Raises
    ------
    InputError
        Where the model does not know a parameter or an argument breaks its rules.
    """
    check_parameters(study.model, study.parameters)
    for name, value in study.parameters.items():
        if isinstance(value, tuple):
            raise InputError(
                f"parameter {name} must be one value for one option, not {len(value)}; price a file of options"
            )
    greeks = _greeks(study, {}, FIELD_NAMES)
    warnings: tuple[str, ...] = ()
    if greeks.limit:
        warnings = ("no time or no volatility is left: the Greeks are limits, infinite where the payoff has its kink",)
    return OptionOutcome(study, greeks, warnings)


def _greeks(study: PriceStudy, changed: dict[str, Any], names: tuple[str, ...]) -> Greeks:
    return greeks_of(study.model, study.arguments() | changed, study.parameters, names)


def _quoted(name: str, value: float) -> tuple[float, str]:
    """Return a figure in the unit people quote it in."""
    if name in ("theta", "charm", "color"):
        return per_calendar_day(value), "per calendar day"
    if name in ("vega", "vanna", "zomma"):
        return per_point(value), "per vol point"
    if name == "volga":
        return per_point(per_point(value)), "vega, both per point"
    if name in ("rho", "dividend_rho"):
        return per_point(value), "per per cent"
    return value, RAW_UNITS[name]
