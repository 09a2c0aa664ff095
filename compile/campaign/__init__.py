"""Campaigns: sampled rows, steered to what was not seen yet, through every backend."""
