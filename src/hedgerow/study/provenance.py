"""What the numbers of a study rest on: data, span, seed, lag, versions; no clock, so that two runs agree."""

from __future__ import annotations

from hashlib import sha256
from importlib.metadata import version
from typing import TYPE_CHECKING

import numpy as np

from hedgerow._version import __version__

if TYPE_CHECKING:
    from hedgerow.study.candidates.run import CandidateOutcome
    from hedgerow.study.prepare import Prepared
    from hedgerow.study.ratio.run import RatioOutcome

LIBRARIES = ("numpy", "pandas", "scikit-learn", "arch", "numba")


def data_digest(data: Prepared) -> str:
    """Return the first 16 hexadecimal digits of the SHA-256 of the changes a study used."""
    values = np.ascontiguousarray(data.changes.values.to_numpy(dtype="<f8"))
    return sha256(values.tobytes()).hexdigest()[:16]


def refit_words(refit: int | str) -> str:
    """Return how often methods are fitted: ``monthly``, or ``every 5 rows``.

    Examples
    --------
    >>> refit_words(1), refit_words(5), refit_words("monthly")
    ('every row', 'every 5 rows', 'monthly')
    """
    if isinstance(refit, str):
        return refit
    return "every row" if refit == 1 else f"every {refit} rows"


def provenance(outcome: RatioOutcome | CandidateOutcome) -> dict[str, str]:
    """Return facts by name, in the order they are shown."""
    study, data = outcome.study, outcome.data
    times = data.history.times
    words = study.walk_forward
    costs = [f"{hedge.column}: {hedge.half_spread_bps:g} bp half-spread, {hedge.commission:g} per contract"
             for hedge in study.hedges]  # fmt: skip
    return {
        "Prices": f"{data.rows:,} rows, {times[0].date()} to {times[-1].date()}, every {study.data.every}",
        "Left out": f"{data.dropped} rows with a missing value, {data.unmatched} dates not in all files",
        "Changes": f"{study.changes}, horizon {study.horizon}, {len(data.changes.values):,} of them",
        "Training": f"{words.train}, refit {refit_words(words.refit)}, {words.between} between, lag {words.lag}",
        "Costs": "; ".join(costs) + f"; {study.trading.ticket:g} per ticket; {study.trading.rate:.2%} a year on cash",
        "Bootstrap": f"{bootstrap_draws(outcome)} draws, seed {study.judging.seed}",
        "Data digest": data_digest(data),
        "Versions": versions(*LIBRARIES),
    }


def versions(*libraries: str) -> str:
    """Return Hedgerow's version and those of the libraries a result rests on, as one line."""
    return ", ".join([f"hedgerow {__version__}", *(f"{name} {version(name)}" for name in libraries)])


def bootstrap_draws(outcome: RatioOutcome | CandidateOutcome) -> int:
    """Return how many bootstrap draws the intervals of a study rest on."""
    from hedgerow.study.execution import bootstrap_of

    return bootstrap_of(outcome.study, len(outcome.data.changes.values) // 2).draws


def change_unit(outcome: RatioOutcome | CandidateOutcome) -> str:
    """Return the unit of a change of the exposure, as far as it is known."""
    if outcome.study.changes != "diff" or outcome.study.level is not None:
        return "fraction of value"
    return outcome.data.history.units.get(outcome.data.exposure, "price units of the exposure")
