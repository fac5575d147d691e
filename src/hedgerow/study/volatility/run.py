"""The volatility study: what was realised, what is implied, how both compare, and the curve of futures on it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hedgerow.study.volatility.words import VolatilityStudy

if TYPE_CHECKING:
    import pandas as pd

    from hedgerow.study.volatility.chain import ChainIndex
    from hedgerow.study.volatility.data import VolatilitySeries
    from hedgerow.study.volatility.parts import ConePart, CurvePart, PremiumPart, RankPart, RealisedPart


@dataclass(frozen=True, eq=False)
class VolatilityOutcome:
    """What a volatility study found; a part that was not asked for, or that the data do not allow, is None.

    Attributes
    ----------
    study : VolatilityStudy
    series : VolatilitySeries
        Bars and implied volatility as they were used.
    warnings : tuple of str
    realised : RealisedPart or None
    cone : ConePart or None
    rank : RankPart or None
    premium : PremiumPart or None
    index : ChainIndex or None
    curve : CurvePart or None
    """

    study: VolatilityStudy
    series: VolatilitySeries
    warnings: tuple[str, ...]
    realised: RealisedPart | None = None
    cone: ConePart | None = None
    rank: RankPart | None = None
    premium: PremiumPart | None = None
    index: ChainIndex | None = None
    curve: CurvePart | None = None

    @property
    def verdict(self) -> str:
        """One plain sentence over every part there is."""
        from hedgerow.study.volatility.json import verdict

        return verdict(self)

    def tables(self) -> dict[str, pd.DataFrame]:
        """Return the tables to write beside the report, by name."""
        found: dict[str, pd.DataFrame] = {}
        if self.realised:
            found |= {"estimators": self.realised.table, "realised": self.realised.rolling}
        if self.cone:
            found["cone"] = self.cone.table
        if self.rank:
            found["rank"] = self.rank.history
        if self.premium:
            found["premium_ex_ante"] = self.premium.ex_ante.table
            if self.premium.ex_post:
                found["premium_ex_post"] = self.premium.ex_post.table
        if self.index:
            found |= {"index_quotes": self.index.quotes, "index_left_out": self.index.left_out}
        if self.curve:
            found["curve"] = self.curve.measures.join(self.curve.maturity)
        return found

    def to_dict(self) -> dict[str, Any]:
        """Return the result as plain values for JSON; volatilities are decimals a year, what is undefined is None."""
        from hedgerow.study.volatility.json import plain_result

        return plain_result(self)

    def write_html(self, path: str | Path) -> Path:
        """Write the self-contained report and return its path; nothing is left half-written."""
        from hedgerow.study.volatility.report import write_volatility_report

        return write_volatility_report(self, Path(path))


def run_volatility_study(study: VolatilityStudy, folder: str | Path = ".") -> VolatilityOutcome:
    """Find the parts that a study asks for; relative file names start at ``folder``.

    Parameters
    ----------
    study : VolatilityStudy
        Which columns, files and parts.
    folder : path
        Where relative file names start.

    Returns
    -------
    VolatilityOutcome

    Raises
    ------
    HedgerowError
        One sentence where the study cannot be run. A part that nobody named and that the rows are too few for is left
        out with a warning instead.
    """
    from hedgerow.study.volatility.data import read_curve, read_series

    place = Path(folder)
    series = read_series(study, place)
    parts, said = _series_parts(study, series)
    warnings = [*series.warnings, *said]
    if study.wants("index") and study.index is not None:
        from hedgerow.study.volatility.chain import chain_index

        parts["index"] = chain_index(study.index, place)
        warnings += parts["index"].warnings
    if study.wants("curve") and study.curve is not None:
        from hedgerow.study.volatility.parts import curve_part

        curve = read_curve(study.curve, place)
        parts["curve"] = curve_part(curve, study.curve.days)
        warnings += curve.warnings
    return VolatilityOutcome(study, series, tuple(warnings), **parts)


def _series_parts(study: VolatilityStudy, series: VolatilitySeries) -> tuple[dict[str, Any], list[str]]:
    from hedgerow.study.volatility.parts import chosen_estimators, cone_part, premium_part, rank_part, realised_part

    bars, implied = series.bars, series.implied
    parts: dict[str, Any] = {}
    warnings: list[str] = []
    if bars is not None:
        names = chosen_estimators(study, list(bars.columns))
        if study.wants("realised"):
            parts["realised"] = realised_part(study, bars, names)
        if study.wants("cone"):
            parts["cone"], said = cone_part(study, bars, names[0], implied)
            warnings += said
    if implied is not None and study.wants("rank"):
        parts["rank"], said = rank_part(study, implied)
        warnings += said
    if bars is not None and implied is not None and study.wants("premium"):
        parts["premium"], said = premium_part(study, bars, names[0], implied)
        warnings += said
    return parts, warnings + _flat_warning(parts)


def _flat_warning(parts: dict[str, Any]) -> list[str]:
    realised = parts.get("realised")
    flat = max((found.flat_bars or 0 for found in realised.estimates), default=0) if realised else 0
    if not flat:
        return []
    bars = "bar has" if flat == 1 else "bars have"
    return [f"{flat} {bars} no range (high = low): estimators from high and low read no movement there"]
