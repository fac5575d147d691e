"""Books from tables and files: the same as from objects, and every wrong cell refused with its place."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from hedgerow.errors import ColumnError, FileError, HedgerowError, InputError
from hedgerow.instruments import (
    AsianOption,
    BarrierOption,
    Book,
    DigitalOption,
    EuropeanOption,
    MarketState,
    Position,
    Spot,
    Underlying,
    VarianceSwap,
)
from instrument_cases import MARKET, mixed

ROWS = {
    "underlying": ["SPX", "SPX", "XYZ"],
    "instrument": ["european", "Future", "spot"],
    "kind": ["Put", None, None],
    "strike": [4000.0, np.nan, np.nan],
    "expiry": ["2027-01-15", "2027-03-19", None],
    "quantity": [10, -2, 300],
    "multiplier": [100.0, 50.0, np.nan],
}


def table(**changes: Any) -> pd.DataFrame:
    """Return three good rows with some columns replaced."""
    return pd.DataFrame({**ROWS, **changes})


def test_book_of_a_table_is_the_book_of_its_objects() -> None:
    frame = pd.DataFrame([each.instrument.row() | {"quantity": each.quantity, "vol": each.vol} for each in mixed()])
    from_objects, from_frame = Book(mixed()).greeks(MARKET), Book.from_frame(frame).greeks(MARKET)
    pd.testing.assert_frame_equal(from_objects.per_position, from_frame.per_position)


def test_positions_of_a_book_make_the_same_book_again() -> None:
    book = Book(mixed())
    again = Book(book.positions)
    pd.testing.assert_series_equal(book.values(MARKET), again.values(MARKET))


def test_further_terms_of_an_instrument_survive_the_table() -> None:
    held = [
        DigitalOption("SPX", "put", 3900.0, "2027-01-15", pays="asset"),
        BarrierOption("SPX", "call", 4000.0, "2027-01-15", 3500.0, "down-and-in", rebate=2.0),
        AsianOption("SPX", "call", 4000.0, "2027-01-15", average="geometric", fixings=12),
        VarianceSwap("SPX", 0.21, "2027-01-15", start="2026-10-15", realised=0.18, multiplier=5.0),
    ]
    again = [each.instrument for each in Book([(one, 1.0) for one in held]).positions]
    for one, other in zip(held, again, strict=True):
        before, after = one.row(), other.row()
        for name in ("pays", "barrier", "barrier_kind", "rebate", "average", "fixings", "realised", "multiplier"):
            assert before.get(name) == after.get(name)


def test_names_of_instruments_are_read_in_any_form() -> None:
    forms = ["EuropeanOption", "european option", "european-option", "EUROPEAN"]
    frame = pd.DataFrame(
        {"underlying": "SPX", "type": forms, "kind": "c", "strike": 1.0, "expiry": "2027-01-15", "quantity": 1}
    )
    assert {each.instrument for each in Book.from_frame(frame).positions} == {
        EuropeanOption("SPX", "call", 1.0, pd.Timestamp("2027-01-15 16:00"))
    }


def test_dates_of_a_table_may_be_time_stamps() -> None:
    stamps = pd.to_datetime(["2027-01-15", "2027-03-19", None])
    assert Book.from_frame(table(expiry=stamps)).value(MARKET) == Book.from_frame(table()).value(MARKET)


def test_settlement_time_counts_from_the_morning() -> None:
    morning, close = (
        Book.from_frame(table(settlement_time=[clock, None, None])).greeks(MARKET, "vega").per_unit["vega"][0]
        for clock in ("09:30", None)
    )
    assert morning < close


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        (
            {"strike": [np.nan] * 3},
            r"strike of position 0 is missing \(1 of 3 are\) and instrument 'european' needs it",
        ),
        ({"strike": ["4ooo", None, None]}, "strike of position 0 is not a finite number: '4ooo'; correct it"),
        ({"strike": [np.inf, 1.0, 1.0]}, "strike of position 0 is not a finite number"),
        ({"quantity": [10, np.nan, 300]}, "quantity of position 1 is missing"),
        ({"kind": ["straddle", None, None]}, "position 0: kind must be call or put, not 'straddle'"),
        ({"kind": [None] * 3}, "kind of position 0 is missing"),
        ({"expiry": ["2027-01-15", "15/03/27", None]}, "position 1: expiry '15/03/27' is not a date"),
        (
            {"instrument": ["europaean", "future", "spot"]},
            "position 0: there is no instrument 'europaean'; did you mean",
        ),
        ({"underlying": ["SPX", "", "XYZ"]}, "underlying of position 1 is missing"),
        ({"multiplier": [100.0, 0.0, 1.0]}, r"position 1 \(SPX future\) has a multiplier not above 0: 0.0"),
        ({"vol": [-0.2, None, None]}, r"position 0 \(SPX european put 4000\) has a negative vol: -0.2"),
        ({"quantity": [True, False, True]}, "column 'quantity' holds True and False"),
        ({"settlement_time": ["noon", None, None]}, "position 0: settlement_time 'noon' is not a time of day"),
        ({"mulitplier": [1.0] * 3}, "no column 'mulitplier'; did you mean 'multiplier'"),
    ],
)
def test_wrong_cell_is_refused_with_its_place(changes: dict[str, Any], sentence: str) -> None:
    with pytest.raises(InputError, match=sentence):
        Book.from_frame(table(**changes))


def test_table_without_a_needed_column_is_refused() -> None:
    with pytest.raises(ColumnError, match="needs a column 'quantity'"):
        Book.from_frame(table().drop(columns="quantity"))


@pytest.mark.parametrize("nothing", [lambda: Book([]), lambda: Book.from_frame(table().iloc[:0])])
def test_empty_book_is_refused(nothing: Any) -> None:
    with pytest.raises(InputError, match="a book needs at least one position"):
        nothing()


def test_table_of_another_kind_is_refused() -> None:
    with pytest.raises(InputError, match="must be a pandas DataFrame; received list"):
        Book.from_frame([1, 2])


CSV = """underlying,instrument,kind,strike,expiry,quantity,multiplier,vol
SPX,european,put,4000,2027-01-15,10,100,0.25

