"""Bounds on the forward from American quotes hold the truth, and tighten with what is known."""

from __future__ import annotations

import numpy as np
import pytest

from hedgerow.errors import InputError
from hedgerow.market.surface import OptionChain, forward_bounds
from market.surface.chains import FORWARDS, RATE, SPOT, chain, quotes


def test_bounds_hold_the_forward_of_quotes_that_obey_parity() -> None:
    found = forward_bounds(chain("american"), RATE)
    truth = np.array(list(FORWARDS.values()))
    assert (found["lower"] < truth).all()
    assert (truth < found["upper"]).all()
    assert not found["crossed"].any()


def test_known_dividends_tighten_the_lower_bound() -> None:
    loose = forward_bounds(chain("american"), RATE)
    truth = np.array(list(FORWARDS.values()))
    dividends = float(np.max(SPOT - truth * loose["discount"]))
    tight = forward_bounds(chain("american"), RATE, dividends=dividends)
    assert (tight["lower"] >= loose["lower"]).all()
    assert (tight["lower"] > loose["lower"]).any()
    assert (tight["lower"] < truth).all()
    with pytest.raises(InputError, match="dividends must not be negative"):
        forward_bounds(chain("american"), RATE, dividends=-1.0)


def test_early_exercise_widens_the_bounds_only_by_interest() -> None:
    table = quotes()
    put = (table["kind"] == "put") & (table["strike"] > 100.0)
    # American puts are worth more than European ones, up to the interest on the strike.
    table.loc[put, ["bid", "ask"]] += 0.3 * 0.02 * table.loc[put, ["strike"]].to_numpy()
    found = forward_bounds(OptionChain.from_frame(table, style="american"), RATE)
    truth = np.array(list(FORWARDS.values()))
    assert (found["upper"].iloc[1:] > truth[1:]).all()


def test_contradicting_quotes_are_flagged_and_missing_discounts_refused() -> None:
    table = quotes()
    put = (table["kind"] == "put") & (table["strike"] == 120.0)
    table.loc[put, ["bid", "ask"]] = [5.0, 5.1]
    assert forward_bounds(OptionChain.from_frame(table, style="american"), RATE)["crossed"].all()
    with pytest.raises(InputError, match="discount factors are needed"):
        forward_bounds(chain("american"), None)
