"""Functions from graph to graph; `compile.pipeline` has their order."""
