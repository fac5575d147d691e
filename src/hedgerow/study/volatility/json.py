"""The outcome of a volatility study as plain values, and as one sentence."""

from __future__ import annotations

from math import isfinite
from typing import TYPE_CHECKING, Any

import numpy as np

from hedgerow.market.dates import written

if TYPE_CHECKING:
    import pandas as pd

    from hedgerow.market.volatility import ModelFreeVariance, VariancePremium
    from hedgerow.study.volatility.chain import ChainIndex
    from hedgerow.study.volatility.parts import ConePart, CurvePart, PremiumPart, RankPart, RealisedPart
    from hedgerow.study.volatility.run import VolatilityOutcome

RANK_MEANS = "(today - lowest) / (highest - lowest) of the observations"
PERCENTILE_MEANS = "share of the observations strictly below today"
KNOWN = "implied less realised over the rows that end at the date: known at its close"
NOT_KNOWN = "implied less realised over the rows after the date: NOT known at the date, only from known_on on"


def plain(value: Any) -> Any:
    """Return a cell as JSON has it: dates as text, what is not finite as None."""
    if isinstance(value, np.generic):
        value = value.item()
    if value is None or (isinstance(value, float) and not isfinite(value)):
        return None
    return written(value) if hasattr(value, "strftime") else value


