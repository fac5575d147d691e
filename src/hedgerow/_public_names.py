"""The public names of ``hedgerow`` and the folder each comes from."""

from __future__ import annotations

FOLDERS = {
    "accounting": """
        HedgeRelationship dollar_offset framework_named lower_of measure_hedge operating_characteristics
        regress_item
    """,
    "attribution": """
        AttributionTest BookExplained Explained GammaTheta HedgeSplit HedgeSteps Trade VolatilityCrush Waterfall
        attribution_test explain explain_ledger gamma_theta split_hedge volatility_crush waterfall
    """,
    "compare": """
        Candidate CandidateRanking ChoiceOptions Comparison CrisisRefit Frontier FrontierOptions
        GridOptions GridResult HedgedPosition Judging LookAhead Objective PolicyChoice PolicyFamily
        SearchOptions StressOptions StressResult StressScenario StressTest WalkForward best_policy
        break_check check_look_ahead compare_methods decisions_of frontier lag_decay lag_sensitivity
        margin_of overlay_warm_up_drift rank_candidates robust_check run_grid stress_hedge warm_up_drift
    """,
    "compare.overlays": """
        CRISES Crisis DiversifiedPlan OverlayChoice OverlayChoosing OverlayComparison OverlayJudging OverlayPlan
        TailComparison TailShock choose_overlay compare_overlays compare_tail_hedges measure_claims
    """,
    "costs": """
        AccountRates CostModel CostTerms Costs HalfSpread HalfSpreadMoney PerContract PerShare PerTicket
        RuleCost Slippage SpreadInStress SquareRootImpact TradeSlip index_future listed_option no_costs
        us_equity_desk us_equity_retail
    """,
    "effectiveness": """
        BacktestEvidence BacktestOverfitting BootstrapOptions DeflatedSharpe Drawdown EffectivenessThresholds
        PerformanceDraws PerformanceIntervals PerformanceOptions RedFlag RedFlagThresholds SharpeEstimate
        backtest_overfitting basis basis_summary break_even_cost calmar_ratio clark_west confidence_set
        cvar_reduction deflated_sharpe deflated_sharpe_ratio diebold_mariano down_capture draw_performance
        drawdown_series expected_maximum_sharpe gain_by_year giacomini_white independent_trials
        max_drawdown_reduction minimum_track_record_length omega_ratio performance_table
        probabilistic_sharpe_ratio red_flags reduction_differences reduction_intervals semivariance_reduction
        sharpe_estimate sharpe_ratio sortino_ratio superior_ability switching_fees up_capture utility_gain
        value_at_risk_reduction variance_reduction win_rate worst_drawdown
    """,
    "engine": """
        BookExecution Execution Leg LinearMarket Programme ProgrammeView ReplayMarket ReplayUnderlying
        RollingBook SimulateOptions SimulationResult replay replay_targets run_history simulate
    """,
    "engine.overlay": """
        OverlayOptions OverlayResult run_overlay run_overlays
    """,
    "errors": """
        AccountsError ColumnError DataError FileError HedgerowError InputError MissingExtraError StudyError
        TransformError
    """,
    "hedgers": """
        BookHedger BookTarget CPPI ContractSize DeltaGammaHedger DeltaGammaVegaHedger DeltaHedger
        DeltaVegaHedger EstimatedResponse GapMarket GreekHedger GreekMatchOptions GreekMatching LelandHedger
        PriceJumps ProxyHedger QuadraticResponse RateHedge RatioHedger RatioUncertainty Rounding Sizing
        SpotVolCorrelation SyntheticPut Target VolResponse best_whole_contracts contracts_from_price_ratio
        contracts_from_return_ratio gap_probability hedge_rates leland_number leland_volatility proxy_units
        ratio_uncertainty stressed_residual textbook_tailed_contracts units_from_return_ratio
    """,
    "instruments": """
        AmericanOption AsianOption BarrierOption BondFuture BondPosition Book BookGreeks BookScenario
        BookStress ContractTerms Deliverable DigitalOption EuropeanOption Forward Future MarketState
        Position ScenarioMatrix Spot Underlying VarianceSwap VixFuture VixOption book_stress butterfly
        calendar_spread call_spread collar payoff protective_put put_spread straddle strangle vertical
    """,
    "ledger": """
        Ledger
    """,
    "limits": """
        ExitBeforeEvents ExitBeforeExpiry ExitOnProfit ExitOnTrackingError ExitRule LiquidityNeed
        MarginPath MarginTerms PositionSize RollToNextExpiry ScaleDown liquidity_need margin_path
        position_size
    """,
    "market": """
        Changes ContinuousFutures Event EventCalendar History HygieneOptions HygieneReport Reading
        ReadingOptions RollByDate RollByOpenInterest RollByVolume YieldCurve check_history
        continuous_from_contracts continuous_from_positions load_sample read_prices scholes_williams_ratio
        trading_days
    """,
    "market.surface": """
        OptionChain VolatilitySurface check_surface de_americanise fit_chain parity_forwards
    """,
    "market.time_grid": """
        TimeGrid
    """,
    "market.volatility": """
        constant_maturity curve_measures ex_ante_premium ex_post_premium forward_volatilities implied_percentile
        implied_rank model_free_variance realised_estimate realised_volatility term_structure_slope
        volatility_cone volatility_index
    """,
    "overlays": """
        Complement CorrelationAdjusted CountedTransitions CrashIntensity DrawdownCrossed DrawdownTriggered
        EveryDays FilteredCrashIntensity FittedCrashIntensity HedgeTradeOff Monthly OverlayRule Percentile PutCount
        RealisedVolatility RegimeModel RelativeMove Shape ShapedPath Sigmoid SignalMove Signals SmoothedSignal
        Static Steps TermStructure Trigger TwoStateChain VixLinear Weekly counted_transitions optimal_intensity
        rule_by_name rule_keys shape_from_text shaped
    """,
    "policies": """
        Band CostBenefit DaysToExpiry EveryDay EveryHours EveryPeriods ExactBand GammaScaledBand HodgesNeuberger
        MinimumInterval Moment OnWeekdays OptionToHedge Policy PolicyTerms PriceMove RulePolicy TimesOfDay
        ToleranceBand VolatilityMove WhalleyWilmott Zakamouline exact_band policy_by_name
    """,
    "programmes": """
        AfterDays AfterLife BareVolatilityDifference BudgetByLevel Collars HedgeCosts HedgeProgramme IndexPuts
        MarketQuotes MonetiseRule OnIndex OverlayMarket Portfolio PricedProgramme PutSpreads SkewModel SmileQuotes
        Straddles TakeProfit TrendFollowing VarianceSwaps VixCalls VixFutures VixPuts VolOfVol VolatilityAbove
        fit_skew fit_skew_index hedge_by_name hedge_keys on_futures_dates on_joint_dates skew_index vxth
    """,
    "ratios": """
        ADCC BEKK CCC CostAware DCC EWMA ErrorCorrection ExpandingOLS Fixed Huber Kalman MarkovSwitching
        MinimumCVaR MinimumLPM MinimumVaR Naive OLS QuadraticUtility RatioEstimator RollingOLS TheilSen
        TotalLeastSquares VECM cointegration_test johansen_test minimum_variance_ratio minimum_variance_ratios
        nearest_covariance rolling_hedge_ratios
    """,
    "scenarios": """
        FilteredHistorical FixedVolatility GBM GarchPaths Heston ImpliedVolatility Kou MarketPaths
        MeanRevertingVolatility Merton ModelVolatility RegimeSwitching Scenario StationaryBootstrap StickyDelta
        StickyStrike StressPath
    """,
    "study": """
        AccountingStudy CandidateStudy CompareOutcome CompareStudy DataSource Exposure FrontierStudy Hedge
        HedgeOutcome Method OverlayStudy PriceStudy RateStudy RatioOutcome RatioStudy ReplayStudy SimulateStudy
        StressOutcome StressStudy TailStudy load_study run_study study_schema
    """,
}
"""Names by folder, each list sorted."""

SOURCES = dict(sorted((name, folder) for folder, names in FOLDERS.items() for name in names.split()))
"""Folder of every name, sorted by name."""
