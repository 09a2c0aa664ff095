"""A run as one HTML file: the graph by lanes, every value at every bar, plots, what mattered, and the certificate."""
