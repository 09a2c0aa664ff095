"""Events at a node: which can happen, which did, and how to get closer to the rest."""
