"""Comments that tools obey: `synopsys translate_off`, `verilator lint_off`, `full_case` and their like.

The emitted text never holds one, whatever words the user chose, and a text that holds one is not read back.
"""

from __future__ import annotations

import re

_TOOLS_TEXT = """
aldec altera altera_attribute ambit antares cadence cov coverage dc_script_begin dc_script_end dc_tcl_script_begin
dc_tcl_script_end exclude exemplar formality full_case gowin hal infer_mux intel jasper lattice leda lint
lint_checking lint_off lint_on magma mentor meridian microsemi modelsim nolint parallel_case pragma precision protect
psl quartus questa radiant realintent rtl_synthesis snps sps spyglass sv_lint sva svlint synopsys synplicity synplify
synthesis synthesis_off synthesis_on translate_off translate_on vcs verible verific verilator verilint verilog_format
verilog_lint verplex vivado vlint xilinx xprop yosys"""
#: A comment that begins with one of these words is an instruction to some tool.
_TOOLS = frozenset(_TOOLS_TEXT.split())
_FIRST_WORD = re.compile(r"([\s/*!@$:;,.#-]*)([A-Za-z_]+)")
#: These are obeyed wherever they stand in it.
_ANYWHERE = re.compile(r"\b(translate|synthesis|lint|coverage)_(off|on)\b|\b(full|parallel)_case\b", re.IGNORECASE)
_HARMLESS = "dagc: "


def is_obeyed(comment: str) -> bool:
    """Whether some tool takes a comment, given without its `//` or `/*`, for an instruction."""
    first = _FIRST_WORD.match(comment)
    return bool(first and first.group(2).lower() in _TOOLS) or _ANYWHERE.search(comment) is not None


def harmless(text: str) -> str:
    """`text` as a comment that no tool obeys: unchanged, but for the words that one would."""
    spoken = _ANYWHERE.sub(lambda found: found.group().replace("_", "-"), text)
    return _HARMLESS + spoken if is_obeyed(spoken) else spoken
