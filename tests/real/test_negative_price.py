"""April 2020, WTI at -36.98: differences work, percent and log refuse with one sentence that says what to use."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from compare.races import QUICK
from data import shared_data
from hedgerow.compare import compare_methods
from hedgerow.costs import HalfSpread
from hedgerow.engine import Execution, LinearMarket
from hedgerow.errors import DataError
from hedgerow.market import read_prices
from hedgerow.ratios import EWMA, OLS, Naive
from real.oracles import slope_and_error, slow_reduction

FILE = "wti_negative_price_2020q2.csv"


def plain_changes() -> pd.DataFrame:
    table = pd.read_csv(shared_data(FILE), index_col="date", parse_dates=True)
    return table[["wti_usd_bbl", "CL2"]].dropna().diff().dropna()


def test_differences_across_the_negative_price_equal_plain_computation() -> None:
    reading = read_prices([shared_data(FILE)], ["wti_usd_bbl", "CL2"])
    changes, plain = reading.history.changes(), plain_changes()
    assert reading.history.prices["wti_usd_bbl"].loc["2020-04-20"] == -36.98
    np.testing.assert_allclose(changes.values.to_numpy(), plain.to_numpy(), atol=1e-12)
    market = LinearMarket.from_changes(changes, "wti_usd_bbl", ("CL2",))
    fitted = OLS().fit(market.hedge_changes, market.exposure_changes)
    slope, error = slope_and_error(plain["wti_usd_bbl"], plain["CL2"])
    assert fitted.hedge_ratio_[0] == pytest.approx(slope, rel=1e-10)
    assert fitted.standard_error_[0] == pytest.approx(error, rel=1e-10)
    result = compare_methods(market, {"ols": OLS()}, bootstrap=QUICK)
    expected = slow_reduction(plain["wti_usd_bbl"], plain["CL2"])
    assert result.table["variance_reduction"].iloc[0] == pytest.approx(expected, abs=1e-10)


@pytest.mark.parametrize("exposure", ["wti_usd_bbl", "CL1"])
def test_hedge_traded_at_a_negative_price_still_costs_and_accounts_close(exposure: str) -> None:
    other = "CL1" if exposure == "wti_usd_bbl" else "wti_usd_bbl"
    reading = read_prices([shared_data(FILE)], [exposure, other])
    market = LinearMarket.from_changes(reading.history.changes(), exposure, (other,), quantity=1_000.0)
    methods = {"naive": Naive(), "ols": OLS(), "ewma": EWMA()}
    execution = Execution(costs=HalfSpread(50.0), rate=0.01)
    result = compare_methods(market, methods, execution=execution, bootstrap=QUICK)
    assert (result.ledger.costs["half_spread"] >= 0.0).all()
    assert result.ledger.breach() < 1e-9


@pytest.mark.parametrize("kind", ["percent", "log"])
def test_returns_refused_with_the_date_the_price_and_the_remedy(kind: str) -> None:
    history = read_prices([shared_data(FILE)], ["wti_usd_bbl", "CL2"]).history
    with pytest.raises(DataError, match=rf"{kind} changes need prices above 0 .*-36\.98 on 2020-04-20.*differences"):
        history.changes(kind)


@pytest.mark.parametrize("kind", ["percent", "log"])
def test_command_line_refuses_returns_in_one_sentence(
    kind: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from hedgerow.cli.main import main

    words = ["ratio", str(shared_data(FILE)), "--exposure", "wti_usd_bbl", "--hedge", "CL2", "--changes", kind]
    monkeypatch.setattr("sys.argv", ["hedgerow", *words])
    with pytest.raises(SystemExit) as stopped:
        main()
    printed = capsys.readouterr()
    assert stopped.value.code == 2
    assert printed.out == ""
    said = " ".join(printed.err.split())
    assert "-36.98 on 2020-04-20" in said
    assert "use differences" in said
    assert "Traceback" not in said
