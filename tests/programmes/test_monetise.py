"""Monetisation: decided at a close, traded at the next, empty until the roll or struck again."""

from __future__ import annotations

import numpy as np
import pytest

from hedgerow.errors import InputError
from hedgerow.programmes import (
    AfterDays,
    AfterLife,
    Collars,
    IndexPuts,
    MonetiseRule,
    PricedProgramme,
    TakeProfit,
    VolatilityAbove,
)
from option_programme_cases import PORTFOLIO, market


def held_plainly() -> PricedProgramme:
    """Return the puts without monetisation."""
    return IndexPuts().priced(market(), PORTFOLIO)


def test_profit_is_taken_a_close_after_the_multiple_is_reached() -> None:
    """By a scan of each contract's own prices; the slot stays empty until the next roll."""
    plain, sold = held_plainly(), IndexPuts(monetise=TakeProfit(1.6)).priced(market(), PORTFOLIO)
    assert len(plain.contracts) == len(sold.contracts)
    early = 0
    for before, after in zip(plain.contracts, sold.contracts, strict=True):
        path = plain.prices[before.entered : before.left, before.slot]
        reached = np.flatnonzero(path >= 1.6 * before.entry_price)
        due = before.entered + int(reached[0]) + 1 if len(reached) else before.left
        assert after.left == min(due, before.left)
        assert (after.label, after.entered) == (before.label, before.entered)
        if due < before.left:
            early += 1
            assert after.reason == "take profit"
            assert after.exit_price == plain.prices[due, before.slot]
            assert (sold.units[due : before.left] == 0.0).all()
        else:
            assert after.reason == before.reason
    assert early > 0


def test_struck_again_buys_the_same_expiry_at_once_and_keeps_the_roll() -> None:
    """Something is held on every date; the new put has the delta asked for on its own day."""
    sold = IndexPuts(monetise=TakeProfit(1.6, restrike=True)).priced(market(), PORTFOLIO)
    plain = held_plainly()
    assert len(sold.contracts) > len(plain.contracts)
    assert ((sold.units > 0.0).sum(axis=1) == 1).all()
    expiries = {each.label.split()[2] for each in plain.contracts}
    assert {each.label.split()[2] for each in sold.contracts} == expiries
    for before, after in zip(sold.contracts, sold.contracts[1:], strict=False):
        assert after.entered == before.left
        assert after.slot != before.slot
        if before.reason == "take profit":
            assert after.label.split()[2] == before.label.split()[2]
            assert float(after.label.split()[1]) < float(before.label.split()[1])


def test_volatility_above_needs_a_crossing_while_held() -> None:
    """At or below the level on the close before, strictly above on this one."""
    known = market()
    level = float(np.quantile(known.vix, 0.9))
    sold = IndexPuts(monetise=VolatilityAbove(level)).priced(known, PORTFOLIO)
    crossed = np.concatenate(([False], (known.vix[1:] > level) & (known.vix[:-1] <= level)))
    early = [each for each in sold.contracts if each.reason.startswith("volatility above")]
    assert early
    for each in sold.contracts:
        inside = np.flatnonzero(crossed[each.entered + 1 : each.left]) + each.entered + 1
        assert (each in early) == (len(inside) > 0 and inside[0] + 1 == each.left)


def test_exact_tie_with_the_level_does_not_sell() -> None:
    """An index of 25 is not above 25, nor is one that rounding put there."""
    rule = VolatilityAbove(25.0)
    arrays = {"value": np.ones(3), "premium": np.ones(3), "age": np.ones(3), "life": np.full(3, 90.0)}
    from hedgerow.programmes.monetise import HeldPath

    held = HeldPath(index=np.array([25.0, 25.0 + 1e-9, 25.001]), index_before=np.full(3, 20.0), **arrays)
    assert rule.fires(held).tolist() == [False, False, True]
    tie = HeldPath(np.array([3.0 - 1e-10, 2.99]), np.ones(2), np.ones(2), np.ones(2), np.ones(2), np.ones(2))
    assert TakeProfit(3.0).fires(tie).tolist() == [True, False]


@pytest.mark.parametrize(("rule", "days"), [(AfterDays(20), 20), (AfterLife(0.25), None)])
def test_age_sells_on_the_date_after_it_is_reached(rule: MonetiseRule, days: int | None) -> None:
    """Calendar days since purchase; a share of those to expiry."""
    known = market()
    sold = IndexPuts(monetise=rule).priced(known, PORTFOLIO)
    for each in sold.contracts[:-1]:
        bought = known.dates[each.entered]
        life = (np.datetime64(each.label.split()[2]) - bought.to_datetime64()) / np.timedelta64(1, "D")
        due = days if days is not None else 0.25 * life
        ages = (known.dates - bought).days.to_numpy()
        assert each.left == int(np.flatnonzero(ages >= due)[0]) + 1
        assert each.reason == rule.reason


def test_profit_on_what_costs_nothing_is_refused() -> None:
    """A free collar has no premium to multiply."""
    with pytest.raises(InputError, match="has none"):
        Collars(call_delta=0.5, put_delta=0.1, monetise=TakeProfit()).priced(market(), PORTFOLIO)


@pytest.mark.parametrize(
    "make",
    [
        lambda: TakeProfit(1.0),
        lambda: TakeProfit(float("nan")),
        lambda: VolatilityAbove(0.0),
        lambda: AfterDays(0),
        lambda: AfterLife(1.0),
    ],
)
def test_rule_that_can_never_or_always_fire_is_refused(make: object) -> None:
    """In one sentence."""
    with pytest.raises(InputError):
        make()  # type: ignore[operator]
