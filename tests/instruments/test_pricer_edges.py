"""What reaches the formulas: terms of contracts, parameters of models, dividends."""

from __future__ import annotations

from time import perf_counter

import pytest

from hedgerow.errors import InputError
from hedgerow.instruments import AsianOption, Book
from hedgerow.pricing import asian
from instrument_cases import MARKET, SPX, XYZ, changed, options


def test_continuous_and_counted_averages_share_a_book() -> None:
    terms = [("geometric", 0), ("geometric", 12), ("arithmetic", 0)]
    held = [(AsianOption("SPX", "call", 4000.0, "2027-01-15", average=kind, fixings=n), 1.0) for kind, n in terms]
    together = Book(held).values(MARKET)
    for position, (kind, fixings) in enumerate(terms):
        carry = SPX.dividend_yield + SPX.borrow
        option = ("call", SPX.spot, 4000.0, 56.0 / 365.0, SPX.vol, SPX.rate, carry)
        alone = asian.price(*option, average=kind, fixings=fixings or None)
        assert together[position] == pytest.approx(alone, rel=1e-12)


def test_model_without_its_parameters_is_refused() -> None:
    with pytest.raises(InputError, match="model merton needs jump_intensity, jump_mean, jump_vol"):
        Book(options("SPX", (4000.0,))).value(MARKET, model="merton")


def test_dividends_may_be_a_mapping_of_dates() -> None:
    book = Book(options("XYZ", (50.0,)))
    assert book.value(changed("XYZ", dividends=dict(XYZ.dividends))) == book.value(MARKET)


@pytest.mark.compiled
def test_all_greeks_of_ten_thousand_options_take_under_50_milliseconds() -> None:
    strikes = [3000.0 + 0.4 * number for number in range(2500)]
    book, taken = Book(options("SPX", tuple(strikes))), []
    assert len(book) == 10_000
    for _ in range(6):  # the first loads compiled code, and any may lose the processor to others
        start = perf_counter()
        book.greeks(MARKET).totals()
        taken.append(perf_counter() - start)
    assert min(taken) <= 0.050
