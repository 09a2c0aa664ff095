"""Parameters as users supply them, in files and in calls."""
