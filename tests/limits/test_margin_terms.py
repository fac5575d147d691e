"""Initial margin: stated, a share, or estimated from the past alone."""

from __future__ import annotations

import numpy as np
import pytest

from hedgerow.errors import DataError, InputError
from hedgerow.limits import EstimatedMargin, MarginTerms, estimated_margins

RNG = np.random.default_rng(5)
CHANGES = RNG.standard_t(4, size=(400, 2)) * [100.0, 900.0]


def slow(changes: np.ndarray, how: EstimatedMargin, row: int) -> float:
    known = changes[max(row + 1 - how.window, 0) : row + 1]
    if how.sigmas is not None:
        return float(how.sigmas * np.sqrt(how.rows) * known.std(ddof=1))
    moves = [abs(known[i : i + how.rows].sum()) for i in range(len(known) - how.rows + 1)]
    return float(np.quantile(moves, how.level))


@pytest.mark.parametrize("how", [EstimatedMargin(), EstimatedMargin(0.95, 1, 60), EstimatedMargin(rows=3, sigmas=3.0)])
def test_estimated_margin_equals_a_slow_one_on_the_rows_known(how: EstimatedMargin) -> None:
    margins = estimated_margins(CHANGES, how, 30)
    for row in (30, 31, 150, 399):
        expected = [slow(CHANGES[:, column], how, row) for column in range(2)]
        assert margins[row - 30] == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize("how", [EstimatedMargin(window=60), EstimatedMargin(window=60, sigmas=3.0)])
def test_no_later_row_changes_an_estimated_margin(how: EstimatedMargin) -> None:
    whole = estimated_margins(CHANGES, how, 40)
    for cut in (60, 200, 333):
        for poison in (1e9, -1e9, 0.0):
            altered = CHANGES.copy()
            altered[cut:] = poison
            np.testing.assert_array_equal(estimated_margins(altered, how, 40)[: cut - 40], whole[: cut - 40])
        np.testing.assert_array_equal(estimated_margins(CHANGES[:cut], how, 40), whole[: cut - 40])


def test_estimated_margin_needs_rows_before_the_first() -> None:
    with pytest.raises(DataError, match="needs 21 rows before the first it is for, and 11 are there"):
        estimated_margins(CHANGES, EstimatedMargin(), 10)


def test_margin_without_a_word_is_estimated() -> None:
    each = MarginTerms().per_contract(np.ones((100, 2)), CHANGES, 300)
    np.testing.assert_array_equal(each, estimated_margins(CHANGES, EstimatedMargin(), 300))
    assert MarginTerms().words == "initial margin estimated: 99% quantile of 2-row moves on the last 250 rows known"
    assert "3 standard deviations" in MarginTerms(estimated=EstimatedMargin(sigmas=3.0)).words
    assert "as stated" in MarginTerms(initial=1.0).words
    assert "share" in MarginTerms(share=0.1).words


@pytest.mark.parametrize(
    ("words", "match"),
    [
        ({"initial": 1.0, "share": 0.1}, "initial and as share"),
        ({"initial": -1.0}, "0 or more"),
        ({"share": float("nan")}, "0 or more"),
        ({"maintenance": 0.0}, "above 0 to 1"),
        ({"maintenance": 1.2}, "above 0 to 1"),
        ({"rate": float("inf")}, "finite"),
    ],
)
def test_terms_that_cannot_be_are_refused(words: dict[str, float], match: str) -> None:
    with pytest.raises(InputError, match=match):
        MarginTerms(**words)  # type: ignore[arg-type]


@pytest.mark.parametrize("words", [{"level": 99.0}, {"rows": 0}, {"window": 10}, {"sigmas": -1.0}])
def test_estimates_that_cannot_be_are_refused(words: dict[str, float]) -> None:
    with pytest.raises(InputError):
        EstimatedMargin(**words)  # type: ignore[arg-type]


def test_number_of_margins_is_that_of_the_hedges() -> None:
    with pytest.raises(InputError, match="3 margins are given for 2 hedges"):
        MarginTerms(initial=(1.0, 2.0, 3.0)).per_contract(np.ones((4, 2)), None)
    with pytest.raises(InputError, match="needs the price changes"):
        MarginTerms().per_contract(np.ones((4, 2)), None)
