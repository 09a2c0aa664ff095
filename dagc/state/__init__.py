"""State across versions of a lane: which values mean the same in both, and a snapshot of one as a snapshot of the other."""
