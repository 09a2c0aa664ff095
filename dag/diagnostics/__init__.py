"""Diagnostics: codes, explanations, and places in the source."""
