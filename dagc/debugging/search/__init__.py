"""Searching a run: conditions over the values of any lane, bar by bar."""
