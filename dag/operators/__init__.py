"""The operators: a row each in the table, their meanings on numbers, their unit rules."""
