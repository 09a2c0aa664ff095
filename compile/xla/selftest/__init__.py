"""Whether this process's XLA changes bits: small kernels that contain every known hazard."""
