"""The Verilog text."""
