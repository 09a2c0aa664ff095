"""The emitted text: the pipeline, its test bench, and the lists that tools read."""
