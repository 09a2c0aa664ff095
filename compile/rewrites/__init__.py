"""Rewrite rules: named data, each with a proof by an SMT solver, and what applies and re-checks them."""
