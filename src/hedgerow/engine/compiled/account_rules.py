"""The accounts of a hedge as rules: trading, interest, carry, gains, and where the book's own gains came from."""

from __future__ import annotations

from hedgerow.kernels.elementary import maximum, where
from hedgerow.kernels.rules import rule


@rule("holding")
def chosen(fires_0, goes_0, held, target, *, idle):  # type: ignore[no-untyped-def]
    """Go where the policy goes where it fires, hold what is held elsewhere; once all options are gone, the target."""
    return where(idle > 0.0, target, where(fires_0 > 0.0, goes_0, held))


@rule("holding")
def follow_target(target):  # type: ignore[no-untyped-def]
    """Trade to the target at every step."""
    return target + 0.0


LEAST_TRADE = 1e-12
"""Share of the size of the book below which a change of the holding is rounding, and no trade that pays a ticket."""


@rule("units", "holding")
def units_traded(held, holding, *, least):  # type: ignore[no-untyped-def]
    """Units bought (+) or sold (-); what is no more than rounding is not traded."""
    units = holding - held
    is_trade = abs(units) > least
    return where(is_trade, units, 0.0), where(is_trade, holding, held)


@rule("fee", "total")
def first_fee(paid, total):  # type: ignore[no-untyped-def]
    """Begin the sum of all costs with one label, and add that label up."""
    return paid + 0.0, total + paid


@rule("fee", "total")
def further_fee(fee, paid, total):  # type: ignore[no-untyped-def]
    """Add another label to the sum of all costs."""
    return fee + paid, total + paid


@rule("paid")
def nothing_paid(path):  # type: ignore[no-untyped-def]
    """Set a cost back to zero before the parts of its label are added up."""
    return 0.0 * path


@rule("cash", "held", "costs", "trades", "turnover")
def trade(holding, units, spot, fee, cash, costs, trades, turnover):  # type: ignore[no-untyped-def]
    """Pay for what is bought and for trading it."""
    size = abs(units)
    return (
        cash - units * spot - fee,
        holding + 0.0,
        costs + fee,
        trades + where(size > 0.0, 1.0, 0.0),
        turnover + size,
    )


@rule("cash", "held", "trades", "turnover")
def trade_free(holding, units, spot, cash, trades, turnover):  # type: ignore[no-untyped-def]
    """Pay for what is bought, without costs."""
    size = abs(units)
    return cash - units * spot, holding + 0.0, trades + where(size > 0.0, 1.0, 0.0), turnover + size


@rule("waited", "last_spot", "last_implied")
def remember(units, waited, spot, implied, last_spot, last_implied):  # type: ignore[no-untyped-def]
    """Keep what stood at the last trade, and how long ago it was."""
    traded = abs(units) > 0.0
    return (
        where(traded, 0.0, waited),
        where(traded, spot, last_spot),
        where(traded, implied, last_implied),
    )


@rule("waited")
def wait(waited, *, years):  # type: ignore[no-untyped-def]
    """Let a step pass."""
    return waited + years


@rule("cash", "financing")
def interest(cash, financing, *, growth):  # type: ignore[no-untyped-def]
    """Cash earns its rate over the step; a debit pays it."""
    earned = cash * growth
    return cash + earned, financing + earned


@rule("cash", "carry")
def dividends(cash, carry, held, spot, *, growth, units):  # type: ignore[no-untyped-def]
    """Units held, the book's own among them, earn the yield and the lending fee over the step; units owed pay them."""
    earned = (held + units) * spot * growth
    return cash + earned, carry + earned


@rule("hedge_gain")
def gain(hedge_gain, held, spot, spot_before):  # type: ignore[no-untyped-def]
    """Add what the holding gained over the step."""
    return hedge_gain + held * (spot - spot_before)


@rule("cash", "paid_out")
def settle_payoff(cash, paid_out, value):  # type: ignore[no-untyped-def]
    """Options that expire are settled in cash."""
    return cash + value, paid_out + value


@rule("delta_gain", "gamma_gain", "theta_gain")
def explain_step(  # type: ignore[no-untyped-def]
    delta_gain, gamma_gain, theta_gain, delta, gamma, theta, spot, spot_before, *, years
):
    """Delta x move, half gamma x squared move, theta x time, with the Greeks at the start of the step."""
    move = spot - spot_before
    return delta_gain + delta * move, gamma_gain + 0.5 * gamma * move * move, theta_gain + theta * years


@rule("vega_gain")
def explain_volatility(vega_gain, vega, implied, implied_before):  # type: ignore[no-untyped-def]
    """Vega x move of implied volatility."""
    return vega_gain + vega * (implied - implied_before)


@rule("square_sum", "gamma_weight")
def weigh_variance(square_sum, gamma_weight, gamma, spot, spot_before, *, years):  # type: ignore[no-untyped-def]
    """Sum squared relative moves, and cash gamma x time: which volatility was realised, and how much rode on it."""
    move = (spot - spot_before) / spot_before
    return square_sum + move * move, gamma_weight + gamma * spot_before * spot_before * years


@rule("peak", "drawdown")
def fall_from_peak(peak, drawdown, cash, held, spot, value):  # type: ignore[no-untyped-def]
    """Wealth against its highest level so far."""
    wealth = cash + held * spot + value
    highest = maximum(peak, wealth)
    return highest, maximum(drawdown, highest - wealth)


@rule("hedge_gamma")
def gamma_of_hedge(gamma):  # type: ignore[no-untyped-def]
    """Keep gamma at the hedging volatility before the book's own takes its row."""
    return gamma + 0.0


@rule("control")
def control_of_spot(control, spot, spot_before, *, growth, discount):  # type: ignore[no-untyped-def]
    """Discounted excess move of the spot: its mean is 0 where the spot grows at a known rate."""
    return control + discount * (spot - spot_before * growth)
