"""A lane called on numbers, as Python runs it."""
