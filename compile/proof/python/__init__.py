"""The emitted interpreter, read back."""
