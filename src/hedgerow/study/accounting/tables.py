"""The tables of an accounting study: for its document, and as CSV files."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import pandas as pd

from hedgerow.accounting import (
    MoveScenario,
    Terms,
    characteristics_table,
    criteria_table,
    critical_terms,
    ineffectiveness_table,
    journal_table,
    money,
    offset_failures,
    scenario_offsets,
)
from hedgerow.report import MISSING, number_text
from hedgerow.study.accounting.data import day

if TYPE_CHECKING:
    from hedgerow.accounting import AccountingThresholds, EffectivenessRegression
    from hedgerow.study.accounting.run import AccountingOutcome, FrameworkResult

RESERVE = ("opening", "effective", "reclassified", "closing")


def all_tables(outcome: AccountingOutcome) -> dict[str, pd.DataFrame]:
    """Return every table by file name; amounts are exact."""
    found = {
        "relationship": relationship_table(outcome),
        "regression": regression_table(outcome),
        "tests": outcome.tests,
        "offsets": outcome.offsets,
        "changes": outcome.data.changes,
    }
    for result in outcome.results:
        name = result.framework.name
        found[f"criteria-{name}"] = criteria_table(result.criteria)
        found[f"ineffectiveness-{name}"] = ineffectiveness_table(result.periods)
        found[f"journal-{name}"] = journal_table(result.journal)
    if offsets_failed(outcome):
        found["operating-characteristics"] = characteristics_table()
    return found


def relationship_table(outcome: AccountingOutcome) -> pd.DataFrame:
    """Return the fifteen contents of the file."""
    return outcome.relationship.contents()


def thresholds_of(outcome: AccountingOutcome) -> AccountingThresholds:
    """Return the thresholds a study chose."""
    from hedgerow.accounting import AccountingThresholds

    return AccountingThresholds(**outcome.study.thresholds.model_dump())


def offsets_failed(outcome: AccountingOutcome) -> bool:
    """Return whether any dollar offset was judged and lies outside the corridor."""
    return any(offset_failures(outcome.offsets, cumulative=cumulative) for cumulative in (False, True))


def threshold_table(outcome: AccountingOutcome) -> pd.DataFrame:
    """Return the lines the tests draw, each with whether it is a rule somewhere."""
    limits = thresholds_of(outcome)
    window = "all changes known" if outcome.study.window is None else f"the latest {outcome.study.window}"
    practice = "practice; the house's choice"
    rows = [
        ("dollar offset", f"{limits.corridor_low:.0%} to {limits.corridor_high:.0%}", corridor_words(outcome)),
        ("slope, size", f"{limits.slope_low:g} to {limits.slope_high:g}", practice),
        ("R²", f"{limits.r_squared:g} or more", practice),
        ("p of slope and of F", f"{limits.significance:g} or less", practice),
        ("observations", f"{limits.fewest} or more", practice),
        ("small-numbers rule", limits.small_numbers_rule, practice),
        ("changes tested", f"{outcome.study.data.every}, {window}, never overlapping", practice),
    ]
    return pd.DataFrame(rows, columns=["threshold", "chosen", "rule or practice"]).set_index("threshold")


def corridor_words(outcome: AccountingOutcome) -> str:
    """Return by framework whether its corridor for offsets is a rule, practice, or not asked at all."""
    words = {"rule": "rule", "practice": "practice", "information": "not asked"}
    return "; ".join(f"{each.framework.title}: {words[each.framework.corridor]}" for each in outcome.results)


def log_table(outcome: AccountingOutcome) -> pd.DataFrame:
    """Return the log of rebalancing, one entry a line; a line that says so where there was none."""
    entries = list(outcome.study.rebalancing) or ["none"]
    return pd.DataFrame({"entry": entries}, index=pd.RangeIndex(1, len(entries) + 1, name="no."))


def sign_off_table(outcome: AccountingOutcome) -> pd.DataFrame:
    """Return the lines on which those who answer for the document sign, with their names where the file has them."""
    file = outcome.relationship
    rows = [(file.preparer, "", ""), (file.approver, "", "")]
    index = pd.Index(["prepared by", "approved by"], name="role")
    return pd.DataFrame(rows, columns=["name", "date", "signature"], index=index)


def regression_table(outcome: AccountingOutcome) -> pd.DataFrame:
    """Return the regression at inception and at the date of the document side by side, figures as text."""
    columns = {"at inception": outcome.inception, f"on {outcome.data.as_of}": outcome.latest}
    known = {name: _regression_rows(fit) for name, fit in columns.items() if fit is not None}
    names = next(iter(known.values()), {})
    # lags grow with the rows, so the second column's names may differ: it is matched by place
    frame = {name: list(rows.values()) for name, rows in known.items()}
    return pd.DataFrame(frame, index=pd.Index(list(names), name="figure"))


def _regression_rows(fit: EffectivenessRegression) -> dict[str, str]:
    return {name: number_text(value, "" if isinstance(value, int | str) else ",.5g") for name, value in fit.rows()}


def offset_table(outcome: AccountingOutcome) -> pd.DataFrame:
    """Return the dollar offsets as a document prints them."""
    table = outcome.offsets
    outside = "OUTSIDE" if any(each.framework.corridor != "information" for each in outcome.results) else "outside"
    shown = pd.DataFrame(index=table.index)
    for prefix, words in (("", ""), ("cumulative_", "cumulative ")):
        shown[f"{words}instrument"] = amounts(table[f"{prefix}instrument"], outcome.study.digits)
        shown[f"{words}item"] = amounts(table[f"{prefix}item"], outcome.study.digits)
        shown[f"{words}offset"] = table[f"{prefix}offset"]
        shown[f"{words}inside"] = [
            note if inside is None else "inside" if inside else outside
            for inside, note in zip(table[f"{prefix}inside"], table[f"{prefix}note"], strict=True)
        ]
    return shown


def period_table(outcome: AccountingOutcome, result: FrameworkResult) -> pd.DataFrame:
    """Return each period's changes, the reserve they make and the ineffectiveness, as a document prints them."""
    table, digits = ineffectiveness_table(result.periods), outcome.study.digits
    names = ["instrument", "item", "cumulative_instrument", "cumulative_item"]
    if any(row.excluded for row in result.periods):
        names.append("excluded")
    if outcome.relationship.hedge_type != "fair value":
        names.append("effective")
    columns = {name.replace("_", " "): amounts(table[name], digits) for name in (*names, "profit_or_loss")}
    shown = pd.DataFrame(columns, index=table.index)
    tested = {True: "passed", False: "FAILED", None: MISSING}
    shown.insert(0, "retrospective", [tested[each] for each in result.retrospective])
    shown.insert(1, "hedged", ["yes" if row.hedged else "no" for row in result.periods])
    return shown


