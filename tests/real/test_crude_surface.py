"""Crude oil options of one expiry from 2010 to 2015: a smile on every day, through its own pillars."""

from __future__ import annotations

from functools import cache

import numpy as np
import pandas as pd
import pytest

from data import shared_data
from hedgerow.market.surface import DeltaPillars


@cache
def crude() -> DeltaPillars:
    return DeltaPillars.from_frame(pd.read_csv(shared_data("option_surface_cl_j2015_daily.csv")))


@pytest.mark.parametrize("side", ["put", "call"])
def test_every_day_gives_a_smile_that_returns_its_pillars(side: str) -> None:
    pillars, worst = crude(), 0.0
    for number, day in enumerate(pillars.vols.index):
        smile = pillars.smile(day, side)  # type: ignore[arg-type]
        if number % 20:
            continue
        quotes = pillars.quotes(day, side)  # type: ignore[arg-type]
        places = np.log(quotes["strike"].to_numpy() / pillars.forward.loc[day])
        found = np.sqrt(smile.total_variance(places) / pillars.years.loc[day])
        worst = max(worst, float(np.abs(found - quotes["vol"]).max()))
    assert worst < 1e-12


def test_put_and_call_pillars_name_the_same_smile() -> None:
    pillars = crude()
    differences = []
    for day in pillars.vols.index[::20]:
        k = np.linspace(-0.3, 0.3, 13) * np.sqrt(pillars.years.loc[day])
        put, call = (np.sqrt(pillars.smile(day, side).total_variance(k)) for side in ("put", "call"))  # type: ignore[arg-type]
        differences.append(np.abs(put - call).max() / np.sqrt(pillars.years.loc[day]))
    assert np.median(differences) < 0.005


def test_volatility_of_a_strike_runs_through_the_crash_of_2014() -> None:
    series = crude().volatility(80.0)
    assert len(series) == 1088
    assert series.notna().all()
    assert series.loc["2014-06-30"] < 0.25
    assert series.loc["2015-01-15"] > 0.45
