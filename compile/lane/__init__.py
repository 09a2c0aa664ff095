"""The lane itself, called on numbers, against the graph that was traced from it: this is what checks the tracer."""
