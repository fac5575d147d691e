"""Random numbers that are a pure function of seed, path, step and stream: any path can be drawn alone, by anybody.

The generator is Philox4x32-10: ten rounds of multiplying and mixing turn a counter of four 32-bit words, here
(path low, path high, step, stream), into four words that pass for random; the key is the seed. Two of them make a
uniform of 52 bits. Box and Muller's formula turns two uniforms into two normals, so that one call serves two steps:
:func:`draw_stages` draws on even steps and hands on the twin on odd ones.

>>> import numpy as np
>>> from hedgerow.kernels.rules import run_stages
>>> rows = {"path": np.arange(4.0)}
>>> run_stages(draw_stages(2, seed=7, stream=STREAM_SPOT), rows, step=0)
>>> alone = {"path": np.array([3.0])}
>>> run_stages(draw_stages(2, seed=7, stream=STREAM_SPOT), alone, step=0)
>>> bool(alone["normal"][0] == rows["normal"][3])
True

References
----------
J. K. Salmon, M. A. Moraes, R. O. Dror, D. E. Shaw, *Parallel random numbers: as easy as 1, 2, 3*, SC11 (2011).
G. E. P. Box, M. E. Muller, *A note on the generation of random normal deviates*, Annals of Mathematical Statistics 29
(1958) 610-611.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from hedgerow._types import FloatArray
from hedgerow.errors import InputError
from hedgerow.kernels.circular import cosine_of_half_turns, sine_of_half_turns
from hedgerow.kernels.compile import Primitive, compiled
from hedgerow.kernels.elementary import _ELEMENTARY, log, sqrt
from hedgerow.kernels.rules import Rule, Stage, rule

STREAM_SPOT = 0
STREAM_VOL = 1
STREAM_JUMP_COUNT = 2
STREAM_JUMP_SIZE = 3
STREAM_REGIME = 4
STREAM_SAMPLE = 5
STREAM_IMPLIED = 6
STREAMS_PER_UNDERLYING = 16
"""The streams of underlying k start at 16 k."""

LARGEST_SEED = 2**64 - 1

# Numba adds a signed and an unsigned integer as floats: every constant beside a word must be unsigned.
_LOW = np.uint64(0xFFFFFFFF)
_FIRST_MULTIPLIER, _SECOND_MULTIPLIER = np.uint64(0xD2511F53), np.uint64(0xCD9E8D57)
_LOW_STEP, _HIGH_STEP = np.uint64(0x9E3779B9), np.uint64(0xBB67AE85)
_32, _12, _63, _ONE = np.uint64(32), np.uint64(12), np.uint64(63), np.uint64(1)
_EXPONENT_OF_ONE = np.uint64(0x3FF0000000000000)
_SIGN = np.uint64(0x8000000000000000)
_TWO_TO_52 = 4503599627370496.0
_EXPONENT_OF_TWO_TO_52 = np.uint64(0x4330000000000000)


def _bits_intrinsic() -> Any:  # pragma: no cover - runs where kernels are compiled
    from llvmlite import ir
    from numba import types
    from numba.extending import intrinsic

    @intrinsic
    def bits(_context: Any, x: Any) -> Any:
        def generate(_context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
            return builder.bitcast(arguments[0], ir.IntType(64))

        return types.uint64(types.float64), generate

    return bits


def _plain_bits(x: Any) -> Any:
    return np.asarray(x, dtype=np.float64)[()].view(np.uint64)


_bits_of = Primitive(_bits_intrinsic, _plain_bits)
"""The 64 bits of a float."""


def _float_intrinsic() -> Any:  # pragma: no cover - runs where kernels are compiled
    from llvmlite import ir
    from numba import types
    from numba.extending import intrinsic

    @intrinsic
    def number(_context: Any, word: Any) -> Any:
        def generate(_context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
            return builder.bitcast(arguments[0], ir.DoubleType())

        return types.float64(types.uint64), generate

    return number


def _plain_float(word: Any) -> Any:
    return np.asarray(word, dtype=np.uint64)[()].view(np.float64)


_float_of = Primitive(_float_intrinsic, _plain_float)
"""The float of 64 bits."""


@compiled(**_ELEMENTARY)
def _word_of(x: float) -> Any:
    """Return a whole number from 0 to 2**52 - 1 as a word: adding 2**52 leaves it in the low bits."""
    return _bits_of(x + _TWO_TO_52) ^ _EXPONENT_OF_TWO_TO_52


@compiled(**_ELEMENTARY)
def _mixed(a: Any, b: Any, c: Any, d: Any, low: Any, high: Any) -> Any:
    """Return the words after one round; above bit 31 they hold leftovers, which the next product masks."""
    first = (a & _LOW) * _FIRST_MULTIPLIER
    second = (c & _LOW) * _SECOND_MULTIPLIER
    return (second >> _32) ^ b ^ low, second, (first >> _32) ^ d ^ high, first


@compiled(**_ELEMENTARY)
def _next_low(low: Any) -> Any:
    return (low + _LOW_STEP) & _LOW


@compiled(**_ELEMENTARY)
def _next_high(high: Any) -> Any:
    return (high + _HIGH_STEP) & _LOW


@compiled(**_ELEMENTARY)
def philox(a: Any, b: Any, c: Any, d: Any, low: Any, high: Any) -> Any:
    """Return four random 32-bit words from a counter of four and a key of two, all as 64-bit unsigned integers."""
    a, b, c, d = _mixed(a, b, c, d, low, high)
    low, high = _next_low(low), _next_high(high)
    a, b, c, d = _mixed(a, b, c, d, low, high)
    low, high = _next_low(low), _next_high(high)
    a, b, c, d = _mixed(a, b, c, d, low, high)
    low, high = _next_low(low), _next_high(high)
    a, b, c, d = _mixed(a, b, c, d, low, high)
    low, high = _next_low(low), _next_high(high)
    a, b, c, d = _mixed(a, b, c, d, low, high)
    low, high = _next_low(low), _next_high(high)
    a, b, c, d = _mixed(a, b, c, d, low, high)
    low, high = _next_low(low), _next_high(high)
    a, b, c, d = _mixed(a, b, c, d, low, high)
    low, high = _next_low(low), _next_high(high)
    a, b, c, d = _mixed(a, b, c, d, low, high)
    low, high = _next_low(low), _next_high(high)
    a, b, c, d = _mixed(a, b, c, d, low, high)
    low, high = _next_low(low), _next_high(high)
    a, b, c, d = _mixed(a, b, c, d, low, high)
    return a & _LOW, b & _LOW, c & _LOW, d & _LOW


@compiled(**_ELEMENTARY)
def _two_words(number: Any, step: float, stream: float, key_low: float, key_high: float) -> Any:
    """Return two random words of 64 bits for the number of a draw, itself a word."""
    a, b, c, d = philox(
        number & _LOW, number >> _32, _word_of(step), _word_of(stream), _word_of(key_low), _word_of(key_high)
    )
    return (a << _32) | b, (c << _32) | d


@compiled(**_ELEMENTARY)
def _unit(word: Any) -> Any:
    """Return a uniform on (0, 1] from the upper 52 bits of a word."""
    return 2.0 - _float_of((word >> _12) | _EXPONENT_OF_ONE)


@compiled(**_ELEMENTARY)
def _side(number: Any) -> Any:
    """Return the lowest bit of a word as the sign of a float."""
    return (number & _ONE) << _63


@compiled(**_ELEMENTARY)
def _turn(first: Any, second: Any) -> Any:
    """Return what two words say of a point: a uniform with the sign of its side, and its angle in half turns."""
    signed = _float_of(_bits_of(_unit(first)) ^ _side(second))
    return signed, 1.5 - _float_of((second >> _12) | _EXPONENT_OF_ONE)


@compiled(**_ELEMENTARY)
def _box_muller(signed: float, angle: float) -> Any:
    """Return two normals; the angle covers a half turn, and the sign of the uniform decides the side."""
    radius = sqrt(-2.0 * log(abs(signed)))
    across = _float_of(_bits_of(radius * cosine_of_half_turns(angle)) ^ (_bits_of(signed) & _SIGN))
    return across, radius * sine_of_half_turns(angle)


@rule("normal", "normal_spare")
def turn_pair(path: Any, *, step: float, stream: float, key_low: float, key_high: float) -> Any:
    """Return the uniforms from which Box and Muller make normals: one on (0, 1] with a random sign, one on (-1/2, 1/2].

    Parameters
    ----------
    path : row
        Whole numbers from 0 to 2**52 - 1.
    step, stream, key_low, key_high : float
        Whole numbers below 2**32; the key is the seed, see :func:`key_of`.
    """
    first, second = _two_words(_word_of(path), step, stream, key_low, key_high)
    return _turn(first, second)


@rule("normal", "normal_spare", probed=(-0.5, 0.5))
def normals_of_turns(normal: Any, normal_spare: Any) -> Any:
    """Return two independent standard normals for each path, at most 8.5 in size, from :func:`turn_pair`.

    In a stage of its own: the constants of both do not fit the registers together.
    """
    return _box_muller(normal, normal_spare)


@rule("normal", "normal_spare")
def shared_turn_pair(path: Any, *, step: float, stream: float, key_low: float, key_high: float) -> Any:
    """Return :func:`turn_pair` of draw k for the paths 2k and 2k + 1 alike."""
    first, second = _two_words(_word_of(path) >> _ONE, step, stream, key_low, key_high)
    return _turn(first, second)


@rule("normal", "normal_spare", probed=(-0.5, 0.5))
def mirrored_normals_of_turns(path: Any, normal: Any, normal_spare: Any) -> Any:
    """Return :func:`normals_of_turns` for path 2k, and their negatives for path 2k + 1."""
    across, along = _box_muller(normal, normal_spare)
    side = _side(_word_of(path))
    return _float_of(_bits_of(across) ^ side), _float_of(_bits_of(along) ^ side)


@rule("uniform", "uniform_spare")
def uniform_pair(path: Any, *, step: float, stream: float, key_low: float, key_high: float) -> Any:
    """Return two independent uniforms on (0, 1] for each path; parameters as :func:`turn_pair`."""
    first, second = _two_words(_word_of(path), step, stream, key_low, key_high)
    return _unit(first), _unit(second)


@rule("uniform", "uniform_spare")
def shared_uniform_pair(path: Any, *, step: float, stream: float, key_low: float, key_high: float) -> Any:
    """Return :func:`uniform_pair` of draw k for the paths 2k and 2k + 1 alike."""
    first, second = _two_words(_word_of(path) >> _ONE, step, stream, key_low, key_high)
    return _unit(first), _unit(second)


@rule("normal")
def spare_becomes_normal(normal_spare: Any) -> Any:
    """Hand on the twin of the draw before."""
    return normal_spare + 0.0


def key_of(seed: int) -> tuple[float, float]:
    """Return the two halves of a seed, each below 2**32.

    Raises
    ------
    InputError
        For what is no whole number from 0 to 2**64 - 1.

    Examples
    --------
    >>> key_of(2**32 + 5)
    (5.0, 1.0)
    """
    if isinstance(seed, bool) or not isinstance(seed, (int, np.integer)) or not 0 <= seed <= LARGEST_SEED:
        raise InputError(f"seed must be a whole number from 0 to 2**64 - 1, not {seed!r}")
    return float(int(seed) & 0xFFFFFFFF), float(int(seed) >> 32)


def draw_stages(
    n_steps: int,
    seed: int,
    stream: int,
    rows: tuple[str, str] = ("normal", "normal_spare"),
    *,
    uniform: bool = False,
    antithetic: bool = False,
) -> tuple[Stage, ...]:
    """Return the stages that fill a row with a fresh number at every step, from the row ``path``.

    Parameters
    ----------
    n_steps : int
    seed : int
        From 0 to 2**64 - 1.
    stream : int
        One of the constants above, plus 16 k for underlying k.
    rows : tuple of str
        Row to fill, and the row that keeps the twin for the odd step.
    uniform : bool
        Uniforms on (0, 1] instead of standard normals.
    antithetic : bool
        Path 2k + 1 gets the negative of path 2k's normals, or its very uniforms.

    Returns
    -------
    tuple of Stage

    Raises
    ------
    InputError
        For a seed or stream out of range.
    """
    if not 0 <= stream < 2**32:
        raise InputError(f"stream must be a whole number from 0 to 2**32 - 1, not {stream!r}")
    low, high = key_of(seed)
    even = np.arange(n_steps) % 2 == 0
    drawn, *made = _pair_rules(uniform, antithetic)
    renamed = dict(zip(drawn.outputs, rows, strict=True))
    counter: dict[str, float | FloatArray]
    counter = {"step": np.arange(n_steps, dtype=float), "stream": float(stream), "key_low": low, "key_high": high}
    bound = {"normal": rows[0], "normal_spare": rows[1]}
    normals = tuple(Stage(each, {}, bound, on=even) for each in made)
    return Stage(drawn, counter, renamed, on=even), *normals, Stage(spare_becomes_normal, {}, bound, on=~even)


def _pair_rules(uniform: bool, antithetic: bool) -> tuple[Rule, ...]:
    if uniform:
        return (shared_uniform_pair if antithetic else uniform_pair,)
    return (shared_turn_pair, mirrored_normals_of_turns) if antithetic else (turn_pair, normals_of_turns)
