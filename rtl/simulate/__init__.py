"""Simulators of Verilog, and pipelines run in them."""
