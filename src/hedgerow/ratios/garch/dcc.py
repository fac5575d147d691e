"""Dynamic conditional correlation: variances and correlations move.

>>> import numpy as np
>>> from hedgerow.ratios import DCC
>>> rng = np.random.default_rng(0)
>>> X = rng.standard_normal((800, 1))
>>> y = 0.8 * X[:, 0] + 0.3 * rng.standard_normal(800)
>>> fitted = DCC().fit(X, y)
>>> fitted.ratio_path(X, y).shape
(800, 1)
>>> fitted.convergence_.converged
True
"""

from __future__ import annotations

from typing import Literal

from hedgerow.ratios.garch.conditional import ConditionalCorrelation
from hedgerow.ratios.garch.margins import MarginKind
from hedgerow.ratios.garch.mean import MeanKind


class DCC(ConditionalCorrelation):
    """Ratio from volatilities and correlations that move (Engle's DCC; Cappiello, Engle and Sheppard's with falls).

    Each series' variance follows h_t = ω + (α + γ [r_{t-1} < 0]) r²_{t-1} + β h_{t-1}. With e = r/√h and n = min(e, 0),

        Q_t = (1 - a - b) S - g N + a e_{t-1} e_{t-1}' + g n_{t-1} n_{t-1}' + b Q_{t-1},   Q_0 = S,

    and R_t is Q_t over the roots of its diagonal; S, the correlation of e, and N, the mean of n n', are taken from the
    sample (correlation targeting). a = g = 0 is the CCC: b is then given as 0, with a NaN error, for nothing identifies
    it.

    Parameters
    ----------
    margins : {"garch", "gjr"}, default="garch"
        ``gjr`` has γ: falls raise the variance by more.
    distribution : {"normal", "t"}, default="normal"
        Of the residuals over volatility and correlation; ``t`` estimates degrees of freedom with a, b and g.
    mean : {"constant", "zero", "error_correction"}, default="constant"
        What each series is expected to change by.
    asymmetric : bool, default=False
        Whether joint falls move the correlation by more (g).
    variance_targeting : bool, default=False
        Whether long-run variances are the sample's instead of being searched for.
    minimum_rows : int, default=750
        Fewer rows are refused.

    References
    ----------
    Engle, R. (2002), Journal of Business & Economic Statistics 20, 339-350. Cappiello, L., Engle, R. and Sheppard, K.
    (2006), Journal of Financial Econometrics 4, 537-572.
    """

    def __init__(
        self,
        margins: MarginKind = "garch",
        distribution: Literal["normal", "t"] = "normal",
        mean: MeanKind = "constant",
        asymmetric: bool = False,
        variance_targeting: bool = False,
        minimum_rows: int = 750,
    ) -> None:
        self.margins = margins
        self.distribution = distribution
        self.mean = mean
        self.asymmetric = asymmetric
        self.variance_targeting = variance_targeting
        self.minimum_rows = minimum_rows

    @property
    def _asymmetric(self) -> bool:
        return bool(self.asymmetric)


class ADCC(DCC):
    """``DCC(margins, asymmetric=True)`` under a name of its own: joint falls move variances and correlations by more.

    Parameters
    ----------
    margins : {"garch", "gjr"}, default="gjr"
        ``gjr`` has γ: falls raise the variance by more.
    distribution, mean, asymmetric, variance_targeting, minimum_rows
        As in :class:`DCC`.
    """

    def __init__(
        self,
        margins: MarginKind = "gjr",
        distribution: Literal["normal", "t"] = "normal",
        mean: MeanKind = "constant",
        asymmetric: bool = True,
        variance_targeting: bool = False,
        minimum_rows: int = 750,
    ) -> None:
        super().__init__(margins, distribution, mean, asymmetric, variance_targeting, minimum_rows)
