"""Delta, gamma and theta of one European option as rules: what the compiled engine asks of a book at every step.

With S the spot, K the strike, s the volatility, T the years left, r and q rate and carry, w the weight:
d1 = log(S) inverse + shift, where inverse = 1 / (s sqrt T) and shift = ((r - q + s^2 / 2) T - log K) inverse.
"""

from __future__ import annotations

from hedgerow.kernels.cumulative_normal import normal_cdf_absolute
from hedgerow.kernels.elementary import exp, log, maximum, normal_cdf_from_exp
from hedgerow.kernels.rules import rule


@rule("target")
def option_target(log_spot, *, inverse, shift, weight, offset):  # type: ignore[no-untyped-def]
    """Units that hedge one option: -(w e^(-qT) N(d1) + offset), offset -w e^(-qT) for puts."""
    return -(weight * normal_cdf_absolute(log_spot * inverse + shift) + offset)


@rule("target", "log_gamma")
def option_target_gamma(log_spot, *, inverse, shift, weight, offset, log_density):  # type: ignore[no-untyped-def]
    """Give log |gamma| too: log |w| e^(-qT) phi(d1) / (S s sqrt T)."""
    d1 = log_spot * inverse + shift
    target = -(weight * normal_cdf_absolute(d1) + offset)
    return target, log_density - log_spot - 0.5 * d1 * d1


@rule("delta", "gamma", "theta")
def option_greeks(log_spot, spot, *, inverse, shift, weight, offset, density, decay):  # type: ignore[no-untyped-def]
    """Delta, gamma and theta of one option without rate and carry: theta = -1/2 s^2 S^2 gamma."""
    d1 = log_spot * inverse + shift
    exponential = exp(-0.5 * d1 * d1)
    gamma = density * exponential / spot
    return weight * normal_cdf_from_exp(d1, exponential) + offset, gamma, decay * gamma * spot * spot


@rule("value", "delta", "gamma", "theta")
def option_figures(  # type: ignore[no-untyped-def]
    log_spot, spot, *, inverse, shift, root, weight, cash, put, density, decay, rate, drift
):
    """Give its value too, with rate and carry: w e^(-qT) S (N(d1) - put) - w K e^(-rT) (N(d2) - put)."""
    d1 = log_spot * inverse + shift
    gamma = density * exp(-0.5 * d1 * d1) / spot
    delta = weight * (normal_cdf_absolute(d1) - put)
    value = spot * delta - cash * (normal_cdf_absolute(d1 - root) - put)
    return value, delta, gamma, rate * value - drift * spot * delta + decay * gamma * spot * spot


@rule("value")
def payoff_value(spot, *, weight, sign, strike):  # type: ignore[no-untyped-def]
    """Give what one option pays at expiry."""
    return weight * maximum(sign * (spot - strike), 0.0)


@rule("target")
def target_of_delta(delta):  # type: ignore[no-untyped-def]
    """Hold the opposite of the book's delta."""
    return -delta


@rule("log_gamma")
def log_of_gamma(gamma):  # type: ignore[no-untyped-def]
    """Log of the size of gamma."""
    from_below = maximum(abs(gamma), 1e-300)
    return log(from_below)


@rule("gamma")
def gamma_of_log(log_gamma, *, sign):  # type: ignore[no-untyped-def]
    """Gamma from the log of its size and the sign of the one option."""
    return sign * exp(log_gamma)


@rule("holding")
def nothing_held(path):  # type: ignore[no-untyped-def]
    """Hold nothing."""
    return 0.0 * path


@rule("value")
def nothing_left(path):  # type: ignore[no-untyped-def]
    """Value at nothing a book in which everything has expired."""
    return 0.0 * path
