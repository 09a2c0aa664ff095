"""The verdict on what XLA compiled: optimised HLO against the kernel's text, value by value."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from compile.proof.compiled.reader import HloProgram
from compile.proof.core.verdict import Proved, Unproved, Unreadable, Verdict, line_of
from compile.proof.stablehlo.operator_expansions import SPREAD
from compile.proof.stablehlo.tensor_terms import BOOL, F64, I64, TABLES, TensorTerms, smallest_difference
from compile.proof.stablehlo.terms import Call, result_of, value_terms
from compile.proof.stablehlo.text import Function, functions_of

ARTIFACT = "optimised HLO"
KERNEL = "kernel.stablehlo"
_ASSUMED = "what this machine's XLA makes of its optimised HLO is not read back: its machine code is searched"


@dataclass(frozen=True, slots=True)
class KernelArgument:
    """One argument of the kernel: `source` as in xla_kernel.json; `next` is the result that a state holds at the next bar."""

    source: str
    name: str
    identifier: str
    is_float: bool
    is_bool: bool
    next: str = ""


@dataclass(frozen=True, slots=True)
class Kernel:
    """A kernel's text, its arguments in order, and the names of its results before the guard."""

    text: str
    arguments: tuple[KernelArgument, ...]
    results: tuple[str, ...]


def expected_terms(kernel: Kernel, wanted: Sequence[str], terms: TensorTerms) -> dict[str, tuple[int, int]]:
    """What a bar of `kernel` gives -> its term and the line of the text: each value wanted, the guard, each state.

    Raises Unreadable.
    """
    arguments = kernel.arguments
    functions = functions_of(kernel.text)
    main = functions["main"]
    given = _arguments(main, arguments, terms)
    values = value_terms(main, given, terms, _inlined(functions, terms))
    named = {each.identifier: (term, main.line) for each, term in zip(arguments, given, strict=True)}
    for name, place in zip((*kernel.results, "guard"), main.returns, strict=True):
        statement = main.definition(place)
        named[name] = (values[place], statement.line if statement else main.line)
    live = terms.leaf("live", None, BOOL)
    found = {f"value `{name}`": named[name] for name in sorted(wanted)}
    found["guard"] = named["guard"]
    for each, before in sorted(zip(arguments, given, strict=True), key=lambda pair: pair[0].name):
        if each.source == "state":
            after, line = named[each.next]
            sort = terms.sort(before)
            array = f"{BOOL}[{sort.split('[')[1]}" if "[" in sort else ""
            chosen = terms.make("broadcast_in_dim", live, sort=array, attribute=SPREAD) if array else live
            found[f"state `{each.name}`"] = (terms.make("select", chosen, after, before, sort=sort), line)
    return found


def _arguments(main: Function, arguments: Sequence[KernelArgument], terms: TensorTerms) -> list[int]:
    """The terms of the kernel's arguments, the constants being places in the caller's two pools."""
    places = {True: 0, False: 0}
    sizes = {
        is_float: sum(each.source == "constant" and each.is_float is is_float for each in arguments)
        for is_float in places
    }
    found: list[int] = []
    for each, sort in zip(arguments, main.params, strict=True):
        match each.source:
            case "zero":
                found.append(terms.leaf("zero", None, I64))
            case "constant":
                element = F64 if each.is_float else I64
                # A pool of one is one value.
                held = element if sizes[each.is_float] == 1 else f"{element} of a pool"
                pool = terms.leaf("pool", "floats" if each.is_float else "integers", held)
                value = pool
                if sizes[each.is_float] > 1:
                    value = terms.make("place", pool, sort=element, attribute=places[each.is_float])
                places[each.is_float] += 1
                found.append(terms.make("icmp NE", value, terms.constant(0), sort=BOOL) if each.is_bool else value)
            case "table":
                found.append(terms.leaf(TABLES, each.identifier, f"{I64} of a pool"))
            case source:
                found.append(terms.leaf({"param": "params", "input": "inputs"}.get(source, source), each.name, sort))
    return found


def _inlined(functions: Mapping[str, Function], terms: TensorTerms) -> Call:
    """What a call of one of these functions gives: its statements on the call's operands."""

    def call(name: str, arguments: tuple[int, ...], line: int) -> int:
        if name not in functions:
            raise Unreadable(f"`{name}` is called, and there is no such function", line)
        return result_of(functions[name], arguments, terms, call)[0]

    return call


def judge_program(kernel: Kernel, hlo: str, wanted: Sequence[str], bars: int, rows: int) -> Verdict:
    """Whether `hlo`, compiled from `kernel` for `bars` x `rows`, gives the kernel's values `wanted`, its guard and states."""
    terms = TensorTerms(are_ones_dropped=True)
    try:
        expected = expected_terms(kernel, wanted, terms)
        program = HloProgram(hlo, terms, bars, rows)
        found = program.results()
    except Unreadable as problem:
        return Unproved(ARTIFACT, problem.what, place=line_of({ARTIFACT: hlo.encode()}, ARTIFACT, problem.line))
    except RecursionError:
        return Unproved(ARTIFACT, "it is nested too deeply to be read")
    if len(found) != len(expected):
        return Unproved(ARTIFACT, f"it returns {len(found)} values, not {len(expected)}")
    for (what, (term, line)), got in zip(expected.items(), found, strict=True):
        if term != got:
            first, second = smallest_difference(terms, term, got)
            place = line_of({KERNEL: kernel.text.encode()}, KERNEL, program.origins.get(second) or line)
            expected_text, found_text = (terms.show(each, 4) for each in (first, second))
            # XLA's arithmetic of integers and bools is exact: another form of it need not be another value.
            is_refuted = terms.sort(first).startswith(F64)
            verb = "is not" if is_refuted else "is computed by other integer operations than"
            reason = f"{what} {verb} the kernel's"
            return Unproved(
                ARTIFACT, reason, place=place, expected=expected_text, found=found_text, is_refuted=is_refuted
            )
    states = sum(each.source == "state" for each in kernel.arguments)
    return Proved(ARTIFACT, len(wanted), states, 0, (), (_ASSUMED,))
