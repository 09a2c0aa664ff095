"""Two runs beside each other: where they part, what first, and why."""
