"""Values: types, words, domains, and the floating-point environment they are computed in."""
