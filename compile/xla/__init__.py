"""The XLA lowering: StableHLO that XLA cannot round otherwise, and the kernel run."""
