"""Reports on a lane: lint findings, claims, and the values it can take."""
