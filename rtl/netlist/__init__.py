"""Reader of the emitted Verilog: an elaborated netlist, its latencies and what it computes."""
