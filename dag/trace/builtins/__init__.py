"""What a lane may call that is no lane: one table, and what its rows do with nodes."""
