"""Reader of the emitted C."""
