"""Rules merged into one stage: the same numbers as one after the other, and only the rows that somebody reads."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from hedgerow.kernels import stage_code
from hedgerow.kernels.elementary import exp, maximum, where
from hedgerow.kernels.merging import merged, without_unread
from hedgerow.kernels.program import Program, _aligned
from hedgerow.kernels.rules import BlockRule, MergedRule, Rule, Stage, rule, run_stages

NAMES = ("path", "spot", "held", "target", "units", "fee", "cash", "costs", "other")
PLACES = {name: k for k, name in enumerate(NAMES)}
N_STEPS = 5


@rule("target")
def aim(spot, *, scale):
    return scale * exp(-spot)


@rule("units", "held")
def buy(held, target):
    return where(target > held, target - held, 0.0), maximum(held, target)


@rule("fee")
def charge(units, spot, *, rate):
    return abs(units) * spot * rate


@rule("cash", "costs")
def pay(units, spot, fee, cash, costs):
    return cash - units * spot - fee, costs + fee


@rule("spot")
def move(spot, path):
    return spot * (1.0 - 0.01 * path / (1.0 + path))


doubled = BlockRule(lambda numbers, block: None, lambda numbers, spot: spot, ("spot",), ("other",))


def parts() -> list[Stage]:
    """Return five stages, each of which reads what the one before wrote."""
    scales = np.linspace(0.5, 1.5, N_STEPS)
    return [Stage(aim, {"scale": scales}), Stage(buy), Stage(charge, {"rate": 0.01}), Stage(pay), Stage(move)]


def end_rows(stages: Any, n_paths: int = 300) -> dict[str, Any]:
    rows: dict[str, Any] = {name: np.zeros(n_paths) for name in NAMES}
    rows |= {"path": np.arange(float(n_paths)), "spot": np.ones(n_paths)}
    for step in range(N_STEPS):
        run_stages(stages, rows, step)
    return rows


def test_neighbours_on_the_same_steps_become_one_stage() -> None:
    whole = merged(parts())
    assert len(whole) == 1
    assert whole[0].reads == ("spot", "held", "cash", "costs", "path")
    assert whole[0].writes == ("target", "units", "held", "fee", "cash", "costs", "spot")


def test_stages_of_other_steps_of_other_ranges_and_blocks_stay_apart() -> None:
    last = np.arange(N_STEPS) == N_STEPS - 1
    narrow = Rule(move.__wrapped__, ("spot",), probed=(-0.5, 0.5))
    apart = [Stage(buy), Stage(buy, on=last), Stage(doubled), Stage(narrow), Stage(buy)]
    assert merged(apart) == tuple(apart)
    assert [len(stage.links) for stage in merged([Stage(buy, on=last), Stage(pay, on=last), Stage(pay)])] == [2, 1]


def test_merged_stage_gives_the_numbers_of_its_parts_on_arrays() -> None:
    found, wanted = end_rows(merged(parts())), end_rows(parts())
    for name in NAMES:
        np.testing.assert_array_equal(found[name], wanted[name])


@pytest.mark.parametrize("n_paths", [1, 300])
def test_program_of_a_merged_stage_equals_the_definition_of_its_parts(n_paths: int) -> None:
    kept = ("held", "cash", "costs", "spot")
    stages = without_unread(merged(parts()), kept)
    found, wanted = Program(stages, NAMES, N_STEPS, {"spot": 1.0}).run(kept, 0, n_paths), end_rows(parts(), n_paths)
    for row, name in zip(found, kept, strict=True):
        np.testing.assert_allclose(row, wanted[name], rtol=1e-13, atol=1e-15)


def test_rows_that_nobody_reads_are_not_written() -> None:
    (left,) = without_unread(merged(parts()), ("cash",))
    assert left.writes == ("held", "cash", "costs", "spot")  # the next step reads these
    (kept,) = without_unread(merged(parts()), ("cash", "units"))
    assert "units" in kept.writes


def test_row_that_another_stage_reads_is_written() -> None:
    trade, _, later = without_unread((*merged(parts()[:4]), Stage(move), Stage(charge, {"rate": 1.0})), ())
    assert "units" in trade.writes
    assert "fee" not in trade.writes
    assert not isinstance(later.rule, MergedRule)


def test_stage_of_which_nothing_is_read_stays_as_it_is() -> None:
    (idle,) = merged([Stage(aim, {"scale": 1.0}), Stage(charge, {"rate": 1.0})])
    assert without_unread([idle], ()) == (idle,)


@pytest.mark.compiled
def test_merged_rules_bound_to_other_rows_each_have_their_code() -> None:
    for row in ("cash", "other"):
        stages = merged([Stage(charge, {"rate": 1.0}), Stage(pay, rows={"cash": row})])
        program = Program(stages, NAMES, 1, {"spot": 2.0, "units": 3.0})
        assert program.is_compiled
        np.testing.assert_array_equal(program.run((row, "costs"), 0, 2), [[-12.0, -12.0], [6.0, 6.0]])


@pytest.mark.compiled
def test_merged_stage_with_one_part_that_disagrees_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = Rule(charge.__wrapped__, ("fee",))
    monkeypatch.setitem(wrong.__dict__, "definition", lambda units, spot, rate: units + 7.0)
    program = Program(merged([Stage(wrong, {"rate": 0.5}), Stage(pay)]), NAMES, 1, {"spot": 2.0, "units": 3.0})
    assert not program.is_compiled
    np.testing.assert_array_equal(program.run(("costs",), 0, 2), 10.0)


@pytest.mark.compiled
def test_code_of_a_merged_stage_is_one_simd_loop_on_an_aligned_stack() -> None:
    (stage,) = merged(parts())
    text = stage_code._compiled(stage, PLACES, cached=False).callback._library.get_llvm_str()
    assert "x double>" in text
    assert '"stackrealign"' in text
    body = text[text.index("x double>") :]
    assert "call double" not in body  # every rule is within the loop


def test_blocks_begin_with_a_line_of_the_cache() -> None:
    for n_blocks in (1, 3):
        blocks = _aligned(n_blocks, 128)
        assert blocks.shape == (n_blocks, 128)
        assert blocks.flags["C_CONTIGUOUS"]
        assert blocks.ctypes.data % 64 == 0


@pytest.mark.compiled
def test_stage_found_in_the_cache_makes_nothing_for_the_compiler(monkeypatch: pytest.MonkeyPatch) -> None:
    (stage,) = merged(parts())
    stage_code._compiled(stage, PLACES, cached=True)  # now it is there, whoever ran before
    asked = []
    monkeypatch.setattr(stage_code, "_names_in", lambda *_: asked.append(1) or {})
    assert stage_code._compiled(stage, PLACES, cached=True).address
    assert not asked
