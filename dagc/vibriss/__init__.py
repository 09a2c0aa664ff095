"""Populations: many bindings of one graph, run over bars, governed by a policy, recorded and replayed to the bit."""
