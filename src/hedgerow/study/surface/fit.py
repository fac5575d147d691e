"""From a chain to its surface, European or American, and the tables that say how well it went."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from hedgerow.errors import InputError
from hedgerow.market.surface import (
    CleanedChain,
    FitOptions,
    FittedSurface,
    OptionChain,
    ParityOptions,
    VolatilitySurface,
    clean,
    de_americanise,
    fit_chain,
)
from hedgerow.study.surface.chain import discounts, known_forwards
from hedgerow.study.surface.words import SurfaceStudy

NOT_EUROPEAN = "no_european_twin"
"""Reason of American quotes from which early exercise cannot be taken out."""
SVI_NAMES = ("level", "slope", "correlation", "shift", "curvature")
_USUAL_STRIKES = (0.8, 0.9, 1.0, 1.1, 1.2)


@dataclass(frozen=True, eq=False)
class ChainFit:
    """A fitted chain and how it came about.

    Attributes
    ----------
    fitted : FittedSurface
    cleaned : CleanedChain
        The quotes as they came, kept or dropped; before early exercise was taken out.
    terms : DataFrame or None
        For American chains: expiry, years, forward, discount, rate, dividend_yield.
    warnings : tuple of str
    """

    fitted: FittedSurface
    cleaned: CleanedChain
    terms: pd.DataFrame | None
    warnings: tuple[str, ...]


@dataclass(frozen=True)
class Counts:
    """Quotes by reason, the share of bad ones, and whether that is too many."""

    reasons: dict[str, int]
    bad_share: float
    red: bool


def fitted_chain(study: SurfaceStudy, chain: OptionChain) -> ChainFit:
    """Return the surface of a chain; early exercise is taken out of an American one first.

    Raises
    ------
    InputError
        Where the style is not known, or an American chain comes without spot or rate.
    DataError
        Where nothing can be fitted.
    """
    options = FitOptions(
        study.model, parity=ParityOptions(discount_window=study.discount_window), calendar=study.calendar
    )
    factors = discounts(study, chain)
    _refuse_unused(study, chain)
    if study.forwards and factors is not None:
        fitted = fit_chain(chain, options, forwards=known_forwards(study, chain, factors))
        return ChainFit(fitted, fitted.cleaned, None, _said(fitted, fitted.cleaned, chain))
    if not chain.has_prices:
        raise InputError("the chain holds volatilities and no prices, so that parity gives no forward; give forwards "
                         "(--forward EXPIRY=PRICE for each expiry) and a rate")  # fmt: skip
    if chain.style is None:
        raise InputError("the chain does not say whether its options are European or American, and parity needs to "
                         "know; give --style european or --style american")  # fmt: skip
    if chain.style == "european":
        fitted = fit_chain(chain, options, discount=factors)
        return ChainFit(fitted, fitted.cleaned, None, _said(fitted, fitted.cleaned, chain))
    return _american(study, chain, options, factors)


def _refuse_unused(study: SurfaceStudy, chain: OptionChain) -> None:
    """Refuse what the options' style would leave without effect."""
    if chain.style == "american" and study.forwards:
        raise InputError("forwards are for European options; American ones take a dividend yield (--dividend-yield)")
    if chain.style != "american" and study.dividend_yield is not None:
        raise InputError("a dividend yield is for American options; the forwards of European ones come from parity, or "
                         "are given (--forward EXPIRY=PRICE)")  # fmt: skip


def _american(
    study: SurfaceStudy, chain: OptionChain, options: FitOptions, factors: dict[pd.Timestamp, float] | None
) -> ChainFit:
    if factors is None or chain.spot is None:
        lacking = " and ".join(
            name for name, there in (("--spot", chain.spot is not None), ("--rate", factors is not None)) if not there
        )
        raise InputError(
            "put-call parity holds for European options only and these are American; with their spot and a rate early "
            f"exercise is taken out first: give {lacking}"
        )
    cleaned = clean(chain, options.cleaning)
    twin = de_americanise(cleaned.chain, factors, dividend_yields=study.dividend_yield)
    fitted = fit_chain(twin.chain, options, forwards=twin.forwards)
    found = "given" if study.dividend_yield is not None else "found from the quotes near the spot"
    said = (
        "the options are American: early exercise was taken out of each quote at its own volatility, with a dividend "
        f"yield per expiry {found}; forwards and smiles are those of the European twins"
    )
    return ChainFit(fitted, cleaned, twin.forwards, (said, *_said(fitted, cleaned, chain)))


