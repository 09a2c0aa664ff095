"""The XLA lowering: StableHLO that XLA cannot round differently, and running the kernel."""
