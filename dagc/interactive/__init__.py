"""The commands as functions of a lane, for notebooks, scripts and tests."""
