"""``hedgerow vol index``: the expiries it chooses, the rates it takes, and the published VIX beside it."""

from __future__ import annotations

from pathlib import Path
from typing import Any, get_args

import pandas as pd
import pytest

from data import shared_data
from hedgerow.market.volatility import ESTIMATORS, estimator_table
from hedgerow.pricing import black_scholes
from hedgerow.study.volatility.words import EstimatorName

PAGE = Path(__file__).resolve().parents[2] / "docs" / "volatility.md"


def write_chain(folder: Path, expiries: tuple[str, ...], vol: float = 0.2) -> Path:
    rows = []
    for expiry in expiries:
        years = (pd.Timestamp(expiry) - pd.Timestamp("2024-01-02")).days / 365
        for strike in range(60, 161):
            for kind in ("call", "put"):
                price = black_scholes.price(kind, 100.0, float(strike), years, vol)
                bid = max(round(price - 0.01, 4), 0.0)
                rows.append(("2024-01-02", expiry, strike, kind, bid, round(price + 0.01, 4)))
    columns = ["date", "expiry", "strike", "kind", "bid", "ask"]
    pd.DataFrame(rows, columns=columns).to_csv(folder / "chain.csv", index=False)
    return folder / "chain.csv"


def index_of(hedgerow: Any, *words: Any) -> dict[str, Any]:
    return hedgerow("vol", "index", "chain.csv", "--at", "2024-01-02 08:30", *words, "--json").json


def test_index_of_one_volatility_is_that_volatility(hedgerow: Any, tmp_path: Path) -> None:
    write_chain(tmp_path, ("2024-01-05", "2024-01-26", "2024-02-09", "2024-03-15"))
    found = index_of(hedgerow, "--rate", 0)["index"]
    assert found["index"] == pytest.approx(20.0, abs=0.1)
    assert found["near"]["settles"] == "2024-01-26 08:30:00"
    assert found["next"]["settles"] == "2024-02-09 08:30:00"
    assert len(found["expiries_quoted"]) == 4
    assert (found["extrapolated"], found["at"]) == (False, "2024-01-02 08:30:00")
    assert found["near"]["quotes_left_out"] == sum(row["expiry"] == "2024-01-26 08:30:00" for row in found["left_out"])


def test_index_is_extrapolated_where_no_expiry_stands_within_the_horizon(hedgerow: Any, tmp_path: Path) -> None:
    write_chain(tmp_path, ("2024-01-05", "2024-02-09", "2024-03-15"))
    found = index_of(hedgerow, "--rate", 0)
    assert found["index"]["extrapolated"] is True
    assert "extrapolated" in found["warnings"][0]
    write_chain(tmp_path, ("2024-01-12", "2024-01-19"))
    assert index_of(hedgerow, "--rate", 0)["index"]["next"]["settles"].startswith("2024-01-19")


def test_named_expiries_are_used_and_unknown_ones_refused(hedgerow: Any, tmp_path: Path) -> None:
    write_chain(tmp_path, ("2024-01-26", "2024-02-09", "2024-03-15"))
    words = ("--rate", 0, "--expiries", "2024-01-26,2024-03-15")
    assert index_of(hedgerow, *words)["index"]["next"]["settles"].startswith("2024-03-15")
    start = ("vol", "index", "chain.csv", "--at", "2024-01-02", "--rate", 0)
    answer = hedgerow(*start, "--expiries", "2024-01-26,2025-01-01")
    assert "'2025-01-01', which has no quotes" in answer.err
    write_chain(tmp_path, ("2024-01-26",))
    assert "two expiries more than 7 days" in hedgerow(*start).err


