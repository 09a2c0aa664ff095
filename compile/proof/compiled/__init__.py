"""Readers of what compilers made of an artifact on this machine: optimised HLO and machine code."""
