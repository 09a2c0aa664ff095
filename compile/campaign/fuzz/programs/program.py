"""A whole source file: declarations, functions that call one another, and the lane that is built."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field, replace

from compile.campaign.fuzz.programs.declarations import Declarations
from compile.campaign.fuzz.programs.dice import Dice
from compile.campaign.fuzz.programs.expressions import WRITERS
from compile.campaign.fuzz.programs.kinds import Float, Kind, Member, Narrow, Record, Single, Truth, Tuple, Whole
from compile.campaign.fuzz.programs.leaves import UNITS
from compile.campaign.fuzz.programs.names import Names
from compile.campaign.fuzz.programs.pen import Argument, Callee, Pen
from compile.campaign.fuzz.programs.statements import RANGES, write_statements
from compile.campaign.fuzz.programs.states import carry_on, write_head

#: What a file may import, and where from.
_IMPORTS = {
    "dagc": (
        "array", "as_unit", "bits_float", "carry", "ceil", "domain", "float32", "float_bits", "floor", "fma", "ieee_div", "int32", "lane",
        "lift", "max_seq", "min_seq", "params", "persistent", "put", "rint", "slot", "sqrt", "sum_numpy", "sum_pairwise", "sum_seq", "trunc", "unit", "warm",
        "window", "wrapping_add", "wrapping_mul", "wrapping_sub",
    ),
    "dataclasses": ("dataclass",),
    "enum": ("Enum", "IntEnum"),
    "itertools": ("pairwise",),
    "typing": ("Annotated",),
}  # fmt: skip
_IMPORTED = frozenset(name for names in _IMPORTS.values() for name in names) | {"math"}
#: Of what is imported, that which a function may hide with a variable of its own.
_HIDEABLE = (
    "window",
    "array",
    "put",
    "fma",
    "sqrt",
    "rint",
    "unit",
    "domain",
    "lane",
    "params",
    "math",
    "trunc",
    "warm",
    "dataclass",
)

#: How a lane is declared, and one that is built and folds no window: whether subnormals are flushed is its business.
_LANES = ("@lane", "@lane", "@lane", "@lane", "@lane(taps=False)")
_ROOTS = ("@lane", "@lane", '@lane(subnormals="flush")')


@dataclass(frozen=True, slots=True)
class Program:
    """A source file and the lane of it that is built."""

    text: str
    root: str
    seed: int
    number: int
    #: What its writers drew.
    draws: tuple[float, ...] = field(repr=False)


def write_program(seed: int, number: int) -> Program:
    """Program `number` of `seed`: the same text every time."""
    return write_from(Dice.seeded(seed, number), seed, number)


def write_from(dice: Dice, seed: int, number: int) -> Program:
    """The program that `dice` give, written for program `number` of `seed`."""
    return _Writer(dice).program(seed, number)


class _Writer:
    def __init__(self, dice: Dice) -> None:
        self._dice = dice
        self._names = Names(dice, set(_IMPORTED))
        self._declared = Declarations(dice, self._names)
        self._callees: list[Callee] = []
        self._texts: list[str] = []
        #: Most programs are small: there is more to be learned from many of them than from one long one.
        self._size = dice.pick((1, 1, 2, 2, 2, 3))

    def program(self, seed: int, number: int) -> Program:
        self._declared.write()
        if self._dice.chance(0.15):
            self._slot()
        for _ in range(self._dice.below(4 if self._size > 1 else 3)):
            self._function(is_root=False)
        root = self._function(is_root=True)
        body = "\n\n\n".join([*self._declared.texts, *self._texts])
        head = "from __future__ import annotations\n\n" if self._dice.chance(0.3) else ""
        text = ast.unparse(ast.parse(f"{head}{_imports(body)}\n\n{body}\n"))
        return Program(text + "\n", root, seed, number, tuple(self._dice.drawn))

    def _function(self, is_root: bool) -> str:
        dice = self._dice
        name = self._names.fresh()
        while is_root and name == "status":  # the name of every graph's own output
            name = self._names.fresh()
        is_lane = is_root or dice.chance(0.75)
        annotated = is_lane or dice.chance(0.6)
        result = self._result(is_root)
        hidden = {name, *(self._hidden() if dice.chance(0.5) else ())} - _classes((result,))
        known = frozenset((_IMPORTED | set(self._declared.constants) | self._module()) - hidden)
        names = Names(dice, known)
        arguments = self._arguments(names, known, is_root, is_lane, annotated)
        pen = Pen(
            WRITERS, dice, names, known, tuple(self._callees), self._declared.constants, tuple(self._declared.members),
            tuple(self._declared.records), calls_left=4 if is_root else 2, deepest=self._size,
        )  # fmt: skip
        pen.scope |= {each.name: each.kind for each in arguments}
        if is_root:
            pen.ports = _ports(arguments)
        if not is_lane:  # what it is given is as open as its caller has it
            pen.unsettled |= {each.name for each in arguments if isinstance(each.kind, Float | Tuple)}
        pen.fixed |= {each.name for each in arguments if isinstance(each.kind, Record) and each.kind.is_params}
        if is_lane:
            write_head(pen)
        shown: list[str] = []
        if is_root and dice.chance(0.7):
            # What the lane remembers is returned, so that a wrong word of it is seen on the bar on which it is wrong.
            shown = [*pen.carried, *pen.owed][:5]
            result = Tuple((result, *(pen.scope[each] for each in shown)))
        self._body(pen, result, shown)
        by_place = dice.chance(0.1)
        self._texts.append(self._text(name, arguments, result, pen, is_root, is_lane, annotated, by_place))
        self._callees.append(Callee(name, tuple(arguments), result, is_lane, pen.carries, by_place))
        if annotated and not is_lane and dice.chance(0.5):  # without annotations, what is lifted is floats
            self._lifted(self._callees[-1])
        return name

    def _slot(self) -> None:
        """A slot with nothing in it, which says its neutral value."""
        dice, name = self._dice, self._names.fresh()
        names = Names(dice, {name, *_IMPORTED})
        kinds: tuple[Kind, ...] = (Float(), Float(), Truth(), Single(), Narrow())
        arguments = tuple(Argument(names.fresh(), dice.pick(kinds)) for _ in range(1 + dice.below(2)))
        results: tuple[Kind, ...] = (Float(), Truth())
        result = dice.pick(results)
        written = ", ".join(f"{each.name}: {self._declared.annotation(each.kind, False)}" for each in arguments)
        returns, neutral = self._declared.annotation(result, False), self._declared.default(result)
        self._texts.append(f'@slot\ndef {name}({written}) -> {returns}:\n    """A drawn slot."""\n    return {neutral}')
        self._callees.append(Callee(name, arguments, result, is_lane=False, carries=False))

    def _lifted(self, plain: Callee) -> None:
        """A plain function as a lane, by the name that it is lifted under."""
        if any(each.default for each in plain.arguments):
            return  # of a lifted function, a default makes a parameter
        name = self._names.fresh()
        self._texts.append(f"{name} = lift({plain.name})")
        self._callees.append(replace(plain, name=name, is_lane=True))

    def _module(self) -> set[str]:
        declared = self._declared
        classes = {each.cls for each in declared.members} | {each.cls for each in (*declared.records, *declared.params)}
        return classes | {each.name for each in self._callees}

    def _hidden(self) -> set[str]:
        """Names of the file that this function does without, so that its variables may be called so."""
        others = [*sorted(self._module()), *self._declared.constants, *_HIDEABLE]
        return {self._dice.pick(others) for _ in range(1 + self._dice.below(3))}

    def _result(self, is_root: bool) -> Kind:
        kinds: list[Kind] = [
            Float(),
            Float(),
            Float(self._dice.pick(UNITS)),
            self._dice.pick(RANGES),
            Truth(),
            Single(),
            Narrow(),
        ]
        kinds += [
            Tuple((Float(), Float())),
            Tuple((Float(), self._dice.pick(RANGES), Truth())),
            *self._declared.members,
        ]
        for record in self._declared.records:
            clashes = is_root and any(field == "status" for field, _ in record.fields)
            kinds += [] if clashes else [record, record]
        return self._dice.pick(kinds)

    def _arguments(
        self, names: Names, known: frozenset[str], is_root: bool, is_lane: bool, annotated: bool
    ) -> list[Argument]:
        dice = self._dice
        found: list[Argument] = []
        ports: set[str] = set()
        for _ in range(1 + dice.below(4)):
            kind = self._argument_kind(known, is_root)
            # The ports of a root have names of their own: fields are called by their own names.
            own = {field for field, _ in kind.fields} if isinstance(kind, Record) and is_root else set()
            if own & ports:
                continue
            name = names.fresh()
            while name in own | ports:
                name = names.fresh()
            ports |= own | {name}
            # Nobody holds a plain function's arguments to what they are declared as: a literal would have no unit there.
            may_default = not is_root and annotated and (is_lane or kind == Float())
            if found and found[-1].default and not may_default:
                continue
            defaults = may_default and (dice.chance(0.2) or bool(found and found[-1].default))
            found.append(Argument(name, kind, self._declared.default(kind) if defaults else ""))
        return found or [Argument(names.fresh(), Float())]

    def _argument_kind(self, known: frozenset[str], is_root: bool) -> Kind:
        dice = self._dice
        kinds: list[Kind] = [
            Float(),
            Float(),
            Float(),
            Float(dice.pick(UNITS)),
            dice.pick(RANGES),
            Truth(),
            Single(),
            Narrow(),
        ]
        kinds += [Whole(), Tuple((Float(), Float())), *self._declared.members]
        kinds += [*self._declared.records, *self._declared.params, *self._declared.params]
        return dice.pick([each for each in kinds if _classes((each,)) <= known])

    def _body(self, pen: Pen, result: Kind, shown: list[str]) -> None:
        returned = write_statements(pen, 1 + pen.dice.below(2 * pen.deepest), result)
        if returned:
            return
        pen.is_head = pen.is_head and not pen.conditional
        carry_on(pen)
        if shown:
            assert isinstance(result, Tuple)
            final = f"({', '.join([pen.of(result.items[0], 3), *shown])})"
        else:
            final = pen.of(result, 3)
        if pen.owed and not shown:
            name = pen.names.fresh()
            pen.line(f"{name} = {final}")
            final = name
        owed = [_asked(name, pen.scope[name]) for name in pen.owed if name in pen.scope]
        if owed and not shown:
            test = " or ".join(owed)
            with pen.under_a_condition():
                final = f"({final} if {test} else {pen.of(result, 1)})"
        pen.line(f"return {final}")

    def _text(
        self,
        name: str,
        arguments: list[Argument],
        result: Kind,
        pen: Pen,
        is_root: bool,
        is_lane: bool,
        annotated: bool,
        by_place: bool,
    ) -> str:
        declared = self._declared
        written = [
            each.name
            + (f": {declared.annotation(each.kind, is_root)}" if annotated else "")
            + (f" = {each.default}" if each.default else "")
            for each in arguments
        ]
        if by_place:
            written.insert(1, "/")
        returns = f" -> {declared.annotation(result, False)}" if annotated else ""
        folds = any("window(" in text for text in (*self._texts, *pen.lines))  # with a flush, a window is not folded
        decorator = [self._dice.pick(_LANES if not is_root else _ROOTS[:1] if folds else _ROOTS)] if is_lane else []
        return "\n".join(
            [*decorator, f"def {name}({', '.join(written)}){returns}:", f'    """A drawn {name}."""', *pen.lines]
        )


def _classes(kinds: tuple[Kind, ...]) -> set[str]:
    found: set[str] = set()
    for kind in kinds:
        match kind:
            case Member(cls):
                found.add(cls)
            case Record(cls, fields):
                found |= {cls} | _classes(tuple(of for _, of in fields))
            case Tuple(items):
                found |= _classes(items)
            case _:
                pass
    return found


def _ports(arguments: list[Argument]) -> frozenset[str]:
    """The names that the ports of a root may have."""
    records = [each.kind for each in arguments if isinstance(each.kind, Record)]
    return frozenset([*(each.name for each in arguments), *(field for record in records for field, _ in record.fields)])


def _asked(name: str, kind: Kind) -> str:
    """A condition on every part of a value."""
    match kind:
        case Float() | Single():
            return f"{name} > 0.5"
        case Whole() | Narrow():
            return f"{name} > 3"
        case Truth():
            return name
        case Member():
            return f"{name} == {name}"
        case Tuple(items):
            return " or ".join(_asked(f"{name}[{index}]", of) for index, of in enumerate(items))
        case Record(_, fields):
            return " or ".join(_asked(f"{name}.{field}", of) for field, of in fields)


def _imports(body: str) -> str:
    used = {node.id for node in ast.walk(ast.parse(body)) if isinstance(node, ast.Name)}
    lines = ["import math"] if "math" in used else []
    for module, names in _IMPORTS.items():
        wanted = [name for name in names if name in used]
        lines += [f"from {module} import {', '.join(wanted)}"] if wanted else []
    return "\n".join(lines)
