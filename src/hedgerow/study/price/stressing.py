"""The stress of a book in a price study: correlations, named scenarios, and the size that a portfolio can carry."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from hedgerow.instruments import (
    NAMED_SCENARIOS,
    Book,
    BookGreeks,
    BookScenario,
    BookStress,
    MarketState,
    Model,
    StressOptions,
    book_stress,
)

if TYPE_CHECKING:
    from hedgerow.limits.sizing import PositionSize
    from hedgerow.study.price.words import PriceStudy


def stressed(study: PriceStudy, book: Book, market: MarketState, model: Model) -> BookStress:
    """Return the stress that a study asks for, on the grid of its scenarios.

    Raises
    ------
    InputError
        As :func:`~hedgerow.instruments.book_stress`.
    """
    words, moves = study.stress, study.scenarios
    assert words is not None  # noqa: S101 - called where there is one
    own = tuple(
        BookScenario(each.name, each.spot, each.vol_factor, each.vol, each.days, each.correlation)
        for each in words.scenarios
    )
    named = (*(NAMED_SCENARIOS if words.named else ()), *own)
    options = StressOptions(words.driver, words.volatilities, named, model)
    return book_stress(book, market, moves.spot, moves.vol, moves.days, correlations=words.correlation, options=options)


def size_of(study: PriceStudy, stress: BookStress, greeks: BookGreeks) -> PositionSize | None:
    """Return how much of the book the study's portfolio can carry; None where it names none."""
    from hedgerow.limits.sizing import position_size

    words = study.stress
    if words is None or words.portfolio is None:
        return None
    expiries = pd.to_datetime(greeks.columns.expiry).dropna()
    days = (expiries.min() - greeks.market.moment) / pd.Timedelta(days=1) if len(expiries) else np.inf
    return position_size(stress.worst_loss, words.portfolio, risk_share=words.risk, days_to_expiry=float(days))


def said_of_stress(stress: BookStress | None, size: PositionSize | None) -> str:
    """Return the worst loss and the size as sentences with a space before; empty for none."""
    if stress is None:
        return ""
    lost = f" Its worst loss under stress is {stress.worst_loss:,.0f} ({stress.worst_name})"
    if size is None:
        return f"{lost}."
    if not np.isfinite(size.multiple):
        return f"{lost}, which sets no limit to its size."
    return f"{lost}; carry at most {size.multiple:,.3g} times the book: {size.reason}."


def stress_to_dict(stress: BookStress, size: PositionSize | None) -> dict[str, Any]:
    """Return a stress as plain values for JSON; an infinite size is None."""
    worst = stress.worst
    return {
        "driver": stress.driver,
        "worst": {
            "correlation": worst.correlation,
            "spot_move": worst.spot_move,
            "vol_move": worst.vol_move,
            "days": worst.days,
            "profit": worst.profit,
        },
        "worst_loss": stress.worst_loss,
        "worst_name": stress.worst_name,
        "by_correlation": stress.by_correlation().reset_index().to_dict(orient="records"),
        "named": stress.named.reset_index().to_dict(orient="records"),
        "cells": stress.long_table().to_dict(orient="records"),
        "size": None
        if size is None
        else {
            "multiple": size.multiple if np.isfinite(size.multiple) else None,
            "at_risk": size.at_risk,
            "reason": size.reason,
        },
    }
