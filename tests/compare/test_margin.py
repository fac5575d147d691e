"""The margin of a method of a race: the ledger's own gains, from the training rows on, also with a lag."""

from __future__ import annotations

import numpy as np
import pytest

from compare.races import QUICK, market_of, price_history
from hedgerow.compare import compare_methods, margin_of
from hedgerow.engine import Execution
from hedgerow.errors import InputError
from hedgerow.hedgers import Rounding
from hedgerow.limits import MarginTerms
from hedgerow.ratios import OLS, Naive


@pytest.mark.parametrize("lag", [0, 1])
def test_variation_of_a_method_is_what_the_ledger_says_its_hedge_gained(lag: int) -> None:
    market = market_of(price_history(n_hedges=2), quantity=10_000.0, size=25.0)
    execution = Execution(rounding=Rounding.NEAREST, lag=lag)
    race = compare_methods(market, {"naive": Naive(), "ols": OLS()}, execution=execution, bootstrap=QUICK)
    for number, name in enumerate(race.methods):
        path = margin_of(race, name)
        np.testing.assert_allclose(path.variation, race.ledger.gains[number][:, 1:].sum(axis=1), rtol=1e-9, atol=1e-9)
        assert path.held.times.equals(race.ledger.terms.times)
        np.testing.assert_allclose(path.held.contracts, np.round(path.held.contracts), atol=1e-9)
    more, less = (margin_of(race, name, MarginTerms(initial=100.0)).initial[-2] for name in ("naive", "ols"))
    assert more != less


def test_margin_without_sizes_is_refused() -> None:
    race = compare_methods(market_of(price_history()), {"ols": OLS()}, bootstrap=QUICK)
    with pytest.raises(InputError, match="contract size for every hedge"):
        margin_of(race, "ols")
