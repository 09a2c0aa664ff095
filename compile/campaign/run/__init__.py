"""A running campaign: plan, units, tally, and the checkpoint on disk."""