def records(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Return a table's rows as mappings, the index first."""
    rows = table.reset_index().to_dict(orient="records")
    return [{str(name): plain(cell) for name, cell in row.items()} for row in rows]


def plain_result(outcome: VolatilityOutcome) -> dict[str, Any]:
    """Return an outcome as plain values; a part that is not there is left out."""
    found: dict[str, Any] = {}
    makers = {
        "realised": _realised,
        "cone": _cone,
        "rank": _rank,
        "premium": _premium,
        "index": _index,
        "curve": _curve,
    }
    for name, maker in makers.items():
        part = getattr(outcome, name)
        if part is not None:
            found[name] = maker(part)  # type: ignore[operator]
    if outcome.realised is not None:
        words = outcome.study
        found["realised"] |= {
            "window": words.window,
            "periods_per_year": words.periods_per_year,
            "confidence": words.confidence,
        }
    return {**found, "warnings": list(outcome.warnings), "verdict": outcome.verdict}


def _realised(part: RealisedPart) -> dict[str, Any]:
    index = part.rolling.index
    return {"rows": len(index), "first": plain(index[0]), "last": plain(index[-1]), "estimators": records(part.table)}


def _cone(part: ConePart) -> dict[str, Any]:
    found = {"estimator": part.estimator, "horizons": records(part.table)}
    if part.implied is None:
        return found
    implied = {"level": part.implied, "horizon": part.implied_horizon, "percentile": part.implied_percentile}
    return found | {"implied": implied}


def _rank(part: RankPart) -> dict[str, Any]:
    standing = {name: plain(value) for name, value in vars(part.standing).items()}
    return standing | {"rank_is": RANK_MEANS, "percentile_is": PERCENTILE_MEANS}


def _premium(part: PremiumPart) -> dict[str, Any]:
    after = None if part.ex_post is None else _one_premium(part.ex_post)
    return {"ex_ante": _one_premium(part.ex_ante), "ex_post": after}


def _one_premium(found: VariancePremium) -> dict[str, Any]:
    last = found.table.iloc[-1]
    return {
        "known_at_date": found.known_at_date,
        "means": KNOWN if found.known_at_date else NOT_KNOWN,
        "horizon": found.horizon,
        "estimator": found.estimator,
        "dates": len(found.table),
        "left_out": found.left_out,
        "mean_points": found.mean_points,
        "mean_variance": found.mean_variance,
        "share_positive": found.share_positive,
        "latest": {"date": plain(found.table.index[-1]), **{str(name): plain(cell) for name, cell in last.items()}},
    }


def _index(part: ChainIndex) -> dict[str, Any]:
    found = part.found
    return {
        "at": str(part.at),
        "index": found.index,
        "target_days": found.target_days,
        "weight_near": found.weight_near,
        "extrapolated": found.extrapolated,
        "expiries_quoted": list(part.expiries),
        "near": _strip(found.near, part.near_expiry),
        "next": _strip(found.next_term, part.next_expiry),
        "left_out": [{key: plain(cell) for key, cell in row.items()} for row in part.left_out.to_dict("records")],
    }


def _strip(found: ModelFreeVariance, expiry: pd.Timestamp) -> dict[str, Any]:
    return {
        "settles": str(expiry),
        "years": found.years,
        "rate": found.rate,
        "forward": found.forward,
        "centre_strike": found.centre_strike,
        "variance": found.variance,
        "volatility": found.volatility,
        "quotes_used": len(found.quotes),
        "quotes_left_out": len(found.left_out),
        "lowest_strike": float(found.quotes["strike"].min()),
        "highest_strike": float(found.quotes["strike"].max()),
    }


def _curve(part: CurvePart) -> dict[str, Any]:
    measures, maturity = part.measures, part.maturity
    prices, days = part.prices.iloc[-1], part.days.iloc[-1]
    return {
        "dates": len(measures),
        "first": plain(measures.index[0]),
        "last": plain(measures.index[-1]),
        "contango_share": part.contango_share,
        "mean_roll_yield_month": float(measures["roll_yield_month"].mean()),
        "latest": {str(name): plain(cell) for name, cell in measures.iloc[-1].items()},
        "constant_maturity": {
            "days": part.target_days,
            **{str(name): plain(cell) for name, cell in maturity.iloc[-1].items()},
            "dates_between": int((maturity["status"] == "between").sum()),
        },
        "contracts": [
            {"contract": str(name), "price": plain(prices[name]), "days": plain(days[name])} for name in prices.index
        ],
    }


def verdict(outcome: VolatilityOutcome) -> str:
    """Return one sentence over the parts that an outcome has."""
    clauses = [*_realised_clause(outcome), *_implied_clause(outcome), *_premium_clause(outcome)]
    if outcome.index is not None:
        found = outcome.index.found
        clauses.append(f"the model-free index to {found.target_days:g} days is {found.index:.2f}")
    if outcome.curve is not None:
        share, shape = outcome.curve.contango_share, outcome.curve.measures["shape"].iloc[-1]
        standing = "is flat" if shape == "flat" else f"stands in {shape}"
        clauses.append(f"the futures curve {standing} ({share:.0%} of its dates were in contango)")
    sentence = "; ".join(clauses)
    return f"{sentence[:1].upper()}{sentence[1:]}."


def _realised_clause(outcome: VolatilityOutcome) -> list[str]:
    days = "days" if outcome.study.periods_per_year == 252.0 else "rows"
    if outcome.realised is not None:
        name = outcome.realised.estimates[0].estimator
        latest = float(outcome.realised.rolling[name].iloc[-1])
        return [f"realised volatility over the last {outcome.study.window} {days} is {latest:.1%} ({name})"]
    if outcome.cone is not None:
        horizon = outcome.cone.table.index[0]
        row = outcome.cone.table.iloc[0]
        return [
            f"realised volatility over the last {horizon} {days} is {row['latest']:.1%} ({outcome.cone.estimator}), "
            f"above {row['latest_percentile']:.0%} of all such windows"
        ]
    return []


def _implied_clause(outcome: VolatilityOutcome) -> list[str]:
    if outcome.rank is not None:
        found = outcome.rank.standing
        return [
            f"implied volatility {found.level:.1%} stands at rank {found.rank:.2f} and percentile "
            f"{found.percentile:.2f} of {found.window} observations"
        ]
    if outcome.cone is not None and outcome.cone.implied is not None:
        cone = outcome.cone
        return [
            f"implied volatility {cone.implied:.1%} is above {cone.implied_percentile:.0%} of the realised windows of "
            f"{cone.implied_horizon} rows"
        ]
    return []


def _premium_clause(outcome: VolatilityOutcome) -> list[str]:
    if outcome.premium is None:
        return []
    last = float(outcome.premium.ex_ante.table["points"].iloc[-1])
    side = "above" if last >= 0.0 else "below"
    text = f"that is {abs(last):.1f} points {side} what was realised before it"
    after = outcome.premium.ex_post
    if after is None:
        return [text]
    return [f"{text}, and it was above what followed on {after.share_positive:.0%} of dates (known only afterwards)"]
