"""Programmes by name: every name makes one, prints as the code that makes it, refuses what it does not know."""

from __future__ import annotations

import pytest

import hedgerow.programmes as programmes
from hedgerow.errors import InputError
from hedgerow.programmes import HEDGES, HedgeProgramme, SkewModel, VolOfVol, hedge_by_name, hedge_keys
from option_programme_cases import PROGRAMMES


@pytest.mark.parametrize("name", HEDGES)
def test_every_name_makes_a_programme_that_prints_as_its_code(name: str) -> None:
    """Defaults need no key."""
    made = hedge_by_name(name)
    assert isinstance(made, HedgeProgramme)
    assert made.name
    assert eval(repr(made), vars(programmes).copy()) == made  # noqa: S307


@pytest.mark.parametrize("made", PROGRAMMES.values(), ids=PROGRAMMES.keys())
def test_configured_programme_prints_as_the_code_that_makes_it(made: HedgeProgramme) -> None:
    """Keys given and defaults alike."""
    assert eval(repr(made), vars(programmes).copy()) == made  # noqa: S307


def test_keys_are_those_of_the_class() -> None:
    """In order."""
    assert {"delta", "moneyness", "days", "roll_days_before", "ladder", "costs", "monetise"} <= set(
        hedge_keys("index_puts")
    )


@pytest.mark.parametrize(
    ("name", "keys", "match"),
    [
        ("index_put", {}, "did you mean 'index_puts'"),
        ("nothing like it", {}, "there is no hedge"),
        ("index_puts", {"delt": 0.1}, "did you mean 'delta'"),
        ("vxth", {"delta": 0.1}, "no parameter 'delta'"),
        ("index_puts", {"costs": {"half_spred": 0.1}}, "takes the keys volatility_points, half_spread"),
        ("index_puts", {"monetise": {"take_profits": {}}}, "did you mean 'take_profit'"),
        ("index_puts", {"monetise": {"take_profit": 3}}, "takes the keys multiple, restrike"),
        ("index_puts", {"days": {"least": 90}}, "no part 'days'"),
    ],
)
def test_unknown_name_or_key_is_refused_with_a_hint(name: str, keys: dict[str, object], match: str) -> None:
    """One sentence."""
    with pytest.raises(InputError, match=match):
        hedge_by_name(name, **keys)


def test_plain_mappings_of_a_study_file_make_the_same_programme() -> None:
    """Costs, models, monetisation and a budget by level."""
    made = hedge_by_name(
        "vix_calls",
        costs={"half_spread": 0.02},
        vol_of_vol={"level": 0.9},
        monetise={"take_profit": {"multiple": 3.0}, "volatility_above": {"level": 35.0}},
        premium_budget={"thresholds": [20.0], "shares": [0.01, 0.0]},
    )
    assert made == programmes.VixCalls(
        costs=programmes.HedgeCosts(half_spread=0.02),
        vol_of_vol=programmes.VolOfVol(level=0.9),
        monetise=(programmes.TakeProfit(3.0), programmes.VolatilityAbove(35.0)),
        premium_budget=programmes.BudgetByLevel((20.0,), (0.01, 0.0)),
    )


def test_models_of_a_hedge_may_be_named_by_a_word() -> None:
    """Presets by their words; another word says which there are."""
    assert hedge_by_name("index_puts", skew="average").skew == SkewModel.average()  # type: ignore[attr-defined]
    assert hedge_by_name("vix_calls", vol_of_vol="flat").vol_of_vol == VolOfVol.flat()  # type: ignore[attr-defined]
    with pytest.raises(InputError, match="average"):
        hedge_by_name("index_puts", skew="averge")
