"""Overlays beside no hedge, the static hedge and one another: cost, protection, rivals, doubts.

>>> from hedgerow.compare.overlays.plan import OverlayPlan
>>> from hedgerow.overlays import VixLinear
>>> from hedgerow.programmes.variance_swaps import VarianceSwaps
>>> days = pd.bdate_range("2019-01-01", periods=500)
>>> vix = pd.Series(18.0 + 8.0 * np.sin(np.arange(500) / 40.0), days)
>>> moves = np.random.default_rng(0).normal(size=500) * vix.to_numpy() / 1600.0
>>> market = OverlayMarket.of(pd.Series(100.0 * np.exp(np.cumsum(moves)), days), vix, rate=0.0, dividend_yield=0.0)
>>> plan = OverlayPlan(VixLinear(10, 15), VarianceSwaps(vega_notional=10_000))
>>> found = compare_overlays({"vix_linear": plan}, market, judging=OverlayJudging(bootstrap=None))
>>> list(found.table().index)
['no hedge', 'static', 'vix_linear']
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from hedgerow.compare.overlays.crisis_tables import crisis_table, year_table
from hedgerow.compare.overlays.diversified import Plan, static_plan
from hedgerow.compare.overlays.measures import DRAWN, FigureDraws, draw_figures, figures_of
from hedgerow.compare.overlays.plan import NO_HEDGE, TEST, TRAIN, OverlayJudging, require_names
from hedgerow.compare.overlays.record import HedgeRecord, JudgedPeriod
from hedgerow.compare.overlays.runs import Setting, all_results
from hedgerow.engine.overlay.checks import require_kinds
from hedgerow.engine.overlay.options import OverlayOptions
from hedgerow.engine.overlay.result import OverlayResult
from hedgerow.errors import DataError
from hedgerow.overlays import OverlayRule, Signals
from hedgerow.programmes import HedgeProgramme, OverlayMarket, Portfolio, PricedProgramme

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

    from hedgerow.compare.overlays.rivals import Rivals


@dataclass(frozen=True, eq=False)
class OverlayComparison:
    """Overlays judged on the same steps; made by :func:`compare_overlays`.

    Attributes
    ----------
    plans : mapping of str to OverlayPlan or DiversifiedPlan
        As given.
    results : mapping of str to OverlayResult
        "no hedge", the static hedge (multiplier 1) of every base hedge or group of them, then the plans.
    static : mapping of str to str
        Name of the static hedge of every plan.
    setting : Setting
        Market, signals, portfolio, options and priced base hedges of all runs.
    judging : OverlayJudging
    """

    plans: Mapping[str, Plan]
    results: Mapping[str, OverlayResult]
    static: Mapping[str, str]
    setting: Setting
    judging: OverlayJudging

    def __repr__(self) -> str:
        return f"<OverlayComparison of {', '.join(self.plans)}, {self.judged}>"

    @property
    def judged(self) -> str:
        """Dates, lag and sample in words."""
        first, last = self.period.all_dates[[0, -1]]
        return f"{first:%Y-%m-%d} to {last:%Y-%m-%d}, lag {self.setting.options.lag}, {self.judging.sample}"

    @property
    def stated(self) -> tuple[str, ...]:
        """What was assumed and left out, a clause each, what was modelled for want of quotes, and what never fired."""
        said = (clause for result in self.results.values() for clause in (*result.stated, *result.synthetic))
        untried = (
            f"never fired under {name!r}: {'; '.join(self.results[name].never_fired)}"
            for name in self.plans
            if self.results[name].never_fired
        )
        return tuple(dict.fromkeys((*said, *untried)))

    @property
    def stamp(self) -> str:
        """What was modelled, for tables and figures; empty where every price is a quote."""
        words = dict.fromkeys(word for result in self.results.values() for word in result.synthetic)
        return f"synthetic: {'; '.join(words)}" if words else ""

    @cached_property
    def _from(self) -> int:
        """First judged step: the one at whose end the last of the plans first trades."""
        whole = JudgedPeriod.of(self.results[NO_HEDGE], self.judging.crises)
        starts = {name: self._whole_record(name, whole).start for name in self.results}
        late = max(starts, key=lambda name: starts[name])
        if starts[late] >= len(whole.dates):
            lag, rows = self.setting.options.lag, len(whole.dates) + 1
            if lag >= rows:
                raise DataError(
                    f"with a lag of {lag:,} dates nothing is filled within the {rows:,} of the data; shorten it"
                )
            raise DataError(
                f"{late!r} orders nothing before the data end on {whole.dates[-1]:%Y-%m-%d}; give more rows or a "
                "shorter warm-up"
            )
        return max(starts[late] - 1, 0)

    @cached_property
    def records(self) -> Mapping[str, HedgeRecord]:
        """Every account step by step, from the first fill of the plan that starts last on."""
        return MappingProxyType({name: self.record_of(result) for name, result in self.results.items()})

    def record_of(self, result: OverlayResult) -> HedgeRecord:
        """Return the record of a run on the judged steps."""
        whole = JudgedPeriod.of(result, self.judging.crises)
        sample = self.judging.sample
        return HedgeRecord.of(result, whole, sample).rows(slice(self._from, None), sample)

    def _whole_record(self, name: str, whole: JudgedPeriod) -> HedgeRecord:
        """Return the record on all steps, or refuse an account by its name."""
        try:
            return HedgeRecord.of(self.results[name], whole, "")
        except DataError as error:
            raise DataError(f"{name!r} cannot be judged: {error}") from None

    def plan_of(self, name: str) -> Plan:
        """Return the plan behind an account: one of those given, or the static hedge of one."""
        if name in self.plans:
            return self.plans[name]
        return static_plan(next(plan for own, plan in self.plans.items() if self.static[own] == name))

    def mean_multipliers(self, name: str) -> tuple[float, ...]:
        """Return the mean of what each part of an account held on the judged steps, from its first fill on."""
        start = self._from + self.records[name].start
        return tuple(float(np.array(held[start:-1]).mean()) for held in self.results[name].account.held)

    @property
    def period(self) -> JudgedPeriod:
        """Dates, portfolio and interest of the judged steps."""
        return self.records[NO_HEDGE].period

    @cached_property
    def draws(self) -> FigureDraws | None:
        """Figures of every account under every draw; None where no intervals were asked for."""
        bootstrap = self.judging.bootstrap
        return None if bootstrap is None else draw_figures(self.records, bootstrap)

    def table(self) -> pd.DataFrame:
        """Return the figures of every account, net of costs.

        Returns
        -------
        pandas.DataFrame
            Index ``plan``. ``cost_per_year`` (share of the portfolio; minus what the hedge earned),
            ``cost_per_year_money``, ``bleed_per_year`` (the same outside crises), ``cost_against_static`` (less that of
            the static hedge, share a year), ``saved_against_static`` (1 - cost over the static's; NaN where that earned
            money), ``carry_per_year`` (earned outside crises before dealing costs), ``transaction_costs_per_year``,
            ``mean_multiplier``, ``days_hedged``, ``turnover_per_year``, ``offset`` (all crises together),
            ``offset_of_hedged_part`` (the same over the loss of the exposed part), ``annual_return``,
            ``annual_compound_return``, ``volatility``, ``sharpe``, ``max_drawdown``, ``cvar`` (of a day),
            ``up_capture``, ``down_capture``, ``beta``, ``<name>_low`` and ``<name>_high`` for those that are drawn (NaN
            where no intervals were asked for), ``n_days`` and ``sample``.
        """
        return self._table.copy()

    @cached_property
    def _table(self) -> pd.DataFrame:
        return figure_table(self.records, self._static_of, self.draws, self.judging.level)

    @property
    def _static_of(self) -> dict[str, str]:
        """The static hedge beside which each account is put; no hedge beside the first."""
        first = next(iter(self.static.values()))
        return {NO_HEDGE: first} | {name: name for name in self.static.values()} | dict(self.static)

    def crises(self) -> pd.DataFrame:
        """Return a row per crisis and account; see :func:`.crisis_tables.crisis_table`."""
        return self._crises.copy()

    @cached_property
    def _crises(self) -> pd.DataFrame:
        return crisis_table({name: one for name, one in self.records.items() if name != NO_HEDGE})

    def offsets(self) -> pd.DataFrame:
        """Return the offset of every crisis (rows) and account (columns); NaN where the data lack it."""
        table = self.crises()
        wide = table.pivot(index="crisis", columns="plan", values="offset")
        return wide.loc[table["crisis"].unique(), table["plan"].unique()]

    def years(self) -> pd.DataFrame:
        """Return a row per calendar year and account, calm years marked; see :func:`.crisis_tables.year_table`."""
        return year_table(self.records)

    def halves(self) -> pd.DataFrame:
        """Return the table of each half of the steps apart, 50/50 unless ``judging`` says otherwise.

        Index (``half``, ``plan``); ``sample`` is "train" in the first half and "test" in the second. Nothing was chosen
        on the first unless the caller did so. No intervals.
        """
        cut = self.judging.train_rows(len(self.period.dates))
        parts = {"first": (slice(cut), TRAIN), "second": (slice(cut, None), TEST)}
        tables = {}
        for half, (rows, sample) in parts.items():
            records = {name: one.rows(rows, sample) for name, one in self.records.items()}
            table = figure_table(records, self._static_of, None, self.judging.level)
            tables[half] = table.drop(columns=[column for column in table if str(column).endswith(("_low", "_high"))])
        return pd.concat(tables, names=["half"])

    def equal_cost(self) -> pd.DataFrame:
        """Return the table after every base hedge was scaled to bleed as much a year as the static one.

        See :func:`.equal_cost.equal_cost_table`; columns ``scale`` and ``scaling`` come on top.
        """
        return self._equal_cost.copy()

    @cached_property
    def _equal_cost(self) -> pd.DataFrame:
        from hedgerow.compare.overlays.equal_cost import equal_cost_table

        return equal_cost_table(self)

    @cached_property
    def rival_records(self) -> Rivals:
        """The accounts of the two rivals of every plan, under the same draws."""
        from hedgerow.compare.overlays.rivals import rivals_of

        return rivals_of(self)

    def rivals(self) -> pd.DataFrame:
        """Return every plan against its two rivals; see :meth:`.rivals.Rivals.table`."""
        return self.rival_records.table()

    def red_flags(self) -> pd.DataFrame:
        """Return what should make one doubt each plan; see :func:`.doubts.doubts_of`."""
        from hedgerow.compare.overlays.doubts import doubts_of

        return doubts_of(self)

    def lag_decay(self, lags: tuple[int, ...] = (0, 1, 2, 5)) -> pd.DataFrame:
        """Return what is left of each plan when its decisions come late; see :func:`.doubts.late_decisions`."""
        from hedgerow.compare.overlays.doubts import late_decisions

        return late_decisions(self, lags)

    def verdict(self) -> tuple[str, ...]:
        """Return one sentence per plan and rival, made of figures alone."""
        from hedgerow.compare.overlays.verdict import sentences

        return sentences(self)

    def to_dict(self) -> dict[str, Any]:
        """Return all tables as lists of rows for JSON; NaN is None."""
        from hedgerow.compare.overlays.plain import plain, plain_rows

        tables = {
            "table": self.table(), "crises": self.crises(), "years": self.years(),
            "halves": self.halves().reset_index(), "equal_cost": self.equal_cost(),
            "rivals": self.rivals(), "red_flags": self.red_flags(),
        }  # fmt: skip
        said = {"judged": self.judged, "stated": self.stated, "stamp": self.stamp, "verdict": self.verdict()}
        lag = {"lag": self.setting.options.lag, "sample": self.judging.sample}
        return {name: plain(value) for name, value in (said | lag).items()} | {
            name: plain_rows(table) for name, table in tables.items()
        }

    def figure(self, name: str, plan: str | None = None) -> Figure:
        """Return a picture.

        multiplier, hedge_size, hedge_size_by_slope (against VIX over the index of 93 days, or the first future over the
        third), cost_and_gain, cumulative_bleed, crises, cost_of_protection, equal_cost, equity, drawdowns,
        rolling_beta.

        Parameters
        ----------
        name : str
        plan : str, optional
            Whose multiplier; the first by default.
        """
        from hedgerow.compare.overlays.pictures import comparison_picture

        return comparison_picture(self, name, plan)


def compare_overlays(
    plans: Mapping[str, Plan],
    market: OverlayMarket,
    *,
    signals: Signals | None = None,
    portfolio: Portfolio | None = None,
    options: OverlayOptions | None = None,
    judging: OverlayJudging | None = None,
) -> OverlayComparison:
    """Run every plan beside no hedge and the static hedge, and judge all on the same steps.

    Parameters
    ----------
    plans : mapping of str to OverlayPlan or DiversifiedPlan
    market : OverlayMarket
    signals : Signals, optional
        The market's own by default.
    portfolio : Portfolio, optional
    options : OverlayOptions, optional
        Lag 1 by default.
    judging : OverlayJudging, optional

    Returns
    -------
    OverlayComparison

    Raises
    ------
    InputError
        No plan, or one with a name that is taken.
    DataError
        A plan that orders nothing before the data end, or a hedge that uses up the account.
    """
    strange = (OverlayRule, HedgeProgramme, PricedProgramme, tuple)
    require_names(plans, "OverlayPlan(VixLinear(10, 15), VarianceSwaps())", strange)
    portfolio, options = portfolio or Portfolio(), options or OverlayOptions()
    require_kinds(market=market, portfolio=portfolio, options=options)
    setting = Setting.of(plans, market, signals, portfolio, options)
    results, static = all_results(plans, setting)
    found = OverlayComparison(
        MappingProxyType(dict(plans)),
        MappingProxyType(results),
        MappingProxyType(static),
        setting,
        judging or OverlayJudging(),
    )
    _ = found.records  # what cannot be judged is refused now and not at the first question
    return found


def figure_table(
    records: Mapping[str, HedgeRecord], static: Mapping[str, str], draws: FigureDraws | None, level: float
) -> pd.DataFrame:
    """Return figures by account with their intervals; see :meth:`OverlayComparison.table`."""
    found = {name: figures_of(record, level) for name, record in records.items()}
    rows: dict[str, dict[str, Any]] = {}
    for name, figures in found.items():
        reference = found[static[name]]["cost_per_year"]
        own = figures["cost_per_year"]
        against = {
            "cost_against_static": own - reference,
            "saved_against_static": 1.0 - own / reference if reference > 0.0 else np.nan,
        }
        head = {each: figures[each] for each in ("cost_per_year", "cost_per_year_money", "bleed_per_year")}
        rows[name] = head | against | {key: value for key, value in figures.items() if key not in head}
        for figure in DRAWN:
            ends = (np.nan, np.nan) if draws is None else draws.interval(figure, name)
            rows[name] |= dict(zip((f"{figure}_low", f"{figure}_high"), ends, strict=True))
        rows[name] |= {"n_days": len(records[name].held), "sample": records[name].sample}
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("plan")
