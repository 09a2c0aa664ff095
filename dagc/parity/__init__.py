"""`dagc parity`: a lane compared with the code it replaces."""
