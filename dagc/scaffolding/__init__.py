"""A new project: a lane with parameters, what it replaces, a test of both, and bars to run them on."""
