"""What can happen at a node, whether it did, and how to come nearer to it."""
