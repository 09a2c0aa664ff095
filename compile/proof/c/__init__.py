"""The emitted C, read back."""
