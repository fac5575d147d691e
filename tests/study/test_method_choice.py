"""The words of a method: what they let through, its estimator takes."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from hedgerow.ratios.markov_switching import MOST_REGIMES
from hedgerow.study import RatioStudy
from hedgerow.study.method_choice import Method
from hedgerow.study.methods import build_method


def test_regimes_of_markov_switching_end_where_the_estimator_ends() -> None:
    assert Method(name="markov_switching", regimes=MOST_REGIMES).regimes == MOST_REGIMES
    with pytest.raises(ValidationError, match=f"less than or equal to {MOST_REGIMES}"):
        Method(name="markov_switching", regimes=MOST_REGIMES + 1)


@pytest.mark.parametrize(("quantity", "side"), [(-5.0, "short"), (5.0, "long"), (None, "long")])
@pytest.mark.parametrize("name", ["minimum_cvar", "minimum_value_at_risk", "minimum_lpm", "quadratic_utility"])
def test_objective_of_a_short_exposure_counts_the_losses_of_who_is_short(
    name: str, quantity: float | None, side: str
) -> None:
    words = {"data": {"sample": "sp500-nasdaq"}, "hedges": [{"column": "b"}]}
    study = RatioStudy.model_validate(words | {"exposure": {"column": "a", "quantity": quantity}, "kind": "ratio"})
    assert build_method(Method.model_validate({"name": name}), study).get_params()["side"] == side
