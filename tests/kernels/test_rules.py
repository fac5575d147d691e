"""Rules: one text on arrays and compiled; stages and what binds them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from hedgerow.errors import InputError
from hedgerow.kernels.elementary import exp, log, maximum, minimum, normal_cdf, sqrt, where
from hedgerow.kernels.program import Program
from hedgerow.kernels.rules import BlockRule, Rule, Stage, rule, run_stages
from hedgerow.kernels.stage_code import WIDTH, load_stage

NAMES = ("path", "spot", "held", "target", "holding", "total", "fires")
PLACES = {name: k for k, name in enumerate(NAMES)}


@rule("holding")
def clipped(held, target, *, width):
    return minimum(maximum(held, target - width), target + width)


@rule("spot")
def grow(spot, path, *, rate):
    return spot * exp(rate + 0.001 * path)


@rule("target", "fires")
def curve(spot, *, strike):
    return normal_cdf(log(maximum(spot, 1e-300) / strike)), where(spot > strike, 1.0, 0.0)


@rule("total")
def add_up(total, spot):
    return total + sqrt(spot)


@rule("fires")
def is_above(spot, target):
    return spot > target


def _doubled(numbers, block):
    for i in range(WIDTH):
        block[5 * WIDTH + i] = block[1 * WIDTH + i] * numbers[0]


doubled = BlockRule(_doubled, lambda numbers, spot: spot * numbers[0], ("spot",), ("total",))


def stages() -> list[Stage]:
    rates = np.linspace(0.0, 0.02, 6)
    return [
        Stage(grow, {"rate": rates}),
        Stage(curve, {"strike": 1.1}),
        Stage(clipped, {"width": 0.05}),
        Stage(grow, {"rate": -0.5}, on=np.array([False] * 5 + [True])),
        Stage(add_up),
    ]


def test_rule_names_rows_numbers_and_outputs() -> None:
    assert (clipped.inputs, clipped.parameters, clipped.outputs) == (("held", "target"), ("width",), ("holding",))


def test_rule_on_arrays_is_numpy() -> None:
    held, target = np.array([0.0, 0.5, 1.0]), np.array([0.3, 0.5, 0.2])
    np.testing.assert_array_equal(clipped(held, target, width=0.1), np.clip(held, target - 0.1, target + 0.1))


def test_stage_with_a_number_missing_refused() -> None:
    with pytest.raises(TypeError, match="width"):
        Stage(clipped, {})


def test_stage_bound_to_other_rows_reads_and_writes_them() -> None:
    rows = {"spot": np.array([1.0]), "other": np.array([2.0])}
    run_stages([Stage(add_up, rows={"total": "other"})], rows, 0)
    np.testing.assert_allclose(rows["other"], 3.0)


def test_stage_runs_only_on_its_steps() -> None:
    stage = stages()[3]
    assert [stage.runs_on(step) for step in range(6)] == [False] * 5 + [True]


def definition(n_paths: int) -> dict[str, np.ndarray]:
    rows = {name: np.zeros(n_paths) for name in NAMES} | {"path": np.arange(float(n_paths)), "spot": np.ones(n_paths)}
    for step in range(6):
        run_stages(stages(), rows, step)
    return rows


def test_program_equals_its_definition_path_by_path() -> None:
    kept = ("spot", "holding", "total", "fires")
    program = Program(stages(), NAMES, 6, {"spot": 1.0})
    found, wanted = program.run(kept, 0, 300), definition(300)
    for row, name in zip(found, kept, strict=True):
        np.testing.assert_allclose(row, wanted[name], rtol=1e-12)


def test_program_any_range_of_paths_equals_that_part_of_the_whole() -> None:
    program = Program(stages(), NAMES, 6, {"spot": 1.0})
    whole = program.run(("total",), 0, 9000, threads=2)
    np.testing.assert_array_equal(whole[:, 5000:5007], program.run(("total",), 5000, 7, threads=1))


def test_program_one_and_two_threads_give_the_same_bits() -> None:
    program = Program(stages(), NAMES, 6, {"spot": 1.0})
    one, two = (program.run(("spot", "total"), 0, 9000, threads=threads) for threads in (1, 2))
    np.testing.assert_array_equal(one, two)


def test_resident_paths_step_by_step_equal_the_run() -> None:
    program = Program(stages(), NAMES, 6, {"spot": 1.0})
    resident = program.resident(40, 200)
    for step in range(6):
        resident.run(step, 0, 2)
        resident.run(step, 2, 5)
    np.testing.assert_array_equal(resident.row("total"), program.run(("total",), 40, 200)[0])


def test_resident_row_written_from_outside_is_read_by_later_stages() -> None:
    program = Program([Stage(add_up)], NAMES, 1, {"spot": 1.0})
    resident = program.resident(0, 130)
    resident.put("spot", np.full(130, 9.0))
    resident.run(0, 0, 1)
    np.testing.assert_allclose(resident.row("total"), 3.0)


def test_program_row_that_no_block_holds_refused() -> None:
    with pytest.raises(InputError, match="names row 'nowhere'"):
        Program([Stage(add_up, rows={"total": "nowhere"})], NAMES, 1, {})


def test_block_rule_equals_its_definition() -> None:
    program = Program([Stage(doubled, table=np.array([[2.5]]))], NAMES, 1, {"spot": 3.0})
    np.testing.assert_allclose(program.run(("total",), 0, 5), 7.5)


def test_rule_that_answers_true_or_false_fills_its_row_with_one_and_zero() -> None:
    program = Program([Stage(is_above)], NAMES, 1, {"spot": 3.0, "target": 2.0})
    np.testing.assert_array_equal(program.run(("fires",), 0, 3), 1.0)


@pytest.mark.compiled
def test_stage_code_is_one_simd_loop() -> None:
    from hedgerow.kernels import stage_code

    fresh = stage_code._compiled(Stage(clipped, {"width": 0.05}), PLACES, cached=False)
    text = fresh.callback._library.get_llvm_str()
    assert "x double>" in text


@pytest.mark.compiled
def test_stage_whose_code_disagrees_with_its_definition_is_not_used(monkeypatch) -> None:
    wrong = Rule(clipped.__wrapped__, ("holding",))
    monkeypatch.setitem(wrong.__dict__, "definition", lambda held, target, width: held + 1.0)
    assert load_stage(Stage(wrong, {"width": 0.05}), PLACES) is None
    program = Program([Stage(wrong, {"width": 0.05})], NAMES, 1, {"held": 2.0})
    assert not program.is_compiled
    np.testing.assert_array_equal(program.run(("holding",), 0, 2), 3.0)


@pytest.mark.compiled
def test_rules_typed_into_a_console_run_compiled_each_with_its_own_text() -> None:
    text = """
