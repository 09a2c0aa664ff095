"""Random programs: whole Python source files in the public language, and how they are tested.

A program is drawn from a seed, called on numbers, traced, proved and run in every backend. The writers only write programs
that are right: no divisor that may be zero, no integer that may overflow, no name that Python itself would not take. So a
refusal is a finding just as a wrong word is.
"""
