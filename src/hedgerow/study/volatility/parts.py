"""The parts of a volatility study, each found from what was read; nothing is drawn or printed here."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from hedgerow.errors import DataError, InputError
from hedgerow.market.volatility import (
    ESTIMATORS,
    ImpliedStanding,
    RealisedEstimate,
    VariancePremium,
    constant_maturity,
    contango_share,
    curve_measures,
    ex_ante_premium,
    ex_post_premium,
    implied_percentile,
    implied_rank,
    implied_standing,
    realised_estimate,
    realised_volatility,
    volatility_cone,
)
from hedgerow.market.volatility.cone import HORIZONS
from hedgerow.study.volatility.data import FuturesCurve
from hedgerow.study.volatility.words import VolatilityStudy

LEADING = "yang_zhang"
"""Leads where the columns allow it: it counts the opening gap, is free of drift, and is the sharpest that is both."""


@dataclass(frozen=True, eq=False)
class RealisedPart:
    """Realised volatility by estimator.

    Attributes
    ----------
    estimates : tuple of RealisedEstimate
        Of all rows, the leading estimator first.
    rolling : DataFrame (n_bars, n_estimators)
        Over the last rows, by date; NaN before the first full window.
    """

    estimates: tuple[RealisedEstimate, ...]
    rolling: pd.DataFrame

    @property
    def table(self) -> pd.DataFrame:
        """One row per estimator: whole sample with interval, latest rolling value, efficiency and biases."""
        rows = {}
        for found in self.estimates:
            facts = ESTIMATORS[found.estimator]
            rows[found.estimator] = {
                "volatility": found.volatility,
                "low": found.low,
                "high": found.high,
                "standard_error": found.standard_error,
                "n_bars": found.n_bars,
                "flat_bars": found.flat_bars,
                "latest": float(self.rolling[found.estimator].iloc[-1]),
                "efficiency": facts.efficiency,
                "drift_bias": facts.drift_bias,
                "gap_share": facts.gap_share,
                "jump_share": facts.jump_share,
                "discrete_bias": facts.discrete_bias,
            }
        return pd.DataFrame.from_dict(rows, orient="index").rename_axis("estimator")


@dataclass(frozen=True, eq=False)
class ConePart:
    """The cone of the leading estimator, and today's implied volatility among the windows of one horizon.

    Attributes
    ----------
    table : DataFrame (n_horizons, ...)
    estimator : str
    implied : float or None
        Latest implied volatility, decimals.
    implied_horizon : int
        Rows that it looks ahead.
    implied_percentile : float or None
        Share of windows of that horizon whose realised volatility was strictly below it.
    """

    table: pd.DataFrame
    estimator: str
    implied: float | None
    implied_horizon: int
    implied_percentile: float | None


@dataclass(frozen=True, eq=False)
class RankPart:
    """Where implied volatility stands, and its history: rank and percentile by date (n_dates, 2)."""

    standing: ImpliedStanding
    history: pd.DataFrame


@dataclass(frozen=True)
class PremiumPart:
    """The variance risk premium: known at its date, and not known at its date (None where no row is complete yet)."""

    ex_ante: VariancePremium
    ex_post: VariancePremium | None


@dataclass(frozen=True, eq=False)
class CurvePart:
    """A futures term structure.

    Attributes
    ----------
    prices : DataFrame (n_dates, n_contracts)
    days : DataFrame (n_dates, n_contracts)
        Calendar days to each expiry.
    measures, maturity : DataFrame (n_dates, ...)
        Slope and shape; price at the constant maturity.
    contango_share : float
    target_days : float
    """

    prices: pd.DataFrame
    days: pd.DataFrame
    measures: pd.DataFrame
    maturity: pd.DataFrame
    contango_share: float
    target_days: float


def chosen_estimators(study: VolatilityStudy, columns: list[str]) -> list[str]:
    """Return the estimators of a study, the leading one first.

    Raises
    ------
    InputError
        Where one that is named reads a column that the study does not name.
    """
    for name in study.estimators:
        absent = [field for field in ESTIMATORS[name].fields if field not in columns]
        if absent:
            needed = ", ".join(ESTIMATORS[name].fields)
            raise InputError(f"estimator {name} reads {needed}; name the column with --{absent[0]}")
    if study.estimators:
        return list(dict.fromkeys(study.estimators))
    able = [name for name, facts in ESTIMATORS.items() if set(facts.fields) <= set(columns)]
    return sorted(able, key=lambda name: name != LEADING)


def realised_part(study: VolatilityStudy, bars: pd.DataFrame, names: list[str]) -> RealisedPart:
    """Return every estimator over all rows and over the last ones."""
    year = study.periods_per_year
    rolling = {
        name: realised_volatility(bars, estimator=name, window=study.window, periods_per_year=year) for name in names
    }
    estimates = tuple(
        realised_estimate(bars, estimator=name, periods_per_year=year, confidence=study.confidence) for name in names
    )
    return RealisedPart(estimates, pd.DataFrame(rolling))


def cone_part(
    study: VolatilityStudy, bars: pd.DataFrame, estimator: str, implied: pd.Series | None
) -> tuple[ConePart | None, tuple[str, ...]]:
    """Return the cone over the horizons asked for, or over the usual ones that the rows allow."""
    words, year = study.cone, study.periods_per_year
    asked = words.horizons
    fitting = [horizon for horizon in HORIZONS if len(bars) >= _fewest_rows(horizon, words.overlap)]
    if not asked and not fitting:
        short = f"{len(bars)} rows are too few for its shortest horizon, {HORIZONS[0]}"
        if study.parts:
            raise DataError(f"no cone: {short}; give more rows or shorter horizons")
        return None, (f"no cone: {short}",)
    table = volatility_cone(
        bars, horizons=asked or fitting, estimator=estimator, periods_per_year=year, overlap=words.overlap
    )
    left = "" if asked or len(fitting) == len(HORIZONS) else ", ".join(map(str, HORIZONS[len(fitting) :]))
    warnings = (f"the cone leaves out horizons of {left} rows: {len(bars)} rows are too few",) if left else ()
    level = share = None
    ahead = study.premium.horizon
    if implied is not None and len(bars) > ahead + 1:
        level = float(implied.iloc[-1])
        past = realised_volatility(bars, estimator=estimator, window=ahead, periods_per_year=year).dropna()
        share = float((past < level).mean())
    return ConePart(table, estimator, level, ahead, share), warnings


def _fewest_rows(horizon: int, overlap: str) -> int:
    return 2 * horizon + 1 if overlap == "hodges_tompkins" else horizon + 3


def rank_part(study: VolatilityStudy, implied: pd.Series) -> tuple[RankPart | None, tuple[str, ...]]:
    """Return rank and percentile; none, with a sentence, where the rows are few and nobody asked for it by name."""
    words = study.rank
    needed = words.window + (not words.count_today)
    if len(implied) < needed and "rank" not in study.parts:
        return None, (f"no rank: {len(implied)} observations are fewer than the {needed} it needs",)
    standing = implied_standing(implied, window=words.window, count_today=words.count_today)
    history = {
        "rank": implied_rank(implied, window=words.window, count_today=words.count_today),
        "percentile": implied_percentile(implied, window=words.window, count_today=words.count_today),
    }
    return RankPart(standing, pd.DataFrame(history).dropna(how="all")), ()


def premium_part(
    study: VolatilityStudy, bars: pd.DataFrame, estimator: str, implied: pd.Series
) -> tuple[PremiumPart | None, tuple[str, ...]]:
    """Return the premium known at its date and the one that is not; the second waits for the rows after."""
    horizon = study.premium.horizon
    if len(bars) < horizon + 2 and "premium" not in study.parts:
        return None, (f"no premium: {len(bars)} rows of prices are too few for {horizon} rows of realised volatility",)
    how = {"horizon": horizon, "estimator": estimator, "periods_per_year": study.periods_per_year}
    before = ex_ante_premium(implied, bars, **how)  # type: ignore[arg-type]
    complete = implied.index.isin(bars.index[:-horizon])
    after = ex_post_premium(implied, bars, **how) if any(complete) else None  # type: ignore[arg-type]
    return PremiumPart(before, after), ()


def curve_part(curve: FuturesCurve, days: float) -> CurvePart:
    """Return slope, shape and constant maturity of a futures curve by date."""
    measures = curve_measures(curve.prices, curve.expiries)
    maturity = constant_maturity(curve.prices, curve.expiries, days=days)
    stamps = curve.prices.index.to_numpy()
    ahead = curve.expiries.apply(lambda column: (column.to_numpy() - stamps) / pd.Timedelta(days=1).to_timedelta64())
    return CurvePart(curve.prices, ahead, measures, maturity, contango_share(measures), days)
