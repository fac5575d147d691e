"""Pictures of a result: every name is drawn, and what is drawn adds up."""

from __future__ import annotations

import numpy as np
import pytest

from engine_cases import BOOKS, PAYING, PLAIN, run
from hedgerow.engine.pictures import PICTURES
from hedgerow.scenarios import GBM


@pytest.mark.parametrize("name", PICTURES)
def test_picture_of_every_name_is_drawn(name: str) -> None:
    figure = run(BOOKS["straddle"], GBM(PLAIN), n_paths=30).figure(name)
    assert len(figure.data) > 0
    assert figure.layout.title.text


def test_parts_of_the_picture_of_one_path_add_up_to_its_pnl() -> None:
    result = run(BOOKS["straddle"], GBM(PAYING), n_paths=3)
    drawn = {trace.name: np.asarray(trace.y, dtype=float) for trace in result.figure("pnl_decomposition", 2).data}
    total = drawn.pop("total")
    assert result.pnl is not None
    assert total[-1] == pytest.approx(result.pnl[2], abs=1e-3)  # a picture keeps seven digits
    np.testing.assert_allclose(sum(drawn.values()), total, atol=1e-3)
