"""The folder that a build writes, read and written."""
