"""The lane itself, called on numbers and compared with the graph traced from it: this checks the tracer."""
