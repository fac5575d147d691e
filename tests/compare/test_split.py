"""The split of a race's profit adds up to the ledger under any execution, rolls and their gaps included."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from compare.races import price_history, race
from hedgerow.compare import Comparison, WalkForward
from hedgerow.costs import HalfSpread, PerContract, PerTicket
from hedgerow.engine import Execution, LinearMarket
from hedgerow.hedgers import Rounding
from hedgerow.market import History
from hedgerow.policies import EveryPeriods, ToleranceBand
from hedgerow.ratios import OLS, Fixed, Naive, RatioEstimator, RollingOLS


def rolling_market(quantity: float) -> LinearMarket:
    """Return a market whose second hedge passes into another contract every 20 days, with a gap of 5."""
    history = price_history(301, n_hedges=2)
    prices = history.prices.copy()
    months = np.arange(301) // 20
    prices["f2"] += 5.0 * months
    marks = prices.index[1:][np.diff(months) > 0]
    history = type(history)(prices).sample("1D").with_roll_dates({"f2": list(marks)})
    weekly = history.sample("W-FRI").changes()
    assert weekly.crossed_rolls == len(marks)
    sizes = np.array([10.0, 25.0])
    return LinearMarket.from_changes(weekly, "spot", ("f1", "f2"), quantity=quantity, contract_sizes=sizes)


EXECUTIONS = {
    "plain": Execution(),
    "costs": Execution(costs=HalfSpread((2.0, 4.0)) + PerContract(1.0) + PerTicket(3.0)),
    "whole": Execution(rounding=Rounding.NEAREST, costs=HalfSpread(2.0)),
    "lag": Execution(lag=2, costs=HalfSpread(2.0), rate=0.05),
    "everything": Execution(ToleranceBand(0.05), HalfSpread(2.0) + PerTicket(1.0), Rounding.UP, 1, -0.01),
    "rare": Execution(EveryPeriods(4), HalfSpread(2.0), Rounding.DOWN, 1, 0.02),
}


def assert_split_adds_up(result: Comparison) -> pd.DataFrame:
    totals = {}
    for number, name in enumerate(result.methods):
        split = result.split(name)
        assert split.adds_up(result.ledger.gross_notional)
        lag = result.ledger.lag
        wealth = result.ledger.wealth[number, -1] - result.ledger.wealth[number, lag]
        first_trade = result.ledger.total_costs[number, lag]
        assert split.totals["total"] == pytest.approx(wealth - first_trade, abs=1e-9 * result.ledger.gross_notional)
        assert split.totals["cost"] == pytest.approx(-result.ledger.total_costs[number].sum(), abs=1e-6)
        assert split.totals["financing"] == pytest.approx(result.ledger.financing[number, lag + 1 :].sum(), abs=1e-6)
        totals[name] = split.totals
    return pd.DataFrame(totals)


@pytest.mark.parametrize("quantity", [5_000.0, -750.0])
@pytest.mark.parametrize("name", EXECUTIONS)
def test_split_adds_up_to_the_ledger(name: str, quantity: float) -> None:
    methods: dict[str, RatioEstimator] = {"ols": OLS(), "rolling": RollingOLS(10), "fixed": Fixed([0.6, 0.3])}
    split = {"walk_forward": WalkForward(train=0.4)}
    result = race(rolling_market(quantity), methods, execution=EXECUTIONS[name], **split)
    totals = assert_split_adds_up(result)
    rounds = name in ("whole", "everything", "rare")
    assert (totals.loc["rounding"].abs() > 1e-6).any() == rounds
    gaps = result.market.roll_gaps[result.first_row :]
    assert np.abs(gaps[:, 1]).max() > 4.0
    fixed = result.split("fixed").totals
    assert fixed["roll"] == pytest.approx(quantity * (gaps @ [0.6, 0.3]).sum(), rel=1e-9)


@pytest.mark.parametrize("every", ["1D", "W-FRI"])
def test_split_of_a_perfect_hedge_that_rolls_shows_the_gap_alone(every: str) -> None:
    prices = price_history(301).prices[["spot"]]
    months = np.arange(301) // 20
    history = History(prices.assign(future=prices["spot"] + 5.0 * months))
    marks = list(prices.index[1:][np.diff(months) > 0])
    changes = history.with_roll_dates({"future": marks}).sample(every).changes()
    market = LinearMarket.from_changes(changes, "spot", ("future",), quantity=100.0)
    if every != "1D":
        jumps = market.roll_gaps[np.abs(market.roll_gaps) > 1e-9]
        np.testing.assert_allclose(jumps, 5.0)
        assert len(jumps) == len(marks)
    result = race(market, {"naive": Naive()})
    totals = assert_split_adds_up(result)["naive"]
    gaps = 0.0 if market.roll_gaps is None else market.roll_gaps[result.first_row :].sum()
    assert totals["roll"] == pytest.approx(100.0 * gaps, abs=1e-6)
    # the quoted series rose by the gaps more than the spot, which the basis part shows and the roll part gives back
    assert totals["basis"] == pytest.approx(-totals["roll"], abs=1e-6)
    assert totals["total"] == pytest.approx(0.0, abs=1e-6)
