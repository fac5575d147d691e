"""The surface study: from a chain of quotes to smiles without arbitrage, and what they say of options held."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hedgerow.study.surface.words import SurfaceStudy

if TYPE_CHECKING:
    import pandas as pd

    from hedgerow.market.surface import ArbitrageReport, FittedSurface, OptionChain, VolatilitySurface


@dataclass(frozen=True, eq=False)
class SurfaceOutcome:
    """What a surface study found.

    Attributes
    ----------
    study : SurfaceStudy
    chain : OptionChain
        The quotes of the date as they came.
    fitted : FittedSurface
    counts : dict of str to int
        Quotes by reason, ``kept`` first.
    bad_share : float
        Share of quotes dropped for another reason than age.
    red : bool
        Whether that share is above its limit.
    dropped : DataFrame
        The quotes that left, with their reason.
    expiries : DataFrame
        One row per expiry: forward, discount, rate, volatility at the money, SVI parameters, fit error.
    warnings : tuple of str
    volatilities : DataFrame or None
        Volatilities at the strikes and times asked for: strike, years, volatility and, after a move, shifted.
    shifted : VolatilitySurface or None
        The surface after the move asked for.
    shifted_check : ArbitrageReport or None
    marks : DataFrame or None
        Held options with mark, low, high, code and reason.
    """

    study: SurfaceStudy
    chain: OptionChain = field(repr=False)
    fitted: FittedSurface = field(repr=False)
    counts: dict[str, int]
    bad_share: float
    red: bool
    dropped: pd.DataFrame = field(repr=False)
    expiries: pd.DataFrame = field(repr=False)
    warnings: tuple[str, ...]
    volatilities: pd.DataFrame | None = field(default=None, repr=False)
    shifted: VolatilitySurface | None = field(default=None, repr=False)
    shifted_check: ArbitrageReport | None = field(default=None, repr=False)
    marks: pd.DataFrame | None = field(default=None, repr=False)

    @property
    def verdict(self) -> str:
        """One plain sentence."""
        from hedgerow.study.surface.json import verdict

        return verdict(self)

    @property
    def strikes_off(self) -> pd.DataFrame:
        """Strikes whose call and put disagree with the rest by more than their spreads."""
        from hedgerow.study.surface.json import strikes_off

        return strikes_off(self)

    def tables(self) -> dict[str, pd.DataFrame]:
        """Return the tables to write beside the report, by name."""
        found = {
            "expiries": self.expiries.set_index("expiry"),
            "smile_quotes": self.fitted.quotes.set_index("expiry"),
            "dropped_quotes": self.dropped.set_index("expiry"),
            "violations": self.fitted.arbitrage.violations.set_index("kind"),
        }
        if self.fitted.parity is not None:
            found["parity_residuals"] = self.fitted.parity.residuals.set_index("expiry")
        if self.volatilities is not None:
            found["volatilities"] = self.volatilities.set_index("strike")
        if self.marks is not None:
            found["marks"] = self.marks.set_index("expiry")
        return found

    def to_dict(self) -> dict[str, Any]:
        """Return the result as plain values for JSON; volatilities are decimals a year, what is undefined is None."""
        from hedgerow.study.surface.json import plain_result

        return plain_result(self)

    def write_html(self, path: str | Path) -> Path:
        """Write the self-contained report and return its path; nothing is left half-written."""
        from hedgerow.study.surface.report import write_surface_report

        return write_surface_report(self, Path(path))


def run_surface_study(study: SurfaceStudy, folder: str | Path = ".") -> SurfaceOutcome:
    """Fit a chain's surface, prove it free of arbitrage, and mark what is held; file names start at ``folder``.

    Parameters
    ----------
    study : SurfaceStudy
        The chain, what is known beside it, and what is asked.
    folder : path
        Where relative file names start.

    Returns
    -------
    SurfaceOutcome

    Raises
    ------
    HedgerowError
        One sentence where the study cannot be run.
    """
    from hedgerow.market.surface import check_surface
    from hedgerow.study.surface.chain import read_chain, read_held
    from hedgerow.study.surface.fit import (
        cleaning_counts,
        dropped_quotes,
        expiry_table,
        fitted_chain,
        listed_volatilities,
    )
    from hedgerow.study.surface.marks import marked

    place = Path(folder)
    chain, warnings = read_chain(study.chain, place)
    held = None if study.held is None else read_held(study.held, place)
    found = fitted_chain(study, chain)
    fitted, surface = found.fitted, found.fitted.surface
    moved = None if study.shifted is None else surface.shifted(study.shifted.spot, study.shifted.rule)
    counts = cleaning_counts(found)
    return SurfaceOutcome(
        study,
        chain,
        fitted,
        counts.reasons,
        counts.bad_share,
        counts.red,
        dropped_quotes(found),
        expiry_table(fitted),
        (*warnings, *found.warnings),
        listed_volatilities(study, surface, moved),
        moved,
        None if moved is None else check_surface(moved),
        None if held is None else marked(held, chain, found),
    )
