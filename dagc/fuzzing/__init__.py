"""Long runs of random graphs and programs on all cores."""
