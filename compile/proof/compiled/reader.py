"""What XLA made of a kernel, its optimised HLO, compared with the kernel's own text: the same roundings of the same operands.

`compile.proof.stablehlo.reader` shows that `kernel.stablehlo` computes the graph. Here both the text and the program
that XLA compiled from it (`compiled.as_text()`, after all of its passes on HLO) become tensor terms, and have to be the same
terms: every value asked for, the guard, and every state after a bar. Fusions are inlined, the loop over the bars is one
inductive step: its carried states are the step's states, its results are written at the place of the bar.

The constants are not known here, as they are not to XLA: they are places in the pools that the caller passes in.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping, Sequence

from compile.proof.compiled.places import is_of_a_table, is_own_element, kept_places
from compile.proof.compiled.text import Computation, HloModule, Instruction, hlo_module
from compile.proof.compiled.vocabulary import CASTS, CONVERSIONS, ELEMENTS, OF_SORT
from compile.proof.core.verdict import Unreadable
from compile.proof.stablehlo.fold_expansions import SIDE_BY_SIDE, part_of
from compile.proof.stablehlo.operator_expansions import ONE_ELEMENT, PLACES, SPREAD
from compile.proof.stablehlo.tensor_terms import BOOL, F64, I64, LOOKED_UP, TABLES, TensorTerms
from dag.values.words import MASK, float_bits

#: A tuple's values, or one term.
Value = int | tuple["Value", ...]

_SERIES, _VECTOR = " of every bar", " of a pool"


class HloProgram:
    """One compiled program, evaluated symbolically for one row of one bar."""

    def __init__(self, text: str, terms: TensorTerms, bars: int, rows: int) -> None:
        """`text` was compiled for `bars` x `rows`. Raises Unreadable."""
        if rows < 2 or bars == rows:
            raise Unreadable(f"a program of {bars} bars of {rows} rows: a row is not known by its shape")
        self._module: HloModule = hlo_module(text)
        self._terms = terms
        self._bars, self._rows = bars, rows
        self._fused: dict[tuple[str, tuple[Value, ...]], Value] = {}
        self._is_in_fold = False
        self._zero = terms.constant(0)
        self._counter = terms.leaf("bar", None, I64)
        #: Of each term the line of the kernel's text that XLA says it comes from.
        self.origins: dict[int, int] = {}

    def results(self) -> tuple[int, ...]:
        """What the program returns: of values at every bar those of a bar, of states those after it. Raises Unreadable."""
        entry = self._module.computations[self._module.entry]
        given = [each for each in entry.instructions.values() if each.opcode == "parameter"]
        result = self._computation(entry, {each.name: self._entry_parameter(each) for each in given})
        flat = result if isinstance(result, tuple) else (result,)
        return tuple(self._of_a_bar(self._one(each, 0)) for each in flat)

    def _of_a_bar(self, term: int) -> int:
        """A result that holds every bar's value without a loop: an input as it came, or what is the same at every bar."""
        row = self._terms.rows[term]
        if not row.sort.endswith(_SERIES):
            return term
        return row.args[0] if row.op == "filled" else self._at_bar(term, row.sort.removesuffix(_SERIES))

    def _entry_parameter(self, instruction: Instruction) -> int:
        name, sort = instruction.said.get("op_name", ""), self._sort(instruction)
        terms = self._terms
        if name in ("floats", "integers"):
            return terms.leaf("pool", name, sort)
        if name == "zero":
            return terms.leaf("zero", None, I64)
        if name == "live":
            return terms.leaf("live", None, sort)
        found = re.fullmatch(r"(params|state|inputs|tables)\[(.*)\]", name)
        if not found:
            raise Unreadable(f"parameter `{name}` of the program is not known", instruction.line)
        return terms.leaf(found.group(1), str(ast.literal_eval(found.group(2))), sort)

    def _computation(self, computation: Computation, given: Mapping[str, Value]) -> Value:
        values: dict[str, Value] = dict(given)
        for name, instruction in computation.instructions.items():
            if name not in values:
                values[name] = self._value(instruction, [values[each] for each in instruction.operands])
        return values[computation.root]

    def _called(self, name: str, arguments: Sequence[Value]) -> Value:
        key = (name, tuple(arguments))
        if key not in self._fused:
            computation = self._module.computations[name]
            given = {
                each.name: arguments[int(each.literal)]
                for each in computation.instructions.values()
                if each.opcode == "parameter"
            }
            self._fused[key] = self._computation(computation, given)
        return self._fused[key]

    def _value(self, instruction: Instruction, operands: list[Value]) -> Value:
        match instruction.opcode:
            case "tuple":
                return tuple(operands)
            case "get-tuple-element":
                whole = operands[0]
                if not isinstance(whole, tuple):
                    raise Unreadable("an element of what is no tuple", instruction.line)
                return whole[int(instruction.said["index"])]
            case "fusion" | "call":
                called = instruction.said.get("calls") or instruction.said["to_apply"]
                return self._called(called.removeprefix("%"), operands)
            case "while":
                return self._while(instruction, operands[0])
            case _:
                term = self._term(instruction, tuple(self._one(each, instruction.line) for each in operands))
                if instruction.origin:
                    self.origins.setdefault(term, instruction.origin)
                return term

    @staticmethod
    def _one(value: Value, line: int) -> int:
        if isinstance(value, tuple):
            raise Unreadable("a tuple stands where one value is expected", line)
        return value

    def _sort(self, instruction: Instruction) -> str:
        """The sort of one row's value; of pools and of values at every bar one that says so."""
        element = ELEMENTS.get(instruction.element)
        if element is None:
            raise Unreadable(f"values of type {instruction.element} are not known", instruction.line)
        match [each for each in instruction.dimensions if each != 1]:
            case []:
                return element
            case [rows] if rows == self._rows:
                return element
            case [rows, length] if rows == self._rows:
                return f"{element}[{length}]"
            case [bars, rows] if bars == self._bars and rows == self._rows:
                return element + _SERIES
            case [_]:
                return element + _VECTOR
            case _:
                raise Unreadable(f"shape {instruction.dimensions} is not known", instruction.line)

    def _flat(self, instruction: Instruction, sorts: Sequence[str]) -> str | None:
        """The sort where this is an array of each row, all of them in a row: what the array is made of says its length."""
        match [each for each in instruction.dimensions if each != 1], [each for each in sorts if each.endswith("]")]:
            case [size], [array, *_] if size == self._rows * int(array.partition("[")[2].rstrip("]")):
                return f"{ELEMENTS.get(instruction.element)}[{array.partition('[')[2]}"
        return None

    def _term(self, instruction: Instruction, operands: tuple[int, ...]) -> int:
        terms, opcode, said = self._terms, instruction.opcode, instruction.said
        sorts = [terms.sort(each) for each in operands]
        sort = self._flat(instruction, sorts) or self._sort(instruction)
        element = sort.split("[")[0]
        match opcode:
            case "constant":
                return terms.constant(self._literal(instruction, element), sort)
            case "copy" | "bitcast" | "reshape" if sorts == [sort]:
                return operands[0]
            case "broadcast" if sorts == [sort]:
                return operands[0]
            case "broadcast" if sort.endswith("]") and sorts == [element] and said["dimensions"] in ("{}", "{0}"):
                return terms.make("broadcast_in_dim", *operands, sort=sort, attribute=SPREAD)
            case "broadcast" if sort.endswith(_SERIES) and said["dimensions"] in ("{}", "{1}"):
                return terms.make("filled", *operands, sort=sort)
            case "select":
                return terms.make("select", *operands, sort=sort)
            case "compare" if set(said) <= {"direction", "op_name"}:
                return self._comparison(said["direction"], operands, sorts[0], sort)
            case "convert" | "bitcast-convert":
                given, _, length = sorts[0].partition("[")
                found = (CONVERSIONS if opcode == "convert" else CASTS).get((given, element))
                if found is not None and length == sort.partition("[")[2]:
                    return terms.make(found, *operands, sort=sort)
            case "reduce" if said["dimensions"] == "{1}" and self._is_or(said["to_apply"].removeprefix("%")):
                if sorts[0].startswith(f"{BOOL}[") and operands[1] == terms.constant(0, BOOL):
                    return terms.make("any", operands[0], sort=sort)
            case "reduce-window" if self._is_or(said["to_apply"].removeprefix("%")):
                found_part = self._any_of_blocks(said["window"], operands, sorts[0], sort)
                if found_part is not None:
                    return found_part
            case "slice" | "dynamic-slice" | "dynamic-update-slice" | "iota" | "concatenate" | "pad" | "gather":
                found_term = self._moved(instruction, operands, sorts, sort)
                if found_term is not None:
                    return found_term
            case _:
                found = OF_SORT.get(element, {}).get(opcode)
                if found is not None and set(said) <= {"op_name"}:
                    return terms.make(found, *operands, sort=sort)
        raise Unreadable(f"`{opcode}` of {', '.join(sorts) or 'nothing'} to {sort} is not known", instruction.line)

    def _is_or(self, name: str) -> bool:
        """Whether the computation called `name` is the disjunction of its two arguments."""
        computation = self._module.computations[name]
        root = computation.instructions[computation.root]
        given = {each.name for each in computation.instructions.values() if each.opcode == "parameter"}
        return (
            root.opcode == "or" and len(given) == len(computation.instructions) - 1 == 2 and {*root.operands} == given
        )

    def _any_of_blocks(self, window: str, operands: tuple[int, ...], of: str, sort: str) -> int | None:
        """The disjunction of each block of the elements of a row, where the blocks are all of them, padded with false."""
        said = re.fullmatch(r"\{size=1x(\d+) stride=1x(\d+)(?: pad=0_0x(\d+)_(\d+))?\}", window)
        if said is None or not of.startswith(f"{BOOL}[") or operands[1] != self._terms.constant(0, BOOL):
            return None
        size, stride, low, high = (int(each) for each in said.groups(default="0"))
        padded = low + int(of.partition("[")[2].rstrip("]")) + high
        if size != stride or padded % size or sort != self._terms.held(f"{BOOL}[{padded // size}]"):
            return None
        return self._terms.make("any of blocks", operands[0], sort=sort)

    def _comparison(self, direction: str, operands: tuple[int, ...], of: str, sort: str) -> int:
        terms = self._terms
        if of.startswith(BOOL):
            differ = terms.make("xor", *operands, sort=sort)
            return differ if direction == "NE" else terms.make("not", differ, sort=sort)
        return terms.make(f"{'fcmp' if of.startswith(F64) else 'icmp'} {direction}", *operands, sort=sort)

    def _moved(self, instruction: Instruction, operands: tuple[int, ...], sorts: list[str], sort: str) -> int | None:
        """Of an instruction that only moves values, what of one row at one bar it gives; None where it is not known."""
        terms, said = self._terms, instruction.said
        here = (self._counter, self._zero) if self._bars > 1 else (self._zero, self._zero)
        match instruction.opcode:
            case "slice" if sorts[0].endswith(_VECTOR):
                place = re.fullmatch(r"\{\[(\d+):(\d+)\]\}", said["slice"])
                if place and int(place.group(2)) == int(place.group(1)) + 1:
                    return terms.make("place", *operands, sort=sort, attribute=int(place.group(1)))
            case "slice" if sorts[0].endswith("]") and sorts[0].partition("[")[0] in (I64, BOOL):
                element, _, length = sorts[0].rstrip("]").partition("[")
                part = re.fullmatch(rf"\{{\[0:{self._rows}\], \[(\d+):(\d+)\]\}}", said["slice"])
                if part:
                    begin, end = (int(each) for each in part.groups())
                    return part_of(terms, operands[0], element, begin, end, int(length))
            case "dynamic-slice" if sorts[0].endswith(_SERIES) and operands[1:] == here:
                return self._at_bar(operands[0], sort)
            case "dynamic-slice" if terms.rows[operands[0]].op == "live" and operands[1:] == here[:1]:
                return self._at_bar(operands[0], sort)
            case "dynamic-update-slice" if operands[2:] == here and sorts[0] == sort:
                return operands[1] if self._bars == 1 else terms.make("written", *operands[:2], sort=sort)
            case "iota" if sort == I64 and said["iota_dimension"] == "0":
                return terms.leaf("own row", None, sort)
            case "iota" if sort.endswith("]") and said["iota_dimension"] == "1":
                return terms.make("iota", sort=sort, attribute=PLACES)
            case "gather" if is_of_a_table(said) and terms.rows[operands[0]].op == TABLES:
                return terms.make(LOOKED_UP, *operands, sort=sort)
            case "concatenate" if said["dimensions"] == "{1}" and terms.rows[operands[0]].op == "own row":
                return terms.make("own row and", operands[1], sort=sort)
            case "pad" if said["padding"] == "0_0x0_1" and terms.rows[operands[0]].op == "own row":
                return terms.make("own row and", operands[1], sort=sort)
            case "concatenate" if said["dimensions"] == "{1}" and sort.endswith("]"):
                return terms.make("concatenate", *operands, sort=sort, attribute=SIDE_BY_SIDE)
            case "gather" if is_own_element(said) and terms.rows[operands[1]].op == "own row and":
                index = terms.make("reshape", terms.rows[operands[1]].args[0], sort=f"{I64}[1]", attribute=())
                return terms.make("gather", operands[0], index, sort=sort, attribute=ONE_ELEMENT)
        return None

    def _at_bar(self, series: int, sort: str) -> int:
        """Of an input or of the flag that a bar counts, this bar's."""
        row = self._terms.rows[series]
        if row.op not in ("inputs", "live"):
            raise Unreadable(f"`{row.op}` is read at the place of a bar")
        return self._terms.leaf(row.op, row.attribute, sort)

    @staticmethod
    def _literal(instruction: Instruction, element: str) -> int:
        text = instruction.literal
        if text.startswith("{") and set(instruction.dimensions) == {1}:
            text = text.strip("{}")
        try:
            if element == BOOL:
                return {"false": 0, "true": 1}[text]
            return int(text) if element == I64 else float_bits(float(text)) & MASK
        except (KeyError, ValueError):
            raise Unreadable(f"constant({text[:40]}) is not known", instruction.line) from None

    def _while(self, instruction: Instruction, first: Value) -> Value:
        """A loop: that over the bars, which holds what is of every bar, or one over the elements of an array."""
        if not isinstance(first, tuple):
            raise Unreadable("a loop that carries one value", instruction.line)
        carried = [self._one(value, instruction.line) for value in first]
        if self._bars > 1 and any(self._terms.sort(each).endswith(_SERIES) for each in carried):
            return self._loop(instruction, first)
        return self._fold(instruction, carried)

    def _fold(self, instruction: Instruction, first: Sequence[int]) -> Value:
        """A loop within a bar, none of it opened: what its condition and its body are of what it carries.

        What is only handed on is not carried: a loop may read what was computed before it.
        """
        if self._is_in_fold:
            raise Unreadable("a loop within a loop over the elements of an array", instruction.line)
        terms, self._is_in_fold = self._terms, True
        body, condition = (
            self._module.computations[instruction.said[name].removeprefix("%")] for name in ("body", "condition")
        )
        (parameter,) = (each.name for each in body.instructions.values() if each.opcode == "parameter")
        (tested,) = (each.name for each in condition.instructions.values() if each.opcode == "parameter")
        kept = kept_places(body, parameter)
        moved = [place for place in range(len(first)) if place not in kept]
        carried = list(first)
        for number, place in enumerate(moved):
            carried[place] = terms.leaf("carried", number, terms.sort(first[place]))
        goes_on = self._one(self._computation(condition, {tested: tuple(carried)}), instruction.line)
        after = self._computation(body, {parameter: tuple(carried)})
        self._is_in_fold = False
        if not isinstance(after, tuple):
            raise Unreadable("a loop that carries one value", instruction.line)
        steps = [self._one(after[place], instruction.line) for place in moved]
        results = list(first)
        for number, place in enumerate(moved):
            results[place] = terms.loop([first[each] for each in moved], goes_on, steps, number)
        return tuple(results)

    def _loop(self, instruction: Instruction, first: Value) -> Value:
        """The loop over the bars, by one step: every carried value is one of

        - the same at every bar,
        - the number of the bar, from 0, below the number of bars,
        - a state, from what the caller passed in,
        - a buffer, of which each bar writes its own place.
        """
        line = instruction.line
        body = self._module.computations[instruction.said["body"].removeprefix("%")]
        condition = self._module.computations[instruction.said["condition"].removeprefix("%")]
        if not isinstance(first, tuple):
            raise Unreadable("a loop that carries one value", line)
        (parameter,) = (each for each in body.instructions.values() if each.opcode == "parameter")
        counter = self._counted(body, condition, line)
        carried: list[Value] = []
        kept = kept_places(body, parameter.name)
        for place, value in enumerate(first):
            term = self._one(value, line)
            row = self._terms.rows[term]
            if place in kept or row.op == "state":
                carried.append(term)
            elif place == counter:
                if term != self._zero:
                    raise Unreadable("the bars are not counted from 0", line)
                carried.append(self._counter)
            elif row.op == "filled":
                carried.append(self._terms.leaf("buffer", place, row.sort))
            else:
                raise Unreadable(
                    f"the loop carries what is neither a state nor a result: {self._terms.show(term)}", line
                )
        after = self._computation(body, {parameter.name: tuple(carried)})
        if not isinstance(after, tuple):
            raise Unreadable("a loop that carries one value", line)
        results: list[Value] = []
        for place, value in enumerate(after):
            term = self._one(value, line)
            row = self._terms.rows[term]
            if place == counter:
                one = self._terms.make("iadd", self._counter, self._terms.constant(1), sort=I64)
                if term != one:
                    raise Unreadable("the bars are not counted one by one", line)
            elif row.op == "written":
                if row.args[0] != carried[place]:
                    raise Unreadable("a result is written to the place of another", line)
                term = row.args[1]
            elif self._terms.rows[self._one(carried[place], line)].op == "buffer":
                raise Unreadable("a result is not written at every bar", line)
            results.append(term)
        return tuple(results)

    def _counted(self, body: Computation, condition: Computation, line: int) -> int:
        """The place of the bar's number among what the loop carries: what the condition compares with the number of bars."""
        root = condition.instructions[condition.root]
        if root.opcode == "fusion":
            given = [condition.instructions[name] for name in root.operands]
            inner = self._module.computations[root.said["calls"].removeprefix("%")]
            compare = inner.instructions[inner.root]
            places = {
                each.name: given[int(each.literal)]
                for each in inner.instructions.values()
                if each.opcode == "parameter"
            }
            sides = [places.get(name, inner.instructions[name]) for name in compare.operands]
        else:
            compare, sides = root, [condition.instructions[name] for name in root.operands]
        match compare.opcode, compare.said.get("direction"), [each.opcode for each in sides]:
            case "compare", "LT", ["get-tuple-element", "constant"] if int(sides[1].literal) == self._bars:
                return int(sides[0].said["index"])
        raise Unreadable("the loop does not end after the last bar", line)
