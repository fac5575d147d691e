"""How often tests pass: the table in the documents, its law, and what is refused."""

from __future__ import annotations

from math import atan, pi, sqrt

import pytest

from hedgerow.accounting import (
    OPERATING_CHARACTERISTICS,
    AccountingThresholds,
    characteristics_table,
    operating_characteristics,
)
from hedgerow.errors import InputError

# shares in per cent, as agreed: one offset, eight cumulative offsets, regression on 30 rows, on 60 rows
AGREED = {
    0.81: (28, 1, 59, 61),
    0.90: (38, 4, 98, 99.8),
    0.95: (49, 8, 100, 100),
    0.98: (64, 17, 100, 100),
    0.99: (73, 26, 100, 100),
}


@pytest.mark.parametrize("row", OPERATING_CHARACTERISTICS, ids=lambda row: str(row[0]))
def test_cached_row_is_what_its_function_makes_and_within_a_point_of_the_agreed(row: tuple[float, ...]) -> None:
    made = operating_characteristics(row[0], draws=40_000, seed=0)
    shares = (made.one_offset, made.all_cumulative, made.regression_30, made.regression_60)
    assert row[1:] == pytest.approx(shares, abs=1e-4)  # another BLAS or numpy may move a draw over a line
    for share, agreed in zip(shares, AGREED[row[0]], strict=True):
        assert abs(100.0 * share - agreed) <= 1.0


@pytest.mark.parametrize("r_squared", [0.5, 0.9, 0.99])
def test_one_offset_follows_the_law_of_cauchy(r_squared: float) -> None:
    # gain over item is a ratio of normals: Cauchy about R² with scale R sqrt(1 - R²)
    scale = sqrt(r_squared * (1.0 - r_squared))
    exact = (atan((1.25 - r_squared) / scale) - atan((0.8 - r_squared) / scale)) / pi
    assert operating_characteristics(r_squared, draws=20_000, seed=1).one_offset == pytest.approx(exact, abs=0.012)


def test_stricter_lines_pass_less_often() -> None:
    usual = operating_characteristics(0.9, draws=4_000)
    strict = operating_characteristics(
        0.9, draws=4_000, thresholds=AccountingThresholds(corridor_low=0.9, corridor_high=1.1, r_squared=0.9)
    )
    assert strict.one_offset < usual.one_offset
    assert strict.regression_30 < usual.regression_30


def test_table_names_what_passes() -> None:
    table = characteristics_table()
    assert table.shape == (5, 4)
    assert table.index.tolist() == ["0.81", "0.90", "0.95", "0.98", "0.99"]
    assert table.loc["0.95"].iloc[0] == OPERATING_CHARACTERISTICS[2][1]


@pytest.mark.parametrize("words", [{"r_squared": 1.0}, {"r_squared": 0.0}, {"r_squared": 0.9, "draws": 0}])
def test_characteristics_refuse_what_means_nothing(words: dict[str, float]) -> None:
    with pytest.raises(InputError):
        operating_characteristics(**words)  # type: ignore[arg-type]
