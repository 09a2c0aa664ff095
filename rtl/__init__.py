"""The Verilog lowering, from operator cores to a simulated pipeline."""
