"""Bonds against QuantLib, and the laws of price and yield."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import QuantLib as ql  # noqa: N813
from hypothesis import given, settings, strategies as st

from hedgerow.errors import InputError
from hedgerow.pricing import bond
from hedgerow.pricing.bond import BondTerms


def quantlib_bond(terms: BondTerms, settlement: date) -> tuple[ql.FixedRateBond, ql.DayCounter, ql.Period]:
    ql.Settings.instance().evaluationDate = ql.Date(settlement.day, settlement.month, settlement.year)
    frequency = {1: ql.Annual, 2: ql.Semiannual, 4: ql.Quarterly}[terms.frequency]
    end = ql.Date(terms.maturity.day, terms.maturity.month, terms.maturity.year)
    start = end - ql.Period(40, ql.Years)
    rule = ql.DateGeneration.Backward
    month_end = ql.Date.isEndOfMonth(end)
    dates = ql.Schedule(
        start, end, ql.Period(frequency), ql.NullCalendar(), ql.Unadjusted, ql.Unadjusted, rule, month_end
    )
    count = ql.ActualActual(ql.ActualActual.ISMA, dates)
    return ql.FixedRateBond(0, 100.0, dates, [terms.coupon], count), count, frequency


CASES = [
    (BondTerms(0.0425, date(2034, 8, 31)), date(2026, 11, 20)),
    (BondTerms(0.0125, date(2050, 5, 15)), date(2026, 11, 20)),
    (BondTerms(0.06, date(2031, 11, 15), 1), date(2027, 2, 28)),
    (BondTerms(0.03, date(2029, 2, 28), 4), date(2026, 12, 1)),
    (BondTerms(0.0, date(2036, 2, 15)), date(2026, 11, 20)),
]


@pytest.mark.parametrize(("terms", "settlement"), CASES, ids=str)
@pytest.mark.parametrize("yield_", [-0.005, 0.0, 0.045, 0.15])
def test_bond_price_and_sensitivities_equal_quantlib(terms: BondTerms, settlement: date, yield_: float) -> None:
    other, count, frequency = quantlib_bond(terms, settlement)
    assert bond.accrued(terms, settlement) == pytest.approx(other.accruedAmount(), abs=1e-11)
    clean = bond.clean_price(terms, settlement, yield_)
    assert clean == pytest.approx(other.cleanPrice(yield_, count, ql.Compounded, frequency), abs=1e-9)
    duration = ql.BondFunctions.duration(other, yield_, count, ql.Compounded, frequency, ql.Duration.Modified)
    assert bond.modified_duration(terms, settlement, yield_) == pytest.approx(duration, rel=1e-10)
    bent = ql.BondFunctions.convexity(other, yield_, count, ql.Compounded, frequency)
    assert bond.convexity(terms, settlement, yield_) == pytest.approx(bent, rel=1e-9)


def test_bond_last_coupon_simple_interest_as_quantlib_simple_then_compounded() -> None:
    terms, settlement = BondTerms(0.05, date(2027, 3, 31)), date(2026, 11, 20)
    other, count, frequency = quantlib_bond(terms, settlement)
    expected = other.cleanPrice(0.04, count, ql.SimpleThenCompounded, frequency)
    assert bond.clean_price(terms, settlement, 0.04) == pytest.approx(expected, abs=1e-10)


@settings(max_examples=60, deadline=None)
@given(
    coupon=st.floats(0.0, 0.15),
    days=st.integers(20, 12_000),
    yield_=st.floats(-0.02, 0.4),
    frequency=st.sampled_from(bond.FREQUENCIES),
)
def test_yield_of_price_comes_back_and_dv01_is_the_slope(
    coupon: float, days: int, yield_: float, frequency: int
) -> None:
    settlement = date(2026, 11, 20)
    terms = BondTerms(coupon, settlement + timedelta(days=days), frequency)
    price = bond.clean_price(terms, settlement, yield_)
    assert bond.yield_to_maturity(terms, settlement, price) == pytest.approx(yield_, abs=1e-9)
    step = 1e-5
    slope = bond.clean_price(terms, settlement, yield_ - step) - bond.clean_price(terms, settlement, yield_ + step)
    assert bond.dv01(terms, settlement, yield_) == pytest.approx(slope / (2 * step) * 1e-4, rel=1e-5)


def test_bond_on_coupon_date_at_its_own_coupon_costs_par() -> None:
    terms = BondTerms(0.0375, date(2040, 5, 15))
    assert bond.clean_price(terms, date(2030, 5, 15), 0.0375) == pytest.approx(100.0, abs=1e-12)


def test_schedule_maturity_at_month_end_keeps_month_ends() -> None:
    dates = bond.schedule(BondTerms(0.04, date(2028, 8, 31)), date(2026, 11, 20))
    assert dates == (date(2026, 8, 31), date(2027, 2, 28), date(2027, 8, 31), date(2028, 2, 29), date(2028, 8, 31))


@pytest.mark.parametrize("coupon", [0.0, 0.02, 0.045, 0.06, 0.08])
def test_conversion_factor_whole_half_years_is_the_clean_price_at_six_per_cent(coupon: float) -> None:
    terms = BondTerms(coupon, date(2036, 9, 1))
    assert bond.conversion_factor(terms, date(2027, 3, 1)) == pytest.approx(
        bond.clean_price(terms, date(2027, 3, 1), 0.06) / 100.0, abs=6e-5
    )


@pytest.mark.parametrize(("day", "months"), [(date(2034, 11, 15), 3), (date(2031, 10, 31), 1), (date(2052, 6, 15), 3)])
def test_conversion_factor_between_coupons_is_near_the_clean_price(day: date, months: int) -> None:
    terms, first = BondTerms(0.035, day), date(2027, 3, 1)
    left = 12 * (day.year - 2027) + day.month - 3
    rounded = left - left % months
    year, month = divmod(12 * 2027 + 2 + rounded, 12)
    same = BondTerms(0.035, date(year, month + 1, 1))
    assert bond.conversion_factor(terms, first, months) == pytest.approx(
        bond.clean_price(same, first, 0.06) / 100.0, abs=4e-4
    )


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: BondTerms(4.5, date(2030, 1, 1)), "write 0.045"),
        (lambda: BondTerms(0.045, date(2030, 1, 1), 3), "1, 2, 4 or 12"),
        (lambda: bond.accrued(BondTerms(0.04, date(2026, 1, 1)), date(2026, 11, 20)), "must come before maturity"),
        (lambda: bond.yield_to_maturity(BondTerms(0.04, date(2030, 1, 1)), date(2026, 1, 1), -5.0), "fits no yield"),
        (lambda: bond.clean_price(BondTerms(0.04, date(2030, 1, 1)), date(2026, 1, 1), -2.5), "-100 %"),
        (lambda: bond.conversion_factor(BondTerms(0.04, date(2030, 1, 1), 1), date(2026, 1, 1)), "twice a year"),
        (lambda: bond.conversion_factor(BondTerms(0.04, date(2026, 2, 1)), date(2026, 1, 1)), "too short"),
        (lambda: bond.conversion_factor(BondTerms(0.04, date(2030, 2, 1)), date(2026, 1, 1), 2), "1 or 3 months"),
    ],
)
def test_bond_bad_input_is_one_sentence(call: object, said: str) -> None:
    with pytest.raises(InputError, match=said):
        call()  # type: ignore[operator]
