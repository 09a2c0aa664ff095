"""The compiler: passes, lowerings, proofs and campaigns."""

import dag as _dag  # noqa: F401 - it guards the imports of what is in here
