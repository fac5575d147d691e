"""Counting independent trials: limits, known families, and order of columns."""

from __future__ import annotations

import numpy as np
import pytest

from hedgerow.effectiveness import independent_trials
from hedgerow.effectiveness.independent_trials import WAYS, TrialsBy
from hedgerow.errors import DataError, InputError

ROWS = np.random.default_rng(0).normal(size=(2000, 6))


@pytest.mark.parametrize("by", WAYS)
def test_copies_are_one_trial_and_strangers_are_all(by: TrialsBy) -> None:
    assert independent_trials(np.outer(ROWS[:, 0], [1.0, 2.0, 5.0]), by) == pytest.approx(1.0)
    assert independent_trials(ROWS, by) == pytest.approx(6.0, abs=0.1)
    assert independent_trials(ROWS[:, :1], by) == 1.0


def test_mean_correlation_is_read_by_the_paper_s_formula() -> None:
    rows = ROWS + 1.5 * ROWS[:, [0]]
    correlations = np.corrcoef(rows.T)
    mean = correlations[np.triu_indices(6, 1)].mean()
    assert independent_trials(rows) == pytest.approx(mean + (1 - mean) * 6, abs=1e-10)


def test_two_opposed_families_are_two_clusters() -> None:
    signs = np.array([1.0, -1.0, 1.0, -1.0, 1.0, -1.0])
    rows = 5.0 * np.outer(ROWS[:, 0], signs) + ROWS
    assert independent_trials(rows, "clusters") == 2.0
    assert independent_trials(rows) > 5.0  # what the note warns of


def test_clusters_grow_with_the_line_and_do_not_mind_the_order_of_columns() -> None:
    rows = ROWS + 1.5 * ROWS[:, [0]]
    counts = [independent_trials(rows, "clusters", together_from=line) for line in (0.1, 0.5, 0.6, 0.9)]
    assert counts == sorted(counts)
    assert (counts[0], counts[-1]) == (1.0, 6.0)
    assert independent_trials(rows[:, ::-1], "clusters", together_from=0.6) == counts[2]


def test_opposed_trials_never_count_as_more_than_there_are() -> None:
    assert independent_trials(np.column_stack([ROWS[:, 0], -ROWS[:, 0]])) == 2.0


def test_what_cannot_be_counted_is_refused() -> None:
    with pytest.raises(InputError, match="by must be one of"):
        independent_trials(ROWS, "guess")  # type: ignore[arg-type]
    with pytest.raises(InputError, match="together_from"):
        independent_trials(ROWS, "clusters", together_from=1.0)
    with pytest.raises(DataError, match="column 0"):
        independent_trials(np.zeros((10, 2)))
    with pytest.raises(DataError, match="three rows"):
        independent_trials(ROWS[:2])
