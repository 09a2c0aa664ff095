"""A pipeline behind AXI4-Stream: back pressure in front of a schedule that knows none."""
