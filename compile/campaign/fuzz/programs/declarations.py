"""What a file declares beside its functions: Enums, frozen dataclasses, parameters, constants, names of types."""

from __future__ import annotations

from collections.abc import Callable

from compile.campaign.fuzz.programs.dice import Dice
from compile.campaign.fuzz.programs.kinds import Float, Kind, Member, Narrow, Record, Single, Truth, Tuple, Whole
from compile.campaign.fuzz.programs.leaves import UNITS
from compile.campaign.fuzz.programs.names import Names
from compile.campaign.fuzz.programs.statements import RANGES

#: What a domain of floats may be, and a value inside.
DOMAINS = (
    ("domain(-10.0, 10.0)", "2.5"),
    ("domain(0.0, 1.0)", "0.25"),
    ("domain(above=0.0)", "0.1"),
    ("domain(-1.0, below=5.0)", "0.0"),
)


class Declarations:
    """The declarations of one file, as text and as kinds."""

    def __init__(self, dice: Dice, names: Names) -> None:
        self._dice, self._names = dice, names
        self.texts: list[str] = []
        self.members: list[Member] = []
        self.records: list[Record] = []
        self.params: list[Record] = []
        self.constants: dict[str, Kind] = {}

    def write(self) -> None:
        """A few of each."""
        for _ in range(self._dice.below(4)):
            self._constant()
        for _ in range(self._dice.below(3)):
            self._enum()
        for _ in range(self._dice.below(3)):
            self._record()
        for _ in range(self._dice.below(3)):
            self._params()

    def annotation(self, kind: Kind, with_domain: bool) -> str:
        """An annotation of this kind; at the root an input's domain says what the writer takes for granted."""
        match kind:
            case Float(unit):
                parts = [f'unit("{unit}")'] if unit else []
                if with_domain and self._dice.chance(0.4):
                    parts.append(self._dice.pick(DOMAINS)[0])
                return f"Annotated[float, {', '.join(parts)}]" if parts else "float"
            case Whole(lo, hi):
                return f"Annotated[int, domain({lo}, {hi})]" if with_domain and kind != Whole() else "int"
            case Truth():
                return "bool"
            case Single():
                return "Annotated[float32, domain(-8.0, 8.0)]" if with_domain and self._dice.chance(0.3) else "float32"
            case Narrow():
                return "Annotated[int32, domain(-100, 100)]" if with_domain and self._dice.chance(0.3) else "int32"
            case Tuple(items):
                return f"tuple[{', '.join(self.annotation(item, with_domain) for item in items)}]"
            case Member(cls) | Record(cls):
                return cls

    def default(self, kind: Kind) -> str:
        """A constant of this kind, inside every domain that `annotation` gives it."""
        match kind:
            case Float():
                return self._dice.pick(("0.5", "0.25", "1.0"))
            case Whole(lo, hi):
                return str(min(max(self._dice.below(5), lo), hi))
            case Truth():
                return self._dice.pick(("True", "False"))
            case Member(cls, members):
                return f"{cls}.{self._dice.pick(members)}"
            case Single():
                return self._dice.pick(("0.5", "0.1"))
            case Narrow():
                return self._dice.pick(("3", "7"))
            case Tuple(items):
                return f"({', '.join(self.default(item) for item in items)},)"
            case Record(cls, fields):
                return f"{cls}({', '.join(self.default(of) for _, of in fields)})"

    def _constant(self) -> None:
        kinds: tuple[tuple[Kind, Callable[[], str]], ...] = (
            (Float(), lambda: self._dice.pick(("0.75", "-0.0", "1e-3", "3.0"))),
            (Whole(0, 7), lambda: str(self._dice.below(8))),
            (Truth(), lambda: self._dice.pick(("True", "False"))),
            (Tuple((Float(), Float(), Float())), lambda: "(0.5, 0.25, 0.125)"),
        )
        kind, text = self._dice.pick(kinds)
        name = self._names.fresh("CONST")
        self.texts.append(f"{name} = {text()}")
        self.constants[name] = kind

    def _enum(self) -> None:
        name = self._names.fresh("Class")
        inner = Names(self._dice, {name})
        members = tuple(inner.fresh("field") for _ in range(2 + self._dice.below(2)))
        is_number = self._dice.chance(0.4)
        values = self._dice.pick((("1", "-1", "7"), ("0", "1", "2"))) if is_number else ('"a"', '"b"', '"c"')
        base = self._dice.pick(("IntEnum", "Enum")) if is_number else "Enum"
        lines = [
            f"class {name}({base}):",
            *(f"    {each} = {value}" for each, value in zip(members, values, strict=False)),
        ]
        self.texts.append("\n".join(lines))
        self.members.append(Member(name, members, base == "IntEnum"))

    def _fields(
        self, name: str, with_domain: bool, with_defaults: bool, kinds: list[Kind]
    ) -> tuple[list[str], list[tuple[str, Kind]]]:
        classes = {each.cls for each in self.members} | {each.cls for each in self.records}
        inner = Names(self._dice, {name, "float32", "int32", "Annotated", "domain", "unit", *classes})
        lines: list[str] = []
        fields: list[tuple[str, Kind]] = []
        for _ in range(1 + self._dice.below(4)):
            field, kind = inner.fresh("field"), self._dice.pick(kinds)
            default = f" = {self.default(kind)}" if with_defaults else ""
            lines.append(f"    {field}: {self.annotation(kind, with_domain)}{default}")
            fields.append((field, kind))
        return lines, fields

    def _scalars(self) -> list[Kind]:
        return [Float(), Float(), Float(self._dice.pick(UNITS)), Truth(), Single(), Narrow(), *self.members]

    def _record(self) -> None:
        name = self._names.fresh("Class")
        kinds: list[Kind] = [*self._scalars(), self._dice.pick(RANGES), Tuple((Float(), Float())), *self.records]
        lines, fields = self._fields(name, True, False, kinds)
        self.texts.append("\n".join(["@dataclass(frozen=True)", f"class {name}:", *lines]))
        self.records.append(Record(name, tuple(fields)))

    def _params(self) -> None:
        name = self._names.fresh("Class")
        kinds: list[Kind] = [*self._scalars(), *RANGES]
        lines, fields = self._fields(name, True, True, kinds)
        self.texts.append("\n".join(["@params", f"class {name}:", *lines]))
        self.params.append(Record(name, tuple(fields), is_params=True))