SPX,future,,,2027-03-19,-2,50,
XYZ,spot,,,,300,,
"""


def test_book_of_a_file_is_the_book_of_its_table(tmp_path: Path) -> None:
    path = tmp_path / "book.csv"
    path.write_text(CSV)
    expected = Book.from_frame(table(vol=[0.25, None, None]))
    pd.testing.assert_series_equal(Book.from_csv(path).values(MARKET), expected.values(MARKET))


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("2027-03-19", "soon", "line 4 of book.csv: expiry 'soon' is not a date"),
        ("put,4000", "put,", "strike of line 2 of book.csv is missing"),
        ("10,100", "ten,100", "line 2 of .*book.csv.*'ten'"),
    ],
)
def test_wrong_cell_of_a_file_is_refused_with_its_line(tmp_path: Path, old: str, new: str, sentence: str) -> None:
    path = tmp_path / "book.csv"
    path.write_text(CSV.replace(old, new))
    with pytest.raises(HedgerowError, match=sentence):
        Book.from_csv(path)


def test_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileError):
        Book.from_csv(tmp_path / "absent.csv")


def test_unknown_underlying_is_refused_with_the_nearest() -> None:
    with pytest.raises(InputError, match="the market has no underlying 'SPY'; did you mean 'SPX'"):
        Book([(Spot("SPY"), 1.0)]).value(MARKET)


def test_expiry_in_the_past_is_refused_with_position_and_date() -> None:
    held = [(EuropeanOption("SPX", "put", 4000.0, day), 1.0) for day in ("2027-01-15", "2026-11-19", "2026-10-16")]
    when = r"expired on 2026-11-19 at 16:00, before the valuation at 2026-11-20 16:00 \(2 of 3 are so\)"
    sentence = rf"position 1 \(SPX european put 4000\) {when}; settle what has expired"
    with pytest.raises(InputError, match=sentence):
        Book(held).value(MARKET)


def test_option_without_a_volatility_is_refused() -> None:
    market = MarketState("2026-11-20", {"SPX": Underlying(100.0)})
    with pytest.raises(
        InputError, match=r"position 0 \(SPX european call 90\) has no volatility; give Underlying\(vol="
    ):
        Book([(EuropeanOption("SPX", "call", 90.0, "2027-01-15"), 1.0)]).value(market)


def test_spot_that_a_lognormal_formula_cannot_take_is_refused() -> None:
    market = MarketState("2020-04-20", {"CL": Underlying(-37.63, 50.0)})
    book = Book([(EuropeanOption("CL", "call", -30.0, "2020-05-20"), 1.0)])
    with pytest.raises(InputError, match=r"has a spot, net of dividends, not above 0: -37\.63"):
        book.value(market)
    assert book.value(market, model="bachelier") > 0.0


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (lambda: Position("SPX", 1.0), "instrument must be one of hedgerow.instruments, not 'SPX'"),
        (lambda: Position(Spot("SPX"), np.nan), "quantity must be a finite number, not nan"),
        (lambda: Position(Spot("SPX"), 1.0, vol=-0.1), "vol must not be negative: -0.1"),
        (lambda: Spot(""), "underlying must be a name"),
        (lambda: Spot("SPX", multiplier=-1.0), "multiplier must be above 0, not -1.0"),
        (lambda: EuropeanOption("SPX", "both", 1.0, "2027-01-15"), "kind must be call or put, not 'both'"),
        (lambda: DigitalOption("SPX", "call", 1.0, "2027-01-15", pays="gold"), "pays must be one of cash, asset"),
        (lambda: BarrierOption("SPX", "call", 1.0, "2027-01-15", 2.0, "sideways"), "barrier_kind must be one of"),
        (lambda: AsianOption("SPX", "call", 1.0, "2027-01-15", fixings=-2), "fixings must be a whole number from 0"),
        (lambda: VarianceSwap("SPX", -0.2, "2027-01-15"), "strike must not be negative, not -0.2"),
        (lambda: EuropeanOption("SPX", "put", [1.0], "2027-01-15"), "strike must be a finite number, not"),
        (lambda: Underlying(1.0, dividends=("2027-01-15", 0.5)), "dividends must be pairs of ex-date and amount"),
        (lambda: Underlying(1.0, dividends=(("2027-01-15", -0.5),)), "dividend must not be negative, not -0.5"),
        (lambda: MarketState("2026-11-20", {"SPX": 4000.0}), "underlying 'SPX' must be an Underlying, not 4000.0"),
        (lambda: Book([Spot("SPX")]), r"a book is made of Position or \(instrument, quantity\), not Spot"),
        (lambda: Underlying(np.nan), "spot must be a finite number, not nan"),
        (lambda: Underlying(1.0, -0.2), "vol must not be negative: -0.2"),
        (lambda: Underlying(1.0, forwards={"2027-01-15": 0.0}), "forward must be above 0"),
        (lambda: Underlying((1.0, 2.0)), r"spot must be a finite number, not \(1.0, 2.0\)"),
        (lambda: Underlying(1.0, dividends=(0.5,)), "dividends must be pairs of ex-date and amount"),
        (lambda: MarketState("today", {}), "at 'today' is not a date"),
        (lambda: MarketState("2026-11-20", {}, fx={"EUR": 0.0}), "fx rate of EUR must be above 0"),
    ],
)
def test_object_that_makes_no_sense_is_refused(make: Any, sentence: str) -> None:
    with pytest.raises(InputError, match=sentence):
        make()
