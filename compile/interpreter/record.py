"""The interpreter as the rest of dagc knows it."""

from __future__ import annotations

import platform
from collections.abc import Sequence
from typing import TYPE_CHECKING

from compile.backend import Backend, Files
from compile.backend_record import BackendRecord, Pace
from compile.certificate.trusted import Trusted

if TYPE_CHECKING:
    from compile.proof.core.verdict import Reader


def _make(instances: int | None) -> Backend:
    from compile.interpreter.backend import Interpreter

    return Interpreter()


def _readers(files: Files) -> Sequence[Reader]:
    from compile.proof.python.reader import PythonReader

    return (PythonReader(),)


#: What it emits.
FILE = "interpreter.py"
#: The backend with which every other is compared.
REFERENCE = "interpreter"

INTERPRETER = BackendRecord(
    name=REFERENCE,
    make=_make,
    file=FILE,
    is_quick=True,
    emits_without_tool=True,
    pace=Pace.REFERENCE,
    rests_on=(Trusted.CPU,),
    readers=_readers,
    tools=lambda: f"python {platform.python_version()}",
)
RECORDS = (INTERPRETER,)
