"""Overlay rules that look ahead are found, 8 of 8; rules that do not are called clean, 20 of 20."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pytest

from hedgerow.compare import check_look_ahead, overlay_decisions_of
from hedgerow.errors import InputError
from hedgerow.overlays import (
    CorrelationAdjusted,
    CrashIntensity,
    DrawdownCrossed,
    DrawdownTriggered,
    EveryDays,
    Monthly,
    OverlayRule,
    Percentile,
    PutCount,
    RealisedVolatility,
    RegimeModel,
    RelativeMove,
    Shape,
    Sigmoid,
    SignalMove,
    Signals,
    SmoothedSignal,
    Static,
    Steps,
    TermStructure,
    VixLinear,
    Weekly,
)

DAYS = pd.bdate_range("2020-01-01", periods=140, name="date")
RNG = np.random.default_rng(5)
VIX = 18.0 * np.exp(np.cumsum(RNG.normal(size=140)) * 0.05 - 0.0)
TABLE = pd.DataFrame(
    {
        "vix": VIX,
        "price": 100.0 * np.exp(np.cumsum(RNG.normal(size=140) * 0.01)),
        "short": VIX * (1.0 + 0.05 * RNG.normal(size=140)),
        "long": 20.0 + RNG.normal(size=140),
        "correlation": RNG.uniform(0.1, 0.9, 140),
    },
    DAYS,
)
SIGNALS = Signals.of({name: TABLE[name] for name in TABLE})


@dataclass(frozen=True)
class Bait(OverlayRule):
    """A rule made of a function of the whole history."""

    of: Callable[[pd.Series], pd.Series]

    @property
    def needs(self) -> tuple[str, ...]:
        return ("vix",)

    def multiplier(self, signals: Signals) -> np.ndarray:
        found = self.of(pd.Series(signals["vix"], signals.dates))
        return np.nan_to_num(found.to_numpy(dtype=float), nan=0.5, posinf=1e12)


def full_sample_fit(vix: pd.Series) -> pd.Series:
    model = RegimeModel.fit(np.log(vix.to_numpy()))
    return pd.Series(model.filtered(np.log(vix.to_numpy())), vix.index)


BAITS = {
    "next close": lambda vix: vix.shift(-1) / 20.0,
    "centred rolling mean": lambda vix: vix.rolling(11, center=True).mean() / 20.0,
    "score of the full sample": lambda vix: (vix - vix.mean()) / vix.std(),
    "regimes fitted to the full sample": full_sample_fit,
    "filled backwards": lambda vix: vix.where(np.arange(len(vix)) % 3 == 0).bfill() / 20.0,
    "weeks labelled at their start": lambda vix: (
        vix.resample("W", label="left").last().reindex(vix.index, method="ffill")
    ),
}


@pytest.mark.parametrize("name", list(BAITS))
def test_bait_in_an_overlay_rule_is_found(name: str) -> None:
    cuts = 1 if "fitted" in name else 8  # a fit for each past that is tried
    assert check_look_ahead(Bait(BAITS[name]), TABLE[["vix"]], cuts=cuts).label == "looks ahead"


def test_bait_of_a_revised_index_is_found_where_vintages_are_known() -> None:
    first = TABLE[["vix"]] * 1.0
    first.iloc[::5] *= 1.02  # what was printed first

    def known(date: pd.Timestamp) -> pd.DataFrame:
        past = TABLE[["vix"]].loc[:date].copy()
        past.iloc[-3:] = first.loc[past.index[-3:]]
        return past

    assert check_look_ahead(VixLinear(10, 15), TABLE[["vix"]], cuts=12, known=known).label == "looks ahead"


def test_bait_of_a_settlement_used_before_it_is_published_is_found() -> None:
    closes = DAYS + pd.Timedelta(hours=16)
    table = TABLE[["vix"]].set_axis(closes)
    late = {"vix": closes + pd.Timedelta(hours=15)}
    assert check_look_ahead(VixLinear(10, 15), table, cuts=12, known=late).label == "looks ahead"
    in_time = {"vix": closes - pd.Timedelta(minutes=1)}
    assert check_look_ahead(VixLinear(10, 15), table, cuts=12, known=in_time).label == "clean"


def weekly_stocks() -> tuple[pd.DataFrame, pd.Series]:
    """Return closes at 16:00 with a figure for each Friday, and when it is published: the next Wednesday at 10:30."""
    closes = DAYS + pd.Timedelta(hours=16)
    friday = DAYS.day_of_week == 4
    stocks = np.where(friday, 430.0 + np.cumsum(np.random.default_rng(7).normal(size=len(DAYS))), np.nan)
    table = pd.DataFrame({"vix": TABLE["vix"].to_numpy(), "stocks": stocks}, closes)
    return table, pd.Series(DAYS + pd.Timedelta(days=5, hours=10, minutes=30), DAYS)


@pytest.mark.parametrize(("joined_by", "label"), [("moment", "clean"), ("date", "looks ahead")])
def test_weekly_figure_joined_by_its_moment_is_clean_and_by_its_date_looks_ahead(joined_by: str, label: str) -> None:
    table, published = weekly_stocks()

    def decide(history: pd.DataFrame) -> pd.Series:
        dated = history.set_axis(history.index.normalize())
        stocks = dated["stocks"].dropna()
        if joined_by == "moment":
            signals = Signals.of({"vix": dated["vix"], "stocks": stocks}, available_at={"stocks": published})
        else:
            signals = Signals.of({"vix": dated["vix"], "stocks": dated["stocks"].ffill()})
        multiplier = signals["vix"] / 20.0 * signals["stocks"] / 430.0
        return pd.Series(multiplier, signals.dates + pd.Timedelta(hours=16))

    moments = {"stocks": published.to_numpy()}
    assert check_look_ahead(decide, table, cuts=20, known=moments, methods=["truncate"]).label == label


def test_baits_are_eight_and_clean_rules_twenty() -> None:
    assert len(BAITS) + 2 == 8
    assert len(CLEAN) == 20


LINEAR = VixLinear(10, 15)
CLEAN: dict[str, tuple[OverlayRule, Shape | None]] = {
    "linear": (LINEAR, None),
    "linear, capped": (VixLinear(12, 8, cap=1.0), None),
    "realised volatility": (RealisedVolatility(0.15, 20), None),
    "steps": (Steps((15, 25), (0, 0.5, 1)), None),
    "term structure": (TermStructure(power=2.0), None),
    "correlation": (CorrelationAdjusted(0.4), None),
    "correlation of constituents": (CorrelationAdjusted(0.4, 20, ("short", "price")), None),
    "drawdown": (DrawdownTriggered(0.02, 10.0), None),
    "sigmoid": (Sigmoid(20, 0.2), None),
    "crash intensity": (CrashIntensity(0.05, 0.15), None),
    "puts": (PutCount("price", -0.25), None),
    "percentile": (Percentile(Steps((50, 90), (0, 0.5, 1)), 60), None),
    "smoothed signal": (SmoothedSignal(LINEAR, 5), None),
    "product": (LINEAR * CorrelationAdjusted(0.4), None),
    "sum": (0.5 * LINEAR + 0.5 * DrawdownTriggered(0.02, 10.0), None),
    "smooth and persist": (LINEAR, Shape(smooth=5, persist=3)),
    "floor, cap and move": (LINEAR, Shape(floor=0.2, cap=2.0, threshold=(SignalMove(3.0),))),
    "share or week": (LINEAR, Shape(threshold=(RelativeMove(0.15), Weekly()))),
    "month or drawdown": (LINEAR, Shape(threshold=(Monthly(), DrawdownCrossed(0.05)))),
    "every week": (LINEAR, Shape(threshold=(EveryDays(7),))),
}


@pytest.mark.parametrize("name", list(CLEAN))
def test_rule_and_shape_without_look_ahead_are_called_clean(name: str) -> None:
    rule, shape = CLEAN[name]
    result = check_look_ahead(overlay_decisions_of(rule, shape), TABLE, cuts=3)
    assert result.label == "clean", result.verdict


def test_search_takes_a_rule_with_its_signals_and_names_what_never_fired() -> None:
    assert check_look_ahead(LINEAR, SIGNALS, cuts=3).label == "clean"
    still = check_look_ahead(Static(1.0), SIGNALS, cuts=3)
    assert still.unverified == ("multiplier",)
    with pytest.raises(InputError, match="signals are for an overlay rule"):
        check_look_ahead(lambda history: history["vix"], SIGNALS)
