"""What a run of an overlay refuses before it begins: things of another kind than it takes, a sentence each."""

from __future__ import annotations

from hedgerow.engine.overlay.options import OverlayOptions
from hedgerow.errors import InputError
from hedgerow.overlays import OverlayRule, Shape
from hedgerow.programmes import HedgeProgramme, OverlayMarket, Portfolio, PricedProgramme

KINDS: dict[str, tuple[type | tuple[type, ...], str]] = {
    "rule": (OverlayRule, "VixLinear(10, 15), or rule_by_name('vix_linear')"),
    "hedge": ((HedgeProgramme, PricedProgramme), "VarianceSwaps(vega_notional=2_000)"),
    "shape": (Shape, "Shape(cap=2.0)"),
    "market": (OverlayMarket, "OverlayMarket.of(price, vix)"),
    "portfolio": (Portfolio, "Portfolio(10_000_000)"),
    "options": (OverlayOptions, "OverlayOptions(lag=1)"),
}
"""What each argument must be, and one that is."""


def require_kinds(**given: object) -> None:
    """Refuse arguments, by their names in :data:`KINDS`, that are of another kind.

    Raises
    ------
    InputError
        One sentence with the argument, an example of what it takes, and what it is.

    Examples
    --------
    >>> require_kinds(options=0)
    Traceback (most recent call last):
    ...
    hedgerow.errors.InputError: options must be one such as OverlayOptions(lag=1), not 0
    """
    for name, value in given.items():
        kind, example = KINDS[name]
        if not isinstance(value, kind):
            what = f"the class {value.__name__}; make one of it" if isinstance(value, type) else _short(value)
            raise InputError(f"{name} must be one such as {example}, not {what}")


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 60 and "\n" not in text else f"a {type(value).__name__}"
