"""A price study of a list of options, each with its own market in one row of a file; one vectorised pass."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from hedgerow.errors import ColumnError, InputError, did_you_mean
from hedgerow.pricing.models import check_parameters, greeks_of, parameters_of
from hedgerow.pricing.record import FIELD_NAMES, Greeks
from hedgerow.study.price.words import PriceStudy
from hedgerow.units import per_calendar_day, per_point

if TYPE_CHECKING:
    import pandas as pd

COMMON = ("kind", "spot", "strike", "years", "vol", "rate", "dividend_yield")
OPTIONAL: dict[str, Any] = {"rate": 0.0, "dividend_yield": 0.0}
HOLDING = {"quantity": 1.0, "multiplier": 1.0}
"""What a row may say of how much is held, and what stands where it does not."""


@dataclass(frozen=True, eq=False)
class OptionListOutcome:
    """Prices and Greeks of many options.

    Attributes
    ----------
    study : PriceStudy
    options : pandas.DataFrame of shape (n, ...)
        The rows as read.
    greeks : Greeks
        Arrays (n,) of raw figures per unit.
    warnings : tuple of str
    """

    study: PriceStudy
    options: pd.DataFrame
    greeks: Greeks
    warnings: tuple[str, ...]

    @property
    def verdict(self) -> str:
        """One plain sentence: how many options and what they are worth together."""
        totals = self.totals
        return (
            f"{len(self.options):,} options by {self.study.model} are worth {totals['price']:,.6g} together; delta "
            f"{totals['delta']:+,.6g}, vega {per_point(totals['vega']):+,.6g} per point, theta "
            f"{per_calendar_day(totals['theta']):+,.6g} per calendar day."
        )

    @cached_property
    def table(self) -> pd.DataFrame:
        """The rows with price and each Greek beside them, raw and per unit."""
        return self.options.assign(**{name: getattr(self.greeks, name) for name in FIELD_NAMES})

    @cached_property
    def totals(self) -> pd.Series:
        """Sums over the rows, times quantity and multiplier where the file has them."""
        weights = np.ones(len(self.options))
        for name, default in HOLDING.items():
            if name in self.options:
                weights = weights * self.options[name].fillna(default).to_numpy(dtype=float)
        import pandas as pd

        found = {name: float(np.sum(getattr(self.greeks, name) * weights)) for name in FIELD_NAMES}
        return pd.Series(found, name="total")

    def tables(self) -> dict[str, pd.DataFrame]:
        """Return the tables to write beside the report, by name."""
        return {"options": self.table, "totals": self.totals.to_frame()}

    def to_dict(self) -> dict[str, Any]:
        """Return the result as plain values for JSON; what is infinite is None."""
        rows = self.table.to_dict(orient="records")
        return {
            "model": self.study.model,
            "options": [{str(key): _plain(value) for key, value in row.items()} for row in rows],
            "totals": {str(name): _plain(value) for name, value in self.totals.items()},
            "warnings": list(self.warnings),
            "verdict": self.verdict,
        }

    def write_html(self, path: str | Path) -> Path:
        """Write the self-contained report and return its path; nothing is left half-written."""
        from hedgerow.study.price.book_report import write_list_report

        return write_list_report(self, Path(path))


def is_option_list(columns: list[str]) -> bool:
    """Return whether a file's columns are those of options with their own market rather than positions of a book."""
    return "underlying" not in columns and {"spot", "strike"} <= set(columns)


def price_option_list(study: PriceStudy, options: pd.DataFrame) -> OptionListOutcome:
    """Price a table of options.

    Parameters
    ----------
    study : PriceStudy
        Model, and parameters that all rows share.
    options : pandas.DataFrame of shape (n, ...)
        Columns ``kind, spot, strike, years, vol``; ``rate`` and ``dividend_yield`` (0 where left out); ``quantity``,
        ``multiplier``; the model's parameters; other columns are kept as they are.

    Returns
    -------
    OptionListOutcome

    Raises
    ------
    ColumnError, InputError
        Where a column is missing or a value breaks a rule: how many rows, which first.
    """
    known = parameters_of(study.model)
    if not len(options):
        raise InputError("the file has no options; write one a line below the names of its columns")
    given = {name: options[name].to_numpy() for name in known if name in options}
    twice = sorted(given.keys() & study.parameters.keys())
    if twice:
        raise InputError(f"parameter {twice[0]!r} is given for all options and in a column of its own; keep one")
    parameters = dict(study.parameters) | given
    check_parameters(study.model, parameters)
    needed = [name for name in COMMON if name != "vol" or study.model != "svi" or "vol" in options]
    found = greeks_of(study.model, {name: _column(options, name) for name in needed}, parameters, FIELD_NAMES)
    shaped = {name: np.broadcast_to(getattr(found, name), len(options)) for name in FIELD_NAMES}
    limits = int(np.broadcast_to(found.limit, len(options)).sum())
    warnings: tuple[str, ...] = ()
    if limits:
        warnings = (f"{limits} options have no time or no volatility left: their Greeks are limits",)
    return OptionListOutcome(study, options, Greeks(**shaped, limit=found.limit), warnings)


def _column(options: pd.DataFrame, name: str) -> Any:
    if name in options:
        return options[name].to_numpy()
    if name in OPTIONAL:
        return OPTIONAL[name]
    known = [str(column) for column in options.columns]
    raise ColumnError(
        f"a list of options needs a column {name!r}{did_you_mean(name, known)} (columns: {', '.join(known)})"
    )


def _plain(value: Any) -> Any:
    if isinstance(value, (float, np.floating)):
        return float(value) if np.isfinite(value) else None
    return value.item() if isinstance(value, np.generic) else value
