"""What an operator is: its row in the table, its meaning on numbers, its rule for units."""
