"""Parameters: what a user gives for them, in files and in calls."""
