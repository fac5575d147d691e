"""The file of the relationship as its document prints it, its lock, and the hash of all that went in."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256

import numpy as np

from hedgerow.accounting import (
    EffectivenessRegression,
    Framework,
    HedgeRelationship,
    content_hash,
)
from hedgerow.errors import StudyError
from hedgerow.study.accounting.data import AccountingData, day
from hedgerow.study.accounting.tests import Tested, method_of
from hedgerow.study.accounting.words import AccountingStudy

UNHASHED = {"kind", "title", "as_of", "reclassified", "rebalancing", "rolling"}
"""Words that change from one reporting date to the next, or only how the document looks: the lock leaves them open."""


def checked_hash(study: AccountingStudy) -> str:
    """Return the hash of the relationship's file; a locked file that differs from what was approved is refused.

    Raises
    ------
    StudyError
        Where the file has a lock and another hash.
    """
    words = study.model_dump(mode="json", exclude=UNHASHED)
    words["relationship"] = {name: text for name, text in words["relationship"].items() if name != "lock"}
    words["relationship"].pop("dedesignated")  # the end of a relationship is known later than its file
    words["data"] = {"every": study.data.every}
    if not isinstance(study.periods, str):
        words["periods"] = "dates"  # a list of dates grows with each reporting date
    found = content_hash(words)
    lock = study.relationship.lock
    if lock is not None and lock != found:
        raise StudyError(
            f"the file of {study.relationship.identification!r} is locked as {lock} and now has the hash {found}; "
            "an approved file is amended by a new version only: raise relationship.version and lock that"
        )
    return found


def document_hash(study: AccountingStudy, data: AccountingData) -> str:
    """Return the hash of the words and of every figure that was read, up to the date of the document."""
    prices = np.ascontiguousarray(data.changes.to_numpy(dtype="<f8"))
    booked = [str(data.periods.ends), str(data.periods.instrument), str(data.periods.item), str(data.periods.excluded)]
    words = study.model_dump(mode="json", exclude={"as_of"})
    parts = {"words": words, "as_of": str(data.as_of), "changes": sha256(prices.tobytes()).hexdigest()}
    return content_hash(parts | {"booked": booked})


def relationship_file(
    study: AccountingStudy, data: AccountingData, frameworks: Sequence[Framework], tested: Tested
) -> HedgeRelationship:
    """Return the file with quantities, method, measurement, rules and inception test filled in where left empty."""
    words = study.relationship
    plain = words.model_dump(exclude={"type", "designated", "dedesignated", "lock", "sources_of_ineffectiveness"})
    plain["method"] = words.method or _method(study, frameworks, tested)
    plain["measurement"] = words.measurement or _rules(frameworks, "ineffectiveness")
    plain["discontinuation"] = words.discontinuation or " ".join(
        _rules(frameworks, topic) for topic in ("rebalancing", "discontinuation")
    )
    return HedgeRelationship(
        hedge_type=words.type,
        designated=data.designated,
        dedesignated=None if words.dedesignated is None else day(words.dedesignated, "dedesignated"),
        sources_of_ineffectiveness="; ".join(words.sources_of_ineffectiveness),
        item_quantity=_item_quantity(study),
        instrument_quantity=_instrument_quantity(study, data),
        designated_ratio=ratio_words(data, tested.inception),
        inception_test=_inception(tested.inception),
        **plain,
    )


def ratio_words(data: AccountingData, fit: EffectivenessRegression | None) -> str:
    """Return designated ratio, the one the contracts make, its least-squares estimate at inception, and rounding."""
    position = data.position
    if position.held is None:
        return "by fair values; the ratio is that of the quantities behind them"
    held = f"{position.held:.6g} units of instrument held per unit of item"
    parts = [held]
    if position.designated is not None:
        parts.insert(0, f"{position.designated:.6g} designated")
        parts.append(f"rounding to contracts {position.held - position.designated:+.6g}")
    if fit is not None:
        estimate, half = -fit.slope * position.held, 1.96 * fit.slope_error * position.held
        parts.append(
            f"least squares at inception {estimate:.4g} [{estimate - half:.4g}, {estimate + half:.4g}] at 95 %"
        )
    return "; ".join(parts)


def _item_quantity(study: AccountingStudy) -> str:
    if study.item.quantity is None:
        return f"fair value in column {study.item.fair_value}"
    side = "owned or to be sold" if study.item.quantity > 0 else "to be bought"
    return f"{abs(study.item.quantity):,.10g} units {side}, price in column {study.item.column}"


def _instrument_quantity(study: AccountingStudy, data: AccountingData) -> str:
    words, contracts = study.instrument, data.position.contracts
    if contracts is None:
        return f"fair value in column {words.fair_value}"
    side = "bought" if contracts > 0 else "sold"
    return f"{abs(contracts):,} contracts of {words.contract_size:,.10g} units {side}, price in column {words.column}"


def _method(study: AccountingStudy, frameworks: Sequence[Framework], tested: Tested) -> str:
    window = "all changes known" if study.window is None else f"the latest {study.window} changes"
    limits = tested.thresholds
    past = "; ".join(f"{each.title}: {method_of(each, study) or 'no retrospective test'}" for each in frameworks)
    return (
        f"Prospective: regression of item on hedge held, price changes (never levels) every {study.data.every} that do "
        f"not overlap, {window}, at inception and at each period's end; slope {limits.slope_low:g} to "
        f"{limits.slope_high:g}, R² {limits.r_squared:g} or more, p at most {limits.significance:g}, "
        f"n {limits.fewest} or more. Retrospective: {past}. Dollar offset {limits.corridor_low:.0%} to "
        f"{limits.corridor_high:.0%}; small-numbers rule: {limits.small_numbers_rule}."
    )


def _rules(frameworks: Sequence[Framework], topic: str) -> str:
    found = [(each.title, rule.text) for each in frameworks for rule in each.rules if rule.topic == topic]
    return " ".join(f"{title}: {text}" for title, text in found)


def _inception(fit: EffectivenessRegression | None) -> str:
    if fit is None:
        return "no regression: too few changes before designation"
    return (
        f"slope {fit.slope:.4f} (item on hedge held), R² {fit.r_squared:.4f}, F {fit.f_statistic:.4g}, "
        f"t {fit.t_statistic:.4g}, p {fit.p_value:.2g}, n {fit.n_obs}"
    )
