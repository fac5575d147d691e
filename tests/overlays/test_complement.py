"""The rest of a share, and the split of a hedge that it makes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import pytest

from hedgerow._types import FloatArray
from hedgerow.errors import InputError
from hedgerow.overlays import Complement, OverlayRule, Signals, Static
from hedgerow.programmes import VixFutures, split_hedge
from hedgerow.programmes.split_hedge import splits


@dataclass(frozen=True)
class Ratio(OverlayRule):
    """Share short / (short + long), with one row of warm-up."""

    @property
    def needs(self) -> tuple[str, ...]:
        return ("short", "long")

    @property
    def warm_up(self) -> int:
        return 1

    @property
    def is_share(self) -> bool:
        return True

    def multiplier(self, signals: Signals) -> FloatArray:
        share = signals["short"] / (signals["short"] + signals["long"])
        return np.concatenate(([np.nan], share[1:]))


def curve() -> Signals:
    days = pd.date_range("2020-01-01", periods=4)
    short, long = pd.Series([15.0, 18.0, 30.0, 40.0], days), pd.Series([18.0, 18.0, 25.0, 20.0], days)
    return Signals.of({"short": short, "long": long})


def test_complement_and_its_rule_are_one_whole_on_every_date() -> None:
    """1/2, 30/55, 2/3 leave 1/2, 25/55, 1/3; the warm-up stays undefined."""
    rest = Complement(Ratio()).multiplier(curve())
    assert np.isnan(rest[0])
    assert rest[1:] == pytest.approx([0.5, 25.0 / 55.0, 1.0 / 3.0], rel=1e-15)
    assert Complement(Complement(Ratio())).multiplier(curve())[1:] == pytest.approx(Ratio().multiplier(curve())[1:])


def test_complement_reads_what_its_rule_reads() -> None:
    """Signals and warm-up are the rule's, and it is a share too."""
    rest = Complement(Ratio())
    assert (rest.needs, rest.warm_up, rest.is_share) == (("short", "long"), 1, True)


def test_complement_of_a_size_is_refused() -> None:
    """Twice the base has no rest."""
    with pytest.raises(InputError, match="gives a size; use a term-structure rule"):
        Complement(Static(2.0))


def test_split_hedge_gives_each_side_its_rule() -> None:
    """The short-dated hedge has the share, the long-dated one the rest."""
    short, long = VixFutures(position=1), VixFutures(position=4)
    assert split_hedge(Ratio(), short, long) == ((Ratio(), short), (Complement(Ratio()), long))
    with pytest.raises(InputError, match="only a rule that gives a share"):
        split_hedge(Static(0.5), short, long)


def test_split_hedge_of_a_size_times_a_share_splits_the_size() -> None:
    """The size stands on both sides; two shares, or none, split nothing."""
    short, long = VixFutures(position=1), VixFutures(position=4)
    for rule in (2.0 * Ratio(), Ratio() * Static(2.0), Static(0.5) * (Ratio() * Static(4.0))):
        (near, _), (far, _) = split_hedge(rule, short, long)
        total = near.multiplier(curve()) + far.multiplier(curve())
        np.testing.assert_allclose(total[1:], 2.0, rtol=1e-15)
        assert near == rule
    assert [splits(rule) for rule in (Ratio(), Ratio() * Ratio(), Ratio() + Ratio(), Static(1.0))] == [True] + [
        False
    ] * 3
