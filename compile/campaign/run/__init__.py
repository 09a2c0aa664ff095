"""A campaign as it runs: plan, units, tally, and what is kept on disk."""
