"""The readable interpreter: a graph as a Python module of one function per lane call, and that module run."""
