"""The codes of files, declarations and bindings: what a lane file declares, and what a kernel is bound with."""

from __future__ import annotations

#: code -> (title, explanation with a wrong and a right example).
DECLARATION_CODES: dict[str, tuple[str, str]] = {
    "E001": (
        "Syntax error",
        """
The file is not valid Python. Nothing in it can be checked until it is.

    def spread(bid: float, ask: float) -> float      # wrong: no colon
    def spread(bid: float, ask: float) -> float:     # right
""",
    ),
    "E002": (
        "Import failed",
        """
Running the file from top to bottom, as Python does on import, raised an exception. Only definitions belong at the top level.

    WEIGHTS = load("weights.json")     # wrong: not every machine has the file
    WEIGHTS = (0.2, 0.3, 0.5)          # right
""",
    ),
    "E003": (
        "No such lane",
        """
A lane is named FILE.py:LANE, and LANE is a function of that file decorated with @lane.

    dagc build sizing.py:conviciton -o build     # wrong
    dagc build sizing.py:conviction -o build     # right
""",
    ),
    "E010": (
        "Missing annotation",
        """
Every argument of a lane and its result need an annotation: the type decides the hardware, the unit decides what may be combined.

    @lane
    def double(x):                       # wrong
        return 2.0 * x

    @lane
    def double(x: float) -> float:       # right
        return 2.0 * x
""",
    ),
    "E011": (
        "Unsupported annotation",
        """
Values are float, int, bool, an Enum, or tuples and frozen dataclasses of them, with unit(...) and domain(...) in Annotated.

    def mean(xs: list[float]) -> float:                  # wrong: its length is unknown
    def mean(xs: tuple[float, float]) -> float:          # right
""",
    ),
    "E012": (
        "Unknown unit",
        """
Units are a fixed vocabulary (`dag.operators.units.UNITS`), so that a typo does not create a new unit.

    Price = Annotated[float, unit("prize")]              # wrong
    Price = Annotated[float, unit("px")]                 # right

Declare a new unit once, with define_unit from dagc: define_unit("barrels", "of crude oil").
""",
    ),
    "E013": (
        "Impossible domain",
        """
The domain contains no value, its type has no order, or one of its ends is NaN.

    domain(1.0, 0.0)                     # wrong: empty
    domain(0.0, 1.0)                     # right
    domain(above=0.0)                    # right: every positive number
""",
    ),
    "E014": (
        "Default that does not fit",
        """
The default of a parameter, or the safe value of a result, has the wrong type or lies outside the declared domain.

    share: Annotated[float, domain(0.0, 1.0)] = 20.0     # wrong
    share: Annotated[float, domain(0.0, 1.0)] = 0.2      # right
""",
    ),
    "E015": (
        "Name clash",
        """
Two lanes of one file have the same name, or a lane carries one name twice, so the name is ambiguous. Any other
two values may share a name; taps, columns and emitted code tell them apart by the lane call, the argument or a number.

    level = carry(initial=x)
    level = carry(initial=0.0)                           # wrong
    spread = carry(initial=0.0)                          # right
""",
    ),
    "E016": (
        "Cycle of lanes",
        """
A lane calls itself, directly or through others. A graph has no call stack, so the recursion would never end.

    def total(n: int) -> int:
        return n + total(n - 1)          # wrong

    def total(x: float) -> float:
        sum = carry(initial=0.0)         # right: one step per bar
        sum = sum + x
        return sum
""",
    ),
    "E017": (
        "No source",
        """
dagc reads the source of a lane and of every function it calls. A lambda, or a function typed at a prompt, has none.

    scale = lambda x: 2.0 * x            # wrong
    def scale(x: float) -> float:        # right
        return 2.0 * x
""",
    ),
    "E050": (
        "Missing parameter",
        """
A parameter without a default must be given when the kernel is bound: its author wants it to be a deliberate choice.

    kernel.bind(Sizer())                 # wrong, where `ceiling` has no default
    kernel.bind(Sizer(ceiling=8.0))      # right
""",
    ),
    "E051": (
        "Unknown parameter",
        """
The graph has no parameter of this name.

    --param treshold=-0.02               # wrong
    --param threshold=-0.02              # right
""",
    ),
    "E052": (
        "Parameter outside its domain",
        """
The value has the wrong type, or lies outside the domain that the parameter declares.

    --param share=20                     # wrong, with domain(0.0, 1.0)
    --param share=0.2                    # right
""",
    ),
    "E067": (
        "Lane that does not fit its slot",
        """
A lane that is plugged into a slot takes the slot's arguments, with the same names, types and units, and returns what the slot
returns. It may take more: a `@params` object, or inputs of its own.

    @slot
    def z_leverage_gate(z13: float) -> Mult:
        return 1.0

    @lane
    def by_level(z: float) -> Usd: ...                   # wrong: no z13, and the result is in dollars
    @lane
    def by_level(z13: float, p: ByLevel) -> Mult: ...    # right

    dagc build sizing.py:sizing -o build --slot z_leverage_gate=mine.py:by_level
""",
    ),
}
