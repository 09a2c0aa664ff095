"""The emitted StableHLO, read back."""
