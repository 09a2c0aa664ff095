"""Mistakes in when a pipeline does something, and in its handshake: edits of the emitted Verilog of the subject."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from compile.backend import Files

FILE = "rtl/subject.v"


@dataclass(frozen=True, slots=True)
class TimingEdit:
    """The first match of `pattern` becomes `replacement`."""

    pattern: str
    replacement: str | Callable[[re.Match[str]], str]

    def edited(self, files: Files) -> Files:
        """The files with the mistake. Raises AssertionError where there is no match."""
        text, count = re.subn(self.pattern, self.replacement, files[FILE].decode(), count=1)
        assert count, self.pattern
        return {**files, FILE: text.encode()}


def _longer(by: int) -> Callable[[re.Match[str]], str]:
    return lambda found: f"{found[1]}{int(found[2]) + by}{found[3]}"


def _delay(of: str, by: int) -> TimingEdit:
    return TimingEdit(rf"(\.DEPTH\()(\d+)(\)\) {of} )", _longer(by))


def _written(state: str, by: int) -> TimingEdit:
    return TimingEdit(rf"(valid\[)(\d+)(\]\) {state}_register <=)", _longer(by))


TIMING_EDITS: dict[str, TimingEdit] = {
    "a value arrives a cycle early": _delay("gap_to_37", -1),
    "a value arrives a cycle late": _delay("gap_to_37", 1),
    "an input arrives a cycle early": _delay("in_y_to_23", -1),
    "a parameter arrives a cycle late": _delay("param_scale_to_11", 1),
    "a state is read a cycle early": _delay("level__before_to_1", -1),
    "the status comes a cycle late": _delay("status_to_146", 1),
    "the restart arrives a cycle early": _delay("restart_to_37", -1),
    "a held-back flag arrives a cycle late": _delay("is_long_to_69", 1),
    "a state is written a cycle early": _written("level__before", -1),
    "a state is written a cycle late": _written("count__before", 1),
    "a state is written a stage early": _written("before__before", -2),
    "a state is written on rows that are none": TimingEdit(r"else if \(valid\[37\]\) count", "else if (valid[37] | in_valid) count"),
    "an array is written a cycle early": TimingEdit(r"end else if \(valid\[38\]\)", "end else if (valid[37])"),
    "the results are called valid a cycle early": TimingEdit(r"out_valid = valid\[LATENCY\]", "out_valid = valid[LATENCY-1]"),
    "rows in flight outlive a reset": TimingEdit(r"valid_after <= rst \? 146'd0 : valid\[145:0\]", "valid_after <= valid[145:0]"),
    "a reset leaves a state": TimingEdit(r"if \(rst\) level__before_register <= [^;]*;", "if (1'b0) level__before_register <= 64'd0;"),
    "a reset sets a state to zero": TimingEdit(
        r"if \(rst\) level__before_register <= 64'h\w+", "if (rst) level__before_register <= 64'h0000000000000000"
    ),
    "a restart does not touch a state": TimingEdit(r"restart_at_37 \? 1'b0 : armed__before_register", "armed__before_register"),
    "a restart leaves an array": TimingEdit(r"if \(restart_at_38\) ring__before_register_written <= 4'd0;", ""),
    "an element is written beside its place": TimingEdit(
        r"ring__before_register\[rest_at_38\[1:0\]\] <=", "ring__before_register[~rest_at_38[1:0]] <="
    ),
    "an element outside the array is written": TimingEdit(r"ring__1 & \(rest_at_38 < 64'd4\)", "ring__1 & (rest_at_38 < 64'd5)"),
    "rows are taken while one is under way": TimingEdit(r"in_ready = in_restart \| \(busy_for == 7'd0\)", "in_ready = 1'b1"),
}  # fmt: skip