@pytest.mark.parametrize("heads", ["DGS1MO,DGS3MO", "BC_1MONTH,BC_3MONTH", "1M,3M"])
def test_rates_lie_between_the_yields_of_the_last_day_before(hedgerow: Any, tmp_path: Path, heads: str) -> None:
    write_chain(tmp_path, ("2024-01-26", "2024-03-15"))
    (tmp_path / "yields.csv").write_text(f"date,{heads}\n2023-12-29,5.0,7.0\n2024-01-03,9,9\n")
    found = index_of(hedgerow, "--rate-file", "yields.csv")
    assert found["index"]["near"]["rate"] == pytest.approx(0.05)
    years = found["index"]["next"]["years"]
    assert found["index"]["next"]["rate"] == pytest.approx(0.05 + 0.02 * (years - 1 / 12) / (2 / 12))
    assert "the rates are those of 2023-12-29" in found["warnings"][0]


def test_terminal_and_report_count_what_was_left_out(hedgerow: Any, tmp_path: Path) -> None:
    write_chain(tmp_path, ("2024-01-26", "2024-02-09"))
    answer = hedgerow("vol", "index", "chain.csv", "--at", "2024-01-02", "--rate", 0, "--out", "out")
    assert "left out of the strips" in answer.out
    assert "no bid" in answer.out
    assert "Quotes left out" in (tmp_path / "out" / "report.html").read_text()
    assert set(pd.read_csv(tmp_path / "out" / "index_left_out.csv")["kind"]) == {"put", "call"}


def test_rates_that_cannot_be_found_are_refused(hedgerow: Any, tmp_path: Path) -> None:
    write_chain(tmp_path, ("2024-01-26", "2024-03-15"))
    words = ("vol", "index", "chain.csv", "--at", "2024-01-02", "--rate-file", "yields.csv")
    (tmp_path / "yields.csv").write_text("date,bills\n2023-12-29,5.0\n")
    assert "has no columns named by maturity" in hedgerow(*words).err
    (tmp_path / "yields.csv").write_text("date,1M\n2024-02-29,5.0\n")
    assert "yields.csv has no yields up to 2024-01-02" in hedgerow(*words).err


@pytest.mark.parametrize("clock", ["25:00", "noon"])
def test_time_that_is_none_is_refused(hedgerow: Any, tmp_path: Path, clock: str) -> None:
    write_chain(tmp_path, ("2024-01-26", "2024-02-09"))
    answer = hedgerow("vol", "index", "chain.csv", "--at", "2024-01-02", "--rate", 0, "--settles", clock)
    assert answer.err == f"hedgerow: --settles must be a time of day such as 08:30, not {clock!r}\n"


@pytest.mark.parametrize(("day", "own"), [("2011-01-03", 17.604), ("2011-01-05", 17.014), ("2011-01-07", 17.161)])
def test_index_of_spx_options_stands_beside_the_published_vix(hedgerow: Any, day: str, own: float) -> None:
    chain, yields = shared_data("spx_chain_2011_01.csv"), shared_data("fred_dgs_yields_daily.csv")
    found = hedgerow("vol", "index", chain, "--at", day, "--rate-file", yields, "--json").json["index"]
    assert found["index"] == pytest.approx(own, abs=5e-4)
    assert f"| {day} | {own} |" in PAGE.read_text("utf-8")


def test_names_of_a_study_are_the_estimators_of_the_library() -> None:
    assert get_args(EstimatorName) == tuple(ESTIMATORS)


def test_page_has_the_facts_of_every_estimator() -> None:
    block = PAGE.read_text("utf-8").split("<!-- estimators -->")[1].split("<!-- estimators end -->")[0]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in block.strip().splitlines()[2:]]
    facts = estimator_table()
    assert [row[0].strip("`") for row in rows] == list(facts.index)
    names = ["drift_bias", "gap_share", "jump_share", "discrete_bias"]
    for row, (_, wanted) in zip(rows, facts.iterrows(), strict=True):
        shares = [float(cell.replace("−", "-").rstrip(" %")) / 100 for cell in row[2:]]
        assert float(row[1]) == wanted["efficiency"]
        assert shares == pytest.approx(list(wanted[names]), abs=1e-12)
