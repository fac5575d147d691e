"""One call: policies of one's own, seeds, single paths, errors of the figures, and sentences for bad input."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import pytest

from engine_cases import BOOKS, PAYING, PLAIN, POLICY_CASES, START, after, both_forms, run
from hedgerow._types import FloatArray
from hedgerow.costs import HalfSpread, PerContract, PerTicket
from hedgerow.engine import RollingBook, SimulateOptions, simulate
from hedgerow.errors import InputError
from hedgerow.hedgers import BookHedger, BookTarget, DeltaHedger, LelandHedger
from hedgerow.instruments import Book, EuropeanOption, MarketState, Spot, Underlying
from hedgerow.market.time_grid import TimeGrid
from hedgerow.policies import Band, EveryPeriods, GammaScaledBand, Moment, Policy
from hedgerow.scenarios import GBM, Heston, MeanRevertingVolatility, RegimeSwitching, StressPath

CALL = BOOKS["one call"]


@dataclass(frozen=True)
class OwnBand(Policy):
    """A band in plain NumPy, about the target of a straddle on 100 units."""

    width: float
    by_gamma: bool = False

    def holding(self, now: Moment) -> FloatArray:
        width = self.width * (np.abs(now.gamma) * now.spot if self.by_gamma else 200.0)
        inside = np.abs(now.target - now.held) <= width
        edge = np.clip(now.held, now.target - width, now.target + width)
        return np.where(inside, now.held, edge)


class Own(Policy):
    """A policy that answers with what a function makes of the moment."""

    def __init__(self, answer: Any) -> None:
        self.answer = answer

    def __repr__(self) -> str:
        return "Own()"

    def holding(self, now: Moment) -> FloatArray:
        return self.answer(now)


# Policies of one's own


@pytest.mark.parametrize("lag", [0, 1])
@pytest.mark.parametrize("vol", [None, 0.3])
@pytest.mark.parametrize("by_gamma", [False, True])
def test_policy_in_numpy_gives_the_pnl_of_the_built_in_that_it_imitates(
    lag: int, vol: float | None, by_gamma: bool
) -> None:
    built_in, own = (GammaScaledBand(0.02), OwnBand(0.02, True)) if by_gamma else (Band(0.05), OwnBand(0.05))
    scenario = GBM(PAYING, implied=MeanRevertingVolatility(0.22, 4.0, 0.8))
    parts = {"costs": HalfSpread(2.0), "hedger": DeltaHedger(volatility=vol), "lag": lag}
    ours, theirs = (run(BOOKS["straddle"], scenario, policy=each, **parts) for each in (own, built_in))
    assert ours.how in ("split", "arrays")
    np.testing.assert_allclose(ours.pnl, theirs.pnl, atol=1e-9 * ours.facts.gross_notional)
    np.testing.assert_allclose(both_forms(ours)[1].pnl, ours.pnl, atol=1e-10 * ours.facts.gross_notional)


@pytest.mark.compiled
def test_policy_in_numpy_runs_between_compiled_stages() -> None:
    assert run(CALL, GBM(PLAIN), policy=OwnBand(0.05)).how == "split"


def test_policy_of_ones_own_with_more_paths_than_a_chunk_equals_the_built_in() -> None:
    ours, theirs = (
        run(BOOKS["straddle"], GBM(PLAIN), policy=each, n_paths=9000, n_steps=3) for each in (OwnBand(0.05), Band(0.05))
    )
    np.testing.assert_allclose(ours.pnl, theirs.pnl, atol=1e-8)


@pytest.mark.parametrize("scenario", [GBM(PLAIN), StressPath(PLAIN, (0.01,) * 12)], ids=["random", "prescribed"])
@pytest.mark.parametrize("row", ["waited", "last_spot", "last_implied", "spot", "implied", "gamma", "log_gamma"])
def test_policy_of_ones_own_sees_in_both_forms_what_stands_now(row: str, scenario: Any) -> None:
    """A trade whose size is made of a row shows the row."""
    policy = Own(lambda now: now.target + np.tanh(getattr(now, row)))
    result = run(BOOKS["straddle"], scenario, policy=policy, n_paths=30)
    np.testing.assert_allclose(both_forms(result)[1].pnl, result.pnl, atol=1e-10 * result.facts.gross_notional)


@pytest.mark.parametrize("book", ["one call", "six options"])
@pytest.mark.parametrize("asked", ["spot_before", "spot_after", "next_spot", "pnl"])
def test_policy_that_asks_for_the_future_is_told_that_there_is_none(book: str, asked: str) -> None:
    for lag in (0, 2):  # between compiled stages, and as arrays
        with pytest.raises(InputError, match=f"'{asked}' is not known at the moment of decision"):
            run(BOOKS[book], GBM(PLAIN), policy=Own(lambda now: getattr(now, asked)), lag=lag, n_paths=5)


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        (lambda now: now.target * np.nan, "finite"),
        (lambda now: now.target / 0.0, "finite"),
        (lambda now: now.target[:, 0], "shape"),
        (lambda now: now.target[:-1], "shape"),
        (lambda now: 1.0, "shape"),
        (lambda now: "everything", "array|holding"),
        (lambda now: None, "finite|array|shape"),
    ],
    ids=["nan", "infinite", "flat", "short", "number", "word", "nothing"],
)
@pytest.mark.parametrize("lag", [0, 2])
def test_policy_that_answers_with_no_holding_is_refused_in_a_sentence(answer: Any, sentence: str, lag: int) -> None:
    with np.errstate(all="ignore"), pytest.raises(InputError, match=sentence):
        run(CALL, GBM(PLAIN), policy=Own(answer), lag=lag, n_paths=5)


def test_policy_cannot_reach_the_account_through_what_it_sees() -> None:
    def meddling(now: Moment) -> FloatArray:
        target = np.array(now.target)
        for name in ("held", "target", "spot"):
            with contextlib.suppress(ValueError):
                getattr(now, name)[:] = 7.0
        return target

    for lag in (0, 2):
        ours, plain = (
            run(CALL, GBM(PLAIN), policy=each, lag=lag, n_paths=20) for each in (Own(meddling), EveryPeriods(1))
        )
        np.testing.assert_allclose(ours.pnl, plain.pnl, atol=1e-8)


# Paths, seeds, what is kept


def test_single_path_has_a_pnl_and_says_that_errors_are_unknown() -> None:
    result = run(CALL, GBM(PLAIN), n_paths=1)
    table = result.summary()
    assert result.pnl.shape == (1,)
    assert np.isfinite(table.loc["mean", "value"])
    assert np.isnan(table.loc["mean", "standard_error"])
    assert result.to_dict()["summary"]["mean"]["standard_error"] is None


def test_same_seed_gives_the_same_paths_and_another_seed_others() -> None:
    ours, same, other = (run(CALL, GBM(PLAIN), seed=seed).pnl for seed in (5, 5, 6))
    np.testing.assert_array_equal(ours, same)
    assert not np.isclose(ours, other).any()


@pytest.mark.parametrize("antithetic", [False, True])
def test_more_paths_begin_with_the_same_ones(antithetic: bool) -> None:
    few, many = (run(CALL, GBM(PLAIN, antithetic=antithetic), n_paths=n).pnl for n in (130, 1000))
    np.testing.assert_array_equal(few, many[:130])


@pytest.mark.parametrize("policy", ["every_periods", "band", "price_move"])
@pytest.mark.parametrize("lag", [0, 1])
def test_any_path_can_be_shown_alone(policy: str, lag: int) -> None:
    result = run(BOOKS["three expiries"], GBM(PAYING), policy=POLICY_CASES[policy], costs=HalfSpread(3.0), lag=lag)
    for number in (0, 77, 199):
        frame = result.paths(number)
        assert frame["pnl"].iloc[-1] == pytest.approx(result.pnl[number], abs=1e-9 * result.facts.gross_notional)
        assert len(frame) == result.grid.n_steps + 1
    ledger = result.ledger(3, first=50)
    np.testing.assert_allclose(ledger.wealth_changes.sum(axis=1), result.pnl[50:53], atol=1e-7)


def test_path_shown_alone_holds_what_was_decided_and_pays_what_it_cost() -> None:
    frame = run(CALL, GBM(PLAIN), policy=EveryPeriods(1), costs=HalfSpread(10.0)).paths(3)
    np.testing.assert_allclose(frame["holding"][:-1], frame["target"][:-1], atol=1e-12)
    np.testing.assert_allclose(frame["cost"], 1e-3 * frame["trade"].abs() * frame["spot"], atol=1e-9)
    np.testing.assert_allclose(frame["trade"].cumsum(), frame["holding"], atol=1e-9)


@pytest.mark.parametrize("lag", [1, 2, 4])
def test_lag_holds_what_was_decided_so_many_steps_before(lag: int) -> None:
    frame = run(CALL, GBM(PLAIN), policy=EveryPeriods(1), lag=lag).paths(0)
    np.testing.assert_allclose(frame["holding"].to_numpy()[lag:-1], frame["target"].to_numpy()[: -1 - lag], atol=1e-12)
    assert (frame["holding"].to_numpy()[:lag] == 0.0).all()


def test_closing_the_hedge_costs_what_it_trades() -> None:
    stands, closed = (run(CALL, GBM(PLAIN), costs=HalfSpread(10.0), unwind=each) for each in (False, True))
    spots = GBM(PLAIN).draw(stands.grid, 200, 4).spots[:, -1, 0]
    sold = np.array([closed.paths(path)["trade"].iloc[-1] for path in range(4)])
    np.testing.assert_allclose((stands.pnl - closed.pnl)[:4], 1e-3 * np.abs(sold) * spots[:4], atol=1e-8)
    assert np.abs(sold).max() > 1.0


def test_target_of_a_path_is_what_the_hedger_wanted_not_minus_delta() -> None:
    frame = run(CALL, GBM(PLAIN), hedger=DeltaHedger(volatility=0.4), policy=EveryPeriods(3)).paths(2)
    assert np.abs(frame["target"] + frame["delta"])[:-1].max() > 0.5
    np.testing.assert_allclose(frame["holding"].to_numpy()[:-1:3], frame["target"].to_numpy()[:-1:3], atol=1e-12)
    assert frame["target"].iloc[-1] == frame["target"].iloc[-2]


def test_statistics_alone_equal_those_of_kept_paths() -> None:
    parts = {"costs": HalfSpread(3.0), "n_paths": 3000}
    kept, gone = (run(CALL, GBM(PLAIN), keep=each, **parts) for each in ("pnl", "statistics"))
    assert gone.pnl is None
    ours, theirs = gone.summary(), kept.summary()
    for name in ours.index:
        tolerance = 3e-3 if name in ("value at risk", "cvar") else 1e-12
        assert ours.loc[name, "value"] == pytest.approx(theirs.loc[name, "value"], rel=tolerance), name
        error = theirs.loc[name, "standard_error"]
        assert ours.loc[name, "standard_error"] == pytest.approx(error, rel=0.1, nan_ok=True), name
    pd.testing.assert_frame_equal(gone.attribution(), kept.attribution())


@pytest.mark.compiled
def test_antithetic_paths_reduce_the_error_of_what_moves_with_the_spot_and_agree() -> None:
    def means(antithetic: bool) -> FloatArray:
        return np.array(
            [
                run(
                    CALL, GBM(PLAIN, antithetic=antithetic), policy=Band(1e9), n_paths=100, n_steps=2, seed=seed
                ).pnl.mean()
                for seed in range(60)
            ]
        )

    plain, paired = means(False), means(True)
    assert paired.std() < 0.85 * plain.std()
    assert abs(plain.mean() - paired.mean()) < 4.0 * np.hypot(plain.std(), paired.std()) / np.sqrt(60.0)


def test_control_variate_reduces_the_error_of_the_mean_and_agrees() -> None:
    result = run(CALL, GBM(PAYING, drift=0.2), policy=Band(1e9), n_paths=4000, n_steps=4, control_variate=True)
    table = result.summary()
    plain, sharp = table.loc["mean"], table.loc["mean with control variate"]
    assert sharp["standard_error"] < 0.8 * plain["standard_error"]
    assert abs(sharp["value"] - plain["value"]) < 4.0 * plain["standard_error"]


@pytest.mark.parametrize(
    "scenario",
    [
        RegimeSwitching(PLAIN, (0.1, 0.3), ((0.9, 0.1), (0.1, 0.9)), drifts=(0.4, 0.1)),
        StressPath.named(PLAIN, "gap"),
        Heston(PLAIN, kappa=2.0, theta=0.04, xi=0.5, rho=-0.7, martingale_correction=False),
        GBM(PLAIN, antithetic=True),
        GBM(PLAIN, quasi=True),
    ],
    ids=["drifts by state", "prescribed", "uncorrected", "mirrored", "arrays"],
)
def test_control_variate_of_unknown_mean_or_that_nothing_follows_is_refused(scenario: Any) -> None:
    with pytest.raises(InputError, match="control_variate"):
        run(CALL, scenario, n_paths=4, n_steps=2, control_variate=True)


@pytest.mark.compiled
def test_control_variate_error_is_that_of_many_runs() -> None:
    names = ("mean", "mean with control variate")
    tables = [
        run(CALL, GBM(PLAIN), policy=Band(1e9), n_paths=200, n_steps=2, seed=seed, control_variate=True).summary()
        for seed in range(150)
    ]
    for name in names:
        values = np.array([table.loc[name, "value"] for table in tables])
        stated = np.mean([table.loc[name, "standard_error"] for table in tables])
        assert stated == pytest.approx(values.std(), rel=0.2)


@pytest.mark.compiled
@pytest.mark.parametrize("antithetic", [False, True])
def test_stated_errors_are_those_of_many_runs(antithetic: bool) -> None:
    drawn = GBM(PLAIN, antithetic=antithetic)
    tables = [run(CALL, drawn, n_paths=150, n_steps=4, seed=seed).summary() for seed in range(200)]
    for name in ("mean", "standard deviation", "turnover", "realised volatility", "share of losses"):
        values = np.array([table.loc[name, "value"] for table in tables])
        stated = np.mean([table.loc[name, "standard_error"] for table in tables])
        assert stated == pytest.approx(values.std(ddof=1), rel=0.25), name


def test_progress_is_told_up_to_the_end() -> None:
    told: list[float] = []
    run(CALL, GBM(PLAIN), progress=told.append)
    assert told[-1] == 1.0
    assert told == sorted(told)


def test_times_of_ones_own_are_the_moments_of_decision() -> None:
    times = TimeGrid(pd.DatetimeIndex([START, after(1), after(5), after(36)]))
    result = run(CALL, GBM(PLAIN), times=times)
    assert result.grid is times
    assert result.paths(0).index.tolist() == times.times.tolist()


# Bad input


class Silent(BookHedger):
    """Answers with nothing that could be held."""

    def target(self, view: Any) -> BookTarget:
        return BookTarget(np.full((len(view.spots), 1), np.nan))


EXPIRED = Book([(EuropeanOption("XYZ", "call", 100.0, "2026-11-01"), -1)])
OTHER = Book([(EuropeanOption("ABC", "call", 100.0, after(36)), -1)])
BETWEEN = Book(
    [(EuropeanOption("XYZ", "call", 100.0, after(10)), -1), (EuropeanOption("XYZ", "put", 90.0, after(36)), 1)]
)

BAD: dict[str, tuple[dict[str, Any], str]] = {
    "no paths": ({"n_paths": 0}, "n_paths must be a whole number, 1 or more, not 0"),
    "minus paths": ({"n_paths": -3}, "n_paths must be a whole number"),
    "part of a path": ({"n_paths": 10.5}, "n_paths must be a whole number"),
    "no steps": ({"n_steps": 0}, "n_steps must be a whole number, 1 or more, not 0"),
    "true steps": ({"n_steps": True}, "n_steps must be a whole number"),
    "expired": ({"book": EXPIRED}, "2026-11-01.*after its start"),
    "other underlying": ({"book": OTHER}, "ABC"),
    "between steps": ({"book": BETWEEN, "n_steps": 3}, "expires between two steps"),
    "nothing expires": ({"book": Book([(Spot("XYZ"), 1.0)])}, "horizon"),
    "no seed": ({"seed": -1}, "seed"),
    "hedger": ({"hedger": Silent()}, "finite numbers"),
    "market for scenario": ({"scenario": PLAIN}, "one moment; write GBM"),
    "word for policy": ({"policy": "band"}, "policy must be a Policy, not 'band'; write policy=Band"),
    "class for policy": ({"policy": Band}, "not the class Band; call it: Band"),
    "class for hedger": ({"hedger": DeltaHedger}, "not the class DeltaHedger; call it"),
    "number for costs": ({"costs": 5}, "costs must be a CostModel, not 5; write costs=HalfSpread"),
    "contracts of shares": ({"costs": HalfSpread(1.0) + PerContract(0.65)}, r"single units.*take PerShare\(0.65\)"),
    "instrument for book": ({"book": Spot("XYZ")}, "how many contracts"),
    "programme for book": ({"book": RollingBook.straddle("XYZ", -1.0)}, "replay it"),
    "dict for options": ({"options": {"lag": 1}}, "options must be a SimulateOptions"),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_input_is_refused_in_a_sentence(case: str) -> None:
    changed, sentence = BAD[case]
    given: dict[str, Any] = {"book": CALL, "scenario": GBM(PLAIN), "n_paths": 10, "n_steps": 12} | changed
    with pytest.raises(InputError, match=sentence):
        simulate(given.pop("book"), **given)


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"lag": -1}, "lag must be a whole number of steps, 0 or more, not -1"),
        ({"lag": 1.5}, "lag"),
        ({"lag": True}, "lag"),
        ({"keep": "everything"}, "keep must be 'pnl' or 'statistics', not 'everything'"),
        ({"horizon": "2026-11-01"}, "not after its start"),
        ({"horizon": "soon"}, "horizon"),
    ],
)
def test_bad_options_are_refused_in_a_sentence(options: dict[str, Any], sentence: str) -> None:
    with pytest.raises(InputError, match=sentence):
        simulate(CALL, scenario=GBM(PLAIN), n_paths=5, options=SimulateOptions(**options))


def test_costs_below_nothing_are_refused() -> None:
    for made in (lambda: HalfSpread(-1.0), lambda: PerTicket(-0.1)):
        with pytest.raises(InputError, match="must be 0 or more"):
            made()


def test_market_without_a_volatility_is_refused_where_the_scenario_has_none_either() -> None:
    with pytest.raises(InputError, match="vol"):
        GBM(MarketState(START, {"XYZ": Underlying(100.0)}))


def test_times_that_miss_an_expiry_are_refused_before_anything_runs() -> None:
    times = TimeGrid(pd.DatetimeIndex([START, after(20), after(40)]))
    for hedger in (DeltaHedger(), LelandHedger(0.001)):
        with pytest.raises(InputError, match="expires between two steps"):
            run(CALL, GBM(PLAIN), times=times, hedger=hedger)


@pytest.mark.parametrize("number", [-1, 200, 10_000])
def test_path_that_was_not_run_is_refused(number: int) -> None:
    result = run(CALL, GBM(PLAIN))
    for ask in (result.paths, lambda n: result.ledger(1, first=n), lambda n: result.explained(1, first=n)):
        with pytest.raises(InputError, match=f"there is no path {number}: paths are numbered from 0 to 199"):
            ask(number)


def test_picture_of_an_unknown_name_is_refused_with_the_nearest() -> None:
    result = run(CALL, GBM(PLAIN))
    with pytest.raises(InputError, match="pnl_distribution"):
        result.figure("pnl_distributoin")
    assert "attribution_waterfall" in result.figures


def test_result_as_a_dictionary_is_plain_and_finite() -> None:
    import json

    said = json.loads(json.dumps(run(CALL, Heston(PLAIN, 2.0, 0.04, 0.4, -0.6)).to_dict(), allow_nan=False))
    assert said["n_paths"] == 200
    assert said["attribution"]["total"]["mean"] == pytest.approx(said["summary"]["mean"]["value"])
