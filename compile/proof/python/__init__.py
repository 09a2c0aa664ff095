"""Reader of the emitted interpreter."""
