"""Kernels: nothing is built before it is called, and plain Python says the same."""

from __future__ import annotations

import math
import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from hedgerow.kernels import compile
from hedgerow.kernels.cache import _found_by, watch_files
from hedgerow.kernels.compile import Kernel, compiled, dense, prange, share_out


@compiled(cache=False)
def doubled(values, out):  # type: ignore[no-untyped-def]
    for i in range(values.shape[0]):
        out[i] = 2.0 * values[i]


@compiled(cache=False)
def quadrupled(values, out):  # type: ignore[no-untyped-def]
    doubled(values, out)
    doubled(out, out)


@compiled(cache=False, parallel=True)
def halved(values, out):  # type: ignore[no-untyped-def]
    for i in prange(values.shape[0]):
        out[i] = 0.5 * values[i]


@pytest.mark.parametrize(("kernel", "factor"), [(doubled, 2.0), (quadrupled, 4.0), (halved, 0.5)])
def test_kernel_and_its_definition_agree(kernel: Kernel, factor: float) -> None:
    values = np.arange(50.0)
    fast, plain = np.empty(50), np.empty(50)
    kernel(values, fast)
    kernel.definition(values, plain)
    np.testing.assert_array_equal(fast, factor * values)
    np.testing.assert_array_equal(plain, fast)


def test_parallel_kernel_called_from_many_threads_is_safe() -> None:
    def run(seed: int) -> bool:
        values = np.random.default_rng(seed).random(10_000)
        out = np.empty_like(values)
        halved(values, out)
        return bool(np.all(out == 0.5 * values))

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(run, range(40)))


@pytest.mark.compiled
def test_kernel_of_another_file_is_cached_and_its_edits_are_seen(tmp_path: Path) -> None:
    inner, outer = tmp_path / "inner_part.py", tmp_path / "outer_part.py"
    text = "from hedgerow.kernels.compile import compiled\n@compiled()\ndef scaled(x):\n    return {} * x\n"
    inner.write_text(text.format("2.0"))
    outer.write_text(
        "from hedgerow.kernels.compile import compiled\nfrom inner_part import scaled\n"
        "@compiled()\ndef shifted(x):\n    return scaled(x) + 1.0\n"
    )
    code = (
        f"import sys; sys.path.insert(0, {str(tmp_path)!r}); from outer_part import shifted; "
        "print(shifted(3.0), sum(shifted._built.stats.cache_hits.values()))"
    )
    assert run_python(code, PYTHONDONTWRITEBYTECODE="1") == "7.0 0"
    assert run_python(code, PYTHONDONTWRITEBYTECODE="1") == "7.0 1"
    inner.write_text(text.format("5.0"))
    assert run_python(code, PYTHONDONTWRITEBYTECODE="1") == "16.0 0"


@pytest.mark.compiled
def test_cached_kernel_loads_without_the_compiler_and_another_compiles_after_it(tmp_path: Path) -> None:
    head = "import numpy as np\nfrom hedgerow.kernels.compile import compiled\n"
    (tmp_path / "kept.py").write_text(
        head + "@compiled()\ndef doubled(x):\n    out = np.empty(x.size)\n    out[:] = 2.0 * x\n    return out\n"
    )
    (tmp_path / "later.py").write_text(
        head + "from kept import doubled\n@compiled(cache=False)\ndef summed(x):\n    return doubled(x).sum()\n"
    )
    code = (
        f"import sys; sys.path.insert(0, {str(tmp_path)!r}); import numpy as np; from kept import doubled; "
        "first = doubled(np.ones(3)).tolist(), 'numba.np.linalg' in sys.modules; "
        "from later import summed; print(*first, summed(np.ones(4)))"
    )
    assert run_python(code) == "[2.0, 2.0, 2.0] True 8.0"
    assert run_python(code) == "[2.0, 2.0, 2.0] False 8.0"


def test_cache_of_an_unknown_numba_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    from numba.core import caching

    monkeypatch.delattr(caching, "FunctionCache")
    assert not watch_files(object(), [__file__])


def test_cache_that_looks_in_another_way_is_asked_as_numba_asks_it() -> None:
    class Cache:
        def load_overload(self, signature: str, target_context: object) -> str:
            return signature

    assert _found_by(Cache(), "signature", object()) == "signature"


def test_kernel_named_like_an_attribute_is_not_taken_for_it() -> None:
    names: dict[str, Any] = {"math": math, "sqrt": doubled, "__name__": "elsewhere"}
    exec("def root(x):\n    return math.sqrt(x)\n", names)  # noqa: S102
    assert Kernel(names["root"], {"cache": False})(4.0) == 2.0


def run_python(code: str, **environment: str) -> str:
    source = str(Path(compile.__file__).parents[2])
    variables = {**os.environ, "PYTHONPATH": source, **environment}
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=variables)
    assert ran.returncode == 0, ran.stderr
    return ran.stdout.strip()


ROLL = (
    "import numpy as np, sys; from hedgerow.kernels.sliding import rolling_slope;"
    "before = 'numba' in sys.modules;"
    "x = np.sin(np.arange(40.0)); out = np.empty((40, 1));"
    "rolling_slope(2 * x[:, None], x, 10, out);"
    "print(before, 'numba' in sys.modules, round(out[-1, 0], 9))"
)


@pytest.mark.compiled
def test_kernels_import_nothing_until_called() -> None:
    assert run_python(ROLL) == "False True 2.0"


def test_kernels_numba_switched_off_run_as_plain_python() -> None:
    assert run_python(ROLL, NUMBA_DISABLE_JIT="1") == "False False 2.0"


def test_kernels_nowhere_to_write_a_cache_still_run() -> None:
    code = "import numba.core.caching as caching;caching.CacheImpl._locator_classes = [];" + ROLL.replace(
        "'numba' in sys.modules", "True"
    )
    assert run_python(code) == "True True 2.0"


def test_dense_any_input_becomes_one_kind_of_array() -> None:
    for values in (np.arange(6.0).reshape(2, 3).T, [[1, 2], [3, 4]], np.float32([[1.0]])):
        array = dense(values)
        assert array.flags.c_contiguous
        assert not array.flags.writeable
        assert array.dtype == np.float64
    own = np.zeros(3)
    assert dense(own).base is own
    assert own.flags.writeable


@pytest.mark.parametrize("threads", [1, 2, 5])
def test_share_out_results_are_in_order_for_any_thread_count(threads: int) -> None:
    assert share_out(lambda piece: piece**2, 7, threads) == [piece**2 for piece in range(7)]


def test_share_out_failure_reaches_the_caller() -> None:
    def run(piece: int) -> None:
        if piece == 3:
            raise ZeroDivisionError("piece 3")

    with pytest.raises(ZeroDivisionError, match="piece 3"):
        share_out(run, 6, 2)


@pytest.mark.parametrize("threads", [1, 2])
def test_share_out_failure_leaves_the_rest_alone(threads: int) -> None:
    begun = []

    def run(piece: int) -> None:
        begun.append(piece)
        if piece == 0:
            raise ZeroDivisionError("piece 0")
        time.sleep(0.001)

    with pytest.raises(ZeroDivisionError, match="piece 0"):
        share_out(run, 1000, threads)
    assert len(begun) < 500
