"""What a pipeline costs on an FPGA: synthesis and place and route with open tools, told by value, lane and source line."""
