"""Long runs of random graphs and programs, over all cores."""
