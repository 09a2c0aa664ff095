"""Rewrite rules: named data, each proved by an SMT solver, and the code that applies and re-checks them."""
