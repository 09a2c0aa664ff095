"""The emitted test bench, and the order in which rows enter a pipeline."""
