"""Counter-based random numbers: the published vectors, the laws of the numbers, and one text in both forms."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy import stats

from hedgerow._types import FloatArray
from hedgerow.errors import InputError
from hedgerow.kernels.random_numbers import (
    draw_stages,
    key_of,
    mirrored_normals_of_turns,
    normals_of_turns,
    philox,
    shared_turn_pair,
    shared_uniform_pair,
    turn_pair,
    uniform_pair,
)
from hedgerow.kernels.rules import Rule, run_stages

KEY = {"step": 4.0, "stream": 1.0, "key_low": 12345.0, "key_high": 7.0}
N = 20_000
PATHS = np.arange(float(N))


def normal_pair(path: Any, **key: float) -> tuple[Any, Any]:
    """The two normals of a draw, through both rules that make them."""
    found: tuple[Any, Any] = normals_of_turns(*turn_pair(path, **key))
    return found


def mirrored_normal_pair(path: Any, **key: float) -> tuple[Any, Any]:
    found: tuple[Any, Any] = mirrored_normals_of_turns(path, *shared_turn_pair(path, **key))
    return found


@pytest.mark.parametrize(
    ("counter", "key", "published"),
    [
        ((0, 0, 0, 0), (0, 0), (0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8)),
        ((0xFFFFFFFF,) * 4, (0xFFFFFFFF,) * 2, (0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD)),
        (
            (0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344),
            (0xA4093822, 0x299F31D0),
            (0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1),
        ),
    ],
    ids=["zeros", "ones", "digits of pi"],
)
def test_philox_gives_the_known_answers_of_random123(
    counter: tuple[int, ...], key: tuple[int, ...], published: tuple[int, ...]
) -> None:
    words = philox.definition(*(np.array([word], dtype=np.uint64) for word in counter + key))
    assert tuple(int(word[0]) for word in words) == published


def test_philox_of_a_path_equals_numpy_free_arithmetic() -> None:
    """The counter is (path low, path high, step, stream) and the key (low, high), here in whole numbers of Python."""
    a, b, c, d, low, high = 5, 3, 4, 1, 12345, 7
    for _ in range(10):
        first, second = a * 0xD2511F53, c * 0xCD9E8D57
        a, b, c, d = (second >> 32) ^ b ^ low, second & 0xFFFFFFFF, (first >> 32) ^ d ^ high, first & 0xFFFFFFFF
        low, high = (low + 0x9E3779B9) & 0xFFFFFFFF, (high + 0xBB67AE85) & 0xFFFFFFFF
    u, v = (1.0 - (((x << 32) | y) >> 12) / 2**52 for x, y in ((a, b), (c, d)))
    np.testing.assert_array_equal(uniform_pair(np.array([3.0 * 2**32 + 5.0]), **KEY), [[u], [v]])
    angle = np.pi * (v - 0.5)
    radius = np.sqrt(-2.0 * np.log(u))
    wanted = [radius * np.cos(angle) * (-1.0 if d & 1 else 1.0), radius * np.sin(angle)]
    np.testing.assert_allclose(np.ravel(normal_pair(np.array([3.0 * 2**32 + 5.0]), **KEY)), wanted, rtol=1e-13)


def test_normals_have_normal_moments_and_distribution() -> None:
    for each in normal_pair(PATHS, **KEY):
        assert stats.kstest(each, "norm").pvalue > 1e-3
        assert abs(each.mean()) < 4.0 / np.sqrt(N)
        assert abs(each.var() - 1.0) < 4.0 * np.sqrt(2.0 / N)
        assert abs((each**3).mean()) < 4.0 * np.sqrt(15.0 / N)
        assert abs((each**4).mean() - 3.0) < 4.0 * np.sqrt(96.0 / N)


def test_uniforms_are_uniform_and_never_zero() -> None:
    for each in uniform_pair(PATHS, **KEY):
        assert stats.kstest(each, "uniform").pvalue > 1e-3
        assert each.min() > 0.0
        assert each.max() <= 1.0


@pytest.mark.parametrize("change", [{"step": 6.0}, {"stream": 2.0}, {"key_low": 12346.0}, {"key_high": 8.0}])
def test_normals_of_another_step_stream_or_seed_are_unrelated(change: dict[str, float]) -> None:
    first, twin = normal_pair(PATHS, **KEY)
    second, _ = normal_pair(PATHS, **(KEY | change))
    for left, right in ((first, second), (first, twin), (first**2, second**2), (first**2, twin**2)):
        assert abs(np.corrcoef(left, right)[0, 1]) < 4.0 / np.sqrt(N)


def test_normals_of_neighbouring_paths_are_unrelated() -> None:
    first, _ = normal_pair(PATHS, **KEY)
    for lag in (1, 2, 128):
        assert abs(np.corrcoef(first[lag:], first[:-lag])[0, 1]) < 4.0 / np.sqrt(N)


def test_rank_of_first_and_second_number_fills_the_square() -> None:
    counts = np.histogram2d(*uniform_pair(PATHS, **KEY), bins=10, range=[[0, 1], [0, 1]])[0]
    assert stats.chisquare(counts.ravel()).pvalue > 1e-3


@pytest.mark.parametrize(
    "pair",
    [normal_pair, uniform_pair, mirrored_normal_pair, shared_uniform_pair],
    ids=["normal", "uniform", "mirrored", "shared"],
)
def test_any_path_can_be_drawn_alone(pair: Any) -> None:
    whole = pair(PATHS[:40], **KEY)
    for number in (0, 1, 17, 39):
        assert [each[number] for each in whole] == [each[0] for each in pair(np.array([float(number)]), **KEY)]
        assert [each[number] for each in whole] == list(pair(float(number), **KEY))


def test_mirrored_normals_are_the_negatives_of_their_neighbour_s() -> None:
    for mirrored, draws in zip(mirrored_normal_pair(PATHS[:100], **KEY), normal_pair(PATHS[:50], **KEY), strict=True):
        np.testing.assert_array_equal(mirrored[::2], draws)
        np.testing.assert_array_equal(mirrored[1::2], -draws)


def test_shared_uniforms_are_their_neighbour_s() -> None:
    for shared, draws in zip(shared_uniform_pair(PATHS[:100], **KEY), uniform_pair(PATHS[:50], **KEY), strict=True):
        np.testing.assert_array_equal(shared, np.repeat(draws, 2))


def drawn(n_steps: int, **options: Any) -> FloatArray:
    rows: dict[str, Any] = {"path": PATHS[:8]}
    numbers = []
    for step in range(n_steps):
        run_stages(draw_stages(n_steps, seed=2**40 + 3, stream=17, rows=("user_0", "user_1"), **options), rows, step)
        numbers.append(rows["user_0"])
    return np.array(numbers)


@pytest.mark.parametrize("options", [{}, {"uniform": True}, {"antithetic": True}], ids=str)
def test_stages_draw_on_even_steps_and_hand_on_the_twin_on_odd_ones(options: dict[str, bool]) -> None:
    low, high = key_of(2**40 + 3)
    pair = {"uniform": uniform_pair, "antithetic": mirrored_normal_pair}.get("".join(options), normal_pair)
    wanted = [pair(PATHS[:8], step=step, stream=17.0, key_low=low, key_high=high) for step in (0.0, 2.0, 4.0)]
    np.testing.assert_array_equal(drawn(5, **options), np.concatenate(wanted)[:5])


def test_fewer_steps_draw_the_same_numbers() -> None:
    np.testing.assert_array_equal(drawn(7)[:3], drawn(3))


@pytest.mark.parametrize("seed", [-1, 2**64, 1.5, True, "1"])
def test_seed_out_of_range_is_refused(seed: Any) -> None:
    with pytest.raises(InputError, match="seed must be a whole number from 0"):
        key_of(seed)


def test_stream_out_of_range_is_refused() -> None:
    with pytest.raises(InputError, match="stream must be a whole number from 0"):
        draw_stages(2, seed=0, stream=-1)


def compiled_loop(pair: Rule, further: Rule | None) -> Any:
    """One loop over the paths of the rule that draws, and one of the rule that makes normals of it."""
    import numba

    built = pair.kernel.build()

    @numba.njit(error_model="numpy")
    def loop(path: Any, first: Any, second: Any, step: float, stream: float, low: float, high: float) -> None:
        for i in range(path.size):
            first[i], second[i] = built(path[i], step, stream, low, high)

    if further is None:
        return (loop,)
    makes = further.kernel.build()
    takes_path = "path" in further.inputs

    @numba.njit(error_model="numpy")
    def makes_normals(path: Any, first: Any, second: Any) -> None:
        for i in range(path.size):
            first[i], second[i] = makes(path[i], first[i], second[i]) if takes_path else makes(first[i], second[i])

    return loop, makes_normals


@pytest.mark.compiled
@pytest.mark.parametrize(
    ("pair", "further", "wanted"),
    [(shared_turn_pair, mirrored_normals_of_turns, mirrored_normal_pair), (uniform_pair, None, uniform_pair)],
    ids=["normals", "uniforms"],
)
def test_compiled_rule_equals_its_numpy_form_and_is_vectorised(pair: Rule, further: Rule | None, wanted: Any) -> None:
    paths = np.concatenate([PATHS[:1000], 2.0**32 + PATHS[:100], [2.0**52 - 1.0]])
    first, second = np.empty_like(paths), np.empty_like(paths)
    drawing, *making = compiled_loop(pair, further)
    drawing(paths, first, second, *KEY.values())
    for each in making:
        each(paths, first, second)
    np.testing.assert_allclose([first, second], wanted(paths, **KEY), rtol=0.0, atol=1e-14)
    for each in (drawing, *making):
        code = "".join(each.inspect_asm().values())
        assert "ymm" in code or "zmm" in code or "v0.2d" in code