def _said(fitted: FittedSurface, cleaned: CleanedChain, chain: OptionChain) -> tuple[str, ...]:
    """Return what to beware of in a fit, one sentence each."""
    found = [finding.sentence for finding in cleaned.findings if finding.kind != "dropped_quotes"]
    if fitted.parity is not None:
        found += fitted.parity.refused
    known = set(fitted.slices)
    lost = [f"{end:%Y-%m-%d}" for end in pd.DatetimeIndex(fitted.quotes["expiry"].unique()) if end not in known]
    if lost:
        found.append(f"too few quotes have a volatility to fit a smile for {', '.join(lost)}")
    if chain.spot is None:
        found.append(f"the chain has no spot: the nearest forward, {fitted.surface.spot:.6g}, stands in; give --spot")
    return (*found, *fitted.arbitrage.sentences)


def cleaning_counts(found: ChainFit) -> Counts:
    """Return the quotes by reason; for American chains those lost with early exercise have a reason of their own."""
    last = found.fitted.cleaned
    reasons = {str(name): int(count) for name, count in found.cleaned.counts.items() if count or name == "kept"}
    if found.terms is None:
        return Counts(reasons, last.bad_share, last.red)
    lost = reasons["kept"] - len(last.chain)
    reasons["kept"] = len(last.chain)
    if lost:
        reasons[NOT_EUROPEAN] = lost
    return Counts(reasons, found.cleaned.bad_share, found.cleaned.red)


def dropped_quotes(found: ChainFit) -> pd.DataFrame:
    """Return the quotes that left, as they came, with their reason."""
    first = found.cleaned
    if found.terms is None:
        return first.dropped
    key = ["expiry", "strike", "kind"]
    fitted = found.fitted.cleaned.chain.quotes[key].assign(fitted=True)
    kept = first.quotes[first.quotes["reason"] == ""].merge(fitted, on=key, how="left")
    lost = kept[kept["fitted"].isna()].drop(columns="fitted").assign(reason=NOT_EUROPEAN)
    return pd.concat([first.dropped, lost], ignore_index=True)


def expiry_table(fitted: FittedSurface) -> pd.DataFrame:
    """Return one row per expiry: forward, discount, rate, volatility at the money, parameters and fit error."""
    surface = fitted.surface
    years, factors = np.asarray(surface.years), np.asarray(surface.discounts)
    at_the_money = np.array([float(smile.total_variance(np.zeros(1))[0]) for smile in surface.smiles])
    table = pd.DataFrame({
        "expiry": list(fitted.slices),
        "years": years,
        "forward": np.asarray(surface.forwards),
        "discount": factors,
        "rate": -np.log(factors) / years,
        "atm_vol": np.sqrt(at_the_money / years),
    })  # fmt: skip
    parity = fitted.forwards.set_index("expiry").reindex(table["expiry"]).reset_index()
    for name in ("forward_error", "discount_error", "half_spread", "pairs", "off", "dividend_yield"):
        if name in parity:
            table[name] = parity[name].to_numpy()
    for name in SVI_NAMES:
        table[name] = [getattr(fit.parameters, name) for fit in fitted.slices.values()]
    return table.merge(fitted.errors.drop(columns="years"), on="expiry")


def listed_volatilities(
    study: SurfaceStudy, surface: VolatilitySurface, moved: VolatilitySurface | None
) -> pd.DataFrame | None:
    """Return volatilities at the strikes and times asked for; None where neither is."""
    if not study.strikes and not study.years:
        return None
    strikes = np.array(study.strikes or [share * surface.spot for share in _USUAL_STRIKES])
    times = np.array(study.years or surface.years)
    grid = [part.ravel() for part in np.meshgrid(strikes, times, indexing="ij")]
    table = pd.DataFrame({"strike": grid[0], "years": grid[1], "volatility": surface.volatility(*grid)})
    return table if moved is None else table.assign(shifted=moved.volatility(*grid))
