"""Any name that Python takes builds in every target, and reads back as the user's own."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from itertools import batched
from pathlib import Path

import pytest

from compile.backend import Files
from compile.c.backend import C
from compile.check.run import check
from compile.interpreter.backend import Interpreter
from compile.pipeline import prepared
from compile.structure.verdict import Proved
from compile.xla.emit import emit
from dag.graph import Graph
from dag.identifiers import name_of
from dag.loading import load_lane
from dagc.proving import proofs_of
from rtl import verilator
from rtl.backend import Verilog
from tests.support.hostile_names import helpers, program, words
