"""Verilog simulators, and running pipelines in them."""
