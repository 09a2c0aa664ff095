"""What a user is told: codes, texts, and places in the source."""
