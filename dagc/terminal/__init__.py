"""What a user of the command line meets: exit codes, progress, the doctor."""