from hedgerow.kernels.rules import rule

@rule("holding")
def typed(held):
    return held + {number}
"""
    for number in (1.0, 2.0):
        names: dict[str, Any] = {"__name__": "__main__"}
        exec(compile(text.format(number=number), "<console>", "exec"), names)  # noqa: S102 - a console
        program = Program([Stage(names["typed"])], NAMES, 1, {"held": 3.0})
        assert program.is_compiled
        np.testing.assert_array_equal(program.run(("holding",), 0, 2), 3.0 + number)


@pytest.mark.compiled
def test_rules_of_one_text_and_other_closed_over_numbers_each_keep_theirs() -> None:
    def adding(number: float) -> Rule:
        def add(held: Any) -> Any:
            return held + number

        return Rule(add, ("holding",))

    for number in (1.0, 2.0, 3.0):
        program = Program([Stage(adding(number))], NAMES, 1, {"held": 3.0})
        assert program.is_compiled
        np.testing.assert_array_equal(program.run(("holding",), 0, 2), 3.0 + number)


@pytest.mark.compiled
def test_rule_in_blocks_of_other_rows_reads_and_writes_those() -> None:
    stage = Stage(clipped, {"width": 0.05})
    for names in (NAMES, ("path", "target", "holding", "held")):
        program = Program([stage], names, 1, {"held": 2.0, "target": 2.0})
        np.testing.assert_array_equal(program.run(("holding",), 0, 2), 2.0)


@pytest.mark.compiled
def test_stage_whose_cached_code_cannot_be_loaded_is_compiled_afresh(monkeypatch) -> None:
    from hedgerow.kernels import stage_code

    compiled, asked = stage_code._compiled, []

    def broken(stage, places, cached):
        asked.append(cached)
        if cached:
            raise ModuleNotFoundError("a module of an older version")
        return compiled(stage, places, cached)

    monkeypatch.setattr(stage_code, "_compiled", broken)
    fresh = Rule(clipped.__wrapped__, ("holding",))
    assert load_stage(Stage(fresh, {"width": 0.05}), PLACES) is not None
    assert asked == [True, False]
