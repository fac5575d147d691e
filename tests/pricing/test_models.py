"""Models by name: what words of a command line or a file become."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from hedgerow.errors import InputError
from hedgerow.pricing import american
from hedgerow.pricing.models import greeks_of

OPTION = {"kind": "call", "spot": 100.0, "strike": 95.0, "years": 1.0, "vol": 0.2, "rate": 0.03}
PAID = american.Dividends((0.25, 0.75), (3.0, 2.0))


@pytest.mark.parametrize("dividends", [" 0.25:3, 0.75 : 2", {0.25: 3, "0.75": 2.0}, PAID])
def test_dividends_in_words_price_as_dividends_in_python(dividends: Any) -> None:
    expected = american.price("call", 100.0, 95.0, 1.0, 0.2, 0.03, dividends=PAID)
    assert greeks_of("american", OPTION, {"dividends": dividends}, ("price",)).price == expected


def test_dividends_of_each_option_are_refused() -> None:
    with pytest.raises(InputError, match="dividends are those of all options together"):
        greeks_of("american", OPTION, {"dividends": np.array(["0.5:2", "0.5:1"], dtype=object)}, ("price",))


@pytest.mark.parametrize("dividends", ["2", 2.0, [0.5, 2.0], "0.5:two", "0.5:2:1", "0.5;2"])
def test_dividends_that_are_no_pairs_are_refused(dividends: Any) -> None:
    with pytest.raises(InputError, match="dividends must be YEARS:AMOUNT with commas between, not "):
        greeks_of("american", OPTION, {"dividends": dividends}, ("price",))
