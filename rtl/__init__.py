"""The Verilog lowering, from operator cores to a simulated pipeline."""

import dag as _dag  # noqa: F401 - it guards the imports of what is in here
