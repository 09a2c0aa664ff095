"""A build: from a lane to a bundle and its certificate."""
