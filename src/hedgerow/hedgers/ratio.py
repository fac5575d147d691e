"""The bridge from a hedge-ratio estimator to a target: fit on the past of a view, answer with what to hold."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from hedgerow._types import FloatArray
from hedgerow.market import History

if TYPE_CHECKING:  # loaded with scikit-learn, for which a hedge of options need not wait
    from hedgerow.ratios import RatioEstimator


@dataclass(frozen=True)
class Target:
    """What a hedger would like to hold.

    Attributes
    ----------
    hedge_ratio : ndarray, shape (n_hedges,)
        Units of hedge *sold* per unit of exposure: hedged change = y - hedge_ratio . x.
    standard_error : ndarray, shape (n_hedges,), or None
        Its standard error where the estimator has one.
    """

    hedge_ratio: FloatArray
    standard_error: FloatArray | None = None


@dataclass(frozen=True)
class RatioHedger:
    """Hedge by a ratio estimated on the changes a view holds.

    Parameters
    ----------
    estimator : RatioEstimator
        Cloned for each target; never changed.
    exposure : str
        The exposure's instrument.
    hedges : tuple of str
        The hedge instruments.
    changes : {"diff", "percent", "log"}
        Which changes the ratio relates.
    """

    estimator: RatioEstimator
    exposure: str
    hedges: tuple[str, ...]
    changes: str = "diff"

    def target(self, view: History) -> Target:
        """Return what to hold for the next period, from the past in ``view`` and nothing else.

        Raises
        ------
        DataError
            Where the past is too short or does not move.
        """
        from sklearn.base import clone

        table = view.select(self.exposure, *self.hedges).changes(self.changes).values
        fitted = clone(self.estimator).fit(table[list(self.hedges)].to_numpy(), table[self.exposure].to_numpy())
        errors = fitted.standard_error_
        return Target(np.asarray(fitted.hedge_ratio_), None if errors is None else np.asarray(errors))
