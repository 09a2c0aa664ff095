"""Whether this process's XLA changes bits: small kernels that hold every way it is known to."""
