"""What should make one doubt a backtest, as sentences; every threshold can be changed, and nothing passes unseen.

>>> flags = red_flags(BacktestEvidence(sharpe=1.8, win_rate=0.55))
>>> for flag in flags[:3]:
...     flag.raised, flag.sentence
(True, 'Sharpe ratio 1.80 is above 1.50: look for an error, a look-ahead or a sold tail first.')
(False, 'Win rate 55.0 % is not above 80.0 %.')
(None, 'Gain from one crisis: not judged, gains by crisis were not given.')
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import isfinite

from hedgerow.effectiveness.backtest_evidence import BacktestEvidence, RedFlagThresholds
from hedgerow.effectiveness.red_flag_sources import SOURCES
from hedgerow.units import to_percent

_TIE = 1e-9


@dataclass(frozen=True)
class RedFlag:
    """One doubt about a backtest.

    Attributes
    ----------
    name : str
    value : float or None
        What was measured; None where it could not be.
    threshold : float
        Beyond which the flag is raised.
    raised : bool or None
        None where it could not be judged.
    sentence : str
        What it says, or why it could not be judged.
    source : str
        Where the threshold comes from.
    """

    name: str
    value: float | None
    threshold: float
    raised: bool | None
    sentence: str
    source: str


def red_flags(evidence: BacktestEvidence, thresholds: RedFlagThresholds | None = None) -> tuple[RedFlag, ...]:
    """Return all flags in a fixed order, each raised, not raised, or not judged with the reason.

    Parameters
    ----------
    evidence : BacktestEvidence
        What is known.
    thresholds : RedFlagThresholds, optional
        Where each is raised; a tie within 1e-9 counts as equal.

    Returns
    -------
    tuple of RedFlag
        Names ``sharpe``, ``win_rate``, ``one_crisis``, ``one_year``, ``free_parameters``, ``rows_per_parameter``,
        ``one_row_late``, ``deflated_sharpe``, ``overfitting``.

    Notes
    -----
    A flag is a reason to look, not a verdict. Shares of gains are of the gains alone, losses left aside: a hedge that
    costs money in most years has no total to take shares of.
    """
    limits = thresholds or RedFlagThresholds()
    return (
        _sharpe(evidence, limits),
        _win_rate(evidence, limits),
        _one_source("one_crisis", "crisis", evidence.gain_by_crisis, limits.crisis_share),
        _one_source("one_year", "year", evidence.gain_by_year, limits.year_share),
        _free_parameters(evidence, limits),
        _rows_per_parameter(evidence, limits),
        _one_row_late(evidence, limits),
        _deflated_sharpe(evidence, limits),
        _overfitting(evidence, limits),
    )


def _sharpe(evidence: BacktestEvidence, limits: RedFlagThresholds) -> RedFlag:
    value, limit = _known(evidence.sharpe), limits.sharpe
    if value is None:
        return _not_judged("sharpe", limit, "Sharpe ratio", "it was not given")
    raised = value > limit + _TIE
    ending = ": look for an error, a look-ahead or a sold tail first." if raised else "."
    return _flag("sharpe", value, limit, raised, f"Sharpe ratio {value:.2f} {_above(raised)} {limit:.2f}{ending}")


def _win_rate(evidence: BacktestEvidence, limits: RedFlagThresholds) -> RedFlag:
    value, limit = _known(evidence.win_rate), limits.win_rate
    if value is None:
        return _not_judged("win_rate", limit, "Win rate", "it was not given")
    raised = value > limit + _TIE
    ending = ": many small gains often pay for a rare large loss that the data lack." if raised else "."
    return _flag(
        "win_rate", value, limit, raised, f"Win rate {_percent(value)} {_above(raised)} {_percent(limit)}{ending}"
    )


def _one_source(name: str, word: str, gains: Mapping[str, float] | None, limit: float) -> RedFlag:
    subject, plural = f"Gain from one {word}", {"crisis": "crises"}.get(word, f"{word}s")
    known = {} if gains is None else {key: float(gain) for key, gain in gains.items() if isfinite(gain)}
    if gains is None:
        return _not_judged(name, limit, subject, f"gains by {word} were not given")
    if len(known) < 2:
        return _not_judged(name, limit, subject, f"the data cover {len(known)} of the {plural}, two are needed")
    total = sum(max(gain, 0.0) for gain in known.values())
    if not total > 0.0:
        return _not_judged(name, limit, subject, f"none of {len(known)} {plural} brought a gain")
    best = max(known, key=lambda key: known[key])
    share = known[best] / total
    raised = share > limit + _TIE
    ending = ": the rest of the record says little for it." if raised else "."
    sentence = f"{best} brought {_percent(share)} of the gains over {len(known)} {plural}, which {_above(raised)} "
    return _flag(name, share, limit, raised, f"{sentence}{_percent(limit)}{ending}")


def _free_parameters(evidence: BacktestEvidence, limits: RedFlagThresholds) -> RedFlag:
    value, limit = _known(evidence.free_parameters), float(limits.free_parameters)
    if value is None:
        return _not_judged("free_parameters", limit, "Free parameters", "their number was not given")
    raised = value > limit + _TIE
    ending = ": fix some by reasoning instead of by result." if raised else "."
    sentence = f"The number of free parameters, {value:g}, {_above(raised)} {limit:g}{ending}"
    return _flag("free_parameters", value, limit, raised, sentence)


def _rows_per_parameter(evidence: BacktestEvidence, limits: RedFlagThresholds) -> RedFlag:
    name, limit = "rows_per_parameter", limits.rows_per_parameter
    rows, parameters = _known(evidence.n_rows), _known(evidence.free_parameters)
    if rows is None or parameters is None:
        missing = "of rows" if rows is None else "of free parameters"
        return _not_judged(name, limit, "Rows per free parameter", f"the number {missing} was not given")
    if parameters == 0.0:
        return _not_judged(name, limit, "Rows per free parameter", "there is no free parameter")
    value = rows / parameters
    raised = value < limit - _TIE
    ending = ": too few to choose them by." if raised else "."
    sentence = f"{value:.0f} rows per free parameter {_below(raised, plural=True)} {limit:g}{ending}"
    return _flag(name, value, limit, raised, sentence)


def _one_row_late(evidence: BacktestEvidence, limits: RedFlagThresholds) -> RedFlag:
    name, limit, subject = "one_row_late", limits.lag_left, "Sharpe ratio one row late"
    now, late = _known(evidence.sharpe), _known(evidence.sharpe_one_row_late)
    if now is None or late is None:
        missing = "the Sharpe ratio without the lag" if now is None else "it"
        return _not_judged(name, limit, subject, f"{missing} was not given")
    if not now > 0.0:
        return _not_judged(name, limit, subject, f"without the lag it is {now:.2f}, of which no share can be left")
    share = late / now
    raised = share <= limit + _TIE
    ending = ": it leans on being barely in time." if raised else "."
    place = "no more than" if raised else "more than"
    sentence = (
        f"One row late the Sharpe ratio goes from {now:.2f} to {late:.2f}, {place} {_percent(limit)} of it{ending}"
    )
    return _flag(name, share, limit, raised, sentence)


def _deflated_sharpe(evidence: BacktestEvidence, limits: RedFlagThresholds) -> RedFlag:
    value, limit = _known(evidence.deflated_sharpe), limits.deflated_sharpe
    if value is None:
        return _not_judged("deflated_sharpe", limit, "Deflated Sharpe ratio", "it was not given")
    raised = value < limit - _TIE
    ending = ": as the best of so many trials it may be luck." if raised else "."
    sentence = f"Deflated Sharpe ratio {value:.3f} {_below(raised)} {limit:.3f}{ending}"
    return _flag("deflated_sharpe", value, limit, raised, sentence)


def _overfitting(evidence: BacktestEvidence, limits: RedFlagThresholds) -> RedFlag:
    value, limit = _known(evidence.overfitting), limits.overfitting
    if value is None:
        return _not_judged("overfitting", limit, "Probability of backtest overfitting", "it was not given")
    raised = value > limit + _TIE
    ending = ": the best in sample was more often than not among the worse half after it." if raised else "."
    sentence = f"Probability of backtest overfitting {_percent(value)} {_above(raised)} {_percent(limit)}{ending}"
    return _flag("overfitting", value, limit, raised, sentence)


def _flag(name: str, value: float, threshold: float, raised: bool, sentence: str) -> RedFlag:
    return RedFlag(name, float(value), float(threshold), bool(raised), sentence, SOURCES[name])


def _not_judged(name: str, threshold: float, subject: str, reason: str) -> RedFlag:
    return RedFlag(name, None, float(threshold), None, f"{subject}: not judged, {reason}.", SOURCES[name])


def _known(value: float | None) -> float | None:
    return None if value is None or not isfinite(value) else float(value)


def _above(raised: bool) -> str:
    return "is above" if raised else "is not above"


def _below(raised: bool, *, plural: bool = False) -> str:
    verb = "are" if plural else "is"
    return f"{verb} below" if raised else f"{verb} not below"


def _percent(share: float) -> str:
    return f"{to_percent(share):.1f} %"
