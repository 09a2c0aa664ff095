"""Reader of the emitted StableHLO."""