def reserve_table(outcome: AccountingOutcome, result: FrameworkResult) -> pd.DataFrame:
    """Return the roll-forward of the reserve in other comprehensive income as a document prints it."""
    table, digits = ineffectiveness_table(result.periods), outcome.study.digits
    return pd.DataFrame({name: amounts(table[name], digits) for name in RESERVE}, index=table.index)


def lines_table(outcome: AccountingOutcome, result: FrameworkResult) -> pd.DataFrame:
    """Return the journal as a document prints it, with totals."""
    table = journal_table(result.journal)
    total = [sum((getattr(line, side) for line in result.journal), Decimal(0)) for side in ("debit", "credit")]
    digits = outcome.study.digits
    shown = table.assign(**{side: amounts(table[side], digits, blank=True) for side in ("debit", "credit")})
    last = pd.DataFrame(
        {"account": [""], "debit": [f"{total[0]:,.{digits}f}"], "credit": [f"{total[1]:,.{digits}f}"], "text": [""]},
        index=pd.Index(["total"], name=table.index.name),
    )
    return pd.concat([shown, last])


def rules_table(result: FrameworkResult) -> pd.DataFrame:
    """Return what the framework says, topic by topic, with what of it is practice."""
    rows = [(rule.topic, rule.text, rule.status, rule.reference) for rule in result.framework.rules]
    return pd.DataFrame(rows, columns=["topic", "what it says", "rule or practice", "reference"]).set_index("topic")


def terms_table(outcome: AccountingOutcome) -> pd.DataFrame | None:
    """Return the check list of critical terms, or None where no terms are given."""
    words = outcome.study.critical_terms
    if words is None:
        return None
    sides = []
    for side in (words.item, words.instrument):
        place = day(side.settles, "settles")
        sides.append(Terms(side.quantity, side.currency, side.underlying, side.place, place, side.value_at_inception))
    return critical_terms(*sides)


def scenario_table(outcome: AccountingOutcome) -> pd.DataFrame | None:
    """Return what the study's scenarios would leave, or None where it has none."""
    if not outcome.study.scenarios:
        return None
    position, factor = outcome.data.position, money(outcome.study.instrument.price_unit_factor)
    moves = [
        MoveScenario(
            each.name,
            money(position.item * money(each.item), outcome.study.digits),
            money(position.instrument * factor * money(each.instrument), outcome.study.digits),
        )
        for each in outcome.study.scenarios
    ]
    table = scenario_offsets(moves, thresholds_of(outcome))
    digits = outcome.study.digits
    return table.assign(**{
        name: amounts(table[name], digits)
        for name in ("item", "instrument", "net")
    })  # fmt: skip


def amounts(column: pd.Series, digits: int, *, blank: bool = False) -> list[str]:
    """Return exact amounts as text with thousands separated; zeros as a dash where asked."""
    return [MISSING if blank and not amount else f"{amount:,.{digits}f}" for amount in column]
