"""The XLA kernel read back: every graph is proved, and every changed text is not, by a finding that says where."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from compile.backend import Files
from compile.campaign.drawing.random_graph import random_graph
from compile.pipeline import prepare
from compile.proof.core.judge import judge
from compile.proof.core.verdict import Proved, Unproved
from compile.proof.stablehlo.reader import StableHloReader
from compile.xla.emit import emit
from dag.files.loading import load_lane
from dag.graphs.graph import Graph
from dag.trace import trace
from tests.support.tiers import only

HERE = Path(__file__).parent
EXAMPLES = Path(__file__).parents[3] / "examples"
READER = StableHloReader()


@pytest.fixture(scope="module")
def graph() -> Graph:
    return prepare(trace(load_lane(f"{HERE / 'clamped_average.py'}:clamped_average")))


@pytest.fixture(scope="module")
def files(graph: Graph) -> Files:
    return emit(graph)


@pytest.mark.parametrize("seed", only(range(8), {0, 1, 3}.__contains__))
def test_a_random_graph_is_proved(seed: int) -> None:
    graph = random_graph(seed, operators=150, arrays=True, folds=seed % 2 == 0)
    verdict = judge(graph, READER, emit(graph))
    assert isinstance(verdict, Proved), verdict.page()
    assert verdict.nodes == sum(not graph.types[node].is_array for node in graph.operators())
    assert any("pinned" in each for each in verdict.assumed) is any(str(op) == "fma" for op in graph.ops)


def test_the_flagship_is_proved() -> None:
    graph = prepare(trace(load_lane(f"{EXAMPLES / 'five_factor.py'}:five_factor")))
    verdict = judge(graph, READER, emit(graph))
    assert isinstance(verdict, Proved), verdict.page()


def test_the_lane_is_proved(graph: Graph, files: Files) -> None:
    assert isinstance(judge(graph, READER, files), Proved)


#: Name -> what is replaced in the text, by what, and what the finding says.
TEXT_FAULTS: dict[str, tuple[str, str, str]] = {
    "operands exchanged": (r"@sub\(%x, %y\)", "@sub(%y, %x)", "clamped_average.py:24"),
    "another operand": (r"@add\(%level__before, %step\)", "@add(%level__before, %step__2)", "clamped_average.py:27"),
    "another operator": (r"(%level__2 = func.call )@add", r"\1@sub", "clamped_average.py:27"),
    "minimum for maximum": (r"@max\(%held__1", "@min(%held__1", "clamped_average.py:25"),
    "minimum of the exchanged": (r"@min\(%spread, %high\)", "@min(%high, %spread)", "clamped_average.py:25"),
    "IEEE's minimum": (
        r"%smaller = .*\n\s+%result = stablehlo.select %smaller, %b, %a : .*",
        "%result = stablehlo.minimum %a, %b : tensor<1xf64>",
        "function `min` is no operator.*node `held.1`.*clamped_average.py:25",
    ),
    "minimum by <=": ("compare LT, %b, %a, FLOAT", "compare LE, %b, %a, FLOAT", "function `min` is no operator"),
    "arms exchanged": (r"@select_f64\(%level__1, %level__2, %level__4\)", "@select_f64(%level__1, %level__4, %level__2)", ":27"),
    "an arm dropped": (r"@select_f64\(%level__1, %level__2, %level__4\)", "@select_f64(%level__1, %level__2, %level__2)", ":27"),
    "a product fused": (
        r"@add\(%step__2, %step__3\) : \(tensor<1xf64>, tensor<1xf64>\)",
        "@fma(%step__1, %held, %step__3) : (tensor<1xf64>, tensor<1xf64>, tensor<1xf64>)",
        "it is not StableHLO",
    ),
    "an unfenced product": (r"%same = stablehlo.xor %bits, %zero", "%same = stablehlo.or %bits, %bits", "function `mul` is no operator"),
    "a product without its barrier": (
        r"(%same = .*\n\s+%result = .*\n\s+%exact = stablehlo\.)optimization_barrier %result : \S+",
        r"\1reshape %result : (tensor<1xf64>) -> tensor<1xf64>",
        "function `mul`: `mul` returns what went through no optimization_barrier",
    ),
    "a division without its barrier": (
        r"%divisor = stablehlo.optimization_barrier %b : tensor<1xf64>",
        "%divisor = stablehlo.reshape %b : (tensor<1xf64>) -> tensor<1xf64>",
        "an operand of `divide` comes from no optimization_barrier.*clamped_average.py:24",
    ),
    "a literal": (r"%result = stablehlo.add %a, %b : tensor<1xf64>", "%l = stablehlo.constant dense<0.1> : tensor<1xf64>\n%result = stablehlo.add %a, %l : tensor<1xf64>", "a float is written down"),
    "a remainder's sign": ("compare LT, %a, %", "compare LE, %a, %", "function `imod` is no operator"),
    "a short ring": ("dense<3> : tensor<1xi64>", "dense<2> : tensor<1xi64>", "function `get_4xf64` is no operator"),
    "a ring written everywhere": (r"%chosen = stablehlo.and %here", "%chosen = stablehlo.or %here", "function `put_4xf64` is no operator"),
    "a stale ring": (r"@put_4xf64\(%ring__before, %at__before, %level,", "@put_4xf64(%ring__before, %at__before, %level__before,", "`ring`"),
    "a flush unseen": (r"stablehlo.or %guard.to.4, %guard.5", "stablehlo.or %guard.to.4, %guard.4", "does not watch node `spread.1`"),
    "a sum watched for itself": (
        r"@vanished_sum\(%step, %step__2, %step__3\) : \(tensor<1xf64>, tensor<1xf64>, tensor<1xf64>\)",
        "@subnormal(%step) : (tensor<1xf64>)",
        "does not watch node `step`.*clamped_average.py:26",
    ),
    "a guard that is an and": (r"%guard.to.3 = stablehlo.or", "%guard.to.3 = stablehlo.and", "stands outside the functions"),
    "a watcher of less": (r"dense<4503599627370496>", "dense<4503599627370495>", "is no operator"),
    "no operation of ours": (r"%result = stablehlo.add", "%result = stablehlo.power", "operation `stablehlo.power` is not known"),
    "fused by hand": (r"stablehlo.subtract %a, %b :", "stablehlo.atan2 %a, %b :", "operation `stablehlo.atan2` is not known"),
    "torn": (r"\}\s*\Z", "", "it is not StableHLO"),
}  # fmt: skip
INTERFACE_FAULTS: dict[str, tuple[str, str, str]] = {
    "a constant one ulp off": ("3fb999999999999a", "3fb999999999999b", "clamped_average.py:26"),
    "a zero's sign": ('"word": "0000000000000000"}', '"word": "8000000000000000"}', "in_domain.low"),
    "a parameter twice": ('"name": "high"', '"name": "low"', "the param `low` stands there twice"),
    "an input for a parameter": ('"source": "param", "name": "high"', '"source": "input", "name": "high"', "input `high` of type f64 is not the graph's"),
    "an input twice": ('"name": "x", "identifier": "x"', '"name": "y", "identifier": "x"', "the input `y` stands there twice"),
    "a stale state": ('"next": "next__level"', '"next": "level__before"', "the next value of state `level`"),
    "an unguarded state": ('"next": "next__level"', '"next": "level"', "the next value of state `level`"),
    "a state twice": ('"name": "at", "identifier": "at__before"', '"name": "ring", "identifier": "at__before"', "the state `ring` stands there twice"),
    "another type": ('"name": "x", "identifier": "x", "type": "f64"', '"name": "x", "identifier": "x", "type": "i64"', "is f64"),
    "results exchanged": ('  "level__2",\n  "level__3",', '  "level__3",\n  "level__2",', "clamped_average.py:27"),
    "the fence is a constant": ('"source": "zero"', '"source": "ones"', "`ones` is not known"),
    "an identifier twice": ('"identifier": "high"', '"identifier": "x"', "the identifier `x` stands there twice"),
    "a result twice": ('  "level__2",\n', '  "level__2",\n  "level__2",\n', "the identifier `level__2` stands there twice"),
    "a key twice": ('"name": "x", ', '"name": "y", "name": "x", ', "the key `name` stands there twice"),
    "another width": ('"name": "x", "identifier": "x", "type": "f64"', '"name": "x", "identifier": "x", "type": "f32"', "is not the graph's"),
    "a word more": ('"name": "x", ', '"name": "x", "scale": 2, ', "says `scale`, which is not known"),
    "a section more": ('{\n "arguments"', '{\n "defaults": [],\n "arguments"', "expected arguments and results"),
    "torn": ("}\n", "", "is damaged"),
}  # fmt: skip


@pytest.mark.parametrize("fault", TEXT_FAULTS)
def test_a_changed_text_is_not_proved(graph: Graph, files: Files, fault: str) -> None:
    _assert_found(graph, files, "kernel.stablehlo", *TEXT_FAULTS[fault])


@pytest.mark.parametrize("fault", INTERFACE_FAULTS)
def test_a_changed_interface_is_not_proved(graph: Graph, files: Files, fault: str) -> None:
    pattern, replacement, says = INTERFACE_FAULTS[fault]
    _assert_found(graph, files, "xla_kernel.json", re.escape(pattern), replacement, says)


def _assert_found(graph: Graph, files: Files, file: str, pattern: str, replacement: str, says: str) -> None:
    text = files[file].decode()
    changed, count = re.subn(pattern, replacement, text, count=1)
    assert count, "the fault was not planted"
    assert changed != text
    verdict = judge(graph, READER, files | {file: changed.encode()})
    assert isinstance(verdict, Unproved), "not found"
    assert re.search(says, verdict.page(), re.DOTALL), verdict.page()


#: What is changed in the text of a graph with folds, or with arrays computed with as a whole.
FOLD_FAULTS: dict[str, tuple[str, str]] = {
    "an element too many": ("compare LT, %here, %span, SIGNED", "compare LE, %here, %span, SIGNED"),
    "from another place": (
        "%signed = stablehlo.remainder %first, %length",
        "%signed = stablehlo.remainder %count, %length",
    ),
    "around too late": ("compare EQ, %further, %length, SIGNED", "compare GT, %further, %length, SIGNED"),
    "from zero": ("%all = %initial", "%all = %nought"),
    "a sum regrouped": ("%with = stablehlo.add %all, %x", "%with = stablehlo.subtract %all, %x"),
    "unwatched": ("applies stablehlo.or across", "applies stablehlo.and across"),
}


@pytest.mark.parametrize("fault", FOLD_FAULTS)
def test_a_changed_fold_is_not_proved(fault: str) -> None:
    graph = random_graph(2, operators=70, arrays=True, folds=True)
    files = emit(graph)
    assert isinstance(judge(graph, READER, files), Proved)
    before, after = FOLD_FAULTS[fault]
    text = files["kernel.stablehlo"].decode()
    assert before in text
    changed = files | {"kernel.stablehlo": text.replace(before, after).encode()}
    assert isinstance(judge(graph, READER, changed), Unproved), "not found"


def test_a_missing_file_is_said(graph: Graph, files: Files) -> None:
    verdict = judge(graph, READER, {"kernel.stablehlo": files["kernel.stablehlo"]})
    assert isinstance(verdict, Unproved)
    assert "there is no xla_kernel.json" in verdict.reason


@pytest.mark.parametrize(
    ("pattern", "replacement"),
    [
        (r"module @(\w+) \{", r"module @\1 attributes {mhlo.num_replicas = 2 : i32} {"),
        (r"(func\.func public @main\(\n    %[\w.]+: tensor<1xi64>)", r"\1 {tf.aliasing_output = 0 : i32}"),
        (r"\) -> \(tensor<1xi1>,", r') -> (tensor<1xi1> {jax.result_info = "x"},'),
        (r"(func\.func private @add\(.*?\) -> tensor<1xf64>) \{", r"\1 attributes {no_inline} {"),
    ],
)
def test_what_the_text_says_beside_its_operations_is_read_too(
    graph: Graph, files: Files, pattern: str, replacement: str
) -> None:
    _assert_found(graph, files, "kernel.stablehlo", pattern, replacement, r"says `[\w.]+`, which is not known")
