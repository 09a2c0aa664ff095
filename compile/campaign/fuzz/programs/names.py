"""Names that a user may choose and that some target, or dagc itself, has a meaning for."""

from __future__ import annotations

import keyword
import unicodedata

from compile.campaign.fuzz.programs.dice import Dice

#: Small on purpose: the same name is then a lane, a variable, a parameter, a class and a field of one file.
NASTY = (
    # dagc's own words, and those of what it emits
    "result", "dagc", "status", "state", "inputs", "params", "outputs", "taps", "tap", "step", "self", "row", "rows", "word",
    "values", "value", "initial", "when", "started", "held", "before", "updates", "warm", "node", "n1", "v1", "t1", "bar", "batch",
    "instance", "dagc_init", "dagc_step", "dagc_state", "kernel", "_tb", "top", "tb",
    # C and C++
    "register", "volatile", "signed", "unsigned", "double", "long", "short", "char", "const", "static", "struct", "switch", "union",
    "void", "default", "do", "enum", "extern", "goto", "inline", "restrict", "sizeof", "typedef", "auto", "case", "int64_t", "uint64_t",
    "memcpy", "main", "NULL", "NAN", "INFINITY", "errno", "fma_", "new", "delete", "this", "template", "namespace", "operator",
    "private", "public", "virtual", "using", "std", "friend", "typename", "bitand", "xor", "compl", "asm", "true", "false",
    # SystemVerilog
    "module", "endmodule", "wire", "reg", "logic", "always", "begin", "end", "input", "output", "inout", "assign", "posedge", "bit",
    "byte", "clk", "rst", "in_valid", "out_valid", "ready", "valid", "integer", "real", "time", "event", "task", "function", "package",
    "program", "property", "sequence", "signal", "parameter", "localparam", "generate", "initial_", "final", "process", "mailbox",
    "string", "type", "var", "ref", "force", "release", "wait", "edge", "strong", "weak", "table", "cell", "design", "config", "library",
    # Python's soft keywords, and the forms that escapes are made of
    "match", "_", "cls", "math", "np", "jnp", "jax", "x", "x_", "x__", "x_1", "x_2", "x__1", "a__b", "a_", "_a", "__x", "X", "Clk", "x1", "a", "b",
    "größe", "Δ", "名", "µ", "é", "I", "l", "O0", "e1", "f64", "i64", "select", "add", "min_", "sqrt_",
)  # fmt: skip
PLAIN = (
    "price",
    "level",
    "n",
    "y",
    "z",
    "u",
    "v",
    "w",
    "k",
    "m",
    "count",
    "share",
    "gap",
    "total",
    "flag",
    "side",
    "limit",
)

#: Builtins that the writers use: no variable may hide them.
_USED_BUILTINS = frozenset(
    [
        "min",
        "max",
        "abs",
        "round",
        "int",
        "float",
        "bool",
        "len",
        "range",
        "zip",
        "enumerate",
        "reversed",
        "tuple",
        "True",
        "False",
        "None",
        "property",
    ]
)


class Names:
    """Hands out names for one namespace, none of them twice; `avoided` are those that mean something else there."""

    def __init__(self, dice: Dice, avoided: frozenset[str] | set[str]) -> None:
        self._dice = dice
        self.taken = set(avoided) | _USED_BUILTINS | set(keyword.kwlist)

    def fresh(self, style: str = "") -> str:
        """A name that is free; with `style` "Class" or "CONST" in that style at times."""
        name = self._drawn(style)
        for _ in range(20):
            if self._is_free(name, style):
                break
            name = self._drawn(style)
        number, stem = 2, name.lstrip("_") or "v"
        while not self._is_free(name, style):
            name, number = f"{stem}{number}", number + 1
        name = _folded(name)
        self.taken.add(name)
        return name

    def _drawn(self, style: str) -> str:
        name = self._dice.pick(NASTY if self._dice.chance(0.45) else PLAIN)
        if style == "Class" and self._dice.chance(0.7):
            return name.strip("_").capitalize() or "C"
        return name.upper() if style == "CONST" and self._dice.chance(0.7) else name

    def _is_free(self, name: str, style: str) -> bool:
        if _folded(name) in self.taken or not name.isidentifier():
            return False
        # Two leading underscores are mangled in the body of a class; of the names there an Enum keeps some for itself.
        if style in ("Class", "CONST") and name.startswith("__"):
            return False
        return style != "field" or not (name.startswith("_") or name in ("value", "name", "mro"))


def _folded(name: str) -> str:
    """As Python itself reads it."""
    return unicodedata.normalize("NFKC", name)
