"""jax and its MLIR, imported by one thread at a time.

Their modules import each other in circles. Of two threads that begin at different ends of a circle Python gives one a module that is
not whole yet: a build that reads an artifact back while it loads the XLA backend ended so, once in some forty times.
"""

from __future__ import annotations

import threading

_LOADING = threading.Lock()


def load_mlir() -> None:
    """Import the MLIR modules of jaxlib that a reader of StableHLO uses; jax itself is not touched."""
    with _LOADING:
        import jaxlib.mlir._mlir_libs._jax_mlir_ext
        import jaxlib.mlir.dialects.stablehlo
        import jaxlib.mlir.ir  # noqa: F401


def load_jax() -> None:
    """Import jax, and all that this imports."""
    with _LOADING:
        import jax.experimental.serialize_executable
        import jax.export  # noqa: F401
