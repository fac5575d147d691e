"""How positions and trades read to a person: sell 37 (37.13), buy 4, do nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hedgerow.hedgers import Sizing
    from hedgerow.study.ratio.run import MethodResult, RatioOutcome

NOTHING = "–"


def trade_words(contracts: float) -> str:
    """Return a number of contracts as the trade to do.

    Examples
    --------
    >>> trade_words(-37.0), trade_words(4.5), trade_words(0.0)
    ('sell 37', 'buy 4.5', 'nothing')
    """
    if not contracts:
        return "nothing"
    return f"{'sell' if contracts < 0 else 'buy'} {abs(contracts):,.6g}"


def position_words(sizing: Sizing) -> str:
    """Return a position: ``short 37 (37.13)``."""
    side = "short" if sizing.whole < 0 else "long" if sizing.whole > 0 else "flat"
    return (
        f"{side} {abs(sizing.whole):,.6g} ({abs(sizing.exact):,.2f})" if sizing.whole else f"flat ({sizing.exact:,.2f})"
    )


def hold_text(method: MethodResult) -> str:
    """Return the contracts a method holds next, one per hedge, or a dash where they cannot be known."""
    return NOTHING if method.sizings is None else ", ".join(position_words(sizing) for sizing in method.sizings)


def trade_text(outcome: RatioOutcome, method: MethodResult) -> str:
    """Return the trade from today's position, one per hedge, or a dash where it cannot be known."""
    if method.sizings is None:
        return NOTHING
    held = [hedge.held for hedge in outcome.study.hedges]
    return ", ".join(trade_words(sizing.trade_from(now)) for sizing, now in zip(method.sizings, held, strict=True))
