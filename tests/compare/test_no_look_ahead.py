"""Nothing decided may depend on what came later: planted baits are all found, and our own parts are all clean.

Sampling by period and horizons above one row count back from the last row, so for them the grid itself moves with the
end of the data; what is held to the law is everything decided on a given grid. Hygiene looks at all rows by design.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest

from compare.races import all_methods, fitted_methods, market_of, price_history, race
from hedgerow.compare import Comparison, CrisisRefit, WalkForward, check_look_ahead, decisions_of
from hedgerow.costs import HalfSpread, PerContract, PerTicket
from hedgerow.effectiveness import rolling_variance_reduction
from hedgerow.engine import Execution
from hedgerow.hedgers import Rounding
from hedgerow.market import History
from hedgerow.policies import EveryPeriods, ToleranceBand
from hedgerow.ratios import EWMA, OLS, ErrorCorrection, ExpandingOLS, RatioEstimator, RollingOLS
from hedgerow.ratios.refits import RefitPath

ROWS, FIRST = 260, 120
TABLE = price_history(ROWS).prices


def ratio_of(table: pd.DataFrame) -> pd.Series:
    """Return a clean rolling ratio, the raw material of the baits."""
    changes = table.diff()
    return changes["spot"].rolling(60).cov(changes["f1"]) / changes["f1"].rolling(60).var()


def with_gaps(table: pd.DataFrame) -> pd.DataFrame:
    holes = np.arange(len(table)) % 3 != 0
    return table.assign(f1=table["f1"].where(holes))


def next_row(table: pd.DataFrame) -> pd.Series:
    return ratio_of(table) * np.sign(table["spot"].diff().shift(-1)).fillna(1.0)


def centred(table: pd.DataFrame) -> pd.Series:
    changes = table.diff()
    rolled = changes.rolling(21, center=True)
    return rolled["spot"].cov(changes["f1"]) / rolled["f1"].var()


def full_sample_score(table: pd.DataFrame) -> pd.Series:
    ratio = ratio_of(table)
    return (ratio - ratio.mean()) / ratio.std()


def full_sample_garch(table: pd.DataFrame) -> pd.Series:
    """Return variances under GARCH(1,1) parameters chosen by the likelihood of all rows."""
    changes = table["spot"].diff().dropna().to_numpy()
    grid = [(reaction, decay) for reaction in (0.02, 0.05, 0.1, 0.2) for decay in (0.6, 0.7, 0.78)]
    paths = [_garch_variances(changes, *pair) for pair in grid]
    losses = [float(np.sum(np.log(path[:-1]) + changes**2 / path[:-1])) for path in paths]
    return pd.Series(paths[int(np.argmin(losses))], table.index)


def _garch_variances(changes: Any, reaction: float, decay: float) -> Any:
    path = np.full(len(changes) + 1, changes.var())
    for row, change in enumerate(changes):
        path[row + 1] = path[0] * (1.0 - reaction - decay) + reaction * change**2 + decay * path[row]
    return path


def filled_backwards(table: pd.DataFrame) -> pd.Series:
    return ratio_of(with_gaps(table).bfill())


def labelled_early(table: pd.DataFrame) -> pd.Series:
    weekly = table["f1"].resample("W-FRI", label="left", closed="right").last()
    return weekly.reindex(table.index, method="ffill")


def revised_later(table: pd.DataFrame) -> pd.Series:
    return ratio_of(table[["spot"]].assign(f1=table["revised"]))


def before_publication(table: pd.DataFrame) -> pd.Series:
    return table["settled"].ffill() / table["spot"]


REVISED = TABLE.assign(
    first_print=TABLE["f1"], revised=TABLE["f1"] + np.random.default_rng(1).normal(scale=0.5, size=ROWS)
)
SETTLED = TABLE.assign(settled=TABLE["f1"])
ON_THE_NEXT_ROW = {"settled": SETTLED.index + pd.Timedelta(days=1)}


def as_first_printed(date: pd.Timestamp) -> pd.DataFrame:
    """Return what was known on the date: its own figure was not revised yet."""
    known = REVISED.loc[:date].copy()
    known.iloc[-1, known.columns.get_loc("revised")] = known["first_print"].iloc[-1]
    return known


Rule = Callable[[pd.DataFrame], Any]
BAITS: dict[str, tuple[Rule, pd.DataFrame, Any]] = {
    "next row's change": (next_row, TABLE, None),
    "centred rolling": (centred, TABLE, None),
    "full-sample score": (full_sample_score, TABLE, None),
    "full-sample GARCH fit": (full_sample_garch, TABLE, None),
    "filled backwards": (filled_backwards, TABLE, None),
    "period labelled early": (labelled_early, TABLE, None),
    "prices revised later": (revised_later, REVISED, as_first_printed),
    "settlement before publication": (before_publication, SETTLED, ON_THE_NEXT_ROW),
}


@pytest.mark.parametrize("name", BAITS)
def test_bait_planted_is_found(name: str) -> None:
    rule, table, known = BAITS[name]
    result = check_look_ahead(rule, table, known=known)
    assert result.label == "looks ahead"
    assert (result.findings["date"] <= result.findings["cut"]).all()
    assert (result.findings["was"] != result.findings["became"]).all()


def test_bait_of_an_estimator_that_fits_everything_is_found() -> None:
    class Peeking(OLS):
        def refit(self, X: Any, y: Any, rows: Any, *args: Any, **options: Any) -> Any:
            return RefitPath(np.full(np.shape(X), OLS().fit(X, y).hedge_ratio_), len(rows))

    assert check_look_ahead(lambda table: held(table, {"peeking": Peeking()}), TABLE, cuts=3).label == "looks ahead"
    assert check_look_ahead(decisions_of(Peeking(), "spot", ["f1"], first=60), TABLE, cuts=3).label == "looks ahead"


def split_by_date() -> WalkForward:
    return WalkForward(train=str(TABLE.index[100].date()))


def raced(table: pd.DataFrame, methods: dict[str, RatioEstimator], **options: Any) -> Comparison:
    return race(
        market_of(History(table), quantity=5_000.0, size=10.0), methods, walk_forward=split_by_date(), **options
    )


def with_still_row(table: pd.DataFrame) -> pd.DataFrame:
    return pd.concat([table, table.iloc[[-1]].set_axis(table.index[[-1]] + pd.Timedelta(days=1))])


def held(table: pd.DataFrame, methods: dict[str, RatioEstimator], **options: Any) -> pd.DataFrame:
    """Return what is held after each close; a still row is added so that the last close is decided too."""
    ledger = raced(with_still_row(table), methods, **options).ledger
    columns = np.moveaxis(ledger.holdings[:, :-1], 0, 1).reshape(len(ledger.terms.times) - 1, -1)
    return pd.DataFrame(columns, ledger.terms.times[:-1])


def decided(method: RatioEstimator, split: WalkForward | None = None) -> Rule:
    return decisions_of(method, "spot", ["f1"], first=61, walk_forward=split)


def trailing_score(table: pd.DataFrame) -> pd.Series:
    ratio = ratio_of(table)
    return (ratio - ratio.rolling(60, min_periods=5).mean()) / ratio.rolling(60, min_periods=5).std()


def effectiveness_so_far(table: pd.DataFrame) -> pd.DataFrame:
    race_so_far = raced(with_still_row(table), {"ols": OLS()}, execution=Execution(costs=HalfSpread(5.0)))
    return rolling_variance_reduction(race_so_far.unhedged, race_so_far.hedged, 30).iloc[:-1]


PAID = HalfSpread(3.0) + PerContract(1.5) + PerTicket(2.0)
QUICK_METHODS: dict[str, RatioEstimator] = {"ols": OLS(), "rolling": RollingOLS(60), "ewma": EWMA()}
EXECUTIONS = {
    "every row": Execution(),
    "every fifth row": Execution(EveryPeriods(5)),
    "tolerance band": Execution(ToleranceBand(0.02)),
    "costs": Execution(costs=PAID),
    "whole contracts": Execution(rounding=Rounding.NEAREST, costs=PAID),
    "lag one": Execution(lag=1, costs=PAID),
    "lag two, band, rate": Execution(ToleranceBand(0.02), PAID, Rounding.DOWN, 2, 0.03),
}
CLEAN: dict[str, tuple[Rule, pd.DataFrame, Any]] = {
    **{name: (decided(method), TABLE, None) for name, method in all_methods().items()},
    **{
        name: (lambda table, execution=execution: held(table, QUICK_METHODS, execution=execution), TABLE, None)
        for name, execution in EXECUTIONS.items()
    },
    "trailing score": (trailing_score, TABLE, None),
    "filled forwards": (lambda table: ratio_of(with_gaps(table).ffill()), TABLE, None),
    "first prints": (
        lambda table: ratio_of(table[["spot"]].assign(f1=table["first_print"])),
        REVISED,
        as_first_printed,
    ),
    "settlement once published": (lambda table: table["settled"].shift(1), SETTLED, ON_THE_NEXT_ROW),
}


@pytest.mark.parametrize("name", CLEAN)
def test_clean_rule_is_not_flagged(name: str) -> None:
    rule, table, known = CLEAN[name]
    cut_off = check_look_ahead(rule, table, known=known, methods=["truncate"], cuts=12 if name in EXECUTIONS else 50)
    poisoned = check_look_ahead(rule, table, known=known, methods=["poison"], cuts=8, seed=1)
    for result in (cut_off, poisoned):
        assert result.label == "clean", result.verdict
        assert len(result.findings) == 0
    assert cut_off.coverage.loc["cut off", "refused"] <= 1


def test_clean_rolling_effectiveness_is_not_flagged() -> None:
    assert check_look_ahead(effectiveness_so_far, TABLE, cuts=12).label == "clean"


REFITTED_RARELY = WalkForward(refit=120, between="update")
IN_A_CRISIS = WalkForward(refit=70, between="update", crisis=CrisisRefit(35, 1.4, 10, 60))


@pytest.mark.parametrize("name", fitted_methods())
def test_method_that_filters_between_refits_is_not_flagged(name: str) -> None:
    rule = decided(fitted_methods()[name], REFITTED_RARELY)
    cut_off = check_look_ahead(rule, TABLE, methods=["truncate"])
    poisoned = check_look_ahead(rule, TABLE, methods=["poison"], cuts=3)
    assert (cut_off.label, poisoned.label) == ("clean", "clean"), cut_off.verdict + poisoned.verdict
    assert cut_off.coverage.loc["cut off"].tolist() == [50, 0]
    assert not cut_off.unverified


def test_method_refitted_more_often_in_a_crisis_is_not_flagged() -> None:
    assert check_look_ahead(decided(fitted_methods()["leaning"], IN_A_CRISIS), TABLE, cuts=20).label == "clean"


@pytest.mark.compiled
def test_there_are_twenty_clean_rules_and_eight_baits() -> None:
    assert len(CLEAN) >= 20
    assert len(BAITS) == 8


LEDGER_FIELDS = ("holdings", "trades", "gains", "financing", "cash_flows", "cash", "wealth", "total_costs")


@pytest.mark.parametrize("future", ["cut off", "poisoned"])
def test_ledger_of_all_methods_same_bits_before_fifty_random_cuts(future: str) -> None:
    slow = ("theil_sen", "minimum_lpm", "minimum_value_at_risk")
    methods = {name: method for name, method in all_methods().items() if name not in slow}
    execution = Execution(costs=PAID, rounding=Rounding.NEAREST, lag=1, rate=0.02)
    whole = raced(TABLE, methods, execution=execution)
    for cut in np.random.default_rng(0).choice(np.arange(FIRST, ROWS - 1), size=50, replace=False):
        table = TABLE.iloc[: cut + 1] if future == "cut off" else TABLE.copy()
        if future == "poisoned":
            table.iloc[cut + 1 :] = 1e9 * np.random.default_rng(cut).uniform(1, 2, size=table.iloc[cut + 1 :].shape)
        other = raced(table, methods, execution=execution)
        rows = int(whole.ledger.terms.times.searchsorted(TABLE.index[cut])) + 1
        for field in LEDGER_FIELDS:
            before, after = getattr(whole.ledger, field)[:, : rows - 1], getattr(other.ledger, field)[:, : rows - 1]
            np.testing.assert_array_equal(before, after, err_msg=f"{field}, cut at row {cut}")


@pytest.mark.parametrize("horizon", [1, 5])
@pytest.mark.parametrize("lag", [0, 1, 2])
def test_training_rows_never_reach_into_the_horizon_of_a_judged_row(horizon: int, lag: int) -> None:
    seen: list[tuple[int, float]] = []

    class Spy(ErrorCorrection):
        def _ratios_at(self, X: Any, y: Any, rows: Any, progress: Any) -> Any:
            seen.extend((int(row), float(X[row - 1, 0])) for row in rows)
            return ExpandingOLS()._ratios_at(X, y, rows, progress)

    market = market_of(price_history(600), horizon=horizon)
    result = race(market, {"spy": Spy()}, execution=Execution(lag=lag))
    starts, ends = market.times[:-1], market.times[1:]
    last_trained = dict(seen)
    for judged in range(result.first_row, market.n_steps):
        row = judged - lag
        assert last_trained[row] == market.hedge_changes[row - 1, 0]
        assert (ends[:row] <= starts[row]).all()
        assert (ends[:row] <= starts[judged]).all()
        held_ratio = result.held_ratios[0, judged - result.first_row]
        np.testing.assert_array_equal(held_ratio, result.refit_paths["spy"][row])
