"""What is known of each backend's operators: how many operands they were tried on, and what was proved of them."""
