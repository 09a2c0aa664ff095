"""A folder of Verilog that somebody has edited so that tools see another design than a reader: never proved.

Each row is one edit, planted in files that are proved without it; what is said has to be about the edit.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from compile.backend import Files
from compile.pipeline import prepare
from compile.proof.core.judge import judge
from compile.proof.core.verdict import Proved, Unproved
from dag.files.loading import load_lane
from dag.graphs.graph import Graph
from dag.trace import trace
from rtl.netlist.reader import VerilogReader
from tests.support.verilog_bench import with_vectors

pytest.importorskip("pyslang", reason="missing: pyslang (pip install 'dagc-compiler[rtl]')")

TOP = "rtl/quote.v"
Edit = Callable[[Files], Files]


def edit(pattern: str, replacement: str, file: str = TOP) -> Edit:
    """The first match of `pattern` in `file` replaced."""

    def edited(files: Files) -> Files:
        text, count = re.subn(pattern, replacement, files[file].decode(), count=1, flags=re.MULTILINE)
        assert count == 1, f"{pattern} is not in {file}"
        assert text != files[file].decode()
        return {**files, file: text.encode()}

    return edited


def inside(text: str) -> Edit:
    """`text` in a line of its own, at the end of the module."""
    return edit(r"^endmodule", text.replace("\\", r"\\") + "\nendmodule")


def first(text: str) -> Edit:
    return lambda files: {**files, TOP: text.encode() + files[TOP]}


def last(text: str) -> Edit:
    return lambda files: {**files, TOP: files[TOP] + text.encode()}


def also(*files_and_texts: str) -> Edit:
    """More files."""
    pairs = zip(files_and_texts[::2], files_and_texts[1::2], strict=True)
    more = {file: text.encode() for file, text in pairs}
    return lambda files: {**files, **more}


def without(file: str) -> Edit:
    return lambda files: {name: data for name, data in files.items() if name != file}


def both(*edits: Edit) -> Edit:
    def edited(files: Files) -> Files:
        for each in edits:
            files = each(files)
        return files

    return edited


RESULT = r"assign out_quote = (\w+);"
DIRECTIVE, COMMENT, WORD, ONE, STRANGE = (
    "only the net type",
    "a comment",
    "does not belong",
    "one module",
    "no file of this",
)
EDITS: Mapping[str, tuple[Edit, str]] = {
    # What a preprocessor obeys.
    "a switch on SYNTHESIS": (edit(RESULT, r"`ifdef SYNTHESIS\nassign out_quote = 64'd0;\n`else\nassign out_quote = \1;\n`endif"), DIRECTIVE),
    "a switch on VERILATOR": (edit(RESULT, r"`ifndef VERILATOR\nassign out_quote = 64'd0;\n`else\nassign out_quote = \1;\n`endif"), DIRECTIVE),
    "an else of the taps": (edit(r"^`endif\nendmodule", "`else\n`endif\nendmodule"), DIRECTIVE),
    "taps undefined": (first("`undef DAGC_TAPS\n"), DIRECTIVE),
    "taps defined": (first("`define DAGC_TAPS\n"), DIRECTIVE),
    "a macro for a word": (first("`define posedge negedge\n"), DIRECTIVE),
    "a macro used": (edit(RESULT, r"assign out_quote = `X \1;"), DIRECTIVE),
    "a file included": (inside("`include <more.v>"), DIRECTIVE),
    "implicit nets": (edit("`default_nettype none", "`default_nettype wire"), DIRECTIVE),
    "other nets at the end": (edit("`default_nettype wire", "`default_nettype tri1"), DIRECTIVE),
    "a time scale": (first("`timescale 1ns / 1ps\n"), DIRECTIVE),
    "another line": (inside('`line 1 "elsewhere.v" 0'), "outside of a comment"),
    "a cell": (first("`celldefine\n"), DIRECTIVE),
    "everything reset": (first("`resetall\n"), DIRECTIVE),
    "open inputs pulled": (first("`unconnected_drive pull1\n"), DIRECTIVE),
    "other keywords": (first('`begin_keywords "1364-2001"\n'), "outside of a comment"),
    "a pragma": (inside("`pragma protect begin"), DIRECTIVE),
    "a directive beside text": (edit("^`ifdef DAGC_TAPS\n    //", "wire beside; `ifdef DAGC_TAPS\n    //"), "not alone"),
    # What tools obey in comments.
    **{f"a comment: {words}": (inside(words), COMMENT) for words in (
        "// synopsys translate_off", "//synopsys translate_off", "// pragma translate_off", "// synthesis translate_off",
        "/* synthesis translate_off */", "// SYNOPSYS TRANSLATE_OFF", "/* verilator lint_off WIDTH */", "// verilator lint_off",
        "// verilator public_flat_rw", "/*verilator tracing_off*/", "// rtl_synthesis off", "// translate_off", "/* full_case */",
        "/* parallel_case */", "// synthesis full_case parallel_case", "// cadence translate_off", "// altera translate_off",
        "// coverage off", "// exemplar attribute x", "// nothing of this translate_off", "/* anything */", "// goes on \\",
        "// ambit synthesis off", "//@ pragma protect", "/* synthesis syn_keep = 1 */", "// spyglass disable_block ALL",
        "/* two\nlines */", "// xilinx keep",
    )},
    "an attribute": (edit(r"^    wire accept", '    (* keep = "true" *) wire accept'), "outside of a comment"),
    "an attribute without a value": (edit(r"^    wire accept", "    (* keep *) wire accept"), WORD),
    "an attribute of the module": (edit("^module", "(* blackbox *) module"), WORD),
    # Characters that one tool takes for the end of a line and another does not.
    "a carriage return": (inside("// to here \r assign out_quote = 64'd0;"), "the character"),
    "a line separator": (inside("// to here \u2028 assign out_quote = 64'd0;"), "the character"),
    "text from right to left": (inside("// \u202e ;0 = etouq_tuo ngissa"), "the character"),
    "a tab": (inside("\t"), "the character"),
    "a mark of the byte order": (first("\ufeff"), "the character"),
    "a letter that is not ASCII": (inside("wire \u0430ccept = 1'b0;"), "outside of a comment"),
    "an escaped name": (inside(r"wire \accept = 1'b0;"), "outside of a comment"),
    "not text": (lambda files: {**files, TOP: files[TOP] + b"\xff"}, "is no text"),
    # Modules and files.
    "a second module": (last("module more; endmodule\n"), "outside of the directives"),
    "a module before": (edit("^module quote", "module more; endmodule\nmodule quote"), ONE),
    "a core of its own": (edit("^module quote", "module f_max (input wire x); endmodule\nmodule quote"), ONE),
    "a module in the module": (inside("module more; endmodule"), WORD),
    "a module of another name": (edit("^module quote", "module quota"), "is called"),
    "a core's name": (edit("^module quote", "module f_add"), "is called"),
    "a function outside": (edit("^module quote", "function f(input x); f = x; endfunction\nmodule quote"), ONE),
    "a package": (edit("^module quote", "package std; endpackage\nmodule quote"), ONE),
    "a binding": (edit("^module quote", "bind f_add quote more();\nmodule quote"), ONE),
    "a binding inside": (inside("bind f_add f_mul more();"), WORD),
    "a macromodule": (edit("^module quote", "macromodule quote"), WORD),
    "a parameter of the module": (edit(r"^module quote \(", "module quote #(parameter HALF = 1) ("), WORD),
    "a parameter": (edit("localparam LATENCY", "parameter LATENCY"), WORD),
    "a parameter redefined": (inside("defparam spread_core.SUBTRACT = 0;"), WORD),
    "an edited core": (edit("SUBTRACT = 1'b0", "SUBTRACT = 1'b1", "rtl/cores/f_add.v"), "not the core of this installation"),
    "a core of another name": (also("rtl/cores/f_more.v", "module f_more; endmodule\n"), "not the core of this installation"),
    "a core in a folder": (also("rtl/cores/more/f_add.v", "module f_add; endmodule\n"), "not the core of this installation"),
    "a core that nothing needs": (lambda files: {**files, **_core("f_div")}, "nothing instantiates"),
    "a core missing": (without("rtl/cores/f_add.v"), "UnknownModule"),
    "another file": (also("rtl/more.v", "module more; endmodule\n"), STRANGE),
    "another folder": (also("rtl/more/f_add.v", "module f_add; endmodule\n"), STRANGE),
    "another list": (also("rtl/more.f", "more.v\n", "rtl/more.v", ""), "no one pipeline"),
    "a header": (also("rtl/more.vh", "`define posedge negedge\n"), STRANGE),
    "a lint file": (also("rtl/quote.vlt", "`verilator_config\n"), STRANGE),
    "a second bench": (also("rtl/quote_tb_tb.v", "module quote_tb_tb; endmodule\n"), STRANGE),
    "no list": (without("rtl/quote.f"), "no one pipeline"),
    "no bench": (without("rtl/quote_tb.v"), "rtl/quote_tb.v is missing"),
    "a list in another order": (edit(r"\A(.*\n)(.*\n)", r"\2\1", "rtl/quote.f"), "is not the list"),
    "a list with a file outside": (edit(r"^quote.v", "../quote.v", "rtl/quote.f"), "is not the list"),
    "a list with an option": (edit(r"\A", "+define+SYNTHESIS\n", "rtl/quote.f"), "is not the list"),
    "a list without a core": (edit(r"^cores/f_add.v\n", "", "rtl/quote.f"), "is not the list"),
    "a package of another top": (edit("toplevel: quote$", "toplevel: quota", "rtl/quote.core"), "quote.core is not the one"),
    "a package with a file": (edit("      - quote.v", "      - quote.v\n      - ../more.v", "rtl/quote.core"), "quote.core is not the one"),
    "a bench that always passes": (edit("wrong = wrong [+] 1", "wrong = wrong", "rtl/quote_tb.v"), "quote_tb.v is not the one"),
    "a vector less": (edit(r"\A.*\n", "", "rtl/quote_vectors.hex"), "quote_vectors.hex is not the one"),
    "figures of a faster one": (edit('"latency": 44', '"latency": 43', "rtl/pipeline.json"), "latency"),
    "figures of a smaller one": (edit('"state_bits": 64', '"state_bits": 32', "rtl/pipeline.json"), "pipeline.json is not the one"),
    "figures of another mode": (edit('"single"', '"none"', "rtl/pipeline.json"), "mode"),
    "figures that are no JSON": (edit(r"\A{", "", "rtl/pipeline.json"), "damaged"),
    "figures that are a list": (lambda files: {**files, "rtl/pipeline.json": b"[]"}, "no mode"),
    "no figures": (without("rtl/pipeline.json"), "missing"),
    # Ports.
    "an input more, and used": (both(
        edit(r"^(    input  wire        clk,)", r"\1\n    input  wire        sel,"),
        edit(RESULT, r"assign out_quote = sel ? \1 : 64'd0;")), "input port `sel`"),
    "an input more": (edit(r"^(    input  wire        clk,)", r"\1\n    input  wire        sel,"), "input port `sel`"),
    "an output more": (edit(r"^(    input  wire        clk,)", r"\1\n    output wire        led,"), "output port `led`"),
    "an input less": (edit(r"^    input  wire        load,.*\n", ""), "does not elaborate"),
    "a narrow output": (edit(r"output wire \[63:0\] out_quote", "output wire [31:0] out_quote"), "does not elaborate"),
    "an output in reverse": (edit(r"output wire \[63:0\] out_quote", "output wire [0:63] out_quote"), "no plain port|does not end"),
    "a wide input": (edit(r"input  wire \[63:0\] in_ask", "input  wire [64:0] in_ask"), "does not elaborate|input port"),
    "both in and out": (edit(r"input  wire \[63:0\] in_ask", "inout  wire [63:0] in_ask"), WORD),
    "a signed input": (edit(r"input  wire \[63:0\] in_ask", "input  wire signed [63:0] in_ask"), WORD),
    # What no net list shows, and what is none.
    "an initial block": (inside("initial $display(1);"), WORD),
    "an initial value": (edit(r"(slow_level__level__before_register);", r"\1 = 64'd0;"), "has an initial value"),
    "a forced signal": (inside("always @(posedge clk) force accept = 1'b1;"), WORD),
    "a delayed assignment": (edit(RESULT, r"assign #1 out_quote = \1;"), WORD),
    "a delayed wire": (edit(r"^    wire accept", "    wire #1 accept"), WORD),
    "a delay in a block": (edit("valid_after <= rst", "valid_after <= #1 rst"), WORD),
    "a strong assignment": (edit(RESULT, r"assign (strong0, pull1) out_quote = \1;"), WORD),
    "a wired and": (edit(r"^    wire accept", "    wand accept"), WORD),
    "a path": (inside("specify (clk => out_valid) = 1; endspecify"), WORD),
    "a generated block": (inside("generate if (1) begin : more wire x; end endgenerate"), WORD),
    "a condition on parameters": (inside("if (LATENCY == 44) begin : more wire x; end"), WORD + "|GenerateBlock|is not known"),
    "a signal of an instance": (edit(RESULT, r"assign out_quote = result_core.rounded;"), WORD),
    "a function": (inside("function f(input x); f = x; endfunction"), WORD),
    "a task": (inside("task t; endtask"), WORD),
    "a gate": (inside("and more(out_more, clk, rst);"), "does not elaborate|is not known|" + WORD),
    "a latch": (inside("reg more; always @(*) if (rst) more = 1'b1;"), WORD),
    "another edge": (edit(r"posedge clk\) valid_after", "negedge clk) valid_after"), WORD),
    "two edges": (edit(r"posedge clk\) valid_after", "posedge clk or posedge rst) valid_after"), WORD),
    "another clock": (edit(r"posedge clk\) valid_after", "posedge in_valid) valid_after"), "posedge clk"),
    "a clock with a condition": (edit(r"posedge clk\) valid_after", "posedge clk iff rst) valid_after"), WORD),
    "a blocking assignment": (edit("valid_after <= rst", "valid_after = rst"), "statement|" + WORD),
    "no reset": (edit(r"valid_after <= rst \? 44'd0 : valid", "valid_after <= valid"), "valid_after"),
    "no reset of a state": (edit(r"if \(rst\) slow_level__level__before_register <= .*\n    +else ", ""), "not understood"),
    "an unknown bit": (edit(r"64'h3FE0000000000000 /. 0.5 ./", "64'h3FE000000000000x"), "does not elaborate|x and z"),
    "a floating bit": (edit("44'd0", "44'bz"), "x and z|does not elaborate"),
    "a signed literal": (edit(r"64'h3FE0000000000000 /. 0.5 ./", "64'sh3FE0000000000000"), WORD),
    "an octal literal": (edit("44'd0", "44'o0"), WORD),
    "a real": (inside("localparam HALF = 0.5;"), WORD),
    "a string": (inside('localparam [7:0] TEXT = "a";'), "outside of a comment"),
    "an integer variable": (inside("integer more;"), WORD),
    "a two-state variable": (inside("bit more;"), WORD),
    "a system function": (inside("wire more = $random;"), WORD),
    "unsigned by a function": (inside("wire more = $unsigned(clk);"), WORD),
    "a message": (inside("$error(1);"), WORD),
    "an assertion": (inside("assert property (@(posedge clk) accept);"), WORD),
    "a named end": (edit("^endmodule", "endmodule : quote"), WORD),
    "an alias": (inside("alias clk = rst;"), WORD),
    # Instances.
    "a core of another operator": (edit(r"f_add #\(\.SUBTRACT\(1\)", "f_add #(.SUBTRACT(0)"), "quote.py:29"),
    "a core of another format": (edit(r"f_add #\(\.SUBTRACT", "f_add #(.EXP(8), .FRAC(23), .SUBTRACT"), "does not elaborate|PortWidth|width|operands"),
    "a delay of a negative depth": (edit(r"DEPTH\(10\)\) half", "DEPTH(-10)) half"), "no plain number"),
    "a delay of a signed depth": (edit(r"DEPTH\(10\)\) half", "DEPTH(4'd10)) half"), "no plain number"),
    "a delay of half a cycle": (edit(r"DEPTH\(10\)\) half", "DEPTH(10.5)) half"), WORD),
    "a narrow delay": (edit(r"WIDTH\(64\), \.DEPTH\(10\)\) half", "WIDTH(32), .DEPTH(10)) half"), "does not elaborate|delays 64 bits|width"),
    "a result cut off": (edit(r"wire \[63:0\] half;", "wire [31:0] half;"), "does not elaborate|width"),
    "instances in an array": (edit(r"half_core \(", "half_core [0:0] ("), "InstanceArray|does not elaborate|is not known"),
    "another reset": (edit(r"(half_to_33 \(\.clk\(clk\), )\.rst\(rst\)", r"\1.rst(in_valid)"), "delays"),
    "an open port": (edit(r"\.rst\(rst\), \.d\(in_bid\)", ".rst(), .d(in_bid)"), "is open|does not elaborate"),
    "a driver more": (inside("assign accept = 1'b1;"), "driven twice|does not elaborate"),
    "an input driven inside": (inside("assign in_ask = 64'd0;"), "driven from inside"),
    "a reset that never comes": (inside("assign rst = 1'b0;"), "driven from inside"),
    "a clock driven by a core": (inside("f_compare more (.clk(clk), .a(in_ask), .b(in_bid), .result(rst));"), "driven from inside"),
    "ports by their order": (edit(r"_core \(\.clk\(clk\), \.a\((\w+)\), \.b\((\w+)\), \.result\((\w+)\)\)", r"_core (clk, \1, \2, \3)"), WORD),
    "a literal too large": (edit("44'd0", "44'd99999999999999999999"), "VectorLiteralOverflow"),
    "rows closer, and figures that say so": (both(
        edit(r"INTERVAL = (\d+)'d34", r"INTERVAL = \1'd33"), edit('"interval": 34', '"interval": 33', "rtl/pipeline.json")), "does not see it"),
    "a state more": (inside("reg more; always @(posedge clk) more <= 1'b1;"), "not understood"),
}  # fmt: skip


def _core(name: str) -> Files:
    from rtl.core_table import core_sources

    return {f"rtl/cores/{file}": text.encode() for file, text in core_sources(name).items()}


@pytest.fixture(scope="module")
def graph() -> Graph:
    return prepare(trace(load_lane(f"{Path(__file__).parents[1] / 'golden' / 'quote.py'}:quote")))


@pytest.fixture(scope="module")
def files(graph: Graph) -> Files:
    return with_vectors(graph)


def test_without_an_edit_it_is_proved(graph: Graph, files: Files) -> None:
    reader = VerilogReader.of(files)
    verdict = judge(graph, reader, files)
    assert isinstance(verdict, Proved), verdict.page()
    assert sorted(reader.answers_for(files)) == sorted(files)
    assert sorted({*files} - {*verdict.written_again}) == [TOP], "only the pipeline itself is read back"


@pytest.mark.parametrize("name", EDITS)
def test_an_edited_folder_is_not_proved(graph: Graph, files: Files, name: str) -> None:
    change, says = EDITS[name]
    edited = change(files)
    reader = VerilogReader.of(edited)
    assert reader.file in edited
    verdict = judge(graph, reader, edited)
    assert isinstance(verdict, Unproved), "not found"
    assert re.search(says, verdict.page()), verdict.page()
