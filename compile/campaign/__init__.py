"""Campaigns: sampled rows, steered towards events not seen so far, through every backend."""
