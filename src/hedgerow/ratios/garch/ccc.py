"""Constant conditional correlation: variances move, correlations stay.

>>> import numpy as np
>>> from hedgerow.ratios import CCC
>>> rng = np.random.default_rng(0)
>>> X = rng.standard_normal((600, 1))
>>> y = 0.8 * X[:, 0] + 0.3 * rng.standard_normal(600)
>>> fitted = CCC().fit(X, y)
>>> fitted.hedge_ratio_.round(1)
array([0.8])
"""

from __future__ import annotations

from typing import Literal

from hedgerow.ratios.garch.conditional import ConditionalCorrelation
from hedgerow.ratios.garch.margins import MarginKind
from hedgerow.ratios.garch.mean import MeanKind


class CCC(ConditionalCorrelation):
    """Ratio from volatilities that move and a correlation that does not (Bollerslev's CCC).

    Each series' variance follows h_t = ω + (α + γ [e_{t-1} < 0]) e²_{t-1} + β h_{t-1}; the correlation R is that of
    the residuals over their volatility, so that H_t = D_t R D_t and the ratio is ``inverse(H_xx) H_xy``.

    Parameters
    ----------
    margins : {"garch", "gjr"}, default="garch"
        ``gjr`` has γ: falls raise the variance by more.
    distribution : {"normal", "t"}, default="normal"
        Of the residuals over volatility and correlation; ``t`` estimates degrees of freedom, which move the
        log-likelihood and its errors, not the correlation.
    mean : {"constant", "zero", "error_correction"}, default="constant"
        What each series is expected to change by.
    variance_targeting : bool, default=False
        Whether long-run variances are the sample's instead of being searched for.
    minimum_rows : int, default=500
        Fewer rows are refused.

    References
    ----------
    Bollerslev, T. (1990), Review of Economics and Statistics 72, 498-505.
    """

    _moves = False

    def __init__(
        self,
        margins: MarginKind = "garch",
        distribution: Literal["normal", "t"] = "normal",
        mean: MeanKind = "constant",
        variance_targeting: bool = False,
        minimum_rows: int = 500,
    ) -> None:
        self.margins = margins
        self.distribution = distribution
        self.mean = mean
        self.variance_targeting = variance_targeting
        self.minimum_rows = minimum_rows
