"""Why a value was what it was: the operands that mattered, and what would have changed it."""
