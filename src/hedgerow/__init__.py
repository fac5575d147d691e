"""Hedgerow: a workbench for hedging.

What to hold, how many, when to trade, what it costs, and how well it worked on data it had never seen. The public names
below are loaded when first used, so that ``import hedgerow`` is quick.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from hedgerow._public_names import SOURCES
from hedgerow._version import __version__

if TYPE_CHECKING:
    from hedgerow.accounting import (
        HedgeRelationship as HedgeRelationship,
        dollar_offset as dollar_offset,
        framework_named as framework_named,
        lower_of as lower_of,
        measure_hedge as measure_hedge,
        operating_characteristics as operating_characteristics,
        regress_item as regress_item,
    )
    from hedgerow.attribution import (
        HedgeSplit as HedgeSplit,
        HedgeSteps as HedgeSteps,
        split_hedge as split_hedge,
    )
    from hedgerow.compare import (
        Candidate as Candidate,
        CandidateRanking as CandidateRanking,
        Comparison as Comparison,
        CrisisRefit as CrisisRefit,
        HedgedPosition as HedgedPosition,
        Judging as Judging,
        LookAhead as LookAhead,
        StressOptions as StressOptions,
        StressResult as StressResult,
        StressScenario as StressScenario,
        StressTest as StressTest,
        WalkForward as WalkForward,
        break_check as break_check,
        check_look_ahead as check_look_ahead,
        compare_methods as compare_methods,
        decisions_of as decisions_of,
        lag_decay as lag_decay,
        lag_sensitivity as lag_sensitivity,
        margin_of as margin_of,
        rank_candidates as rank_candidates,
        robust_check as robust_check,
        stress_hedge as stress_hedge,
        warm_up_drift as warm_up_drift,
    )
    from hedgerow.costs import (
        CostModel as CostModel,
        Costs as Costs,
        HalfSpread as HalfSpread,
        PerContract as PerContract,
        PerTicket as PerTicket,
        no_costs as no_costs,
    )
    from hedgerow.effectiveness import (
        BootstrapOptions as BootstrapOptions,
        EffectivenessThresholds as EffectivenessThresholds,
        basis as basis,
        basis_summary as basis_summary,
        break_even_cost as break_even_cost,
        clark_west as clark_west,
        confidence_set as confidence_set,
        cvar_reduction as cvar_reduction,
        diebold_mariano as diebold_mariano,
        giacomini_white as giacomini_white,
        max_drawdown_reduction as max_drawdown_reduction,
        reduction_differences as reduction_differences,
        reduction_intervals as reduction_intervals,
        semivariance_reduction as semivariance_reduction,
        superior_ability as superior_ability,
        switching_fees as switching_fees,
        utility_gain as utility_gain,
        value_at_risk_reduction as value_at_risk_reduction,
        variance_reduction as variance_reduction,
    )
    from hedgerow.engine import (
        Execution as Execution,
        LinearMarket as LinearMarket,
        replay as replay,
        run_history as run_history,
    )
    from hedgerow.errors import (
        AccountsError as AccountsError,
        ColumnError as ColumnError,
        DataError as DataError,
        FileError as FileError,
        HedgerowError as HedgerowError,
        InputError as InputError,
        MissingExtraError as MissingExtraError,
        StudyError as StudyError,
        TransformError as TransformError,
    )
    from hedgerow.hedgers import (
        ContractSize as ContractSize,
        RateHedge as RateHedge,
        RatioHedger as RatioHedger,
        RatioUncertainty as RatioUncertainty,
        Rounding as Rounding,
        Sizing as Sizing,
        Target as Target,
        best_whole_contracts as best_whole_contracts,
        contracts_from_price_ratio as contracts_from_price_ratio,
        contracts_from_return_ratio as contracts_from_return_ratio,
        hedge_rates as hedge_rates,
        ratio_uncertainty as ratio_uncertainty,
        textbook_tailed_contracts as textbook_tailed_contracts,
        units_from_return_ratio as units_from_return_ratio,
    )
    from hedgerow.instruments import (
        AmericanOption as AmericanOption,
        AsianOption as AsianOption,
        BarrierOption as BarrierOption,
        BondFuture as BondFuture,
        BondPosition as BondPosition,
        Book as Book,
        BookGreeks as BookGreeks,
        ContractTerms as ContractTerms,
        Deliverable as Deliverable,
        DigitalOption as DigitalOption,
        EuropeanOption as EuropeanOption,
        Forward as Forward,
        Future as Future,
        MarketState as MarketState,
        Position as Position,
        ScenarioMatrix as ScenarioMatrix,
        Spot as Spot,
        Underlying as Underlying,
        VarianceSwap as VarianceSwap,
        VixFuture as VixFuture,
        VixOption as VixOption,
        butterfly as butterfly,
        calendar_spread as calendar_spread,
        call_spread as call_spread,
        collar as collar,
        payoff as payoff,
        protective_put as protective_put,
        put_spread as put_spread,
        straddle as straddle,
        strangle as strangle,
        vertical as vertical,
    )
    from hedgerow.ledger import (
        Ledger as Ledger,
    )
    from hedgerow.limits import (
        LiquidityNeed as LiquidityNeed,
        MarginPath as MarginPath,
        MarginTerms as MarginTerms,
        liquidity_need as liquidity_need,
        margin_path as margin_path,
    )
    from hedgerow.market import (
        Changes as Changes,
        ContinuousFutures as ContinuousFutures,
        Event as Event,
        EventCalendar as EventCalendar,
        History as History,
        HygieneOptions as HygieneOptions,
        HygieneReport as HygieneReport,
        Reading as Reading,
        ReadingOptions as ReadingOptions,
        RollByDate as RollByDate,
        RollByOpenInterest as RollByOpenInterest,
        RollByVolume as RollByVolume,
        YieldCurve as YieldCurve,
        check_history as check_history,
        continuous_from_contracts as continuous_from_contracts,
        continuous_from_positions as continuous_from_positions,
        load_sample as load_sample,
        read_prices as read_prices,
        scholes_williams_ratio as scholes_williams_ratio,
        trading_days as trading_days,
    )
    from hedgerow.market.surface import (
        OptionChain as OptionChain,
        VolatilitySurface as VolatilitySurface,
        check_surface as check_surface,
        de_americanise as de_americanise,
        fit_chain as fit_chain,
        parity_forwards as parity_forwards,
    )
    from hedgerow.market.volatility import (
        constant_maturity as constant_maturity,
        curve_measures as curve_measures,
        ex_ante_premium as ex_ante_premium,
        ex_post_premium as ex_post_premium,
        forward_volatilities as forward_volatilities,
        implied_percentile as implied_percentile,
        implied_rank as implied_rank,
        model_free_variance as model_free_variance,
        realised_estimate as realised_estimate,
        realised_volatility as realised_volatility,
        term_structure_slope as term_structure_slope,
        volatility_cone as volatility_cone,
        volatility_index as volatility_index,
    )
    from hedgerow.policies import (
        EveryPeriods as EveryPeriods,
        Policy as Policy,
        ToleranceBand as ToleranceBand,
    )
    from hedgerow.ratios import (
        ADCC as ADCC,
        BEKK as BEKK,
        CCC as CCC,
        DCC as DCC,
        EWMA as EWMA,
        OLS as OLS,
        VECM as VECM,
        CostAware as CostAware,
        ErrorCorrection as ErrorCorrection,
        ExpandingOLS as ExpandingOLS,
        Fixed as Fixed,
        Huber as Huber,
        Kalman as Kalman,
        MarkovSwitching as MarkovSwitching,
        MinimumCVaR as MinimumCVaR,
        MinimumLPM as MinimumLPM,
        MinimumVaR as MinimumVaR,
        Naive as Naive,
        QuadraticUtility as QuadraticUtility,
        RatioEstimator as RatioEstimator,
        RollingOLS as RollingOLS,
        TheilSen as TheilSen,
        TotalLeastSquares as TotalLeastSquares,
        cointegration_test as cointegration_test,
        johansen_test as johansen_test,
        minimum_variance_ratio as minimum_variance_ratio,
        minimum_variance_ratios as minimum_variance_ratios,
        nearest_covariance as nearest_covariance,
        rolling_hedge_ratios as rolling_hedge_ratios,
    )
    from hedgerow.study import (
        AccountingStudy as AccountingStudy,
        CandidateStudy as CandidateStudy,
        CompareOutcome as CompareOutcome,
        CompareStudy as CompareStudy,
        DataSource as DataSource,
        Exposure as Exposure,
        Hedge as Hedge,
        Method as Method,
        PriceStudy as PriceStudy,
        RateStudy as RateStudy,
        RatioOutcome as RatioOutcome,
        RatioStudy as RatioStudy,
        StressOutcome as StressOutcome,
        StressStudy as StressStudy,
        load_study as load_study,
        run_study as run_study,
        study_schema as study_schema,
    )

__all__ = ["__version__", *SOURCES]


def __getattr__(name: str) -> Any:
    if name not in SOURCES:
        raise AttributeError(f"module 'hedgerow' has no attribute {name!r}")
    value = getattr(import_module(f"hedgerow.{SOURCES[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *SOURCES})
