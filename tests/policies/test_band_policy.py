"""Bands: ties, destinations, widths."""

from __future__ import annotations

import numpy as np
import pytest

from hedgerow.errors import InputError
from hedgerow.policies import Band, BandPolicy, GammaScaledBand, Moment, ToleranceBand, WhalleyWilmott, Zakamouline
from policy_cases import one, rows, terms


@pytest.mark.parametrize(("to", "goes"), [("edge", 0.4), ("middle", 0.5), ("target", 0.5)])
def test_band_trades_to_its_destination(to: str, goes: float) -> None:
    assert one(Band(0.1, to), target=0.5, held=0.3) == pytest.approx(goes)  # type: ignore[arg-type]
    assert one(Band(0.1, to), target=0.5, held=0.45) == 0.45  # type: ignore[arg-type]


def test_band_width_is_per_share_of_the_book() -> None:
    assert one(Band(0.1), at=terms(size=500.0), target=200.0, held=151.0) == 151.0
    assert one(Band(0.1), at=terms(size=500.0), target=200.0, held=100.0) == pytest.approx(150.0)


@pytest.mark.parametrize("size", [1.0, 100.0, 1e6])
def test_band_holding_its_own_edge_does_not_trade_again(size: float) -> None:
    at, target = terms(size=size), 0.3 * size
    edge = one(Band(0.1), at=at, target=target, held=0.0)
    assert one(Band(0.1), at=at, target=target, held=edge) == edge


def test_wider_band_trades_less() -> None:
    now, counts = rows(2_000), []
    for width in (0.0, 0.1, 0.2, 0.4, 0.8):
        counts.append(int((Band(width).bound(terms()).holding(Moment(0, now)) != now["held"]).sum()))
    assert counts == sorted(counts, reverse=True)
    assert counts[0] == 4_000
    assert counts[-1] < counts[-2]


def test_half_width_missing_row_refused() -> None:
    with pytest.raises(InputError, match="depends on log_gamma; give log_gamma"):
        WhalleyWilmott(1.0).half_width(terms(), spot=100.0)


def test_half_width_many_prices_at_once() -> None:
    spots = np.linspace(80.0, 120.0, 5)
    assert Band(0.1).half_width(terms(size=3.0), spot=spots).tolist() == pytest.approx([0.3] * 5)


@pytest.mark.parametrize("width", [-0.1, float("nan"), float("inf")])
@pytest.mark.parametrize("policy", [Band, ToleranceBand, GammaScaledBand])
def test_width_negative_or_not_a_number_refused(policy: type[BandPolicy], width: float) -> None:
    with pytest.raises(InputError, match="0 or more"):
        policy(width)  # type: ignore[call-arg]


@pytest.mark.parametrize("policy", [WhalleyWilmott, Zakamouline])
def test_risk_aversion_not_positive_refused(policy: type[BandPolicy]) -> None:
    for bad in (0.0, -1.0, float("nan")):
        with pytest.raises(InputError, match="risk aversion must be more than 0"):
            policy(bad)  # type: ignore[call-arg]
    with pytest.raises(InputError, match="cost must be 0 or more"):
        policy(1.0, cost=-0.001)  # type: ignore[call-arg]


def test_destination_unknown_refused() -> None:
    with pytest.raises(InputError, match="'edge', its 'middle' or the 'target', not to 'centre'"):
        Band(0.1, to="centre")  # type: ignore[arg-type]
    with pytest.raises(InputError, match="'modified' or 'target'"):
        Zakamouline(1.0, centre="edge")  # type: ignore[arg-type]
