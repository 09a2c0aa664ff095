"""What a value is: types, words, domains, and the environment that numbers are computed in."""
