"""A run as waves: a Value Change Dump with the names of lanes, for GTKWave, Surfer and other viewers."""
