"""The thresholds of the hygiene checks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from hedgerow.errors import InputError


@dataclass(frozen=True)
class HygieneOptions:
    """Thresholds; the defaults are the product's.

    Parameters
    ----------
    changes : {"diff", "percent", "log"}
        Kind of change in which pairs are compared (lead-lag, break of the ratio): give the study's own, since a ratio
        that is steady in per cent moves with the prices in differences. Prices that are not all above zero are
        compared in differences.
    outlier_scales : float
        A change is an outlier beyond this many robust standard deviations (1.4826 x median absolute deviation).
    scale_window : int
        Rows of the centred window of the local robust scale. A change must be large for its own time too, so that
        the ordinary moves of a turbulent year are not outliers of a quiet decade.
    stale_rows : int
        A quote is stale once it has not moved on this many rows running.
    split_ratios, unit_ratios : tuple of float
        Price ratios (and their reciprocals) that look like a split or like another unit: 42 gallons a barrel,
        100 cents a dollar, 1,000 litres a cubic metre.
    persistence_rows : int
        A new level counts as lasting when the medians of this many rows before and after differ by the ratio.
    few_rows : int
        Below this many joint rows the report warns.
    gap_sessions : int
        A hole of more than this many missing weekdays is reported (of missing periods for weekly or monthly rows).
    lead_lag : float
        Lead-lag correlation above which closes are called non-synchronous, if also above ``4 / sqrt(n)`` and above a
        third of the same-day correlation.
    break_level : float
        p-value below which a break of the ratio is reported.
    roll_level, roll_share : float
        Suspected roll jumps: binomial p-value, and least share of the large idiosyncratic changes in the window.
    roll_scales : float
        A change is a candidate roll jump when its residual exceeds this many robust standard deviations.
    roll_days : int
        Width in calendar days of the window of the month in which roll jumps must cluster.
    listed_dates : int
        How many dates a finding lists.
    """

    changes: Literal["diff", "percent", "log"] = "diff"
    outlier_scales: float = 8.0
    scale_window: int = 252
    stale_rows: int = 5
    split_ratios: tuple[float, ...] = (2.0, 3.0, 4.0, 5.0, 7.0, 10.0)
    unit_ratios: tuple[float, ...] = (42.0, 100.0, 1000.0)
    persistence_rows: int = 10
    few_rows: int = 100
    gap_sessions: int = 5
    lead_lag: float = 0.1
    break_level: float = 0.01
    roll_level: float = 1e-6
    roll_share: float = 0.5
    roll_scales: float = 4.0
    roll_days: int = 7
    listed_dates: int = 5

    def __post_init__(self) -> None:
        """Refuse thresholds under which a check would have no meaning."""
        if self.changes not in ("diff", "percent", "log"):
            raise InputError(f"hygiene option changes must be 'diff', 'percent' or 'log', got {self.changes!r}.")
        for name in ("outlier_scales", "roll_scales", "lead_lag", "break_level", "roll_level", "roll_share"):
            if not getattr(self, name) > 0:
                raise InputError(f"hygiene option {name} must be above zero, got {getattr(self, name)!r}.")
        least = {"scale_window": 20, "stale_rows": 2, "persistence_rows": 3, "few_rows": 0, "gap_sessions": 1}
        for name, bound in {**least, "roll_days": 1, "listed_dates": 1}.items():
            if not getattr(self, name) >= bound:
                raise InputError(f"hygiene option {name} must be at least {bound}, got {getattr(self, name)!r}.")
