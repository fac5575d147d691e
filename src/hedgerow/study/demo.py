"""The demonstration: studies on real prices that come with a dependency, no file and no network needed."""

from __future__ import annotations

from importlib.util import find_spec

from hedgerow.study.models import DataSource, Exposure, Hedge, Method, MethodName, RatioStudy, WalkForwardWords
from hedgerow.study.overlays.market_words import OverlayMarketWords
from hedgerow.study.overlays.words import OverlayJudgingWords, OverlayStudy, RuleWords, ShapeWords

HALF_SPREAD_BPS = 1.0
"""Half the spread of a liquid index future, basis points; stated, not measured."""

METHODS: tuple[MethodName, ...] = (
    "naive",
    "ols",
    "rolling",
    "expanding",
    "ewma",
    "total_least_squares",
    "huber",
    "theil_sen",
    "error_correction",
    "dcc",
    "kalman",
)
"""The methods that are seconds on 8,000 rows: the plain ones, and two whose ratio moves by a model of its own."""


def demo_studies() -> dict[str, RatioStudy]:
    """Return the demonstration's studies by name.

    With the extra ``samples``: an equal-weight portfolio of 20 stocks, hedged with the S&P 500, and with S&P 500 and
    Nasdaq. Without it: the Nasdaq hedged with the S&P 500, and West Texas crude shown as the hedge that does not work.
    Every method is fitted each quarter and follows its own recursion in between; Theil-Sen, which takes minutes with
    several hedges, is tried with one only.
    """
    if find_spec("skfolio") is None:
        return {
            "nasdaq-by-sp500": _study("The Nasdaq hedged with the S&P 500", "indices", "Nasdaq", ("S&P 500",)),
            "nasdaq-by-crude": _study("The Nasdaq hedged with crude oil", "indices", "Nasdaq", ("WTI",)),
        }
    return {
        "stocks-by-sp500": _study("20 stocks hedged with the S&P 500", "equity", "portfolio", ("S&P 500",)),
        "stocks-by-sp500-and-nasdaq": _study(
            "20 stocks hedged with the S&P 500 and the Nasdaq", "equity-nasdaq", "portfolio", ("S&P 500", "Nasdaq")
        ),
    }


def demo_overlay() -> OverlayStudy:
    """Return the demonstration of volatility overlays: two rules that size a variance swap under the S&P 500.

    Prices are those of a dependency, 2014 to 2018; the interest rate and the dividend yield are stated, not measured.
    """
    return OverlayStudy(
        title="Volatility overlays on the S&P 500",
        data=DataSource(sample="sp500-vix"),
        market=OverlayMarketWords(price="S&P 500", vix="VIX", rate=0.01, dividend_yield=0.02),
        hedge={"variance_swaps": {"vega_notional": 10_000.0, "months": 3}},
        rules=(
            RuleWords(
                name="VIX linear",
                rule={"vix_linear": {"low": 10, "width": 15}},
                shape=ShapeWords(floor=0.2, cap=2.0, threshold=(3, "weekly")),
            ),
            RuleWords(name="VIX steps", rule={"steps": {"thresholds": [15, 25], "levels": [0, 0.5, 1]}}),
        ),
        judging=OverlayJudgingWords(draws=300, late=()),
    )


def _study(title: str, sample: str, exposure: str, hedges: tuple[str, ...]) -> RatioStudy:
    return RatioStudy(
        title=title,
        data=DataSource(sample=sample),
        exposure=Exposure(column=exposure),
        hedges=tuple(Hedge(column=name, half_spread_bps=HALF_SPREAD_BPS) for name in hedges),
        changes="percent",
        methods=tuple(Method(name=name) for name in METHODS if name != "theil_sen" or len(hedges) == 1),
        walk_forward=WalkForwardWords(refit="quarterly", between="update"),
    )
