"""Terms of an account: shapes that fit, and one path out of many."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from hedgerow.errors import InputError
from hedgerow.ledger import Carry, Terms


def _terms(prices: np.ndarray, n_paths: int = 2) -> Terms:
    times = pd.date_range("2026-01-05", periods=3)
    names = tuple(f"p{k}" for k in range(n_paths))
    return Terms(times, ("share", "future"), names, prices, prices * 0.0, (Carry.VALUE, Carry.MARGIN))


def test_terms_of_one_path_have_prices_without_an_axis_of_paths() -> None:
    prices = np.arange(12.0).reshape(2, 3, 2)
    one = _terms(prices).of_path("p1")
    assert one.paths == ("p1",)
    np.testing.assert_array_equal(one.prices, prices[1])
    np.testing.assert_array_equal(_terms(prices[0]).of_path("p1").prices, prices[0])


def test_terms_selected_keep_the_order_asked_for() -> None:
    prices = np.arange(12.0).reshape(2, 3, 2)
    some = _terms(prices).select([1, 0])
    assert some.paths == ("p1", "p0")
    np.testing.assert_array_equal(some.prices, prices[::-1])


def test_terms_of_many_paths_name_only_a_few_in_an_error() -> None:
    with pytest.raises(InputError, match=r"it has p0, .*, p7 and 92 more$"):
        _terms(np.ones((3, 2)), n_paths=100).row("x")


@pytest.mark.parametrize("shape", [(3,), (2, 2), (1, 3, 2), (2, 3, 1)])
def test_terms_with_prices_of_another_shape_refused(shape: tuple[int, ...]) -> None:
    with pytest.raises(InputError, match="prices of a ledger must have shape"):
        _terms(np.ones(shape)).require_shapes(np.zeros((2, 3, 2)))


def test_terms_with_holdings_of_another_shape_refused() -> None:
    with pytest.raises(InputError, match="holdings must have shape"):
        _terms(np.ones((3, 2))).require_shapes(np.zeros((2, 4, 2)))


def test_terms_valued_and_margined_instruments_are_told_apart() -> None:
    np.testing.assert_array_equal(_terms(np.ones((3, 2))).is_valued, [1.0, 0.0])
