"""Replaying a file of any length through a bundle, in constant memory."""
