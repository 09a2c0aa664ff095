"""The readable interpreter: emits a graph as a Python module with one function per lane call, and runs it."""
