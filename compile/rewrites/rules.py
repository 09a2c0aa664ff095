"""All rewrite rules. A rule whose text has no proof in `proofs.json` is refused before it can be used.

    python -m compile.rewrites.prove [RULE ...]

puts rules to the solver, and remembers what it proved.
"""

from __future__ import annotations

from compile.rewrites.boolean_rules import BOOLEAN_RULES
from compile.rewrites.float_rules import FLOAT_RULES
from compile.rewrites.integer_rules import INTEGER_RULES
from compile.rewrites.pattern import Rule, in_f32

#: The f64 rules whose ops all have a row in binary32, there.
SINGLE_RULES = tuple(narrow for rule in FLOAT_RULES if (narrow := in_f32(rule)) is not None)
#: By name, in the order in which they are tried.
RULES: dict[str, Rule] = {rule.name: rule for rule in (*FLOAT_RULES, *SINGLE_RULES, *INTEGER_RULES, *BOOLEAN_RULES)}
