"""Break-even cost: at it both are equally good, and every case has a name."""

from __future__ import annotations

from math import inf, isnan, nan

import pytest

from hedgerow.effectiveness import break_even_cost
from hedgerow.errors import InputError


@pytest.mark.parametrize(
    ("utilities", "turnovers", "case"),
    [
        ((2.0, 1.0), (9.0, 4.0), "below"),
        ((1.0, 2.0), (4.0, 9.0), "above"),
        ((2.0, 1.0), (4.0, 9.0), "always"),
        ((2.0, 1.0), (4.0, 4.0), "always"),
        ((1.0, 1.0), (3.0, 4.0), "always"),
        ((1.0, 2.0), (9.0, 4.0), "never"),
        ((1.0, 1.0), (9.0, 4.0), "never"),
        ((1.0, 2.0), (4.0, 4.0), "never"),
        ((1.0, 1.0 + 1e-15), (4.0, 4.0), "same"),
    ],
)
def test_every_case_has_its_name_and_its_cost(
    utilities: tuple[float, float], turnovers: tuple[float, float], case: str
) -> None:
    found = break_even_cost(*utilities, *turnovers, price=50.0)
    assert found.case == case
    if case in ("below", "above"):
        left, right = (u - found.cost * k for u, k in zip(utilities, turnovers, strict=True))
        assert left == pytest.approx(right)
        assert found.share_of_price == pytest.approx(found.cost / 50.0)
        # dearer trading helps whoever trades less
        dearer = [u - 2.0 * found.cost * k for u, k in zip(utilities, turnovers, strict=True)]
        assert (dearer[0] > dearer[1]) is (case == "above")
    elif case == "same":
        assert isnan(found.cost)
    else:
        assert found.cost == {"always": inf, "never": 0.0}[case]


def test_price_unknown_leaves_the_share_open() -> None:
    assert isnan(break_even_cost(2.0, 1.0, 9.0, 4.0).share_of_price)


def test_figures_that_are_missing_or_negative_are_refused() -> None:
    with pytest.raises(InputError, match="finite"):
        break_even_cost(nan, 1.0, 2.0, 1.0)
    with pytest.raises(InputError, match="negative"):
        break_even_cost(1.0, 1.0, -2.0, 1.0)
