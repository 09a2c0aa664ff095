"""Policies over a population: lanes with an arm a row, and what crosses from row to row: sums in a stated order, places, the greatest."""
