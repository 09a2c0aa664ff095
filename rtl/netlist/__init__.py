"""The emitted Verilog read back: an elaborated netlist, its latencies and what it computes."""
