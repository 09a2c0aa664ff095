"""What did a value say, and why; and pictures of graphs."""
