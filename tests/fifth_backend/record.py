"""The fifth backend as the rest of dagc knows it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from compile.backend import Backend, Files
from compile.backend_record import BackendRecord
from compile.certificate.trusted import Trusted

if TYPE_CHECKING:
    from compile.proof.core.verdict import Reader

FILE = "columns.py"


def _make(instances: int | None) -> Backend:
    from tests.fifth_backend.backend import Columns

    return Columns()


def _readers(files: Files) -> Sequence[Reader]:
    from tests.fifth_backend.reader import ColumnsReader

    return (ColumnsReader(),)


COLUMNS = BackendRecord(
    name="columns",
    make=_make,
    file=FILE,
    emits_without_tool=True,
    rests_on=(Trusted.CPU,),
    readers=_readers,
    tools=lambda: f"numpy {np.__version__}",
)
RECORDS = (COLUMNS,)
