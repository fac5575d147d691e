"""The market of a replay study from its files: smiles by day, dividends, costs of options."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from data import shared_data
from hedgerow.costs import HalfSpread
from hedgerow.engine import BookExecution, ReplayMarket, ReplayUnderlying, replay_book
from hedgerow.errors import DataError, HedgerowError
from hedgerow.hedgers import DeltaHedger
from hedgerow.instruments import Book, EuropeanOption
from hedgerow.market import read_prices
from hedgerow.market.surface import DeltaPillars
from hedgerow.study import HedgeOutcome, ReplayStudy, load_study, run_replay_study
from hedgerow.study.replay.market import read_dividends
from hedgerow.study.replay.words import DividendWords
from hedging_cases import POSITION, PRICES, REPLAY

STUDIES = Path(__file__).resolve().parents[2] / "examples" / "studies"
PILLARS = """date,forward,left,P25dVol,P50dVol,P75dVol
""" + "\n".join(
    f"2026-01-{day:02},{spot},{(51 - day) / 365},{30 + day},{25 + day},{23 + day}"
    for day, spot in ((5, 100), (6, 102), (7, 99), (8, 101), (9, 103), (12, 98), (13, 97), (14, 100))
)
MARKET = {"underlying": "XYZ", "spot": "spot", "volatility_in": "percent"}
SURFACE = MARKET | {
    "is_future": True,
    "surface": {"file": "pillars.csv", "forward": "forward", "years": "left"},
}
DIVIDENDS = "day,paid\n2025-06-10,0.5\n2026-01-06,0.7\n2026-01-07,0\n2026-01-09,\n2026-01-14,0.9\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, text in (("prices.csv", PRICES), ("pillars.csv", PILLARS), ("paid.csv", DIVIDENDS)):
        (tmp_path / name).write_text(text)
    return tmp_path


def run(folder: Path, **change: Any) -> HedgeOutcome:
    words = REPLAY | {"book": [{**POSITION, "strike": 90, "expiry": "2026-02-20"}], "costs": []} | change
    return run_replay_study(ReplayStudy.model_validate(words), folder)


def test_option_is_marked_at_its_own_strike_by_the_pillars_of_the_day(folder: Path) -> None:
    outcome = run(folder, market=SURFACE, costs=[{"half_spread": 1}], option_costs={"half_spread": 50})
    table = pd.read_csv(folder / "pillars.csv", parse_dates=["date"])
    pillars = DeltaPillars.from_frame(table, forward="forward", years="left")
    pillars = DeltaPillars(pillars.vols / 100.0, pillars.forward, pillars.years)
    market = ReplayMarket(
        read_prices([str(folder / "prices.csv")], ["spot"]).history,
        {"XYZ": ReplayUnderlying("spot", pillars, is_future=True)},
    )
    book = Book([(EuropeanOption("XYZ", "call", 90.0, "2026-02-20", multiplier=100), -10)])
    execution = BookExecution(lag=1, option_costs=HalfSpread(50))
    again = replay_book(book, market, hedger=DeltaHedger(), costs=HalfSpread(1), options=execution)
    np.testing.assert_allclose(outcome.result.pnl, again.pnl)
    np.testing.assert_allclose(again.marks.vols[0, :, 0], pillars.volatility(90.0).to_numpy())
    spread = outcome.figures["cost option_half_spread"]
    assert spread == pytest.approx(0.005 * outcome.figures["premium at the start"])


def test_greeks_of_the_study_are_those_that_explain(folder: Path) -> None:
    outcome = run(folder, greeks=["delta", "gamma", "theta", "vega", "vanna", "volga"])
    parts = outcome.result.attribution()["mean"]
    assert {"vanna", "volga"} <= set(parts.index)
    assert abs(parts["unexplained"]) < abs(run(folder).result.attribution()["mean"]["unexplained"])


def test_dividends_of_a_file_dated_by_the_day_before_are_paid_on_the_next(folder: Path) -> None:
    words = DividendWords(file="paid.csv", column="paid", date="day", dated="day_before")
    days = pd.DatetimeIndex(["2026-01-05", "2026-01-06", "2026-01-08", "2026-01-14"])
    found = read_dividends(words, folder, days)
    # one before the first day moves by weekdays, one over a closed day; empty, 0 and beyond the last are left out
    assert [(f"{day:%Y-%m-%d}", money) for day, money in found] == [("2025-06-11", 0.5), ("2026-01-08", 0.7)]
    dated = words.model_copy(update={"dated": "ex"})
    assert [f"{day:%m-%d}" for day, _ in read_dividends(dated, folder, days)] == ["06-10", "01-06", "01-14"]


def test_holder_of_the_hedge_receives_the_dividends_of_the_file(folder: Path) -> None:
    source = {"file": "paid.csv", "column": "paid", "date": "day"}
    market = MARKET | {"volatility": "vol", "dividend_file": source}
    outcome = run(folder, market=market, lag=0)
    held = outcome.path["holding"]
    expected = held.loc["2026-01-05"].iloc[0] * 0.7 + held.loc["2026-01-13"].iloc[0] * 0.9
    assert outcome.result.attribution()["mean"]["carry"] == pytest.approx(expected)
    known = run(folder, market=market | {"known_dividends": True}, lag=0)
    assert known.figures["premium at the start"] != outcome.figures["premium at the start"]


@pytest.mark.parametrize(
    ("market", "sentence"),
    [
        (MARKET, "either volatility or surface"),
        (SURFACE | {"volatility": 20}, "either volatility or surface"),
        (MARKET | {"volatility": "vol", "dividends": {"2026-01-06": 1}, "dividend_file": {"file": "a", "column": "b"}},
         "either dividends or dividend_file"),
    ],
)  # fmt: skip
def test_two_sources_or_none_are_refused(market: dict[str, Any], sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        ReplayStudy.model_validate(REPLAY | {"market": market})


@pytest.mark.parametrize(
    ("market", "sentence"),
    [
        (SURFACE | {"surface": {"file": "none.csv"}}, "none.csv"),
        (SURFACE | {"surface": {"file": "pillars.csv", "years": "left"}}, "future_price"),
        (MARKET | {"volatility": "vol", "dividend_file": {"file": "paid.csv", "date": "day", "column": "payd"}},
         "did you mean 'paid'"),
    ],
)  # fmt: skip
def test_files_that_do_not_serve_are_one_sentence(folder: Path, market: dict[str, Any], sentence: str) -> None:
    with pytest.raises(HedgerowError, match=sentence) as refused:
        run(folder, market=market)
    assert "\n" not in str(refused.value)


def test_programme_closes_its_options_as_its_words_say(folder: Path) -> None:
    words = {key: value for key, value in REPLAY.items() if key != "book"}
    programme = {"combination": "call", "multiplier": 100, "months": 2, "close_days_before_expiry": 40}
    outcome = run_replay_study(ReplayStudy.model_validate(words | {"programme": programme}), folder)
    settled = outcome.result.source.run(0, 1).positions["settled"].iloc[0]
    assert f"{settled:%Y-%m-%d}" == "2026-01-12"  # 40 calendar days before the third Friday of February, or the next


def test_day_without_its_smile_is_refused(folder: Path) -> None:
    (folder / "pillars.csv").write_text("\n".join(PILLARS.split("\n")[:-1]))
    with pytest.raises(DataError, match="no surface on 2026-01-14"):
        run(folder, market=SURFACE)


@pytest.mark.parametrize(
    ("name", "start", "end"),
    [("replay_spy_straddles", "2008-09-02", "2008-11-28"), ("replay_crude_puts", "2014-10-01", "2014-12-31")],
)
def test_example_runs_on_the_files_it_names(name: str, start: str, end: str, tmp_path: Path) -> None:
    study = load_study(STUDIES / f"{name}.yaml")
    assert isinstance(study, ReplayStudy)
    named = (study.market.surface, study.market.dividend_file)
    for file in {*study.data.files, *(each.file for each in named if each is not None)}:
        (tmp_path / file).symlink_to(shared_data(file))
    short = study.model_copy(update={"data": study.data.model_copy(update={"start": start, "end": end}), "lag": 0})
    outcome = run_replay_study(short, tmp_path)
    assert outcome.figures["attribution gamma"] < 0.0 < outcome.figures["attribution theta"]
    assert outcome.figures["costs"] > 0.0
    assert "Synthetic option prices" in outcome.warnings[-1]
