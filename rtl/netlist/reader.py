"""The emitted Verilog read back: the pipeline as a graph, the same latency on every path, and the state it keeps.

`rtl/<name>.v` is elaborated by slang, with the tap ports and without. Operators are expressions
(`rtl.netlist.expressions`) or cores (`rtl.netlist.core_operators`), whose texts must be those of this installation: what they
compute is the operator layer's to show. A port is known by its name, as for the drivers of the simulation.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from importlib.util import find_spec

from compile.backend import Files
from compile.proof.core.source import SourceTerms
from compile.proof.core.verdict import Reading, Unreadable
from rtl.emit.names import tapped
from rtl.emit.ports import TAPS
from rtl.emit.project import FOLDER
from rtl.netlist.folder import (
    cores_among,
    expect_folder,
    expect_needed,
    figures_of,
    pipeline_of,
    texts_of,
)
from rtl.netlist.pipeline import Pipeline
from rtl.netlist.plain_text import expect_plain
from rtl.netlist.text import elaborate


@dataclass(frozen=True, slots=True)
class VerilogReader:
    """Reads the pipeline of `graph_name`; see `compile.proof.core.verdict.Reader`."""

    file: str

    @property
    def artifact(self) -> str:
        return self.file

    @classmethod
    def of(cls, files: Files) -> VerilogReader:
        """The reader of the pipeline among `files`."""
        return cls(pipeline_of(files))

    def answers_for(self, files: Files) -> Collection[str]:
        """The whole folder: the pipeline, the cores that have to be this installation's, and what belongs to it."""
        return [name for name in files if name.startswith(f"{FOLDER}/")]

    def required(self, source: SourceTerms, reading: Reading) -> Collection[int]:
        """Every value that has a tap port."""
        return tapped(source.graph)

    def read(self, source: SourceTerms, files: Files) -> Reading:
        """The pipeline's values. Raises Unreadable."""
        texts, figures = texts_of(files, self.file), figures_of(files)
        text = texts[self.file]
        expect_plain(text, TAPS)
        if find_spec("pyslang") is None:
            raise Unreadable("pyslang is not installed (pip install 'dagc-compiler[rtl]'): Verilog cannot be read back")
        top = self.file.removeprefix(f"{FOLDER}/").removesuffix(".v")
        with_taps, without = elaborate(texts, self.file, top, (TAPS,)), elaborate(texts, self.file, top)
        expect_needed(with_taps.unused)
        bits = (figures["instances"] - 1).bit_length() if figures["mode"] == "interleaved" else 0
        reading = Pipeline(source, with_taps, bits, has_taps=True).reading(figures, _promised_cycles(text))
        made = Pipeline(source, without, bits, has_taps=False).reading(figures, None)
        for what, shown, bare in (
            ("output", reading.outputs, made.outputs),
            ("the next value of state", reading.next_states, made.next_states),
            ("the initial value of state", reading.initial_states, made.initial_states),
        ):
            for name in {*shown, *bare}:
                if name not in shown or name not in bare or shown[name].term != bare[name].term:
                    raise Unreadable(f"{what} `{name}` is another one where {TAPS} is not defined")
        if _is_the_graph(source, reading):  # where a value is another one, that is the finding
            expect_folder(source.graph, files, self.file, texts, figures)
        cores = cores_among(texts)
        reading.assumed |= {
            f"cores {', '.join(cores)} of this installation: operators after their latency, by the operator layer",
            "rows of one instance are accepted in order, and a reset or a load comes between rows",
            "lists, test bench and vectors are those that this version of dagc writes for the graph",
        }
        reading.written_again |= {*self.answers_for(files)} - {self.file}
        return reading


def _is_the_graph(source: SourceTerms, reading: Reading) -> bool:
    """Whether every value, output and next state that was read is the graph's."""
    graph = source.graph
    read = [(node, each) for node, each in reading.nodes.items()]
    read += [(output.node, reading.outputs[output.name]) for output in graph.outputs]
    read += [
        (state.next, reading.next_states[state.name]) for state in graph.states if state.name in reading.next_states
    ]
    return all(source.of[node] == each.term for node, each in read)


def _promised_cycles(text: str) -> dict[str, int]:
    """Tap port -> the cycle that the port list says its value is there in."""
    found = re.finditer(r"^\s*output\s+wire\s+(?:\[\d+:0\])?\s*(tap_\w+),\s*// cycle (\d+)$", text, re.MULTILINE)
    return {each.group(1): int(each.group(2)) for each in found}
