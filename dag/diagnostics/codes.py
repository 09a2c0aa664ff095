"""Every diagnostic's code: its title and what `dagc explain` prints. Codes are never reused."""

from __future__ import annotations

from dag.diagnostics.claim_codes import CLAIM_CODES
from dag.diagnostics.declaration_codes import DECLARATION_CODES
from dag.diagnostics.expression_codes import EXPRESSION_CODES
from dag.diagnostics.remark_codes import REMARK_CODES
from dag.diagnostics.value_codes import VALUE_CODES

#: code -> (title, explanation with a wrong and a right example).
CODES: dict[str, tuple[str, str]] = {
    **DECLARATION_CODES,
    **EXPRESSION_CODES,
    **VALUE_CODES,
    **CLAIM_CODES,
    **REMARK_CODES,
}
