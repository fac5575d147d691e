"""One hedge split in two by a share: a short-dated and a long-dated one, each driven by its own rule."""

from __future__ import annotations

from hedgerow.overlays.base import OverlayRule, Product
from hedgerow.overlays.complement import Complement
from hedgerow.programmes.base import HedgeProgramme


def split_hedge(
    rule: OverlayRule, short: HedgeProgramme, long: HedgeProgramme
) -> tuple[tuple[OverlayRule, HedgeProgramme], tuple[OverlayRule, HedgeProgramme]]:
    """Return a rule and a hedge for each side of a split, ready to run together under one budget.

    The short-dated hedge has the multiplier f of the rule and the long-dated one ``1 - f``, so that the two together
    are one whole hedge on every date; of a size m times a share, ``m f`` and ``m (1 - f)``. Give both the same base
    size.

    Parameters
    ----------
    rule : OverlayRule
        Gives the share of the short-dated hedge, 0 to 1, or is a product of a size and such a share.
    short, long : HedgeProgramme

    Raises
    ------
    InputError
        For a rule whose result is no share.

    Examples
    --------
    With a term-structure rule: ``run_overlays([(*pair, shape) for pair in split_hedge(rule, near, far)], market)``. A
    rule that gives a size is refused:

    >>> from hedgerow.overlays import Static
    >>> from hedgerow.programmes import VixFutures
    >>> try:
    ...     split_hedge(Static(0.5), VixFutures(position=1), VixFutures(position=4))
    ... except Exception as error:
    ...     print(type(error).__name__)
    InputError
    """
    return (rule, short), (_rest(rule), long)


def splits(rule: OverlayRule) -> bool:
    """Return whether a rule splits a hedge: it is a share, or the product of a size and one share."""
    return rule.is_share or (isinstance(rule, Product) and splits(rule.left) != splits(rule.right))


def _rest(rule: OverlayRule) -> OverlayRule:
    if not isinstance(rule, Product) or not splits(rule):
        return Complement(rule)
    if splits(rule.left):
        return Product(_rest(rule.left), rule.right)
    return Product(rule.left, _rest(rule.right))
