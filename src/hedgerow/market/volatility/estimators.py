"""What each estimator of realised volatility reads from a bar, how sharp it is, and where it is wrong.

Per bar, with o the open against the previous close, u, d and c the high, low and close against the open (logarithms),
and r = o + c the change of the close:

========================= ================================================================================
close_to_close             mean of r^2
close_to_close_demeaned    sample variance of r
parkinson                  mean of (u - d)^2 / (4 ln 2)
garman_klass               mean of (u - d)^2 / 2 - (2 ln 2 - 1) c^2
garman_klass_gap           mean of o^2 + (u - d)^2 / 2 - (2 ln 2 - 1) c^2
rogers_satchell            mean of u (u - c) + d (d - c)
yang_zhang                 sample variance of o + k * sample variance of c + (1 - k) * rogers_satchell,
                           k = 0.34 / (1.34 + (n + 1) / (n - 1)) for n bars
========================= ================================================================================
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from math import log
from types import MappingProxyType

import numpy as np
import pandas as pd

from hedgerow._types import FloatArray
from hedgerow.errors import InputError, did_you_mean
from hedgerow.market.volatility.inputs import FIELDS, Bars

_LN_2 = log(2.0)


@dataclass(frozen=True)
class EstimatorFacts:
    """What is known of an estimator; shares and biases are of variance, in decimals.

    Attributes
    ----------
    title : str
        Name in a sentence.
    fields : tuple of str
        Columns it reads.
    needs_previous_close : bool
        Whether a window of n bars needs n + 1 rows.
    efficiency : float
        Variance of close-to-close over its own variance, for the same bars of a driftless diffusion that is watched
        without a break (21 bars for yang_zhang and close_to_close_demeaned).
    drift_bias : float
        Relative bias where the price drifts by half a standard deviation per bar, far more than a year's drift.
    gap_share : float
        Share of an opening gap's square that is counted; the rest is missed.
    jump_share : float
        Share of the square of a lone jump within the session that is counted (21 bars for yang_zhang).
    discrete_bias : float
        Relative bias where a session has 100 equally spaced trades: the extremes between trades are not seen.
    source : str
        The paper.
    """

    title: str
    fields: tuple[str, ...]
    needs_previous_close: bool
    efficiency: float
    drift_bias: float
    gap_share: float
    jump_share: float
    discrete_bias: float
    source: str


ESTIMATORS: Mapping[str, EstimatorFacts] = MappingProxyType(
    {
        "close_to_close": EstimatorFacts(
            "close to close, zero mean", ("close",), True, 1.0, 0.25, 1.0, 1.0, 0.0, "definition"
        ),
        "close_to_close_demeaned": EstimatorFacts(
            "close to close, about its mean", ("close",), True, 0.95, 0.0, 1.0, 1.0, 0.0, "definition"
        ),
        "parkinson": EstimatorFacts(
            "Parkinson", ("high", "low"), False, 4.9, 0.095, 0.0, 0.361, -0.124, "Parkinson (1980), J. Business 53"
        ),
        "garman_klass": EstimatorFacts(
            "Garman-Klass", FIELDS, False, 7.4, 0.035, 0.0, 0.114, -0.17, "Garman and Klass (1980), J. Business 53"
        ),
        "garman_klass_gap": EstimatorFacts(
            "Garman-Klass with the opening gap", FIELDS, True, 7.4, 0.035, 1.0, 0.114, -0.17, "Garman and Klass (1980)"
        ),
        "rogers_satchell": EstimatorFacts(
            "Rogers-Satchell",
            FIELDS,
            False,
            6.0,
            0.0,
            0.0,
            0.0,
            -0.17,
            "Rogers and Satchell (1991), Ann. Appl. Prob. 1",
        ),
        "yang_zhang": EstimatorFacts(
            "Yang-Zhang", FIELDS, True, 7.0, 0.0, 1.0, 0.139, -0.15, "Yang and Zhang (2000), J. Business 73"
        ),
    }
)
"""Facts by the name that ``estimator=`` takes."""


def estimator_table() -> pd.DataFrame:
    """Return :data:`ESTIMATORS` as a table, one row per estimator, for a page or a report.

    Examples
    --------
    >>> float(estimator_table()["efficiency"]["garman_klass"])
    7.4
    """
    return pd.DataFrame([asdict(facts) for facts in ESTIMATORS.values()], index=pd.Index(list(ESTIMATORS), name="name"))


def facts_of(estimator: str) -> EstimatorFacts:
    """Return the facts of an estimator by its name, or refuse the name.

    Raises
    ------
    InputError
        For a name that :data:`ESTIMATORS` does not have.
    """
    if not isinstance(estimator, str) or estimator not in ESTIMATORS:
        hint = did_you_mean(str(estimator), ESTIMATORS)
        raise InputError(f"estimator must be one of {', '.join(ESTIMATORS)}; received {estimator!r}{hint}")
    return ESTIMATORS[estimator]


@dataclass(frozen=True)
class Parts:
    """A bar variance as mean of ``terms`` (n,) plus, for each (weight, values), weight times a sample variance."""

    terms: FloatArray | None
    spread: tuple[tuple[float, FloatArray], ...] = ()


def parts_of(estimator: str, bars: Bars, window: int) -> Parts:
    """Return what an estimator averages over ``window`` bars; arrays begin at the second row where closes before count.

    Parameters
    ----------
    estimator : str
        A name in :data:`ESTIMATORS`.
    bars : Bars
        Checked prices with the fields it needs.
    window : int
        Bars per estimate; only yang_zhang's weight depends on it.
    """
    if estimator == "close_to_close":
        return Parts(np.square(np.diff(bars.log("close"))))
    if estimator == "close_to_close_demeaned":
        return Parts(None, ((1.0, np.diff(bars.log("close"))),))
    if estimator == "parkinson":
        return Parts(np.square(bars.log("high") - bars.log("low")) / (4.0 * _LN_2))
    up, down, close = (bars.log(field) - bars.log("open") for field in ("high", "low", "close"))
    if estimator == "rogers_satchell":
        return Parts(up * (up - close) + down * (down - close))
    inside = 0.5 * np.square(up - down) - (2.0 * _LN_2 - 1.0) * np.square(close)
    if estimator == "garman_klass":
        return Parts(inside)
    gap = bars.log("open")[1:] - bars.log("close")[:-1]
    if estimator == "garman_klass_gap":
        return Parts(np.square(gap) + inside[1:])
    share = yang_zhang_share(window)
    free_of_drift = (up * (up - close) + down * (down - close))[1:]
    return Parts((1.0 - share) * free_of_drift, ((1.0, gap), (share, close[1:])))


def yang_zhang_share(window: int) -> float:
    """Return k, the weight of the open-to-close variance that makes Yang and Zhang's estimate sharpest.

    Examples
    --------
    >>> round(yang_zhang_share(21), 4)
    0.1393
    """
    return 0.34 / (1.34 + (window + 1) / (window - 1))
