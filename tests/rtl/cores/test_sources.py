"""The Verilog of the cores as text: what lint and a synthesis engineer ask of it."""

from __future__ import annotations

import re
from importlib import resources

import pytest

from rtl.core_table import core_sources
from rtl.simulate.verilator import lint
from tests.support.simulator import needs_verilator

_FILES = {
    file.name[:-2]: file.read_text()
    for file in resources.files("rtl").joinpath("cores").iterdir()
    if file.name[-2:] == ".v"
}
_PIPELINED = sorted(name for name, text in _FILES.items() if re.search(r"parameter \[\d+:0\] CUTS", text))


@needs_verilator
@pytest.mark.parametrize("form", [(11, 52), (8, 23), (5, 10)], ids="{0[0]}+{0[1]}".format)
@pytest.mark.parametrize("module", _PIPELINED)
def test_lint_is_silent_at_every_format(module: str, form: tuple[int, int]) -> None:
    parameters: dict[str, int | str]
    if "parameter WIDTH" in _FILES[module]:
        parameters = {"WIDTH": 2 * form[0]}
    elif module == "i_lookup":
        parameters = {"LENGTH": 2 << form[1] % 5}
    elif module == "f_narrow":
        parameters = {"FROM_EXP": form[0] + 2, "FROM_FRAC": 2 * form[1], "EXP": form[0], "FRAC": form[1]}
    elif module == "f_widen":
        parameters = {"EXP": form[0] + 2, "FRAC": 2 * form[1], "FROM_EXP": form[0], "FROM_FRAC": form[1]}
    else:
        parameters = {"EXP": form[0], "FRAC": form[1]}
        if "parameter INT" in _FILES[module]:
            parameters["INT"] = 64 if form[0] == 11 else form[1] + 6
    for cuts in (None, "0"):
        chosen = parameters if cuts is None else {**parameters, "CUTS": f"{_cuts(module)}'d{cuts}"}
        lint(core_sources(module), module, chosen)


@pytest.mark.parametrize("name", sorted(_FILES))
def test_the_text_is_portable_and_says_what_it_is(name: str) -> None:
    text = _FILES[name]
    assert text.startswith("// "), "a file begins with what it is for"
    assert "`default_nettype none" in text
    assert text.rstrip().endswith("`default_nettype wire"), "a file must not change the default for those after it"
    assert f"module {name} " in text, "a file is called as its module"
    code = re.sub(r"//.*", "", text)
    assert not re.search(r"\binitial\b|\bforce\b|\$random|#\d", code), "nothing may lean on what synthesis ignores"
    assert not re.search(r"\b(DSP48|MULT18|altera|xilinx)", code, re.IGNORECASE), "no vendor primitives"


def _cuts(module: str) -> int:
    found = re.search(r"parameter \[(\d+):0\] CUTS", _FILES[module])
    assert found
    return int(found[1]) + 1
