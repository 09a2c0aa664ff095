"""Evidence about each backend's operators: how many operands they were tried on, and what was proved."""
