"""A race offers its figures by name, imports plotly only then, and refuses unknown names with the list."""

from __future__ import annotations

import numpy as np
import pytest

from compare.races import market_of, price_history, race
from hedgerow.compare.figures import FIGURES
from hedgerow.errors import InputError
from hedgerow.ratios import EWMA, OLS


@pytest.mark.parametrize("n_hedges", [1, 2])
@pytest.mark.parametrize("name", FIGURES)
def test_figure_by_name_shows_every_method(name: str, n_hedges: int) -> None:
    result = race(market_of(price_history(n_hedges=n_hedges)), {"ols": OLS(), "ewma": EWMA()})
    figure = result.figure(name)
    labels = [str(trace.name) for trace in figure.data] + [str(tick) for tick in figure.layout.yaxis.ticktext or ()]
    for method in result.methods:
        assert any(label.startswith(method) for label in labels)


def test_figure_of_ratios_and_of_changes_carries_the_numbers() -> None:
    result = race(market_of(price_history()), {"ols": OLS()})
    ratios, changes = result.figure("hedge_ratio").data[0], result.figure("cumulative").data
    np.testing.assert_allclose(ratios.y, result.held_ratios[0, :, 0], rtol=1e-6)
    ends = {trace.name: trace.y[-1] for trace in changes}
    assert ends["unhedged"] == pytest.approx(result.unhedged.sum(), rel=1e-5)
    assert ends["ols"] == pytest.approx(result.hedged["ols"].sum(), rel=1e-5)


def test_figure_of_few_rows_has_a_window() -> None:
    assert race(market_of(price_history(12)), {"ols": OLS()}).figure("rolling_effectiveness").data


def test_unknown_figure_is_refused_with_the_names() -> None:
    result = race(market_of(price_history()), {"ols": OLS()})
    with pytest.raises(InputError, match=r"'cumulativ'.*did you mean 'cumulative'.*hedge_ratio, cumulative"):
        result.figure("cumulativ")
