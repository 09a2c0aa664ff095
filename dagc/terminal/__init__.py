"""The terminal: exit codes, progress, the doctor."""
