from __future__ import annotations

import sys

import numpy as np
import pandas as pd
import pytest

from hedgerow.errors import InputError, MissingExtraError
from hedgerow.market import SAMPLES, load_sample, samples


@pytest.mark.parametrize("name", [name for name in SAMPLES if name != "equity"])
def test_sample_that_comes_along_loads(name):
    history = load_sample(name)
    assert len(history.times) > 1000
    assert set(history.units) == set(history.instruments)


def test_sample_equity_is_the_mean_of_daily_returns_compounded():
    datasets = pytest.importorskip("skfolio.datasets")
    history = load_sample("equity")
    portfolio = history.prices["portfolio"]
    stocks = datasets.load_sp500_dataset()
    assert portfolio.iloc[0] == 100.0
    np.testing.assert_allclose(
        history.changes("percent").values["portfolio"], stocks.pct_change().iloc[1:].mean(axis=1)
    )
    assert load_sample("equity-nasdaq").instruments == ("portfolio", "S&P 500", "Nasdaq")


def test_sample_equity_when_the_future_is_altered_stays_the_same(monkeypatch):
    days = pd.bdate_range("2024-01-01", periods=50, name="Date")
    draws = np.random.default_rng(0).normal(size=(50, 3))
    stocks = pd.DataFrame(100 + draws.cumsum(axis=0), index=days, columns=list("abc"))
    index = stocks[["a"]].set_axis(["SP500"], axis=1)
    altered = stocks.copy()
    altered.iloc[31:] *= 3
    monkeypatch.setattr(samples, "_skfolio_tables", lambda: (stocks, index))
    before = load_sample("equity").view(days[30]).prices
    monkeypatch.setattr(samples, "_skfolio_tables", lambda: (altered, index))
    pd.testing.assert_frame_equal(load_sample("equity").view(days[30]).prices, before)


def test_sample_equity_without_skfolio_names_the_extra(monkeypatch):
    monkeypatch.setitem(sys.modules, "skfolio.datasets", None)
    with pytest.raises(MissingExtraError, match=r'pip install "hedgerow\[samples\]"'):
        load_sample("equity")


def test_sample_unknown_names_those_there_are():
    with pytest.raises(InputError, match=r"no sample 'equty'; did you mean 'equity'?"):
        load_sample("equty")
